import type { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import { GramzoomError } from '../domain/errors.ts';
import type { Migrations } from './migrations/list.ts';

const historyTable = 'migrations';

const numberOf = (name: string | undefined): number => Number.parseInt(name ?? '0', 10) || 0;

const executed = async (db: Kysely<unknown>): Promise<readonly string[]> => {
  const tables = await db.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some(({ name }) => name === historyTable)) return [];
  const rows = await (db as Kysely<{ [historyTable]: { name: string } }>)
    .selectFrom(historyTable)
    .select('name')
    .execute();
  return rows.map(({ name }) => name);
};

/**
 * Brings a database to the newest format, all steps in one transaction.
 * @param options `backup` is awaited before a database that holds something is changed
 * @throws GramzoomError `database-newer` where a step is recorded that is not in the list
 */
export const migrate = async (
  db: Kysely<unknown>,
  options: {
    readonly migrations: Migrations;
    /** For the error. */
    readonly folder: string;
    /** `number` is that of the newest step. */
    readonly backup: (number: number) => Promise<void>;
  },
): Promise<void> => {
  const known = Object.keys(options.migrations).sort();
  const newest = numberOf(known.at(-1));
  const done = await executed(db);
  const strangers = done.filter((name) => !known.includes(name)).sort();
  if (strangers.length > 0) {
    const version = numberOf(strangers.at(-1));
    throw new GramzoomError('database-newer', { folder: options.folder, version, known: newest });
  }
  if (known.every((name) => done.includes(name))) return;
  if (done.length > 0) await options.backup(newest);
  const { error } = await new Migrator({
    db,
    provider: { getMigrations: async () => ({ ...options.migrations }) },
    migrationTableName: historyTable,
    migrationLockTableName: `${historyTable}_lock`,
    // In order means by the time they ran, to the migrator, and a clock may have been set back in between.
    allowUnorderedMigrations: true,
  }).migrateToLatest();
  if (error) throw error;
};
