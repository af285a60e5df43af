import { open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errnoOf } from '../domain/errno.ts';
import { GramzoomError } from '../domain/errors.ts';

export const isMissing = (thrown: unknown): boolean => ['ENOENT', 'ENOTDIR'].includes(errnoOf(thrown) ?? '');

/** The process or the machine has too many files open, or no memory: the file itself may be all right. */
export const isOutOfHandles = (thrown: unknown): boolean =>
  ['EMFILE', 'ENFILE', 'ENOMEM'].includes(errnoOf(thrown) ?? '');

/** What a file operation threw: `disk-full`, `output-not-writable`, `storage-failed`, or what it was. */
export const fromFileSystem = (thrown: unknown, folder: string): unknown => {
  const options = { cause: thrown };
  switch (errnoOf(thrown)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new GramzoomError('disk-full', { folder }, options);
    case 'EACCES':
    case 'EEXIST':
    case 'EISDIR':
    case 'ENOTDIR':
    case 'EPERM':
    case 'EROFS':
      return new GramzoomError('output-not-writable', { folder }, options);
    case 'EIO':
    case 'ENODEV':
    case 'ENXIO':
    case 'ESTALE':
    case 'ETIMEDOUT':
      return new GramzoomError('storage-failed', {}, options);
    default:
      return thrown;
  }
};

/** Works on files in a folder. @throws GramzoomError where people can do something about it: see `fromFileSystem` */
export const inFolder = async <T>(folder: string, work: () => Promise<T>): Promise<T> => {
  try {
    return await work();
  } catch (thrown) {
    throw fromFileSystem(thrown, folder);
  }
};

/** What is read of a file; undefined where there is no such file. */
export const ifThere = async <T>(reading: Promise<T>): Promise<T | undefined> => {
  try {
    return await reading;
  } catch (thrown) {
    if (isMissing(thrown)) return undefined;
    throw thrown;
  }
};

/** How many bytes a file has; undefined where there is no file of this name. */
export const fileSize = async (path: string): Promise<number | undefined> => {
  const found = await ifThere(stat(path));
  return found?.isFile() ? found.size : undefined;
};

/** Makes names in a folder durable. Windows has no such call, and needs none. */
export const syncFolder = async (folder: string): Promise<void> => {
  if (process.platform === 'win32') return;
  await using handle = await open(folder, 'r');
  await handle.sync();
};

/**
 * Writes a file that is there as a whole or not at all, and durable once this returns.
 * @param options `temporary` is a path on the same disk that nobody else uses; nothing stays there
 * @throws what the file system throws
 */
export const writeDurably = async (
  path: string,
  bytes: Uint8Array,
  options: { readonly temporary: string },
): Promise<void> => {
  try {
    {
      await using handle = await open(options.temporary, 'w', 0o600);
      await handle.writeFile(bytes);
      await handle.sync();
    }
    await rename(options.temporary, path);
  } catch (thrown) {
    // What went wrong is what counts; the rest is cleared away at the next start.
    await rm(options.temporary, { force: true }).catch(() => {});
    throw thrown;
  }
  await syncFolder(dirname(path));
};

/** SHA-256 away from the event loop. */
export const sha256 = async (bytes: Uint8Array): Promise<Buffer> =>
  Buffer.from(await crypto.subtle.digest('SHA-256', bytes as Uint8Array<ArrayBuffer>));
