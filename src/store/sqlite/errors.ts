import Sqlite from 'better-sqlite3';
import { errnoOf, reasonOf } from '../../domain/errno.ts';
import { type ErrorCode, GramzoomError, toGramzoomError } from '../../domain/errors.ts';
import { fromFileSystem, isOutOfHandles } from '../../files/durable-file.ts';

/**
 * What SQLite threw, as a GramzoomError: `disk-full`, `database-damaged`, `output-not-writable`,
 * `storage-failed`, else `internal`. What is one already stays as it is.
 */
export const fromSqlite = (thrown: unknown, folder: string): GramzoomError => {
  if (thrown instanceof GramzoomError) return thrown;
  const options = { cause: thrown };
  const reason = thrown instanceof Error ? thrown.message : String(thrown);
  const code = thrown instanceof Sqlite.SqliteError ? thrown.code : '';
  // The log's shared memory is a file too: where it cannot grow, the disk is full.
  if (code === 'SQLITE_FULL' || code === 'SQLITE_IOERR_SHMSIZE') {
    return new GramzoomError('disk-full', { folder }, options);
  }
  if (code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT')) {
    return new GramzoomError('database-damaged', { folder, problem: reason }, options);
  }
  if (code.startsWith('SQLITE_CANTOPEN') || code.startsWith('SQLITE_READONLY')) {
    return new GramzoomError('output-not-writable', { folder }, options);
  }
  // A quota that is used up looks like this too.
  if (code.startsWith('SQLITE_IOERR')) return new GramzoomError('storage-failed', {}, options);
  return new GramzoomError('internal', { reason }, options);
};

/** Codes that tell whoever starts the bot neither the place nor the reason. */
const unclear: readonly ErrorCode[] = ['internal', 'storage-failed'];

/**
 * What stood in the way when a folder was opened, as a GramzoomError: whatever the system or SQLite cannot do there,
 * another place may be able to do.
 */
export const fromOpening = (thrown: unknown, folder: string): GramzoomError => {
  const isUnclear = thrown instanceof GramzoomError && unclear.includes(thrown.code);
  const error = toGramzoomError(fromFileSystem(isUnclear ? (thrown.cause ?? thrown) : thrown, folder));
  const { cause } = error;
  const isFromSystem = /^(E[A-Z]|SQLITE_)/.test(errnoOf(cause) ?? '') && !isOutOfHandles(cause);
  if (!unclear.includes(error.code) || !isFromSystem || !(cause instanceof Error)) return error;
  return new GramzoomError('output-failed', { path: folder, reason: reasonOf(cause) }, { cause });
};

/** Runs something with SQLite; what it throws is a GramzoomError. */
export const withSqlite = <T>(folder: string, run: () => T): T => {
  try {
    return run();
  } catch (thrown) {
    throw fromSqlite(thrown, folder);
  }
};
