import { expandHome, needsShell, readConfig } from '../config.ts';
import { formatBytes } from '../domain/bytes.ts';
import { GramzoomError } from '../domain/errors.ts';
import type { BackupReport } from '../store/backup.ts';
import type { JsonFlag } from './flags.ts';

const counted = (count: number, one: string, many: string): string => `${count} ${count === 1 ? one : many}`;

/** What the command line says about backups. */
export const backupWords = {
  command: "copy the bot's data into a folder, also while it runs",
  folder: 'a new or empty folder, or that of an earlier backup, which is updated',
  json: 'print one line of JSON about the backup, and nothing else, on standard output',
  notes:
    'Saved are the database and the photos and films that it names. The data folder is DATA_DIR.\n' +
    'To restore it: stop the bot, put a copy of the folder in the place of DATA_DIR, start the bot.\n\n' +
    'Exit status: 0 done, 2 bad input, 1 any other failure, 130 interrupted; the previous backup stays intact.',
  done: (report: BackupReport): string => {
    const { folder, renders, files, bytes, copiedFiles, copiedBytes, missingFiles } = report;
    const held = `${counted(renders, 'render', 'renders')} and ${counted(files, 'file', 'files')} (${formatBytes(bytes)})`;
    const copied = `${counted(copiedFiles, 'file was', 'files were')} copied (${formatBytes(copiedBytes)})`;
    const missing =
      missingFiles === 0
        ? ''
        : `; ${counted(missingFiles, 'file', 'files')} of the data folder could not be saved (missing or damaged)`;
    return `${folder} holds ${held}; ${copied}${missing}.`;
  },
} as const;

/**
 * `gramzoom backup`: copies what the bot keeps into a folder; what it holds then goes to standard output.
 * @throws GramzoomError
 */
export const backupCommand = async (
  folder: string,
  { json }: JsonFlag,
  { signal }: { readonly signal: AbortSignal },
): Promise<void> => {
  const { dataDir } = readConfig();
  if (needsShell(folder)) throw new GramzoomError('backup-target', { folder, problem: 'not-written-out' });
  // Only those who need the database pay for loading it.
  const { backUp } = await import('../store/backup.ts');
  const report = await backUp(dataDir, expandHome(folder), { signal });
  process.stdout.write(`${json ? JSON.stringify(report) : backupWords.done(report)}\n`);
};
