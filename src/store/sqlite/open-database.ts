import { rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { Kysely, sql } from 'kysely';
import { GramzoomError } from '../../domain/errors.ts';
import { syncFolder } from '../../files/durable-file.ts';
import { migrate } from '../migrate.ts';
import { migrations as allMigrations, type Migrations } from '../migrations/list.ts';
import { createPrivateFile } from '../private-files.ts';
import type { Database, Tables } from '../tables.ts';
import { sqliteDialect } from './dialect.ts';
import { fromSqlite } from './errors.ts';
import { copyInto } from './snapshot.ts';

export const databaseFile = 'gramzoom.db';

const configure = (database: Sqlite.Database, folder: string): void => {
  database.pragma('journal_mode = WAL');
  // One fsync for each commit: NORMAL may lose the last ones when the power goes.
  database.pragma('synchronous = FULL');
  database.pragma('foreign_keys = ON');
  const problem = database.pragma('quick_check(1)', { simple: true });
  if (problem !== 'ok') throw new GramzoomError('database-damaged', { folder, problem: String(problem) });
};

/** Moves what is in the log into the database, so that the log holds nothing that was deleted. */
export const emptyLog = async (db: Database): Promise<void> => {
  await sql`pragma wal_checkpoint(TRUNCATE)`.execute(db);
};

/** Pages that are kept free in the file, for rows that change while the disk is full. */
const sparePages = 64;

const keepSparePages = (database: Sqlite.Database): void => {
  try {
    const free = Number(database.pragma('freelist_count', { simple: true }));
    const pageBytes = Number(database.pragma('page_size', { simple: true }));
    if (free < sparePages) {
      database.transaction(() => {
        database.exec('create table spare (bytes blob)');
        database.prepare('insert into spare values (zeroblob(?))').run(sparePages * pageBytes);
        database.exec('drop table spare');
      })();
    }
    // Into the file itself: what is in the log alone needs room again when it moves there.
    database.pragma('wal_checkpoint(TRUNCATE)');
  } catch (thrown) {
    // A bot that starts on a full disk has no spare room, but may still make some.
    if (fromSqlite(thrown, '').code !== 'disk-full') throw thrown;
  }
};

/** A whole copy beside the database; one from an attempt that failed is replaced. */
const copy = async (database: Sqlite.Database, folder: string, name: string): Promise<void> => {
  const unfinished = join(folder, `${name}.unfinished`);
  await rm(unfinished, { force: true });
  try {
    await copyInto(database, unfinished);
    await rename(unfinished, join(folder, name));
    await syncFolder(folder);
  } catch (thrown) {
    await rm(unfinished, { force: true });
    throw thrown;
  }
};

/**
 * Opens the folder's database, new or of an older format, checked and brought to the newest format. Before
 * one that holds something is changed, a copy is made: `backup-before-<number>.db`.
 * @throws GramzoomError `database-newer`, `database-damaged`, `disk-full`, `output-not-writable`
 */
export const openDatabase = async (
  folder: string,
  options: { readonly migrations?: Migrations } = {},
): Promise<Database> => {
  let database: Sqlite.Database | undefined;
  try {
    const path = join(folder, databaseFile);
    createPrivateFile(path);
    // Only somebody's own look at the file, or a backup, can make us wait.
    const opened = new Sqlite(path, { timeout: 5000 });
    database = opened;
    configure(opened, folder);
    const db = new Kysely<Tables>({ dialect: sqliteDialect(opened, { folder }) });
    await migrate(db as Kysely<unknown>, {
      migrations: options.migrations ?? allMigrations,
      folder,
      backup: (number) => copy(opened, folder, `backup-before-${number}.db`),
    });
    keepSparePages(opened);
    // What is deleted from here on is written over: people are told that it is gone.
    opened.pragma('secure_delete = ON');
    return db;
  } catch (thrown) {
    database?.close();
    throw fromSqlite(thrown, folder);
  }
};
