import { type Expression, type ExpressionBuilder, type SqlBool, sql } from 'kysely';
import { fairOrder } from '../domain/fairness.ts';
import { type Job, type JobState, leaseMs } from '../domain/job.ts';
import type { Lease, LeasedJob, Leases } from '../ports/leases.ts';
import { nextSequence } from './counters.ts';
import type { DamagedJobs } from './damaged-jobs.ts';
import { moveRow, type RowClocks } from './job-moves.ts';
import { changedColumns, readJob } from './job-record.ts';
import type { Database, JobsTable, Tables } from './tables.ts';

type Where = ExpressionBuilder<Tables, 'jobs'>;

/** The claim by which a server or a user was served last; what is no number counts as never. */
const lastClaimOf = (table: 'server' | 'user') =>
  sql<number>`coalesce(cast(${sql.ref(`${table}.claim`)} as bigint), 0)`;

/** The later one of both: nobody gets more than one server's share. See domain/fairness.ts. */
const laterClaim = sql<number>`case when ${lastClaimOf('server')} > ${lastClaimOf('user')} then ${lastClaimOf('server')} else ${lastClaimOf('user')} end`;

const queued = (db: Database) =>
  db
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

/** See `Jobs.waiting`. */
export const waitingJobs = async (db: Database, { readEach }: DamagedJobs): Promise<readonly Job[]> => {
  const rows = await queued(db)
    .selectAll('jobs')
    .select([lastClaimOf('server').as('serverServed'), lastClaimOf('user').as('userServed')])
    .execute();
  const served = new Map(rows.map(({ id, serverServed, userServed }) => [id, { serverServed, userServed }]));
  const jobs = (await readEach(rows)).filter(({ state }) => state === 'queued');
  const order = fairOrder(
    jobs.map((job) => ({ job, ...job, ...(served.get(job.id) ?? { serverServed: 0, userServed: 0 }) })),
  );
  return order.map(({ job }) => job);
};

/** Claims and leases in SQL that any dialect takes. Leases end in the folder's own time, which no clock sets back. */
export const createSqlLeases = (
  db: Database,
  options: RowClocks & { readonly damaged: DamagedJobs },
): Leases => {
  const { folderClock, damaged } = options;

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

  const claim = async (transaction: Database, number: number): Promise<LeasedJob | undefined> => {
    for (;;) {
      const next = await queued(transaction)
        .selectAll('jobs')
        .orderBy(laterClaim)
        .orderBy(lastClaimOf('user'))
        .orderBy('jobs.sequence')
        .limit(1)
        .executeTakeFirst();
      if (!next) return undefined;
      const job = await damaged.read(transaction, next);
      // One that was damaged stands in the queue no more.
      if (job?.state !== 'queued') continue;
      const row = await transaction
        .updateTable('jobs')
        .set((column) => ({
          state: 'running' satisfies JobState,
          attempt: column('attempt', '+', 1),
          claim: number,
          lease_until: folderClock.now() + leaseMs,
        }))
        .where('id', '=', job.id)
        .returningAll()
        .executeTakeFirstOrThrow();
      await serve(transaction, row, number);
      return { ...readJob(row), claim: number };
    }
  };

  const isQueued = (where: Where) => where('state', '=', 'queued' satisfies JobState);
  const isRunning = (where: Where) => where('state', '=', 'running' satisfies JobState);
  /** A lease cannot reach further than it was given for: one that does is from before a clock was set back. */
  const isExpired = (where: Where) => {
    const now = folderClock.now();
    const isOver = [
      where('lease_until', 'is', null),
      where('lease_until', '<', now),
      where('lease_until', '>', now + leaseMs),
    ];
    return where.and([isRunning(where), where.or(isOver)]);
  };

  const release = async (database: Database, which: (where: Where) => Expression<SqlBool>): Promise<void> => {
    const columns = { state: 'queued' satisfies JobState, lease_until: null };
    await database.updateTable('jobs').set(columns).where(which).execute();
  };

  /** Workers ask again and again: where nothing waits, nothing is written. */
  const isAnythingThere = async (): Promise<boolean> => {
    const rows = db.selectFrom('jobs').select('id').limit(1);
    const found = rows.where((where) => where.or([isQueued(where), isExpired(where)]));
    return (await found.executeTakeFirst()) !== undefined;
  };

  const leased = async ({ id, claim }: Lease, columns: Partial<JobsTable>): Promise<boolean> => {
    const { numUpdatedRows } = await db
      .updateTable('jobs')
      .set(columns)
      .where((where) => where.and([where.and({ id, claim }), isRunning(where)]))
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  };

  return {
    claimNext: async () => {
      if (!(await isAnythingThere())) return undefined;
      return await db.transaction().execute(async (transaction) => {
        // The number first: it makes claims take turns.
        const number = await nextSequence(transaction, 'claim');
        await release(transaction, isExpired);
        return await claim(transaction, number);
      });
    },
    renew: (lease) => leased(lease, { lease_until: folderClock.now() + leaseMs }),
    update: (lease, changes) => leased(lease, { ...changedColumns(changes), claim: lease.claim }),
    leave: ({ id, claim: number }, to, changes = {}) =>
      db
        .transaction()
        .execute((transaction) =>
          moveRow(transaction, id, { ...options, from: 'running', to, changes, claim: number }),
        ),
    release: (which) => release(db, which === 'expired' ? isExpired : isRunning),
  };
};
