import { type Kysely, sql } from 'kysely';
import { createIndexes } from './create-indexes.ts';

/** Contests, what is entered in them, and who votes for what. */
export const up = async (db: Kysely<unknown>): Promise<void> => {
  await db.schema
    .createTable('contests')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('sequence', 'bigint', (column) => column.notNull().unique())
    .addColumn('platform', 'text', (column) => column.notNull())
    .addColumn('server', 'text', (column) => column.notNull())
    .addColumn('user_id', 'text', (column) => column.notNull())
    .addColumn('host_name', 'text', (column) => column.notNull())
    .addColumn('home', 'text', (column) => column.notNull())
    .addColumn('rules', 'text', (column) => column.notNull())
    .addColumn('zone', 'text', (column) => column.notNull())
    .addColumn('enter_from', 'text', (column) => column.notNull())
    .addColumn('enter_until', 'text', (column) => column.notNull())
    .addColumn('vote_until', 'text', (column) => column.notNull())
    .addColumn('phase', 'text', (column) => column.notNull())
    .addColumn('phase_since', 'bigint', (column) => column.notNull())
    .addColumn('open_server', 'text')
    .addColumn('version', 'integer', (column) => column.notNull())
    .addColumn('round', 'integer', (column) => column.notNull())
    .addColumn('outcome', 'text')
    .addColumn('reel', 'text')
    .addColumn('poster', 'text')
    .addColumn('exported_at', 'bigint')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('finished_at', 'bigint')
    .addColumn('finished_seen', 'bigint')
    .addColumn('event', 'text')
    .addColumn('hall_only', 'integer', (column) => column.notNull())
    .addUniqueConstraint('contests_open', ['platform', 'open_server'])
    .addUniqueConstraint('contests_event', ['platform', 'event'])
    .execute();
  await db.schema
    .createTable('contest_entries')
    .addColumn('id', 'text', (column) => column.primaryKey())
    .addColumn('contest', 'text', (column) => column.notNull().references('contests.id').onDelete('cascade'))
    .addColumn('number', 'integer', (column) => column.notNull())
    .addColumn('user_id', 'text', (column) => column.notNull())
    .addColumn('user_name', 'text', (column) => column.notNull())
    .addColumn('photo_owner', 'text', (column) => column.notNull())
    .addColumn('render', 'text', (column) => column.notNull())
    .addColumn('held_render', 'text')
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('reason', 'text')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('erasing', 'integer', (column) => column.notNull())
    .addUniqueConstraint('contest_entries_number', ['contest', 'number'])
    .addUniqueConstraint('contest_entries_held', ['contest', 'held_render'])
    .execute();
  await db.schema
    .createTable('contest_ballots')
    .addColumn('contest', 'text', (column) => column.notNull().references('contests.id').onDelete('cascade'))
    .addColumn('voter', 'text', (column) => column.notNull())
    .addColumn('voter_name', 'text', (column) => column.notNull())
    .addColumn('doubts', 'text', (column) => column.notNull())
    .addColumn('changes', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('contest_ballots_key', ['contest', 'voter'])
    .execute();
  await db.schema
    .createTable('contest_votes')
    .addColumn('contest', 'text', (column) => column.notNull().references('contests.id').onDelete('cascade'))
    .addColumn('voter', 'text', (column) => column.notNull())
    .addColumn('rank', 'integer', (column) => column.notNull())
    .addColumn('entry', 'text', (column) =>
      column.notNull().references('contest_entries.id').onDelete('cascade'),
    )
    .addPrimaryKeyConstraint('contest_votes_key', ['contest', 'voter', 'rank'])
    .addUniqueConstraint('contest_votes_entry', ['contest', 'voter', 'entry'])
    .execute();
  await db.schema
    .createTable('contest_bans')
    .addColumn('contest', 'text', (column) => column.notNull().references('contests.id').onDelete('cascade'))
    .addColumn('user_id', 'text', (column) => column.notNull())
    .addColumn('reason', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('contest_bans_key', ['contest', 'user_id'])
    .execute();
  await db.schema
    .createTable('contest_reports')
    .addColumn('entry', 'text', (column) =>
      column.notNull().references('contest_entries.id').onDelete('cascade'),
    )
    .addColumn('reporter', 'text', (column) => column.notNull())
    .addColumn('reason', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('contest_reports_key', ['entry', 'reporter'])
    .execute();
  await db.schema
    .createTable('contest_followers')
    .addColumn('contest', 'text', (column) => column.notNull().references('contests.id').onDelete('cascade'))
    .addColumn('user_id', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('contest_followers_key', ['contest', 'user_id'])
    .execute();
  await db.schema
    .createTable('erased_files')
    .addColumn('blob', 'text', (column) => column.primaryKey())
    .execute();
  await sql`insert into counters (name, value) values ('contest', 0)`.execute(db);
  await createIndexes(db, [
    ['contests_server', 'contests', ['platform', 'server', 'sequence']],
    ['contests_phase', 'contests', ['phase', 'sequence']],
    ['contests_reel', 'contests', ['reel']],
    ['contests_poster', 'contests', ['poster']],
    ['contest_entries_user', 'contest_entries', ['user_id']],
    ['contest_entries_render', 'contest_entries', ['render']],
    ['contest_votes_of_entry', 'contest_votes', ['entry']],
  ]);
};
