import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readFile, rename, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { errnoOf } from '../domain/errno.ts';
import { GramzoomError } from '../domain/errors.ts';

/**
 * A file that is being downloaded. Its bytes lie in `<name>.part`; `<name>.part.json` beside it says which
 * version of which address they are the beginning of.
 */
export type PartFile = {
  /** Where the file will be once it is whole. */
  readonly target: string;
  readonly part: string;
  readonly note: string;
};

const noteSchema = z.object({ url: z.string(), validator: z.string() });

export const partFileOf = (target: string): PartFile => ({
  target,
  part: `${target}.part`,
  note: `${target}.part.json`,
});

/** What a file operation in a folder threw, as a GramzoomError where people can do something about it. */
export const fromFolder = (thrown: unknown, folder: string): unknown => {
  switch (errnoOf(thrown)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new GramzoomError('disk-full', { folder }, { cause: thrown });
    case 'EACCES':
    case 'EEXIST':
    case 'EISDIR':
    case 'ENOTDIR':
    case 'EPERM':
    case 'EROFS':
      return new GramzoomError('output-not-writable', { folder }, { cause: thrown });
    default:
      return thrown;
  }
};

/** Works on files in a folder. @throws GramzoomError `disk-full`, `output-not-writable` */
export const inFolder = async <T>(folder: string, work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (thrown) {
    throw fromFolder(thrown, folder);
  }
};

const inFolderOf = <T>({ target }: PartFile, work: () => Promise<T>): Promise<T> =>
  inFolder(dirname(target), work);

/** Whether there is a file under this path. */
export const fileExists = (path: string): Promise<boolean> =>
  inFolder(dirname(path), async () => {
    try {
      return (await stat(path)).isFile();
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') return false;
      throw error;
    }
  });

/** Bytes that are there already; 0 where none are. */
export const partBytes = (file: PartFile): Promise<number> =>
  inFolderOf(file, async () => {
    try {
      return (await stat(file.part)).size;
    } catch (error) {
      if (errnoOf(error) === 'ENOENT') return 0;
      throw error;
    }
  });

/** What the part's bytes are a version of: an ETag or a date; null where that is not known for this address. */
export const partValidator = async ({ note }: PartFile, url: string): Promise<string | null> => {
  try {
    const noted = noteSchema.parse(JSON.parse(await readFile(note, 'utf8')));
    return noted.url === url ? noted.validator : null;
  } catch {
    // Without a note that can be read the part is begun anew, which is always right.
    return null;
  }
};

/**
 * Begins the part anew.
 * @param options.validator what the server calls this version of the file; null where it does not say
 */
export const beginPart = (
  file: PartFile,
  { url, validator }: { readonly url: string; readonly validator: string | null },
): Promise<void> =>
  inFolderOf(file, async () => {
    // In this order: a crash in between must not leave old bytes under a new note.
    await rm(file.note, { force: true });
    await writeFile(file.part, '', { mode: 0o600 });
    if (validator !== null) await writeFile(file.note, JSON.stringify({ url, validator }), { mode: 0o600 });
  });

/** The part, open for more of its bytes. */
export type OpenPart = AsyncDisposable & { readonly append: (bytes: Uint8Array) => Promise<void> };

export const openPart = (file: PartFile): Promise<OpenPart> =>
  inFolderOf(file, async () => {
    const handle = await open(file.part, 'a', 0o600);
    return {
      append: (bytes) => inFolderOf(file, () => handle.appendFile(bytes)),
      [Symbol.asyncDispose]: () => handle.close(),
    };
  });

export const removePart = ({ part, note }: PartFile): Promise<void> =>
  inFolder(dirname(part), async () => {
    await rm(note, { force: true });
    await rm(part, { force: true });
  });

/** MD5 of the part as it lies on the disk, hexadecimal. */
export const partMd5 = async ({ part }: PartFile, signal: AbortSignal): Promise<string> => {
  const hash = createHash('md5');
  await pipeline(createReadStream(part), hash, { signal });
  return hash.digest('hex');
};

const syncFolder = async (folder: string): Promise<void> => {
  // Windows cannot sync a folder, and needs not.
  if (process.platform === 'win32') return;
  await using handle = await open(folder, 'r');
  await handle.sync();
};

/** Makes the part the file: durable, and there as a whole or not at all. */
export const promotePart = (file: PartFile): Promise<void> =>
  inFolderOf(file, async () => {
    const { part, target, note } = file;
    {
      await using handle = await open(part, 'r+');
      await handle.sync();
    }
    await rename(part, target);
    await rm(note, { force: true });
    await syncFolder(dirname(target));
  });

/**
 * Refuses to begin what will not fit.
 * @throws GramzoomError `disk-full`
 */
export const requireRoom = (folder: string, bytes: number): Promise<void> =>
  inFolder(folder, async () => {
    const { bavail, bsize, blocks } = await statfs(folder);
    // Some file systems know no sizes.
    if (blocks > 0 && bavail * bsize < bytes) throw new GramzoomError('disk-full', { folder });
  });
