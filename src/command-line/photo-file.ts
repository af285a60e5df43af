import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { errnoOf } from '../domain/errno.ts';
import { GramzoomError } from '../domain/errors.ts';
import { commandLine } from '../messages/command-line-words.ts';
import { readInvocation } from './invocation.ts';

/** The path that stands for standard input. */
const standardInput = '-';

const gather = async (
  chunks: AsyncIterable<Uint8Array>,
  { maxBytes }: { readonly maxBytes: number },
): Promise<Uint8Array> => {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new GramzoomError('photo-too-many-bytes', { bytes, maxBytes });
    parts.push(chunk);
  }
  if (bytes === 0) throw new GramzoomError('photo-empty', {});
  return Buffer.concat(parts);
};

const openPhoto = async (path: string): Promise<FileHandle> => {
  try {
    // A pipe that nobody writes to would block an ordinary open for ever.
    return await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch (cause) {
    const missing = ['ENOENT', 'ENOTDIR'].includes(errnoOf(cause) ?? '');
    throw new GramzoomError(missing ? 'photo-missing' : 'photo-unreadable', { path }, { cause });
  }
};

/** Standard input, which may be a terminal. */
export type PhotoInput = AsyncIterable<Uint8Array> & { readonly isTTY?: boolean };

type ReadOptions = {
  readonly maxBytes: number;
  readonly stdin: PhotoInput;
  readonly signal: AbortSignal;
};

const readStandardInput = async (
  stdin: PhotoInput,
  { maxBytes, signal }: Omit<ReadOptions, 'stdin'>,
): Promise<Uint8Array> => {
  if (stdin.isTTY) {
    throw new GramzoomError('usage', { problem: commandLine.stdinTerminal(readInvocation().gramzoom) });
  }
  try {
    return await gather(stdin, { maxBytes });
  } catch (cause) {
    if (signal.aborted) throw new GramzoomError('cancelled', {}, { cause });
    if (cause instanceof GramzoomError) throw cause;
    throw new GramzoomError('photo-unreadable', { path: commandLine.stdin }, { cause });
  }
};

/**
 * Reads the photo; never more of it than `maxBytes`, whatever it grows to or pretends to be.
 * @param path a file, or `-` for standard input
 * @throws GramzoomError `photo-missing`, `photo-is-folder`, `photo-unreadable`, `photo-empty`,
 * `photo-too-many-bytes`; `usage` where standard input is a terminal; `cancelled`
 */
export const readPhoto = async (
  path: string,
  { maxBytes, stdin, signal }: ReadOptions,
): Promise<Uint8Array> => {
  if (path === standardInput) return await readStandardInput(stdin, { maxBytes, signal });
  const file = await openPhoto(path);
  try {
    const facts = await file.stat();
    if (facts.isDirectory()) throw new GramzoomError('photo-is-folder', { path });
    if (!facts.isFile()) throw new GramzoomError('photo-unreadable', { path });
    if (facts.size > maxBytes)
      throw new GramzoomError('photo-too-many-bytes', { bytes: facts.size, maxBytes });
    return await gather(file.createReadStream({ autoClose: false }), { maxBytes });
  } catch (cause) {
    throw cause instanceof GramzoomError ? cause : new GramzoomError('photo-unreadable', { path }, { cause });
  } finally {
    await file.close();
  }
};
