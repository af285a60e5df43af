import { type GramzoomError, toFailure } from '../../domain/errors.ts';
import { maxAttempts, maxStarts } from '../../domain/job.ts';
import { updateLeased } from './lease.ts';
import type { Running, Worker } from './worker.ts';

/** How often a claim has begun its render. Once it gets further than the claims before, they do not count any more. */
export type Starts = ReturnType<typeof createStarts>;

export const createStarts = (worker: Worker, running: Running) => {
  const { deps } = worker;
  const { job } = running;
  const { tries } = deps.store;
  let { attempt } = job;
  let isCounted = true;
  let starts = 0;
  /** Share of the work at the furthest checkpoint: one that was reached before is no progress. */
  let furthest = Number.NEGATIVE_INFINITY;
  return {
    /** Counts a start where every process sees it. */
    count: async (): Promise<void> => {
      starts = await tries.add(job.id, 'start');
    },
    /** Whether it was begun so often, without getting further or at all, that this has to end. */
    get areTooMany() {
      return attempt > maxAttempts || starts > maxStarts;
    },
    get isLast() {
      return attempt >= maxAttempts || starts >= maxStarts;
    },
    get attempt() {
      return attempt;
    },
    /** A checkpoint was saved. Whether none was that far before. */
    saved: async (): Promise<boolean> => {
      if (running.share <= furthest) return false;
      furthest = running.share;
      if (!isCounted) return true;
      try {
        await updateLeased(worker, running, { attempt: 0 });
        attempt = 0;
        isCounted = false;
      } catch (error) {
        if (running.controller.signal.aborted) throw error;
        deps.log.forJob(job.id).warn('render: failed to persist the progress', { error });
      }
      return true;
    },
    anew: (): void => {
      furthest = Number.NEGATIVE_INFINITY;
    },
    again: async (error: GramzoomError): Promise<void> => {
      attempt++;
      isCounted = true;
      await updateLeased(worker, running, { attempt, failure: toFailure(error) });
      starts = await tries.add(job.id, 'start');
    },
    /** The row's number once the claim is handed back unused. */
    get handedBack() {
      return Math.max(0, isCounted ? attempt - 1 : attempt);
    },
  };
};
