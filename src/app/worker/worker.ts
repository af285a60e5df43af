import { GramzoomError } from '../../domain/errors.ts';
import type { JobChanges } from '../../ports/jobs.ts';
import type { LeasedJob } from '../../ports/leases.ts';
import type { WorkerDeps } from '../deps.ts';
import { whenThereIsSpace } from '../retry.ts';

/** A render that this worker has claimed. */
export type Running = {
  readonly job: LeasedJob;
  /** Aborts where it has to stop: it was cancelled or taken over, or the worker ends. */
  readonly controller: AbortController;
  unitsDone: number;
  /** Of its work, what is done: 0 to 1. */
  share: number;
  /** How many pictures of it were shown. */
  previews: number;
  /** Whether what it makes cannot be stored at the moment. */
  lacksSpace: boolean;
};

/** What a worker keeps while it lives. All that must survive it is in the store. */
export type Worker = {
  readonly deps: WorkerDeps;
  /** Aborts when the grace time is over: whatever still runs stops where it is. */
  readonly deadline: AbortController;
  /** Aborts when it is to claim nothing any more. */
  readonly stopping: AbortController;
  /** Networks and depths whose speed is known, as `network depth`. */
  readonly measured: Set<string>;
  running: Running | null;
};

/**
 * Writes about a render; without changes, makes sure that it may be written about.
 * @throws GramzoomError `cancelled` where the lease is lost
 */
export const updateLeased = async (
  { deps }: Worker,
  running: Running,
  changes: JobChanges,
): Promise<void> => {
  if (await deps.store.leases.update(running.job, changes)) return;
  // It was cancelled, or another worker has it: nothing more is written about it.
  running.controller.abort();
  throw new GramzoomError('cancelled', {});
};

/** Tells the coordinator whether what a render makes can be stored. */
export const noteLackOfSpace = ({ deps }: Worker, running: Running, lacks: boolean): void => {
  if (running.lacksSpace === lacks) return;
  running.lacksSpace = lacks;
  deps.events.toCoordinator.send({ kind: 'waits-for-space', job: running.job.id, waits: lacks });
};

/** Tries again until it can be stored. @throws GramzoomError `cancelled` where the render has to stop */
export const waitForSpace = <T>(worker: Worker, running: Running, work: () => Promise<T>): Promise<T> =>
  whenThereIsSpace(work, {
    clock: worker.deps.clock,
    signal: AbortSignal.any([worker.deadline.signal, running.controller.signal]),
    log: worker.deps.log.forJob(running.job.id),
    onWait: (waits) => noteLackOfSpace(worker, running, waits),
  });
