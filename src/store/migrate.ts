import type { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import { GramzoomError } from '../domain/errors.ts';
import type { Migrations } from './migrations/list.ts';

const historyTable = 'migrations';

/**
 * Sees to it that every step that is recorded is a known one. @throws GramzoomError `database-newer`
 * @returns the number of the newest known step
 */
export const requireKnownSteps = (
  done: readonly string[],
  { migrations, folder }: { readonly migrations: Migrations; readonly folder: string },
): number => {
  const newest = numberOf(Object.keys(migrations).sort().at(-1));
  const strangers = done.filter((name) => !Object.hasOwn(migrations, name)).sort();
  if (strangers.length === 0) return newest;
  throw new GramzoomError('database-newer', { folder, version: numberOf(strangers.at(-1)), known: newest });
};

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
  const done = await executed(db);
  const newest = requireKnownSteps(done, options);
  if (Object.keys(options.migrations).every((name) => done.includes(name))) return;
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
