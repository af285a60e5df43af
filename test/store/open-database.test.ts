import { open, readdir, readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { type Kysely, sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { type Migrations, migrations } from '../../src/store/migrations/list.ts';
import { databaseFile, openDatabase } from '../../src/store/sqlite/open-database.ts';
import { createTempFolder } from '../support/temp-folder.ts';

/** A step that a later version might bring. */
const addsColour = async (db: Kysely<unknown>): Promise<void> => {
  await db.schema.alterTable('jobs').addColumn('colour', 'text').execute();
};
/** The number of the newest step that there is. */
const newest = Number.parseInt(Object.keys(migrations).sort().at(-1)!, 10);

const next: Migrations = { ...migrations, '9998-colour': { up: addsColour } };
const fails: Migrations = {
  ...migrations,
  '9998-colour': { up: addsColour },
  '9999-mistake': {
    up: async (db) => {
      await db.schema.dropTable('outbox').execute();
      throw new Error('a mistake');
    },
  },
};

/** A folder whose database was made with these steps, closed again. */
const made = async (steps: Migrations = migrations): Promise<string> => {
  const folder = await createTempFolder();
  await (await openDatabase(folder, { migrations: steps })).destroy();
  return folder;
};

const inFile = <T>(folder: string, name: string, run: (database: Sqlite.Database) => T): T => {
  const database = new Sqlite(join(folder, name));
  try {
    return run(database);
  } finally {
    database.close();
  }
};
const columnsOf = (folder: string, name: string): readonly string[] =>
  inFile(folder, name, (database) =>
    (database.pragma('table_info(jobs)') as { name: string }[]).map((column) => column.name),
  );

describe('the database', () => {
  it('is durable with each commit, checks references and uses a write-ahead log', async () => {
    const db = await openDatabase(await createTempFolder());
    const read = async (name: string) =>
      Object.values((await sql.raw(`pragma ${name}`).execute(db)).rows[0] ?? {});
    expect([await read('synchronous'), await read('foreign_keys'), await read('journal_mode')]).toEqual([
      [2],
      [1],
      ['wal'],
    ]);
    expect(await read('busy_timeout')).toEqual([5000]);
    await db.destroy();
  });

  it('is opened again as it was, without a copy', async () => {
    const folder = await made();
    await (await openDatabase(folder)).destroy();
    expect(await readdir(folder)).toEqual([databaseFile]);
  });

  it('is brought to a newer format, and copied before', async () => {
    const folder = await made();
    await (await openDatabase(folder, { migrations: next })).destroy();
    expect(columnsOf(folder, databaseFile)).toContain('colour');
    expect(columnsOf(folder, 'backup-before-9998.db')).not.toContain('colour');
    expect((await readdir(folder)).sort()).toEqual(['backup-before-9998.db', databaseFile].sort());
  });

  it('stays as it was where a step fails, and opens with the right steps later', async () => {
    const folder = await made();
    await expect(openDatabase(folder, { migrations: fails })).rejects.toThrow('a mistake');
    expect(columnsOf(folder, databaseFile)).not.toContain('colour');
    await (await openDatabase(folder, { migrations: next })).destroy();
    expect(columnsOf(folder, databaseFile)).toContain('colour');
  });

  it('replaces the copy of an attempt that failed', async () => {
    const folder = await made();
    await writeFile(join(folder, 'backup-before-9998.db'), 'half a copy');
    await writeFile(join(folder, 'backup-before-9998.db.unfinished'), 'half a copy');
    await (await openDatabase(folder, { migrations: next })).destroy();
    expect(columnsOf(folder, 'backup-before-9998.db')).toContain('id');
  });

  it('is refused where a newer version made it, and not touched', async () => {
    const folder = await made(next);
    const before = await readFile(join(folder, databaseFile));
    await expect(openDatabase(folder)).rejects.toMatchObject({
      code: 'database-newer',
      data: { folder, version: 9998, known: newest },
    });
    expect((await readFile(join(folder, databaseFile))).equals(before)).toBe(true);
  });

  it('does not care when the clock was set back between two steps', async () => {
    const folder = await made(next);
    inFile(folder, databaseFile, (database) =>
      database.exec("update migrations set timestamp = '2001-01-01T00:00:00.000Z' where name like '9998%'"),
    );
    const third: Migrations = { ...next, '9999-nothing': { up: async () => {} } };
    await (await openDatabase(folder, { migrations: third })).destroy();
    expect(await readdir(folder)).toContain('backup-before-9999.db');
  });

  it('a file that is no database is refused', async () => {
    const folder = await createTempFolder();
    await writeFile(join(folder, databaseFile), 'no database at all'.repeat(1000));
    await expect(openDatabase(folder)).rejects.toMatchObject({ code: 'database-damaged', data: { folder } });
  });

  it('a database that is cut short is refused', async () => {
    const folder = await made();
    await truncate(join(folder, databaseFile), 5000);
    await expect(openDatabase(folder)).rejects.toMatchObject({ code: 'database-damaged' });
  });

  it('is refused where a page is damaged', async () => {
    const folder = await made();
    const file = await open(join(folder, databaseFile), 'r+');
    await file.write(Buffer.alloc(4096, 0x5a), 0, 4096, 3 * 4096);
    await file.close();
    await expect(openDatabase(folder)).rejects.toMatchObject({ code: 'database-damaged' });
  });
});
