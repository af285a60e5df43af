import { readdir, readFile, realpath, rm } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve, sep } from 'node:path';
import { z } from 'zod';
import { errnoOf } from '../domain/errno.ts';
import { type BackupTargetProblem, GramzoomError } from '../domain/errors.ts';
import { fromFileSystem, isMissing, writeDurably } from '../files/durable-file.ts';
import { makeFolder, makeFolderPrivate } from './private-files.ts';
import { fromOpening } from './sqlite/errors.ts';

/** Says that a folder is a backup. A bot that is started on it takes it away: from then on it is a data folder. */
export const markerName = 'backup.json';
/** One backup at a time. */
export const backupLockName = 'backup-lock.db';

const markerSchema = z.looseObject({ kind: z.literal('gramzoom-backup') });
const marker = `${JSON.stringify({ kind: 'gramzoom-backup' })}\n`;

/** What a first backup may have left that was interrupted at once, and what a new disk holds. */
const harmless: readonly string[] = [
  backupLockName,
  `${backupLockName}-journal`,
  `${markerName}.unfinished`,
  'lost+found',
];

/** The path without links, also of what is not there yet. */
const trueName = async (path: string): Promise<string> => {
  try {
    return await realpath(path);
  } catch (thrown) {
    if (errnoOf(thrown) !== 'ENOENT' || dirname(path) === path) throw thrown;
    return join(await trueName(dirname(path)), basename(path));
  }
};

const isWithin = (inner: string, outer: string): boolean => {
  const way = relative(outer, inner);
  return way === '' || (way !== '..' && !way.startsWith(`..${sep}`) && resolve(outer, way) === inner);
};

const isMarked = async (folder: string): Promise<boolean> => {
  try {
    return markerSchema.safeParse(JSON.parse(await readFile(join(folder, markerName), 'utf8'))).success;
  } catch {
    return false;
  }
};

/** Undefined where it can take a backup. */
const problemOf = async (target: string, dataDir: string): Promise<BackupTargetProblem | undefined> => {
  try {
    const [inner, outer] = [await trueName(resolve(target)), await trueName(resolve(dataDir))];
    if (isWithin(inner, outer)) return 'inside-data';
    if (isWithin(outer, inner)) return 'around-data';
    const names = await readdir(target);
    if (await isMarked(target)) return undefined;
    if (names.includes('lock.db')) return 'data-folder';
    return names.every((name) => harmless.includes(name)) ? undefined : 'not-empty';
  } catch (thrown) {
    if (errnoOf(thrown) === 'ENOTDIR') return 'not-folder';
    if (isMissing(thrown)) return undefined;
    throw thrown;
  }
};

/**
 * Sees to it that a folder is there, takes backups and is for this user alone.
 * @throws GramzoomError `backup-target`, `output-not-writable`, `output-failed`, `disk-full`
 */
export const prepareTarget = async (
  target: string,
  { dataDir }: { readonly dataDir: string },
): Promise<void> => {
  try {
    const problem = await problemOf(target, dataDir);
    if (problem) throw new GramzoomError('backup-target', { folder: target, problem });
    makeFolder(target);
    await makeFolderPrivate(target, { onExposed: () => {} });
  } catch (thrown) {
    throw fromOpening(thrown, target);
  }
};

/** @throws what the file system throws */
export const markTarget = async (target: string): Promise<void> => {
  if (await isMarked(target)) return;
  const path = join(target, markerName);
  await writeDurably(path, Buffer.from(marker), { temporary: `${path}.unfinished` });
};

/** A backup that a bot is started on is one no more: the next backup must not write into it. */
export const unmark = async (folder: string): Promise<void> => {
  // A file of that name may be somebody else's.
  if (!(await isMarked(folder))) return;
  try {
    for (const name of [backupLockName, markerName]) await rm(join(folder, name), { force: true });
  } catch (thrown) {
    throw fromFileSystem(thrown, folder);
  }
};
