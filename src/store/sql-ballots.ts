import {
  type Ballot,
  type CastBallot,
  type ContestId,
  type EntryId,
  type EntryState,
  mostRanks,
} from '../domain/contest/contest.ts';
import type { ContestPhase } from '../domain/contest/phase.ts';
import { GramzoomError } from '../domain/errors.ts';
import type { Contests, StoredBallot } from '../ports/contests.ts';
import { readDoubts } from './contest-record.ts';
import { isBanned, phaseOf } from './sql-entries.ts';
import type { Database } from './tables.ts';

type InTurn = <T>(work: (transaction: Database) => Promise<T>) => Promise<T>;

const votesIn = (transaction: Database, contest: ContestId) =>
  transaction.selectFrom('contest_votes').selectAll().where('contest', '=', contest);

const ballotOf = async (transaction: Database, contest: ContestId, voter: string): Promise<Ballot> => {
  const rows = await votesIn(transaction, contest).where('voter', '=', voter).orderBy('rank').execute();
  return rows.map(({ entry }) => entry as EntryId);
};

/** Those that rank something, by voter. */
export const readBallots = async (
  transaction: Database,
  contest: ContestId,
): Promise<readonly StoredBallot[]> => {
  const votes = await votesIn(transaction, contest).orderBy('voter').orderBy('rank').execute();
  const ranks = new Map<string, EntryId[]>();
  for (const { voter, entry } of votes) ranks.set(voter, [...(ranks.get(voter) ?? []), entry as EntryId]);
  const rows = await transaction
    .selectFrom('contest_ballots')
    .selectAll()
    .where('contest', '=', contest)
    .orderBy('voter')
    .execute();
  return rows.flatMap(({ voter, voter_name: voterName, doubts, changes }) => {
    const ranked = ranks.get(voter);
    return ranked
      ? [{ voter, voterName, ranks: ranked, doubts: readDoubts(doubts), changes: Number(changes) || 0 }]
      : [];
  });
};

const requireWellFormed = ({ ranks }: CastBallot): void => {
  if (ranks.length > mostRanks || new Set(ranks).size < ranks.length) {
    throw new GramzoomError('internal', { reason: 'a ballot ranks an entry twice, or too many' });
  }
};

/** Why somebody cannot vote so; null where they can. */
const refusal = async (
  transaction: Database,
  contest: ContestId,
  { voter, ranks }: CastBallot,
): Promise<'not-voting' | 'banned' | 'own' | 'not-in' | null> => {
  const phase: ContestPhase = 'voting';
  if ((await phaseOf(transaction, contest)) !== phase) return 'not-voting';
  if (await isBanned(transaction, contest, voter)) return 'banned';
  if (ranks.length === 0) return null;
  const rows = await transaction
    .selectFrom('contest_entries')
    .select(['user_id', 'photo_owner'])
    .where('contest', '=', contest)
    .where('id', 'in', ranks)
    .where('state', '=', 'in' satisfies EntryState)
    .execute();
  if (rows.length < ranks.length) return 'not-in';
  return rows.some((row) => row.user_id === voter || row.photo_owner === voter) ? 'own' : null;
};

/** Votes in SQL that any dialect takes. See the port for what each method promises. */
export const createSqlBallots = (
  db: Database,
  { inTurn }: { readonly inTurn: InTurn },
): Pick<Contests, 'vote' | 'ballotOf' | 'ballots' | 'voters'> => ({
  vote: (contest, ballot) =>
    inTurn(async (transaction) => {
      requireWellFormed(ballot);
      const refused = await refusal(transaction, contest, ballot);
      if (refused) return { kind: refused } as const;
      const { voter, voterName, ranks } = ballot;
      const before = await ballotOf(transaction, contest, voter);
      const known = await transaction
        .selectFrom('contest_ballots')
        .select('changes')
        .where(({ and }) => and({ contest, voter }))
        .executeTakeFirst();
      const isSame = before.length === ranks.length && before.every((entry, index) => entry === ranks[index]);
      const changes = known === undefined ? 0 : (Number(known.changes) || 0) + (isSame ? 0 : 1);
      if (known === undefined && ranks.length === 0) return { kind: 'cast', changes } as const;
      const columns = { voter_name: voterName, doubts: JSON.stringify(ballot.doubts), changes };
      await transaction
        .insertInto('contest_ballots')
        .values({ contest, voter, ...columns })
        .onConflict((conflict) => conflict.columns(['contest', 'voter']).doUpdateSet(columns))
        .execute();
      await transaction
        .deleteFrom('contest_votes')
        .where(({ and }) => and({ contest, voter }))
        .execute();
      const votes = ranks.map((entry, index) => ({ contest, voter, rank: index + 1, entry }));
      if (votes.length > 0) await transaction.insertInto('contest_votes').values(votes).execute();
      return { kind: 'cast', changes } as const;
    }),

  ballotOf: (contest, voter) => ballotOf(db, contest, voter),

  ballots: (contest) => db.transaction().execute((transaction) => readBallots(transaction, contest)),

  voters: async (contest) => {
    const { count } = await db
      .selectFrom('contest_votes')
      .select(({ fn }) => fn.count('voter').distinct().as('count'))
      .where('contest', '=', contest)
      .executeTakeFirstOrThrow();
    return Number(count);
  },
});
