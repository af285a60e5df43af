import { GramzoomError } from '../../domain/errors.ts';
import type { JobChanges } from '../../ports/jobs.ts';
import { whenThereIsRoom } from '../storage-wait.ts';
import type { Running, Worker } from './worker.ts';

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
export const noteRoom = ({ deps }: Worker, running: Running, lacks: boolean): void => {
  if (running.lacksRoom === lacks) return;
  running.lacksRoom = lacks;
  deps.events.toCoordinator.send({ kind: 'waits-for-room', job: running.job.id, waits: lacks });
};

/** Tries again until it can be stored. @throws GramzoomError `cancelled` where the render has to stop */
export const waitForRoom = <T>(worker: Worker, running: Running, work: () => Promise<T>): Promise<T> =>
  whenThereIsRoom(work, {
    clock: worker.deps.clock,
    signal: AbortSignal.any([worker.deadline.signal, running.controller.signal]),
    log: worker.deps.log.forJob(running.job.id),
    onWait: (waits) => noteRoom(worker, running, waits),
  });
