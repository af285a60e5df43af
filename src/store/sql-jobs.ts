import { sql } from 'kysely';
import { GramzoomError } from '../domain/errors.ts';
import { fairOrder } from '../domain/fairness.ts';
import {
  activeStates,
  isFinished,
  isLegalMove,
  isSamePerson,
  type Job,
  type JobId,
  type JobState,
  type Origin,
  type Platform,
} from '../domain/job.ts';
import type { Clock } from '../ports/clock.ts';
import type { JobChanges, Jobs, Limits, NewJob } from '../ports/store.ts';
import { nextOf } from './counters.ts';
import { createDamagedJobs, createOwedWords } from './damaged-jobs.ts';
import type { FolderClock } from './folder-clock.ts';
import { changedColumns, readJob, sourceColumns } from './job-record.ts';
import type { Quarantine } from './quarantine.ts';
import { forgetSubjects } from './subject-rows.ts';
import type { Database, JobsTable } from './tables.ts';

const newRow = (job: NewJob, numbers: { readonly sequence: number; readonly now: number }): JobsTable => ({
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
  attempt: 0,
  boot_id: null,
  frames_done: 0,
  failure: null,
  result: null,
  report: null,
  poster: null,
  created_at: numbers.now,
  finished_at: null,
  finish: null,
  finished_seen: null,
  event: job.event,
  ...sourceColumns(job.source ?? { root: job.id, owner: job.origin }),
  erasing: 0,
});

/** The claim by which a server or a user was served last; what is no number counts as never. */
const claimOf = (table: 'server' | 'user') =>
  sql<number>`coalesce(cast(${sql.ref(`${table}.claim`)} as bigint), 0)`;

/** The later one of both: nobody gets more than one server's share. See domain/fairness.ts. */
const laterClaim = sql<number>`case when ${claimOf('server')} > ${claimOf('user')} then ${claimOf('server')} else ${claimOf('user')} end`;

/** The rows of renders in SQL that any dialect takes. See the port for what each method promises. */
export const createSqlJobs = (
  db: Database,
  options: { readonly clock: Clock; readonly folderClock: FolderClock; readonly quarantine: Quarantine },
): Jobs => {
  const { clock, folderClock } = options;
  const damaged = createDamagedJobs(db, options);

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

  const finishColumns = async (transaction: Database, to: JobState): Promise<Partial<JobsTable>> =>
    isFinished(to)
      ? {
          finished_at: clock.wallTime(),
          finish: await nextOf(transaction, 'finish'),
          finished_seen: folderClock.now(),
        }
      : {};

  const moveRow = async (
    transaction: Database,
    id: string,
    move: { readonly from: JobState; readonly to: JobState; readonly changes: JobChanges },
  ): Promise<boolean> => {
    const { numUpdatedRows } = await transaction
      .updateTable('jobs')
      .set({
        ...changedColumns(move.changes),
        ...(await finishColumns(transaction, move.to)),
        state: move.to,
      })
      .where('id', '=', id)
      .where('state', '=', move.from)
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  };

  const serve = async (transaction: Database, row: JobsTable, claim: number): Promise<void> => {
    const { platform, server, user_id } = row;
    const seen = folderClock.now();
    await transaction
      .insertInto('served_servers')
      .values({ platform, server, claim, seen })
      .onConflict((conflict) => conflict.columns(['platform', 'server']).doUpdateSet({ claim, seen }))
      .execute();
    await transaction
      .insertInto('served_users')
      .values({ platform, server: '', user_id, claim, seen })
      .onConflict((conflict) =>
        conflict.columns(['platform', 'server', 'user_id']).doUpdateSet({ claim, seen }),
      )
      .execute();
  };

  const queued = (transaction: Database) =>
    transaction
      .selectFrom('jobs')
      .leftJoin('served_servers as server', (join) =>
        join.onRef('server.platform', '=', 'jobs.platform').onRef('server.server', '=', 'jobs.server'),
      )
      .leftJoin('served_users as user', (join) =>
        join
          .onRef('user.platform', '=', 'jobs.platform')
          .on('user.server', '=', '')
          .onRef('user.user_id', '=', 'jobs.user_id'),
      )
      .where('jobs.state', '=', 'queued' satisfies JobState);

  const claim = async (transaction: Database, number: number, bootId: string): Promise<Job | undefined> => {
    for (;;) {
      const next = await queued(transaction)
        .selectAll('jobs')
        .orderBy(laterClaim)
        .orderBy(claimOf('user'))
        .orderBy('jobs.sequence')
        .limit(1)
        .executeTakeFirst();
      if (!next) return undefined;
      const job = await damaged.read(transaction, next);
      // One that was damaged stands in the line no more.
      if (job?.state !== 'queued') continue;
      const row = await transaction
        .updateTable('jobs')
        .set((column) => ({
          state: 'running' satisfies JobState,
          attempt: column('attempt', '+', 1),
          boot_id: bootId,
        }))
        .where('id', '=', job.id)
        .returningAll()
        .executeTakeFirstOrThrow();
      await serve(transaction, row, number);
      return readJob(row);
    }
  };

  /** What is to be deleted for good is gone for everybody but the one who deletes it. */
  const select = (transaction: Database = db) =>
    transaction.selectFrom('jobs').selectAll().where('erasing', '=', 0);
  const rowOfEvent = (
    transaction: Database,
    platform: Platform,
    event: string,
  ): Promise<JobsTable | undefined> =>
    select(transaction).where('platform', '=', platform).where('event', '=', event).executeTakeFirst();
  const ofEvent = async (
    transaction: Database,
    platform: Platform,
    event: string | null,
  ): Promise<Job | undefined> => {
    if (event === null) return undefined;
    const row = await rowOfEvent(transaction, platform, event);
    return row && (await damaged.read(transaction, row));
  };
  const { readEach } = damaged;

  /** Rows that cannot be read hold no place among those that count. */
  const freePlaces = async (transaction: Database, origin: Origin): Promise<void> => {
    for (const row of await countedFor(transaction, origin).selectAll().execute()) {
      await damaged.read(transaction, row);
    }
  };

  return {
    insert: (job, limits) =>
      db.transaction().execute(async (transaction) => {
        const sequence = await nextOf(transaction, 'job');
        const known = await ofEvent(transaction, job.origin.platform, job.event);
        if (known) return { kind: 'known', job: known } as const;
        const isFull = (await reachedLimit(transaction, job.origin, limits)) !== null;
        if (isFull) await freePlaces(transaction, job.origin);
        const reached = isFull ? await reachedLimit(transaction, job.origin, limits) : null;
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
      return await db.transaction().execute((transaction) => moveRow(transaction, id, { from, to, changes }));
    },

    update: async (id, changes) => {
      const columns = changedColumns(changes);
      if (Object.keys(columns).length === 0) return;
      await db.updateTable('jobs').set(columns).where('id', '=', id).execute();
    },

    claimNext: ({ bootId }) =>
      db.transaction().execute(async (transaction) => {
        // The number first: it makes claims take turns.
        const number = await nextOf(transaction, 'claim');
        return await claim(transaction, number, bootId);
      }),

    waiting: async () => {
      const rows = await queued(db)
        .selectAll('jobs')
        .select([claimOf('server').as('serverServed'), claimOf('user').as('userServed')])
        .execute();
      const served = new Map(
        rows.map(({ id, serverServed, userServed }) => [id, { serverServed, userServed }]),
      );
      const jobs = (await readEach(rows)).filter(({ state }) => state === 'queued');
      const order = fairOrder(
        jobs.map((job) => ({ job, ...job, ...(served.get(job.id) ?? { serverServed: 0, userServed: 0 }) })),
      );
      return order.map(({ job }) => job);
    },

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
