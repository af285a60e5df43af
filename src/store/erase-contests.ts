import type { Expression, ExpressionBuilder, SqlBool } from 'kysely';
import { contestFollowUp, contestUnnaming, type EntryState } from '../domain/contest/contest.ts';
import type { Origin } from '../domain/job.ts';
import type { Clock } from '../ports/clock.ts';
import type { ContestEntriesTable, ContestsTable } from './contest-tables.ts';
import { forgetInContests } from './forget-in-contests.ts';
import { winnersOf } from './remove-contests.ts';
import type { Database, Tables } from './tables.ts';

/** Which renders go, and whose entries whatever they show. */
export type ErasedRenders = {
  readonly renders: (where: ExpressionBuilder<Tables, 'jobs'>) => Expression<SqlBool>;
  readonly person: Origin | null;
};

type Affected = {
  readonly entry: ContestEntriesTable;
  readonly contest: ContestsTable;
  /** Whether the pictures of the result show it. */
  readonly hasWon: boolean;
};

/** The entries that this concerns, with their contests. */
const affectedBy = async (
  transaction: Database,
  { renders, person }: ErasedRenders,
): Promise<readonly Affected[]> => {
  const entries = await transaction
    .selectFrom('contest_entries')
    .innerJoin('contests', 'contests.id', 'contest_entries.contest')
    .selectAll('contest_entries')
    .where((where) =>
      where.or([
        where(
          'contest_entries.render',
          'in',
          where
            .selectFrom('jobs')
            .select('jobs.id')
            .where((job) => renders(job)),
        ),
        ...(person
          ? [
              where.and([
                where('contests.platform', '=', person.platform),
                where('contest_entries.user_id', '=', person.user),
              ]),
            ]
          : []),
      ]),
    )
    .execute();
  if (entries.length === 0) return [];
  const ids = [...new Set(entries.map(({ contest }) => contest))];
  const contests = await transaction.selectFrom('contests').selectAll().where('id', 'in', ids).execute();
  const byId = new Map(contests.map((contest) => [contest.id, contest]));
  return entries.flatMap((entry) => {
    const contest = byId.get(entry.contest);
    return contest ? [{ entry, contest, hasWon: winnersOf(contest).includes(entry.id) }] : [];
  });
};

/** The ids of reels that show what goes. */
export const reelsShowing = async (
  transaction: Database,
  erased: ErasedRenders,
): Promise<readonly string[]> => {
  const affected = await affectedBy(transaction, erased);
  const reels = affected.flatMap(({ contest, hasWon }) => (hasWon && contest.reel ? [contest.reel] : []));
  return [...new Set(reels)];
};

const withdrawnStates: readonly string[] = [
  'rendering',
  'waiting',
  'in',
] as const satisfies readonly EntryState[];

const eraseEntry = async (
  transaction: Database,
  { entry, contest }: Affected,
  person: Origin | null,
): Promise<void> => {
  const isTheirs = person?.platform === contest.platform && person.user === entry.user_id;
  const isWithdrawn = withdrawnStates.includes(entry.state);
  await transaction
    .updateTable('contest_entries')
    .set({
      ...(isWithdrawn && { state: 'withdrawn' satisfies EntryState }),
      ...(isTheirs && { user_id: '', user_name: '' }),
      ...{ photo_owner: '', render: '', held_render: null, reason: null, erasing: 1 },
    })
    .where('id', '=', entry.id)
    .execute();
  await transaction.deleteFrom('contest_reports').where('entry', '=', entry.id).execute();
};

/** The pictures of a result go: they show what is deleted. */
const eraseResult = async (transaction: Database, { id, poster }: ContestsTable): Promise<void> => {
  if (poster !== null) {
    const files = transaction.insertInto('erased_files').values({ blob: poster });
    await files.onConflict((conflict) => conflict.doNothing()).execute();
  }
  await transaction.updateTable('contests').set({ poster: null, reel: null }).where('id', '=', id).execute();
};

const scheduleNow = async (
  transaction: Database,
  contests: readonly string[],
  { what, clock }: { readonly what: string; readonly clock: Clock },
): Promise<void> => {
  const due = { due_at: clock.wallTime(), tries: 0 };
  for (const subject_id of contests) {
    await transaction
      .insertInto('calendar')
      .values({ subject_kind: 'contest', subject_id, what, ...due })
      .onConflict((conflict) => conflict.columns(['subject_kind', 'subject_id', 'what']).doUpdateSet(due))
      .execute();
  }
};

/** What follows from it is done by whoever is there: see `contestFollowUp`. */
const noteChange = async (
  transaction: Database,
  contests: readonly string[],
  { clock }: { readonly clock: Clock },
): Promise<void> => {
  if (contests.length === 0) return;
  const changed = await transaction
    .updateTable('contests')
    .set((row) => ({ version: row('version', '+', 1) }))
    .where('id', 'in', contests)
    // Nothing is said any more about one that is in the hall of fame alone.
    .where('hall_only', '=', 0)
    .returning('id')
    .execute();
  const ids = changed.map(({ id }) => id);
  await scheduleNow(transaction, ids, { what: contestFollowUp, clock });
};

/** Lets contests forget the renders that are marked, and a person. See `Erasures.begin`. */
export const eraseInContests = async (
  transaction: Database,
  options: { readonly person: Origin | null; readonly clock: Clock },
): Promise<void> => {
  const { person } = options;
  const affected = await affectedBy(transaction, { renders: (job) => job('erasing', '=', 1), person });
  const results = new Map(
    affected.flatMap(({ contest, hasWon }) => (hasWon ? [[contest.id, contest] as const] : [])),
  );
  for (const contest of results.values()) await eraseResult(transaction, contest);
  for (const each of affected) await eraseEntry(transaction, each, person);
  const { changed, followed } = person
    ? await forgetInContests(transaction, person)
    : { changed: [], followed: [] };
  await scheduleNow(transaction, followed, { what: contestUnnaming, ...options });
  await noteChange(
    transaction,
    [...new Set([...affected.map(({ contest }) => contest.id), ...changed])],
    options,
  );
};
