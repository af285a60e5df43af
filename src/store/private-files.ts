import { closeSync, type Dirent, lstatSync, mkdirSync, openSync, type Stats, statSync } from 'node:fs';
import { chmod, lstat, readdir } from 'node:fs/promises';
import { dirname, join, parse, resolve } from 'node:path';
import { errnoOf } from '../domain/errno.ts';
import { ifThere, isMissing } from '../files/durable-file.ts';

/** What a data folder holds is for its user alone. */
export const folderMode = 0o700;
export const fileMode = 0o600;

const permissions = 0o777;
const others = 0o077;
const stickyBit = 0o1000;

/** What belongs to us in a data folder; the rest is somebody else's business. */
const ourFile = /^(gramzoom\.db|lock\.db|backup-before-|backup-lock\.db|backup\.json)/;
const ourFolders: readonly string[] = ['blobs', 'checkpoints', 'networks'];
/** What a new disk holds. */
const ofTheDisk = 'lost+found';

const isOurs = (entry: Dirent): boolean =>
  entry.isDirectory() ? ourFolders.includes(entry.name) : ourFile.test(entry.name);

/** So many files are looked at together. */
const batchSize = 64;

/**
 * Makes an empty file if there is none, for its user alone: SQLite would make it with the mode that the umask
 * says, and gives the files beside it (`-wal`, `-shm`) the mode of this one. One that is there is not even opened:
 * closing a file takes away every lock that this process has on it.
 */
export const createPrivateFile = (path: string): void => {
  if (lstatSync(path, { throwIfNoEntry: false })) return;
  try {
    closeSync(openSync(path, 'ax', fileMode));
  } catch (thrown) {
    // Somebody else was quicker.
    if (!lstatSync(path, { throwIfNoEntry: false })) throw thrown;
  }
};

const isFolder = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;

/**
 * Makes a folder and those around it where they are missing, for this user alone. Node's own `recursive` never
 * returns where a folder that is there takes none in, as with /proc.
 * @throws what the file system throws
 */
export const makeFolder = (path: string): void => {
  try {
    mkdirSync(path, { mode: folderMode });
  } catch (thrown) {
    const around = dirname(path);
    if (errnoOf(thrown) === 'ENOENT' && around !== path && !isFolder(around)) {
      makeFolder(around);
      makeFolder(path);
    } else if (!isFolder(path)) throw thrown;
  }
};

/** What a folder that everybody shares, such as /tmp, or that of the whole system is used for is not ours to say. */
const isShared = (path: string, { mode }: Stats): boolean =>
  (mode & stickyBit) !== 0 || resolve(path) === parse(resolve(path)).root;

type OnExposed = (path: string) => void;

const makePrivate = async (
  path: string,
  onExposed: OnExposed,
  { isForeign = false }: { readonly isForeign?: boolean } = {},
): Promise<void> => {
  try {
    const stats = await lstat(path);
    const wanted = stats.isDirectory() ? folderMode : stats.isFile() ? fileMode : undefined;
    if (wanted === undefined || (stats.mode & permissions) === wanted) return;
    try {
      if (!isForeign && !isShared(path, stats)) return await chmod(path, wanted);
    } catch (thrown) {
      if (isMissing(thrown)) return;
    }
    // Whoever owns it has decided otherwise, or the disk knows no modes.
    if ((stats.mode & others) !== 0) onExposed(path);
  } catch (thrown) {
    if (!isMissing(thrown)) throw thrown;
  }
};

const pathsBelow = async (folder: string): Promise<readonly string[]> => {
  const entries = await ifThere(readdir(folder, { recursive: true, withFileTypes: true }));
  return (entries ?? []).map(({ parentPath, name }) => join(parentPath, name));
};

/**
 * Gives a data folder and what is ours in it the modes 700 and 600, whatever it was made with. A folder that holds
 * other things, such as /etc, keeps its mode.
 * @param options.onExposed is notified of what other users can still reach
 */
export const makeFolderPrivate = async (
  folder: string,
  { onExposed }: { readonly onExposed: OnExposed },
): Promise<void> => {
  if (process.platform === 'win32') return;
  const entries = await readdir(folder, { withFileTypes: true });
  const isForeign = entries.some((entry) => !isOurs(entry) && entry.name !== ofTheDisk);
  // The folder may be a link.
  await makePrivate(join(folder, '.'), onExposed, { isForeign });
  const inner = entries.filter(isOurs);
  // A folder that cannot be entered has to be opened first.
  for (const { name } of inner) await makePrivate(join(folder, name), onExposed);
  for (const { name } of inner.filter((each) => each.isDirectory())) {
    const below = await pathsBelow(join(folder, name));
    for (let at = 0; at < below.length; at += batchSize) {
      await Promise.all(below.slice(at, at + batchSize).map((path) => makePrivate(path, onExposed)));
    }
  }
};
