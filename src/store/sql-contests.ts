import type { Contest, ContestId } from '../domain/contest/contest.ts';
import { type ContestPhase, isLegalPhaseMove, isOpen, openPhases } from '../domain/contest/phase.ts';
import { GramzoomError } from '../domain/errors.ts';
import type { Platform } from '../domain/job.ts';
import type { Contests, NewContest } from '../ports/contests.ts';
import { changedContest, phaseColumns, readContest } from './contest-record.ts';
import type { ContestsTable } from './contest-tables.ts';
import { nextSequence } from './counters.ts';
import type { StoreContext } from './quarantine.ts';
import { createSqlBallots, readBallots } from './sql-ballots.ts';
import { createSqlContestPeople, readBans } from './sql-contest-people.ts';
import { createSqlEntries, readEntries } from './sql-entries.ts';
import type { Database } from './tables.ts';

const newRow = (
  contest: NewContest,
  numbers: { readonly sequence: number; readonly wall: number; readonly seen: number },
): ContestsTable => ({
  id: contest.id,
  sequence: numbers.sequence,
  platform: contest.origin.platform,
  user_id: contest.origin.user,
  server: contest.origin.server,
  host_name: contest.hostName,
  home: JSON.stringify(contest.home),
  rules: JSON.stringify(contest.rules),
  zone: contest.zone,
  enter_from: JSON.stringify(contest.enterFrom),
  enter_until: JSON.stringify(contest.enterUntil),
  vote_until: JSON.stringify(contest.voteUntil),
  ...phaseColumns({ phase: 'draft', server: contest.origin.server }, numbers),
  version: 1,
  round: 1,
  outcome: null,
  reel: null,
  poster: null,
  exported_at: null,
  created_at: numbers.wall,
  event: contest.event,
  hall_only: 0,
});

/** The rows of contests in SQL that any dialect takes. See the port for what each method promises. */
export const createSqlContests = (db: Database, options: StoreContext): Contests => {
  const { clock, folderClock } = options;
  const now = () => ({ wall: clock.wallTime(), seen: folderClock.now() });
  const select = (transaction: Database = db) => transaction.selectFrom('contests').selectAll();

  const openIn = (transaction: Database, platform: Platform, server: string) =>
    select(transaction).where('platform', '=', platform).where('open_server', '=', server).executeTakeFirst();

  /** Writes a row that has been read in the same transaction. */
  const write = async (
    transaction: Database,
    contest: Contest,
    { phase, ...changes }: Parameters<Contests['update']>[2],
  ): Promise<Contest> => {
    const isMove = phase !== undefined && phase !== contest.phase;
    if (isMove && !isLegalPhaseMove(contest.phase, phase)) {
      throw new GramzoomError('internal', { reason: `no move ${contest.phase} -> ${phase}` });
    }
    const { platform, server } = contest.origin;
    const another = isMove && isOpen(phase) ? await openIn(transaction, platform, server) : undefined;
    if (another && another.id !== contest.id) {
      throw new GramzoomError('contest-running', { theme: readContest(another).rules.theme });
    }
    const row = await transaction
      .updateTable('contests')
      .set({
        ...changedContest(changes),
        ...(isMove && phaseColumns({ phase, server }, now())),
        version: contest.version + 1,
      })
      .where('id', '=', contest.id)
      .returningAll()
      .executeTakeFirstOrThrow();
    return readContest(row);
  };

  /** In turns: what is read in the transaction stays so until its end. */
  const inTurn = <T>(work: (transaction: Database) => Promise<T>): Promise<T> =>
    db.transaction().execute(async (transaction) => {
      await nextSequence(transaction, 'check');
      return await work(transaction);
    });

  const ofVersion = async (
    transaction: Database,
    id: ContestId,
    version: number,
  ): Promise<Contest | undefined> => {
    const row = await select(transaction).where('id', '=', id).executeTakeFirst();
    return row?.version === version ? readContest(row) : undefined;
  };

  return {
    insert: (contest) =>
      db.transaction().execute(async (transaction) => {
        const sequence = await nextSequence(transaction, 'contest');
        const { event, origin } = contest;
        const known =
          event === null
            ? undefined
            : await select(transaction)
                .where('platform', '=', origin.platform)
                .where('event', '=', event)
                .executeTakeFirst();
        if (known) return { kind: 'known', contest: readContest(known) } as const;
        const another = await openIn(transaction, origin.platform, origin.server);
        if (another) return { kind: 'another', contest: readContest(another) } as const;
        const row = newRow(contest, { sequence, ...now() });
        await transaction.insertInto('contests').values(row).execute();
        return { kind: 'inserted', contest: readContest(row) } as const;
      }),

    get: async (id) => {
      const row = await select().where('id', '=', id).executeTakeFirst();
      return row && readContest(row);
    },

    openIn: async (platform, server) => {
      const row = await openIn(db, platform, server);
      return row && readContest(row);
    },

    ofServer: async (platform, server, { limit }) => {
      const rows = await select()
        .where('platform', '=', platform)
        .where('server', '=', server)
        .orderBy('sequence', 'desc')
        .limit(limit)
        .execute();
      return rows.map(readContest);
    },

    open: async () => {
      const phases: readonly ContestPhase[] = openPhases;
      const rows = await select().where('phase', 'in', phases).orderBy('sequence').execute();
      return rows.map(readContest);
    },

    update: (id, version, changes) =>
      inTurn(async (transaction) => {
        const contest = await ofVersion(transaction, id, version);
        return contest && (await write(transaction, contest, changes));
      }),

    closeVoting: (id, version, count) =>
      inTurn(async (transaction) => {
        const contest = await ofVersion(transaction, id, version);
        if (!contest) return undefined;
        const cast = {
          entries: await readEntries(transaction, id),
          ballots: await readBallots(transaction, id),
          bans: await readBans(transaction, id),
        };
        return await write(transaction, contest, { phase: 'closed', outcome: count(cast) });
      }),

    ...createSqlEntries(db, { clock, inTurn }),
    ...createSqlBallots(db, { inTurn }),
    ...createSqlContestPeople(db, { clock }),
  };
};
