import type { Kysely } from 'kysely';

/** In which forms somebody's emoji is on a message: normal, super, or both. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await db.schema
    .alterTable('reactions')
    .addColumn('is_normal', 'integer', (column) => column.notNull().defaultTo(1))
    .execute();
  await db.schema
    .alterTable('reactions')
    .addColumn('is_super', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
};
