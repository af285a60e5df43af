import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { GramzoomError } from '../domain/errors.ts';
import { fileSize, ifThere, inFolder, sha256, syncFolder, writeDurably } from '../files/durable-file.ts';
import { backupLockName, markTarget, prepareTarget } from './backup-target.ts';
import { blobPattern } from './file-blobs.ts';
import { requireKnownSteps } from './migrate.ts';
import { migrations } from './migrations/list.ts';
import { folderMode } from './private-files.ts';
import { lockFolder } from './sqlite/folder-lock.ts';
import { databaseFile } from './sqlite/open-database.ts';
import { foldLog, readSnapshot, takeSnapshot } from './sqlite/snapshot.ts';

/** What a backup holds, and what it took to make it. Sizes are bytes. */
export type BackupReport = {
  readonly folder: string;
  readonly renders: number;
  /** Photos, films and pictures that the rows point at and that are in the backup. */
  readonly files: number;
  /** Of all of them and of the database. */
  readonly bytes: number;
  readonly copiedFiles: number;
  readonly copiedBytes: number;
  /** Files of the backup before that no row points at any more. */
  readonly removedFiles: number;
  /** Files that rows point at and that are gone, or damaged, in the data folder. */
  readonly missingFiles: number;
};

type Sizes = { readonly source: string; readonly target: string };

const blobPath = (folder: string, id: string): string => join(folder, 'blobs', id.slice(0, 2), id);

/** The file's bytes, if it is there and what its name says. */
const readWhole = async (path: string, id: string): Promise<Buffer | undefined> => {
  const bytes = await ifThere(readFile(path));
  return bytes && (await sha256(bytes)).toString('hex') === id ? bytes : undefined;
};

/**
 * Copies a file that is not in the backup yet: a copy of its own, which whatever happens to the data folder leaves
 * alone.
 * @returns bytes in the backup, and whether they are new; undefined where there is no whole file
 */
const copyBlob = async (
  id: string,
  { source, target }: Sizes,
): Promise<{ readonly bytes: number; readonly isNew: boolean } | undefined> => {
  const [from, to] = [blobPath(source, id), blobPath(target, id)];
  const [there, kept] = [await fileSize(from), await fileSize(to)];
  if (kept !== undefined && (there === undefined || there === kept)) return { bytes: kept, isNew: false };
  const bytes = await readWhole(from, id);
  if (!bytes) return kept === undefined ? undefined : { bytes: kept, isNew: false };
  await mkdir(join(target, 'blobs', id.slice(0, 2)), { recursive: true, mode: folderMode });
  await writeDurably(to, bytes, { temporary: join(target, 'blobs', 'unfinished') });
  return { bytes: bytes.length, isNew: true };
};

/** Takes away what no row of the backup points at. */
const prune = async (target: string, wanted: ReadonlySet<string>): Promise<number> => {
  let removed = 0;
  const root = join(target, 'blobs');
  for (const shelf of await readdir(root)) {
    if (!/^[0-9a-f]{2}$/.test(shelf)) continue;
    for (const name of await readdir(join(root, shelf))) {
      if (!blobPattern.test(name) || wanted.has(name)) continue;
      await rm(join(root, shelf, name), { force: true });
      removed++;
    }
  }
  return removed;
};

/** Puts the snapshot in the place of the one before, with nothing of that one's beside it. */
const replaceDatabase = async (target: string, snapshot: string): Promise<void> => {
  const path = join(target, databaseFile);
  if ((await fileSize(`${path}-wal`)) !== undefined) {
    // Somebody has looked into the backup; an interrupted replacement must not lose what they wrote.
    await foldLog(path, { folder: target });
    for (const ending of ['-wal', '-shm']) await rm(`${path}${ending}`, { force: true });
  }
  await rename(snapshot, path);
  await syncFolder(target);
};

const fill = async (
  dataDir: string,
  target: string,
  { signal }: { readonly signal: AbortSignal },
): Promise<BackupReport> => {
  const snapshot = join(target, `${databaseFile}.unfinished`);
  await rm(snapshot, { force: true });
  await rm(join(target, 'blobs', 'unfinished'), { force: true });
  await mkdir(join(target, 'blobs'), { recursive: true, mode: folderMode });
  try {
    // First the rows, then the files that they point at: what comes meanwhile is in neither.
    await takeSnapshot(join(dataDir, databaseFile), snapshot, { folder: dataDir, target });
    const facts = await readSnapshot(snapshot, { folder: dataDir });
    if (!facts) throw new GramzoomError('backup-nothing', { folder: dataDir });
    requireKnownSteps(facts.migrations, { migrations, folder: dataDir });
    const wanted = facts.blobs.filter((id) => blobPattern.test(id));
    let [files, fileBytes, copiedFiles, copiedBytes] = [0, 0, 0, 0];
    for (const id of wanted) {
      if (signal.aborted) throw new GramzoomError('cancelled', {}, { cause: signal.reason });
      const copy = await copyBlob(id, { source: dataDir, target });
      if (!copy) continue;
      files++;
      fileBytes += copy.bytes;
      if (!copy.isNew) continue;
      copiedFiles++;
      copiedBytes += copy.bytes;
    }
    const databaseBytes = (await fileSize(snapshot)) ?? 0;
    await replaceDatabase(target, snapshot);
    return {
      folder: target,
      renders: facts.renders,
      files,
      bytes: fileBytes + databaseBytes,
      copiedFiles,
      copiedBytes,
      removedFiles: await prune(target, new Set(wanted)),
      missingFiles: wanted.length - files,
    };
  } finally {
    await rm(snapshot, { force: true });
  }
};

const lockTarget = (target: string): { release(): void } => {
  try {
    return lockFolder(target, { name: backupLockName });
  } catch (thrown) {
    if (!(thrown instanceof GramzoomError) || thrown.code !== 'data-folder-in-use') throw thrown;
    throw new GramzoomError('backup-target', { folder: target, problem: 'in-use' }, { cause: thrown });
  }
};

/**
 * Copies a data folder's rows and the files that they point at into another folder, whether a bot works on it or
 * not. What is there is a whole backup at every moment: a second run adds what is missing, then puts the new
 * database in the place of the one before, then removes what only that one needed.
 * @throws GramzoomError `backup-nothing`, `backup-target`, `database-damaged`, `database-newer`, `disk-full`,
 * `output-not-writable`, `lock-unusable`; `cancelled`
 */
export const backUp = async (
  dataDir: string,
  target: string,
  options: { readonly signal: AbortSignal },
): Promise<BackupReport> => {
  if ((await fileSize(join(dataDir, databaseFile)).catch(() => undefined)) === undefined) {
    throw new GramzoomError('backup-nothing', { folder: dataDir });
  }
  await prepareTarget(target, { dataDir });
  const lock = lockTarget(target);
  try {
    return await inFolder(target, async () => {
      await markTarget(target);
      return await fill(dataDir, target, options);
    });
  } finally {
    lock.release();
  }
};
