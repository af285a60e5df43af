import { type Kysely, sql } from 'kysely';
import { createIndexes } from './create-indexes.ts';

/** Events that are noted before they are acknowledged, and who has installed the bot. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await db.schema
    .createTable('received_events')
    .addColumn('platform', 'text', (column) => column.notNull())
    .addColumn('id', 'text', (column) => column.notNull())
    .addColumn('sequence', 'bigint', (column) => column.notNull())
    .addColumn('body', 'text')
    .addColumn('seen', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('received_events_key', ['platform', 'id'])
    .execute();
  await db.schema
    .createTable('installations')
    .addColumn('platform', 'text', (column) => column.notNull())
    .addColumn('tenant', 'text', (column) => column.notNull())
    .addColumn('sealed', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('installations_key', ['platform', 'tenant'])
    .execute();
  await sql`insert into counters (name, value) values ('event', 0)`.execute(db);
  await createIndexes(db, [['received_events_seen', 'received_events', ['seen']]]);
};
