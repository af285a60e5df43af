import type { Kysely } from 'kysely';

/** What a person asked for, apart from what the place of the answer caps. Of older renders it is not known. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await db.schema.alterTable('jobs').addColumn('asked_max_bytes', 'bigint').execute();
};
