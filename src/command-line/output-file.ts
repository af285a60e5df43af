import { randomBytes } from 'node:crypto';
import { existsSync, fstatSync, type Stats } from 'node:fs';
import {
  access,
  constants,
  type FileHandle,
  open,
  readFile,
  readlink,
  realpath,
  rename,
  rm,
  stat,
} from 'node:fs/promises';
import { basename, dirname, extname, join, resolve } from 'node:path';
import { errnoOf, reasonOf } from '../domain/errno.ts';
import { GramzoomError, toGramzoomError } from '../domain/errors.ts';
import { type OutputFormat, outputFormats } from '../domain/request.ts';
import { ifThere } from '../files/durable-file.ts';
import { commandLine } from '../messages/command-line-words.ts';

/** Where a film will be written; it was writable when the render began. */
export type Output = {
  /** As the person wrote it. */
  readonly path: string;
  readonly format: OutputFormat;
  /** The same file with links resolved, those too that lead to nothing yet. */
  readonly target: string;
  readonly folder: string;
  /** What was there when the render began: the new file gets its rights, or is written into it. */
  readonly existing: Existing | undefined;
};

/** `nlink`: how many names it has. */
type Existing = Pick<Stats, 'mode' | 'uid' | 'gid' | 'nlink'>;

/**
 * The format that a path's ending asks for.
 * @throws GramzoomError `output-extension`; `usage` where it stands for standard output
 */
export const formatOf = (path: string, offered: readonly OutputFormat[] = outputFormats): OutputFormat => {
  if (path === '-') throw new GramzoomError('usage', { problem: commandLine.filmToStdout });
  const extension = extname(path).slice(1).toLowerCase();
  const format = offered.find((candidate) => candidate === extension);
  if (!format) throw new GramzoomError('output-extension', { path, offered });
  return format;
};

const translate = (cause: unknown, { path, folder }: Pick<Output, 'path' | 'folder'>): GramzoomError => {
  if (cause instanceof GramzoomError) return cause;
  switch (errnoOf(cause)) {
    case undefined:
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

/** Short enough for any file system, whatever the name. */
const temporaryPath = (target: string): string =>
  join(dirname(target), `.${basename(target).slice(0, 40)}.${randomBytes(6).toString('hex')}.tmp`);

/** Where a path leads, through links to files that are not there yet, too. */
const resolveTarget = async (path: string): Promise<string> => {
  const folder = dirname(path);
  const place = join(
    await realpath(folder).catch((cause: unknown) => {
      if (errnoOf(cause) !== 'ENOENT') throw cause;
      throw new GramzoomError('output-folder-missing', { folder }, { cause });
    }),
    basename(path),
  );
  const link = await readlink(place).catch(() => undefined);
  return link === undefined ? place : await resolveTarget(resolve(dirname(place), link));
};

/** Gives a new file the rights of the one that it will replace; its owner, where that is allowed. */
const keepRights = async (file: FileHandle, { mode, uid, gid }: Existing): Promise<void> => {
  const own = await file.stat();
  if (own.uid !== uid || own.gid !== gid) {
    await file.chown(uid, gid).catch(() => file.chown(own.uid, gid).catch(() => {}));
  }
  // Neither set-user-id nor its like: a film is no program.
  await file.chmod(mode & 0o777);
};

/** Puts bytes into a new file beside the target; nothing stays where that fails. */
const writeBeside = async (
  { target, existing }: Pick<Output, 'target' | 'existing'>,
  bytes: Uint8Array,
): Promise<string> => {
  const path = temporaryPath(target);
  const file = await open(path, 'wx');
  try {
    await file.writeFile(bytes);
    if (existing) await keepRights(file, existing);
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

/** The system's errors where a file may be written but not replaced: it is mounted, or the folder is sticky. */
const irreplaceable: ReadonlySet<string> = new Set(['EBUSY', 'EPERM', 'EACCES', 'EXDEV']);

const writeOver = async (target: string, temporary: string): Promise<void> => {
  await using file = await open(target, 'r+');
  await file.truncate();
  await file.writeFile(await readFile(temporary));
  await file.sync();
};

/**
 * Moves a finished file to its place. It is written over what cannot be replaced at once, and over what has other
 * names (hard links), which would keep the old one.
 */
const putInPlace = async (
  temporary: string,
  { target, existing }: Pick<Output, 'target' | 'existing'>,
): Promise<void> => {
  const hasOtherNames = existing !== undefined && existing.nlink > 1 && existsSync(target);
  if (hasOtherNames) return await writeOver(target, temporary);
  try {
    await rename(temporary, target);
  } catch (error) {
    if (!irreplaceable.has(errnoOf(error) ?? '') || !existsSync(target)) throw error;
    await writeOver(target, temporary);
  }
};

/** What to say where a file would take the place of the photo. */
type Overwriting = { readonly photo: string; readonly problem: string };

const photoStat = async (photo: string): Promise<Stats | undefined> => {
  try {
    return photo === '-' ? fstatSync(0) : await stat(photo);
  } catch {
    return undefined;
  }
};

const prepare = async (
  path: string,
  format: OutputFormat,
  { photo, problem }: Overwriting,
): Promise<Output> => {
  const folder = dirname(path);
  try {
    const existing = await ifThere(stat(path));
    if (existing?.isDirectory()) throw new GramzoomError('output-is-folder', { path });
    if (existing && !existing.isFile())
      throw new GramzoomError('output-failed', { path, reason: 'not a file' });
    const source = existing && (await photoStat(photo));
    if (existing && source?.ino === existing.ino && source.dev === existing.dev) {
      throw new GramzoomError('usage', { problem });
    }
    const target = await resolveTarget(path);
    if (existing) {
      await access(target, constants.W_OK).catch(() => {
        throw new GramzoomError('output-failed', { path, reason: 'it is read-only' });
      });
    }
    const output = { path, format, target, folder, existing };
    await rm(await writeBeside(output, new Uint8Array(probeBytes)));
    return output;
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

/**
 * Writes each file beside its place, and moves them there once all are whole: whoever looks sees the old file
 * or the whole new one, but for one that has to be written over.
 * @throws GramzoomError like `prepareOutput`; `cancelled`, leaving nothing behind
 */
export const writeOutputs = async (
  files: readonly { readonly output: Output; readonly bytes: Uint8Array }[],
  { signal }: { readonly signal: AbortSignal },
): Promise<void> => {
  const ready: { readonly output: Output; readonly temporary: string }[] = [];
  const translated = <Value>(output: Output, work: Promise<Value>): Promise<Value> =>
    work.catch((error: unknown) => Promise.reject(translate(error, output)));
  try {
    for (const { output, bytes } of files) {
      ready.push({ output, temporary: await translated(output, writeBeside(output, bytes)) });
    }
    if (signal.aborted) throw new GramzoomError('cancelled', {}, { cause: signal.reason });
    for (const { output, temporary } of ready) await translated(output, putInPlace(temporary, output));
  } finally {
    for (const { temporary } of ready) await rm(temporary, { force: true });
  }
};
