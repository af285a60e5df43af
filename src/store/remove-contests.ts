import { winnersAmong } from '../domain/contest/count-votes.ts';
import { readOutcome } from './contest-record.ts';
import type { ContestsTable } from './contest-tables.ts';
import { contestMs } from './kept-renders.ts';
import { forgetSubjects } from './subject-rows.ts';
import type { Database } from './tables.ts';

/** The ids of entries that have won. */
export const winnersOf = ({ outcome: text }: Pick<ContestsTable, 'outcome'>): readonly string[] => {
  const outcome = readOutcome(text);
  return outcome?.kind === 'winners' ? winnersAmong(outcome.table).map(({ entry }) => entry) : [];
};

/** What is left of a contest is who has won it. */
const keepForHall = async (
  transaction: Database,
  { id: contest }: ContestsTable,
  winners: readonly string[],
): Promise<void> => {
  const entries = transaction.deleteFrom('contest_entries').where('contest', '=', contest);
  await entries.where('id', 'not in', winners).execute();
  await transaction
    .updateTable('contest_entries')
    .set({ reason: null })
    .where('contest', '=', contest)
    .execute();
  await transaction.deleteFrom('contest_reports').where('entry', 'in', winners).execute();
  for (const table of ['contest_votes', 'contest_ballots', 'contest_bans', 'contest_followers'] as const) {
    await transaction.deleteFrom(table).where('contest', '=', contest).execute();
  }
  await transaction.updateTable('contests').set({ hall_only: 1 }).where('id', '=', contest).execute();
};

/**
 * Removes up to so many contests for their age, with all that was said about them and their entries. Of those with
 * winners, what the hall of fame tells stays. See `Retention.removeRows`.
 * @param options `before` and `now` in the folder's own time
 */
export const removeOldContests = async (
  transaction: Database,
  options: { readonly before: number; readonly limit: number; readonly now: number },
): Promise<number> => {
  const rows = await transaction
    .selectFrom('contests')
    .selectAll()
    .where('hall_only', '=', 0)
    .where('finished_seen', '<', Math.min(options.before, options.now - contestMs))
    .orderBy('finished_seen')
    .limit(options.limit)
    .execute();
  for (const row of rows) {
    const entries = transaction.selectFrom('contest_entries').select('id').where('contest', '=', row.id);
    const ids = (await entries.execute()).map(({ id }) => id);
    await forgetSubjects(transaction, { kind: 'entry', ids });
    await forgetSubjects(transaction, { kind: 'contest', ids: [row.id] });
    const winners = winnersOf(row);
    if (winners.length > 0) await keepForHall(transaction, row, winners);
    else await transaction.deleteFrom('contests').where('id', '=', row.id).execute();
  }
  return rows.length;
};
