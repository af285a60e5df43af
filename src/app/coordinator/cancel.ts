import { GramzoomError } from '../../domain/errors.ts';
import { isFinished, isSamePerson, type Job, type JobId } from '../../domain/job.ts';
import type { Actor, JobView } from '../renders.ts';
import type { Coordinator } from './coordinator.ts';
import { clearCheckpoints, endWithoutFilm } from './finish.ts';
import { viewNow } from './new-row.ts';

/** Whether somebody may end a render: whoever asked for it, and who keeps order where it was asked for. */
export const mayEnd = ({ origin }: Pick<Job, 'origin'>, { actor, isModerator = false }: Actor): boolean => {
  const { platform, server } = origin;
  if (isModerator && platform === actor.platform && server === actor.server) return true;
  return isSamePerson(origin, actor);
};

/** A row that somebody may end. @throws GramzoomError `not-found`, `not-yours` */
export const ownJob = async ({ deps }: Coordinator, id: JobId, by: Actor): Promise<Job> => {
  const job = await deps.store.jobs.get(id);
  if (!job) throw new GramzoomError('not-found', {});
  if (!mayEnd(job, by)) throw new GramzoomError('not-yours', {});
  return job;
};

/** Stops what this process does for a row that is cancelled. */
export const interrupt = ({ fetching, running }: Coordinator, id: JobId): void => {
  fetching.get(id)?.controller.abort();
  if (running?.job.id === id) running.controller.abort();
};

/**
 * Cancels a row in the state in which it was read. False where it has moved on.
 * @param options.tell whether that is said in the chat
 */
export const cancelRow = async (
  coordinator: Coordinator,
  job: Job,
  { tell = true }: { readonly tell?: boolean } = {},
): Promise<boolean> => {
  const changes = { result: null, poster: null, report: null };
  const end = { from: job.state, to: 'cancelled', error: null, changes, tell } as const;
  if (!(await endWithoutFilm(coordinator, job, end))) return false;
  interrupt(coordinator, job.id);
  // A render that runs may be writing one: it clears up itself, once it has stopped.
  if (coordinator.running?.job.id !== job.id) await clearCheckpoints(coordinator, job);
  return true;
};

/** See `Renders.cancel`. Where the row moves at the same moment, its new state is cancelled instead. */
export const cancel = async (coordinator: Coordinator, id: JobId, by: Actor): Promise<JobView> => {
  for (;;) {
    const job = await ownJob(coordinator, id, by);
    if (isFinished(job.state)) throw new GramzoomError('already-finished', {});
    if (await cancelRow(coordinator, job)) return viewNow(coordinator, job);
  }
};

/** Cancels a render whose place is gone: nobody would see its film. */
export const endDeserted = async (coordinator: Coordinator, id: JobId): Promise<void> => {
  for (;;) {
    const job = await coordinator.deps.store.jobs.get(id);
    if (!job || isFinished(job.state)) return;
    coordinator.deps.log.forJob(id).warn('the place that it was asked for in is gone');
    if (await cancelRow(coordinator, job)) return;
  }
};
