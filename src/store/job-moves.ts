import { isFinished, type JobId, type JobState } from '../domain/job.ts';
import type { JobChanges } from '../ports/jobs.ts';
import { nextSequence } from './counters.ts';
import { changedColumns } from './job-record.ts';
import type { StoreContext } from './quarantine.ts';
import type { Database } from './tables.ts';

/** What clocks a row's times come from. */
export type RowClocks = Pick<StoreContext, 'clock' | 'folderClock'>;

/** When a row was finished, in each kind of time. */
export const finishColumns = async (transaction: Database, { clock, folderClock }: RowClocks) => ({
  finished_at: clock.wallTime(),
  finish: await nextSequence(transaction, 'finish'),
  finished_seen: folderClock.now(),
});

/** Moves a row, if it is (still) in state `from` and, where a claim is named, that is (still) the row's. */
export const moveRow = async (
  transaction: Database,
  id: JobId,
  move: RowClocks & {
    readonly from: JobState;
    readonly to: JobState;
    readonly changes: JobChanges;
    readonly claim?: number;
  },
): Promise<boolean> => {
  const { from, to, changes, claim } = move;
  const { numUpdatedRows } = await transaction
    .updateTable('jobs')
    .set({
      ...changedColumns(changes),
      ...(isFinished(to) && (await finishColumns(transaction, move))),
      state: to,
      lease_until: null,
    })
    .where('id', '=', id)
    .where('state', '=', from)
    .$if(claim !== undefined, (query) => query.where('claim', '=', claim ?? null))
    .executeTakeFirst();
  return numUpdatedRows > 0n;
};
