import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { GramzoomError } from '../../domain/errors.ts';
import { withSqlite } from './errors.ts';

/**
 * Makes a folder this process's own until it releases it or dies, however it dies: an exclusive transaction
 * on a database of its own, which is never committed. (A file with a process id survives kill -9, and the id
 * is the same again in a container.)
 * @throws GramzoomError `data-folder-in-use`
 */
export const lockFolder = (folder: string): { release(): void } =>
  withSqlite(folder, () => {
    const database = new Sqlite(join(folder, 'lock.db'), { timeout: 0 });
    try {
      database.exec('begin exclusive');
    } catch (cause) {
      database.close();
      const busy = cause instanceof Sqlite.SqliteError && cause.code.startsWith('SQLITE_BUSY');
      throw busy ? new GramzoomError('data-folder-in-use', { folder }, { cause }) : cause;
    }
    return { release: () => database.close() };
  });
