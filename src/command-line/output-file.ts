import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { open, realpath, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, extname, join } from 'node:path';
import { GramzoomError, toGramzoomError } from '../domain/errors.ts';
import { type OutputFormat, outputFormats } from '../domain/request.ts';
import { commandLine } from '../messages/command-line-words.ts';
import { errnoOf, reasonOf } from './errno.ts';

/** Where a film will be written; it was writable when the render began. */
export type Output = {
  /** As the person wrote it. */
  readonly path: string;
  readonly format: OutputFormat;
  /** The same file with links resolved. */
  readonly target: string;
  readonly folder: string;
};

/**
 * The format that a path's ending asks for.
 * @throws GramzoomError `output-extension`
 */
export const formatOf = (path: string, offered: readonly OutputFormat[] = outputFormats): OutputFormat => {
  const extension = extname(path).slice(1).toLowerCase();
  const format = offered.find((candidate) => candidate === extension);
  if (!format) throw new GramzoomError('output-extension', { path, offered });
  return format;
};

const translate = (cause: unknown, { path, folder }: Pick<Output, 'path' | 'folder'>): GramzoomError => {
  if (cause instanceof GramzoomError) return cause;
  switch (errnoOf(cause)) {
    case '':
      return toGramzoomError(cause);
    case 'ENOSPC':
    case 'EDQUOT':
      return new GramzoomError('disk-full', { folder }, { cause });
    case 'ENOENT':
    case 'ENOTDIR':
      // A folder that is there and takes no files, such as /proc.
      return new GramzoomError(
        existsSync(folder) ? 'output-not-writable' : 'output-folder-missing',
        { folder },
        { cause },
      );
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new GramzoomError('output-not-writable', { folder }, { cause });
    case 'EISDIR':
      return new GramzoomError('output-is-folder', { path }, { cause });
    default:
      return new GramzoomError('output-failed', { path, reason: reasonOf(cause) }, { cause });
  }
};

const statOf = async (path: string): Promise<Awaited<ReturnType<typeof stat>> | undefined> => {
  try {
    return await stat(path);
  } catch (error) {
    if (errnoOf(error) === 'ENOENT') return undefined;
    throw error;
  }
};

/** Short enough for any file system, whatever the name. */
const temporaryPath = (target: string): string =>
  join(dirname(target), `.${basename(target).slice(0, 40)}.${randomBytes(6).toString('hex')}.tmp`);

/** Puts bytes into a new file beside the target; nothing stays where that fails. */
const writeBeside = async (target: string, bytes: Uint8Array): Promise<string> => {
  const path = temporaryPath(target);
  const file = await open(path, 'wx');
  try {
    await file.writeFile(bytes);
    await file.sync();
  } catch (error) {
    await file.close();
    await rm(path, { force: true });
    throw error;
  }
  await file.close();
  return path;
};

/** No film is smaller; a place that does not take this much is not worth a render. */
const probeBytes = 4096;

/** What to say where a file would take the place of the photo. */
type Overwriting = { readonly photo: string; readonly problem: string };

const prepare = async (
  path: string,
  format: OutputFormat,
  { photo, problem }: Overwriting,
): Promise<Output> => {
  const folder = dirname(path);
  try {
    const existing = await statOf(path);
    if (existing?.isDirectory()) throw new GramzoomError('output-is-folder', { path });
    if (existing && !existing.isFile())
      throw new GramzoomError('output-failed', { path, reason: 'not a file' });
    const source = existing && (await statOf(photo).catch(() => undefined));
    if (existing && source?.ino === existing.ino && source.dev === existing.dev) {
      throw new GramzoomError('usage', { problem });
    }
    const target = existing ? await realpath(path) : join(await realpath(folder), basename(path));
    await rm(await writeBeside(target, new Uint8Array(probeBytes)));
    return { path, format, target, folder };
  } catch (error) {
    throw translate(error, { path, folder });
  }
};

/**
 * Finds out before the render whether its film can be written, by writing a little where it will be.
 * @throws GramzoomError `output-extension`, `output-is-folder`, `output-folder-missing`, `output-not-writable`,
 * `output-failed`, `disk-full`; `usage` where the photo itself would be replaced
 */
export const prepareOutput = (path: string, { photo }: { readonly photo: string }): Promise<Output> =>
  prepare(path, formatOf(path), { photo, problem: commandLine.overwritesPhoto });

/**
 * The same for the PNG that goes with the film.
 * @throws GramzoomError like `prepareOutput`; `usage` where the film itself would be replaced, too
 */
export const preparePoster = async (
  path: string,
  { photo, film }: { readonly photo: string; readonly film: Output },
): Promise<Output> => {
  const problem = commandLine.posterOverwritesPhoto;
  const poster = await prepare(path, formatOf(path, ['png']), { photo, problem });
  if (poster.target === film.target) {
    throw new GramzoomError('usage', { problem: commandLine.posterOverwritesFilm });
  }
  return poster;
};

/** A file that is to be written. */
export type Written = { readonly output: Output; readonly bytes: Uint8Array };

/**
 * Writes each file beside its place, and moves them there once all are whole: whoever looks sees the old file
 * or the whole new one.
 * @throws GramzoomError like `prepareOutput`; `cancelled`, leaving nothing behind
 */
export const writeOutputs = async (
  files: readonly Written[],
  { signal }: { readonly signal: AbortSignal },
): Promise<void> => {
  const ready: { readonly output: Output; readonly temporary: string }[] = [];
  const translated = async <Value>(output: Output, work: () => Promise<Value>): Promise<Value> => {
    try {
      return await work();
    } catch (error) {
      throw translate(error, output);
    }
  };
  try {
    for (const { output, bytes } of files) {
      ready.push({ output, temporary: await translated(output, () => writeBeside(output.target, bytes)) });
    }
    if (signal.aborted) throw new GramzoomError('cancelled', {}, { cause: signal.reason });
    for (const { output, temporary } of ready) {
      await translated(output, () => rename(temporary, output.target));
    }
  } finally {
    for (const { temporary } of ready) await rm(temporary, { force: true });
  }
};
