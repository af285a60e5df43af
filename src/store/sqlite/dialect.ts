import type Sqlite from 'better-sqlite3';
import {
  type DatabaseConnection,
  type Dialect,
  SqliteAdapter,
  type SqliteDatabase,
  SqliteDialect,
  SqliteDriver,
} from 'kysely';
import QuickLRU from 'quick-lru';
import { GramzoomError } from '../../domain/errors.ts';
import { withSqlite } from './errors.ts';

/** SQLite can: a step of a migration that fails leaves nothing behind. */
class TransactionalAdapter extends SqliteAdapter {
  override get supportsTransactionalDdl(): boolean {
    return true;
  }
}

/** SQLite ends the transaction by itself where the disk is full; a second end would hide why. */
class ForgivingDriver extends SqliteDriver {
  readonly #database: Sqlite.Database;

  constructor(database: Sqlite.Database, config: { readonly database: SqliteDatabase }) {
    super(config);
    this.#database = database;
  }

  override async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    if (this.#database.inTransaction) await super.rollbackTransaction(connection);
  }
}

const isDiskFull = (error: unknown): boolean => error instanceof GramzoomError && error.code === 'disk-full';

/** Moves what is in the log into the database, so that the log is written from its beginning again. */
const rewindLog = (database: Sqlite.Database): void => {
  try {
    database.pragma('wal_checkpoint(RESTART)');
  } catch {
    // There is no room for that either.
  }
};

/**
 * Kysely's SQLite dialect with changes in one transaction, errors as GramzoomErrors and statements kept:
 * preparing one costs as much as running it.
 * @param options `folder` is for the errors
 */
export const sqliteDialect = (database: Sqlite.Database, options: { readonly folder: string }): Dialect => {
  // Lists in a statement make its text vary.
  const statements = new QuickLRU<string, Sqlite.Statement<unknown[]>>({ maxSize: 256 });
  const prepared = (sql: string): Sqlite.Statement<unknown[]> => {
    const statement = statements.get(sql) ?? database.prepare<unknown[]>(sql);
    statements.set(sql, statement);
    return statement;
  };
  /** Runs a statement; where there is no room for its log, lets the next one begin the log anew: it is a file that is there. */
  const guard = <T>(run: () => T): T => {
    try {
      return withSqlite(options.folder, run);
    } catch (error) {
      if (isDiskFull(error) && !database.inTransaction) rewindLog(database);
      throw error;
    }
  };
  const guarded: SqliteDatabase = {
    close: () => database.close(),
    prepare: (sql) =>
      withSqlite(options.folder, () => {
        const statement = prepared(sql);
        return {
          reader: statement.reader,
          all: (parameters) => guard(() => statement.all(...parameters)),
          run: (parameters) => guard(() => statement.run(...parameters)),
          iterate: (parameters) => statement.iterate(...parameters),
        };
      }),
  };
  return Object.assign(new SqliteDialect({ database: guarded }), {
    createAdapter: () => new TransactionalAdapter(),
    createDriver: () => new ForgivingDriver(database, { database: guarded }),
  });
};
