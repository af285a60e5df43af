import Sqlite from 'better-sqlite3';
import { describe, expect, it } from 'vitest';
import { fromFileSystem } from '../../src/files/durable-file.ts';
import { fromSqlite } from '../../src/store/sqlite/errors.ts';

describe('what a disk throws', () => {
  it.each([
    ['ENOSPC', 'disk-full'],
    ['EDQUOT', 'disk-full'],
    ['EROFS', 'output-not-writable'],
    ['EIO', 'storage-failed'],
    ['ESTALE', 'storage-failed'],
  ])('the error %s of a disk becomes %s', (errno, code) => {
    const thrown = Object.assign(new Error(errno), { code: errno });
    expect(fromFileSystem(thrown, 'data')).toMatchObject({ code, retry: expect.any(String) });
  });

  it.each([
    ['SQLITE_FULL', 'disk-full'],
    ['SQLITE_READONLY', 'output-not-writable'],
    // What a used up quota and a broken disk are to SQLite.
    ['SQLITE_IOERR_WRITE', 'storage-failed'],
    ['SQLITE_IOERR_FSYNC', 'storage-failed'],
  ])('the error %s of a disk becomes %s', (errno, code) => {
    expect(fromSqlite(new Sqlite.SqliteError('no', errno), 'data')).toMatchObject({ code });
  });
});
