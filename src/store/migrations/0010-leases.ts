import { type Kysely, sql } from 'kysely';

/** Workers hold renders by leases, with the number of their claim; before, rows named a process. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await db.schema.alterTable('jobs').addColumn('claim', 'bigint').execute();
  await db.schema.alterTable('jobs').addColumn('lease_until', 'bigint').execute();
  // That they were begun is all that still matters: no number that is given is 0.
  await sql`update jobs set claim = 0 where boot_id is not null`.execute(db);
  await db.schema.alterTable('jobs').dropColumn('boot_id').execute();
};
