import type { Contest, ContestId } from '../domain/contest/contest.ts';
import { type ContestPhase, isLegalPhaseMove, isOpen, openPhases } from '../domain/contest/phase.ts';
import { GramzoomError } from '../domain/errors.ts';
import type { Platform } from '../domain/job.ts';
import type { Contests, NewContest } from '../ports/contests.ts';
import { changedContest, phaseColumns, readContest } from './contest-record.ts';
import type { ContestsTable } from './contest-tables.ts';
import { nextSequence } from './counters.ts';
import { createDamagedContests } from './damaged-contests.ts';
import type { StoreContext } from './quarantine.ts';
import { readRows } from './records.ts';
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
  const damaged = createDamagedContests(options);
  const now = () => ({ wall: clock.wallTime(), seen: folderClock.now() });
  const select = (transaction: Database = db) => transaction.selectFrom('contests').selectAll();

  const openIn = (transaction: Database, platform: Platform, server: string) =>
    select(transaction).where('platform', '=', platform).where('open_server', '=', server).executeTakeFirst();

  const ofEvent = async (
    transaction: Database,
    platform: Platform,
    event: string,
  ): Promise<Contest | undefined> => {
    const rows = select(transaction).where('platform', '=', platform).where('event', '=', event);
    const row = await rows.executeTakeFirst();
    return row && (await damaged.contest(transaction, row));
  };

  const openContest = async (
    transaction: Database,
    platform: Platform,
    server: string,
  ): Promise<Contest | undefined> => {
    const row = await openIn(transaction, platform, server);
    const contest = row && (await damaged.contest(transaction, row));
    return contest && isOpen(contest.phase) ? contest : undefined;
  };

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
      const running = await damaged.contest(transaction, another);
      if (running && isOpen(running.phase)) {
        throw new GramzoomError('contest-running', { theme: running.rules.theme });
      }
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
    const contest = row?.version === version ? await damaged.contest(transaction, row) : undefined;
    // One that had to be mended is another one than whoever asks knows.
    return contest?.version === version ? contest : undefined;
  };

  return {
    insert: (contest) =>
      db.transaction().execute(async (transaction) => {
        const sequence = await nextSequence(transaction, 'contest');
        const { event, origin } = contest;
        const before = event === null ? undefined : await ofEvent(transaction, origin.platform, event);
        if (before) return { kind: 'known', contest: before } as const;
        const another = await openContest(transaction, origin.platform, origin.server);
        if (another) return { kind: 'another', contest: another } as const;
        const row = newRow(contest, { sequence, ...now() });
        await transaction.insertInto('contests').values(row).execute();
        return { kind: 'inserted', contest: readContest(row) } as const;
      }),

    get: async (id) => {
      const row = await select().where('id', '=', id).executeTakeFirst();
      return row && (await damaged.contest(db, row));
    },

    ofEvent: (platform, event) => ofEvent(db, platform, event),

    openIn: (platform, server) => openContest(db, platform, server),

    ofServer: async (platform, server, { limit }) => {
      const rows = await select()
        .where('platform', '=', platform)
        .where('server', '=', server)
        .orderBy('sequence', 'desc')
        .limit(limit)
        .execute();
      return await readRows(rows, (row) => damaged.contest(db, row));
    },

    open: async () => {
      const phases: readonly ContestPhase[] = openPhases;
      const rows = await select().where('phase', 'in', phases).orderBy('sequence').execute();
      const contests = await readRows(rows, (row) => damaged.contest(db, row));
      return contests.filter(({ phase }) => isOpen(phase));
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
          entries: await readEntries(transaction, damaged, id),
          ballots: await readBallots(transaction, id),
          bans: await readBans(transaction, id),
        };
        return await write(transaction, contest, { phase: 'closed', outcome: count(cast) });
      }),

    ...createSqlEntries(db, { clock, damaged, inTurn }),
    ...createSqlBallots(db, { inTurn }),
    ...createSqlContestPeople(db, { clock }),
  };
};
