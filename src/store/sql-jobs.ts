import { sql } from 'kysely';
import { GramzoomError } from '../domain/errors.ts';
import {
  activeStates,
  isLegalMove,
  isSamePerson,
  type JobId,
  type JobState,
  type Origin,
  type Platform,
} from '../domain/job.ts';
import type { Jobs, Limits, NewJob } from '../ports/jobs.ts';
import { nextSequence } from './counters.ts';
import { createOwedWords, type DamagedJobs } from './damaged-jobs.ts';
import { moveRow, type RowClocks } from './job-moves.ts';
import { changedColumns, emptyColumns, readJob, sourceColumns } from './job-record.ts';
import { waitingJobs } from './sql-leases.ts';
import { forgetSubjects } from './subject-rows.ts';
import type { Database, JobsTable } from './tables.ts';

const newRow = (job: NewJob, numbers: { readonly sequence: number; readonly now: number }): JobsTable => ({
  ...emptyColumns,
  id: job.id,
  sequence: numbers.sequence,
  platform: job.origin.platform,
  server: job.origin.server,
  user_id: job.origin.user,
  request: JSON.stringify(job.request),
  asked_max_bytes: job.askedMaxBytes ?? null,
  attachment: JSON.stringify(job.attachment),
  reply_target: JSON.stringify(job.replyTarget),
  parent: job.parent,
  state: 'fetching' satisfies JobState,
  photo: job.photo,
  created_at: numbers.now,
  finish: null,
  finished_seen: null,
  event: job.event,
  ...sourceColumns(job.source ?? { root: job.id, owner: job.origin }),
  erasing: 0,
});

/** The rows of renders in SQL that any dialect takes. See the port for what each method promises. */
export const createSqlJobs = (db: Database, options: RowClocks & { readonly damaged: DamagedJobs }): Jobs => {
  const { clock, damaged } = options;

  /** Unfinished rows that count against the limits of a user or of the server where they ask. */
  const countedFor = (transaction: Database, origin: Origin) =>
    transaction
      .selectFrom('jobs')
      .where('state', 'in', activeStates)
      // As an expression, so that no database goes through all rows of the platform instead of the few active ones.
      .where(sql`platform || ''`, '=', origin.platform)
      .where(({ or, eb }) => or([eb('server', '=', origin.server), eb('user_id', '=', origin.user)]));

  const reachedLimit = async (transaction: Database, origin: Origin, limits: Limits) => {
    const rows = await countedFor(transaction, origin)
      .select(({ fn }) => ['server', 'user_id', fn.countAll<number>().as('count')])
      .groupBy(['server', 'user_id'])
      .execute();
    const sumOf = (counts: (asked: Origin) => boolean): number =>
      rows
        .filter(({ server, user_id: user }) => counts({ platform: origin.platform, server, user }))
        .reduce((sum, { count }) => sum + Number(count), 0);
    if (sumOf((asked) => isSamePerson(asked, origin)) >= limits.perUser) return 'user-limit';
    return sumOf(({ server }) => server === origin.server) >= limits.perServer ? 'server-limit' : null;
  };

  /** What is to be deleted for good is gone for everybody but the one who deletes it. */
  const select = (transaction: Database = db) =>
    transaction.selectFrom('jobs').selectAll().where('erasing', '=', 0);
  const rowOfEvent = (transaction: Database, platform: Platform, event: string) =>
    select(transaction).where('platform', '=', platform).where('event', '=', event).executeTakeFirst();
  const { readEach } = damaged;

  return {
    insert: (job, limits) =>
      db.transaction().execute(async (transaction) => {
        const sequence = await nextSequence(transaction, 'job');
        const { origin, event } = job;
        const before = event === null ? undefined : await rowOfEvent(transaction, origin.platform, event);
        const known = before && (await damaged.read(transaction, before));
        if (known) return { kind: 'known', job: known } as const;
        const isFull = (await reachedLimit(transaction, origin, limits)) !== null;
        const counted = isFull ? await countedFor(transaction, origin).selectAll().execute() : [];
        // Rows that cannot be read hold no place among those that count.
        for (const row of counted) await damaged.read(transaction, row);
        const reached = isFull ? await reachedLimit(transaction, origin, limits) : null;
        if (reached) return { kind: reached } as const;
        const row = newRow(job, { sequence, now: clock.wallTime() });
        await transaction.insertInto('jobs').values(row).execute();
        return { kind: 'inserted', job: readJob(row) } as const;
      }),

    reachedLimit: (origin, limits) => reachedLimit(db, origin, limits),

    get: async (id) => {
      const row = await select().where('id', '=', id).executeTakeFirst();
      return row && (await readEach([row]))[0];
    },

    ofEvent: async (platform, event) => {
      const row = await rowOfEvent(db, platform, event);
      return row && (await readEach([row]))[0];
    },

    move: async (id, from, to, changes = {}) => {
      if (!isLegalMove(from, to)) throw new GramzoomError('internal', { reason: `no move ${from} -> ${to}` });
      return await db
        .transaction()
        .execute((transaction) => moveRow(transaction, id, { ...options, from, to, changes }));
    },

    update: async (id, changes) => {
      const columns = changedColumns(changes);
      if (Object.keys(columns).length === 0) return;
      await db.updateTable('jobs').set(columns).where('id', '=', id).execute();
    },

    waiting: () => waitingJobs(db, damaged),

    inState: async (...states: readonly JobState[]) => {
      if (states.length === 0) return [];
      const rows = await select().where('state', 'in', states).orderBy('sequence').execute();
      return (await readEach(rows)).filter(({ state }) => states.includes(state));
    },

    ...createOwedWords(db, damaged),

    ofUser: async (origin, { limit }) =>
      readEach(
        await select()
          .where('platform', '=', origin.platform)
          .where('server', '=', origin.server)
          .where('user_id', '=', origin.user)
          .orderBy('sequence', 'desc')
          .limit(limit)
          .execute(),
      ),

    remove: (id: JobId) =>
      db.transaction().execute(async (transaction) => {
        await forgetSubjects(transaction, { kind: 'render', ids: [id] });
        await transaction.deleteFrom('jobs').where('id', '=', id).execute();
      }),
  };
};
