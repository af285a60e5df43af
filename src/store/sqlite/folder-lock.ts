import { lstatSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { GramzoomError } from '../../domain/errors.ts';
import { createPrivateFile, makeFolder } from '../private-files.ts';
import { fromOpening, fromSqlite, withSqlite } from './errors.ts';

const lockName = 'lock.db';

export type FolderLock = { release(): void };

/** SQLite asks whether somebody holds the file before it reads it: nobody holds one that it calls no database. */
const holdsNothing = (thrown: unknown): boolean =>
  thrown instanceof Sqlite.SqliteError &&
  (thrown.code === 'SQLITE_NOTADB' || thrown.code.startsWith('SQLITE_CORRUPT'));

const isBusy = (thrown: unknown): boolean =>
  thrown instanceof Sqlite.SqliteError && thrown.code.startsWith('SQLITE_BUSY');

const lockFile = (path: string): FolderLock => {
  createPrivateFile(path);
  const database = new Sqlite(path, { timeout: 0 });
  try {
    database.exec('begin exclusive');
  } catch (thrown) {
    database.close();
    throw thrown;
  }
  return { release: () => database.close() };
};

/** In place, not by another file: whoever does so at the same moment locks the same one. */
const emptied = (path: string): FolderLock => {
  truncateSync(path);
  return lockFile(path);
};

/** Whether there is something of this name, which cannot be used then. */
const isThere = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false }) !== undefined;

/**
 * Makes a folder, where it is missing, and makes it this process's own until it releases it or dies, however it dies: an exclusive transaction
 * on a database of its own, which is never committed. (A file with a process id survives kill -9, and the id
 * is the same again in a container.) A file that was damaged is emptied: nothing is stored in it.
 * @param options.name of the file, for a lock besides that of the bot
 * @throws GramzoomError `data-folder-in-use`, `lock-unusable`, `output-not-writable`, `output-failed`, `disk-full`
 */
export const lockFolder = (
  folder: string,
  { name = lockName }: { readonly name?: string } = {},
): FolderLock =>
  withSqlite(folder, () => {
    const path = join(folder, name);
    try {
      makeFolder(folder);
    } catch (thrown) {
      throw fromOpening(thrown, folder);
    }
    try {
      try {
        return lockFile(path);
      } catch (thrown) {
        // A link may lead to somebody's file.
        if (!holdsNothing(thrown) || !lstatSync(path).isFile()) throw thrown;
        return emptied(path);
      }
    } catch (cause) {
      if (isBusy(cause)) throw new GramzoomError('data-folder-in-use', { folder }, { cause });
      const error = fromOpening(fromSqlite(cause, folder), folder);
      if (error.code === 'disk-full' || !isThere(path)) throw error;
      const reason = cause instanceof Error ? cause.message : String(cause);
      throw new GramzoomError('lock-unusable', { path, reason }, { cause });
    }
  });
