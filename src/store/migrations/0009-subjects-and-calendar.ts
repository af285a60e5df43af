import { type Kysely, sql } from 'kysely';
import { createIndexes } from './create-indexes.ts';

/**
 * The outbox, reactions and tries are about subjects, of which renders are one kind, and not about renders alone. What
 * is to happen later has a calendar: first in it is what the versions before would have taken away at their start.
 */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await db.schema
    .createTable('outbox')
    .addColumn('key', 'text', (column) => column.primaryKey())
    .addColumn('sequence', 'bigint', (column) => column.notNull())
    .addColumn('subject_kind', 'text', (column) => column.notNull())
    .addColumn('subject_id', 'text', (column) => column.notNull())
    .addColumn('role', 'text', (column) => column.notNull())
    .addColumn('message', 'text')
    .addColumn('place', 'text')
    .execute();
  await db.schema
    .createTable('calendar')
    .addColumn('subject_kind', 'text', (column) => column.notNull())
    .addColumn('subject_id', 'text', (column) => column.notNull())
    .addColumn('what', 'text', (column) => column.notNull())
    .addColumn('due_at', 'bigint', (column) => column.notNull())
    .addColumn('tries', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('calendar_key', ['subject_kind', 'subject_id', 'what'])
    .execute();

  await sql`insert into outbox (key, sequence, subject_kind, subject_id, role, message, place)
    select key, sequence, 'render', job, substr(key, length(job) + 2), message, place from posts`.execute(db);
  await db.schema.dropTable('posts').execute();
  await sql`insert into calendar (subject_kind, subject_id, what, due_at, tries)
    select subject_kind, subject_id, case role when 'notice' then 'remove:notice' else 'remove-withdrawn' end, 0, 0
    from outbox where role in ('notice', 'withdrawn')`.execute(db);
  await sql`delete from outbox where role = 'withdrawn'`.execute(db);

  await sql`alter table reactions rename column job to led_to`.execute(db);
  await db.schema
    .createTable('tries_of_subjects')
    .addColumn('subject', 'text', (column) => column.notNull())
    .addColumn('what', 'text', (column) => column.notNull())
    .addColumn('count', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('tries_of_subjects_key', ['subject', 'what'])
    .execute();
  await sql`insert into tries_of_subjects select job, what, count from tries`.execute(db);
  await db.schema.dropTable('tries').execute();
  await db.schema.alterTable('tries_of_subjects').renameTo('tries').execute();

  await createIndexes(db, [
    ['outbox_subject', 'outbox', ['subject_kind', 'subject_id', 'sequence']],
    ['outbox_role', 'outbox', ['subject_kind', 'role', 'sequence']],
    ['outbox_place', 'outbox', ['place']],
    ['outbox_sequence', 'outbox', ['sequence']],
    ['calendar_due', 'calendar', ['due_at']],
  ]);
};
