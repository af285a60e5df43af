import { expandHome, needsShell, readConfig } from '../config.ts';
import { GramzoomError } from '../domain/errors.ts';
import { backupWords } from '../messages/backup-words.ts';

export type BackupFlags = { readonly json?: true; readonly verbose?: true };

/**
 * `gramzoom backup`: copies what the bot keeps into a folder; what it holds then goes to standard output.
 * @throws GramzoomError
 */
export const backupCommand = async (
  folder: string,
  { json }: BackupFlags,
  { signal }: { readonly signal: AbortSignal },
): Promise<void> => {
  const { dataDir } = readConfig();
  if (needsShell(folder)) throw new GramzoomError('backup-target', { folder, problem: 'not-written-out' });
  // Only those who need the database pay for loading it.
  const { backUp } = await import('../store/backup.ts');
  const report = await backUp(dataDir, expandHome(folder), { signal });
  process.stdout.write(`${json ? JSON.stringify(report) : backupWords.done(report)}\n`);
};
