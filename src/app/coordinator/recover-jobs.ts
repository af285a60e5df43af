import { isFinished, type Job, type JobId } from '../../domain/job.ts';
import { postKeys } from '../deps.ts';
import type { Resumed } from '../renders.ts';
import { followAllRenders } from './contests/entries-of-render.ts';
import { resumeContests } from './contests/manage.ts';
import { type Coordinator, inBackground, queueChanged } from './coordinator.ts';
import { deliver } from './deliver.ts';
import { erasePending } from './erase.ts';
import { enqueue, fetchPhoto } from './fetch-photo.ts';
import { announceDamaged, postOutcome } from './finish.ts';
import { resumeReactions } from './reactions.ts';

/** Fetches the photo again. Where it is stored already, only queues the render. */
const resumeFetching = async (coordinator: Coordinator, { id }: Job): Promise<boolean> => {
  const { deps, fetching, messageSync } = coordinator;
  const job = await deps.store.jobs.get(id);
  if (job?.state !== 'fetching' || fetching.has(id)) return false;
  if (job.photo !== null) {
    if (await deps.store.jobs.move(id, 'fetching', 'queued')) enqueue(coordinator, job);
    return true;
  }
  messageSync.schedule(id);
  // `fetchPhoto` itself logs a failure and tells it in the chat.
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

/** Resumes each job. One that fails is left to the next sweep and does not keep the others. */
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

/** Posts final messages that are missing: their process died first, or no worker's hint arrived. */
const resendFinalMessages = async (coordinator: Coordinator): Promise<void> => {
  const { jobs, outbox } = coordinator.deps.store;
  for (const { subject, role } of await outbox.unfinished()) {
    if (subject.kind !== 'render' || role !== 'final') continue;
    const job = await jobs.get(subject.id as JobId);
    if (job && isFinished(job.state)) postOutcome(coordinator, job.id);
  }
};

/**
 * Resumes every unfinished row that nothing in this process works on.
 * @param options.leases `all` at a start: a folder has one process, so that no worker of an earlier one is left
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
  // The reads above have found every damaged row.
  await announceDamaged(coordinator);
  await resendFinalMessages(coordinator);
  await followAllRenders(coordinator);
  return { fetching, rendering: queued.length, delivering };
};

/** See `Renders.resume`. */
export const resume = async (coordinator: Coordinator): Promise<Resumed> => {
  const { deps, messageSync } = coordinator;
  const resumed = await recoverJobs(coordinator, { leases: 'all' });
  // Their answers were posted before the restart, and are edited when something changes.
  for (const { id } of await deps.store.jobs.inState('queued')) {
    if (await deps.store.outbox.get(postKeys(id).answer)) messageSync.markSynced(id);
  }
  await resumeContests(coordinator);
  coordinator.calendar.start();
  await resumeReactions(coordinator);
  inBackground(coordinator, 'erasure: failed to finish the deletion', () => erasePending(coordinator));
  queueChanged(coordinator);
  return resumed;
};
