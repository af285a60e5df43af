import { isFinished, type Job, type JobId } from '../../domain/job.ts';
import { postKeys } from '../deps.ts';
import type { Resumed } from '../renders.ts';
import { type Coordinator, inBackground, queueChanged } from './coordinator.ts';
import { deliver } from './deliver.ts';
import { erasePending } from './erase.ts';
import { enqueue, fetchPhoto } from './fetch-photo.ts';
import { announceDamaged, postOutcome } from './finish.ts';
import { resumeReactions } from './reactions.ts';

/** Fetches a photo again, or only queues the render where its photo is known already. */
const resumeFetching = async (coordinator: Coordinator, { id }: Job): Promise<boolean> => {
  const { deps, fetching, messageSync } = coordinator;
  const job = await deps.store.jobs.get(id);
  if (job?.state !== 'fetching' || fetching.has(id)) return false;
  if (job.photo !== null) {
    if (await deps.store.jobs.move(id, 'fetching', 'queued')) enqueue(coordinator, job);
    return true;
  }
  messageSync.schedule(id);
  // A failure is told in the chat and logged where it is noted.
  inBackground(coordinator, 'photo: failed to fetch it', () =>
    fetchPhoto(coordinator, job, { tell: true, patient: true }).catch(() => {}),
  );
  return true;
};

const resumeDelivering = async (coordinator: Coordinator, { id }: Job): Promise<boolean> => {
  if (coordinator.delivering.has(id)) return false;
  deliver(coordinator, id, { seconds: null });
  return true;
};

/** One that cannot be resumed now is left to the next sweep; the others do not wait for it. */
const countResumed = async (
  { deps }: Coordinator,
  jobs: readonly Job[],
  take: (job: Job) => Promise<boolean>,
): Promise<number> => {
  let taken = 0;
  for (const job of jobs) {
    try {
      if (await take(job)) taken++;
    } catch (error) {
      deps.log.forJob(job.id).error('render: failed to resume it', { error });
    }
  }
  return taken;
};

/** Last messages that a process owed when it died, or that no worker told of. */
const resendFinalMessages = async (coordinator: Coordinator): Promise<void> => {
  const { jobs, outbox } = coordinator.deps.store;
  for (const { subject, role } of await outbox.unfinished()) {
    if (subject.kind !== 'render' || role !== 'final') continue;
    const job = await jobs.get(subject.id as JobId);
    if (job && isFinished(job.state)) postOutcome(coordinator, job.id);
  }
};

/**
 * Resumes every unfinished row that no code path works on.
 * @param options.leases at a start no worker of before is left, since the folder has one process
 */
export const recoverJobs = async (
  coordinator: Coordinator,
  { leases }: { readonly leases: 'expired' | 'all' },
): Promise<Resumed> => {
  const { store, events } = coordinator.deps;
  const { jobs } = store;
  const fetching = await countResumed(coordinator, await jobs.inState('fetching'), (job) =>
    resumeFetching(coordinator, job),
  );
  await store.leases.release(leases);
  const queued = await jobs.inState('queued');
  if (queued.length > 0) events.toWorkers.send({ kind: 'queued' });
  const delivering = await countResumed(coordinator, await jobs.inState('delivering'), (job) =>
    resumeDelivering(coordinator, job),
  );
  // Whatever could not be read has been come upon by now.
  await announceDamaged(coordinator);
  await resendFinalMessages(coordinator);
  return { fetching, rendering: queued.length, delivering };
};

/** See `Renders.resume`. */
export const resume = async (coordinator: Coordinator): Promise<Resumed> => {
  const { deps, messageSync } = coordinator;
  const resumed = await recoverJobs(coordinator, { leases: 'all' });
  // They were told before the restart; what has changed since is told as usual.
  for (const { id } of await deps.store.jobs.inState('queued')) {
    if (await deps.store.outbox.get(postKeys(id).answer)) messageSync.markSynced(id);
  }
  coordinator.calendar.start();
  await resumeReactions(coordinator);
  inBackground(coordinator, 'erasure: failed to finish the deletion', () => erasePending(coordinator));
  queueChanged(coordinator);
  return resumed;
};
