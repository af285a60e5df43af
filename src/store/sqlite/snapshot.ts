import { open } from 'node:fs/promises';
import Sqlite from 'better-sqlite3';
import { GramzoomError } from '../../domain/errors.ts';
import { createPrivateFile } from '../private-files.ts';
import { fromSqlite } from './errors.ts';

/** How long the writer's turn is waited for. */
const busyMs = 10_000;

/** Works with a database that is there, and closes it. @throws GramzoomError; `folder` is for the errors */
const withDatabase = async <T>(
  path: string,
  { folder, ...options }: Sqlite.Options & { readonly folder: string },
  work: (database: Sqlite.Database) => T | Promise<T>,
): Promise<T> => {
  let database: Sqlite.Database | undefined;
  try {
    database = new Sqlite(path, { fileMustExist: true, ...options });
    return await work(database);
  } catch (thrown) {
    throw fromSqlite(thrown, folder);
  } finally {
    database?.close();
  }
};

/**
 * Writes a whole copy of a database as it is at this moment, also while others write to it, durably.
 * @param path where no file is yet
 * @throws what SQLite or the file system throws
 */
export const copyInto = async (database: Sqlite.Database, path: string): Promise<void> => {
  createPrivateFile(path);
  database.prepare('vacuum into ?').run(path);
  await using file = await open(path, 'r+');
  await file.sync();
};

/**
 * The same for a database that is open elsewhere, or nowhere.
 * @param options.folder where it lies, for the errors
 * @throws GramzoomError `database-damaged`, `disk-full`, `output-not-writable`
 */
export const takeSnapshot = async (
  source: string,
  path: string,
  { folder, target }: { readonly folder: string; readonly target: string },
): Promise<void> => {
  try {
    await withDatabase(source, { folder, timeout: busyMs }, (database) => copyInto(database, path));
  } catch (thrown) {
    // Only the copy is written.
    const isFull = thrown instanceof GramzoomError && thrown.code === 'disk-full';
    throw isFull ? new GramzoomError('disk-full', { folder: target }, { cause: thrown }) : thrown;
  }
};

/** What a snapshot says about itself. */
export type SnapshotFacts = {
  /** Names of the steps that made its format. */
  readonly migrations: readonly string[];
  readonly renders: number;
  /** Every blob that a row points at. */
  readonly blobs: readonly string[];
};

const blobsSql = `
  select photo as blob from jobs where photo is not null
  union select result from jobs where result is not null
  union select poster from jobs where poster is not null
  union select blob from room_blobs`;

/** Undefined where there are no rows. @throws GramzoomError `database-damaged` */
export const readSnapshot = (
  path: string,
  { folder }: { readonly folder: string },
): Promise<SnapshotFacts | undefined> =>
  withDatabase(path, { folder, readonly: true }, (database) => {
    const problem = database.pragma('quick_check(1)', { simple: true });
    if (problem !== 'ok') throw new GramzoomError('database-damaged', { folder, problem: String(problem) });
    const texts = (sql: string): string[] => database.prepare(sql).pluck().all().map(String);
    if (texts("select name from sqlite_master where name = 'migrations'").length === 0) return undefined;
    return {
      migrations: texts('select name from migrations'),
      renders: Number(texts('select count(*) from jobs')[0]),
      blobs: texts(blobsSql),
    };
  });

/** Folds a log that somebody left beside a database into it, so that nothing of it is taken for another one's. */
export const foldLog = (path: string, { folder }: { readonly folder: string }): Promise<void> =>
  withDatabase(path, { folder, timeout: busyMs }, (database) => {
    database.pragma('wal_checkpoint(truncate)');
  });
