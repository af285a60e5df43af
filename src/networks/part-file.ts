import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { GramzoomError } from '../domain/errors.ts';
import { diskOf } from '../files/disk-space.ts';
import { fileSize, inFolder, syncFolder } from '../files/durable-file.ts';

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

const inFolderOf = <T>({ target }: PartFile, work: () => Promise<T>): Promise<T> =>
  inFolder(dirname(target), work);

/** Bytes that are there already; 0 where none are. */
export const partBytes = (file: PartFile): Promise<number> =>
  inFolderOf(file, async () => (await fileSize(file.part)) ?? 0);

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

/** Refuses to begin what will not fit. @throws GramzoomError `disk-full` */
export const requireSpace = async (folder: string, bytes: number): Promise<void> => {
  const space = await diskOf(folder).space();
  if (space && space.freeBytes < bytes) throw new GramzoomError('disk-full', { folder });
};
