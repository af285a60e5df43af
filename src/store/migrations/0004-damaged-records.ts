import type { Kysely } from 'kysely';

/** Records that could not be read, as they were found, and how often something was tried for a render. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await db.schema
    .createTable('damaged_records')
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('id', 'text', (column) => column.notNull())
    .addColumn('problem', 'text', (column) => column.notNull())
    .addColumn('record', 'text', (column) => column.notNull())
    .addColumn('found_at', 'bigint', (column) => column.notNull())
    .addColumn('owed', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('damaged_records_key', ['kind', 'id'])
    .execute();
  await db.schema
    .createTable('tries')
    .addColumn('job', 'text', (column) => column.notNull().references('jobs.id').onDelete('cascade'))
    .addColumn('what', 'text', (column) => column.notNull())
    .addColumn('count', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('tries_key', ['job', 'what'])
    .execute();
};
