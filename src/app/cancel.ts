import { GramzoomError } from '../domain/errors.ts';
import { isFinished, type Job, type JobId, type Origin } from '../domain/job.ts';
import { clearCheckpoints, endWithoutFilm } from './finish.ts';
import type { Floor } from './floor.ts';
import type { JobView } from './renders.ts';
import { viewNow } from './submit.ts';

/** A row of one's own. @throws GramzoomError `not-found`, `not-yours` */
export const ownJob = async ({ deps }: Floor, id: JobId, actor: Origin): Promise<Job> => {
  const job = await deps.store.jobs.get(id);
  if (!job) throw new GramzoomError('not-found', {});
  const { platform, server, user } = job.origin;
  // Slack's user ids are unique within a workspace only.
  if (
    platform !== actor.platform ||
    user !== actor.user ||
    (platform === 'slack' && server !== actor.server)
  ) {
    throw new GramzoomError('not-yours', {});
  }
  return job;
};

/** Stops what this process does for a row that is cancelled. */
const interrupt = ({ fetching, running }: Floor, id: JobId): void => {
  fetching.get(id)?.controller.abort();
  if (running?.job.id === id) running.controller.abort();
};

/** See `Renders.cancel`. Where the row moves at the same moment, its new state is cancelled instead. */
export const cancel = async (floor: Floor, id: JobId, actor: Origin): Promise<JobView> => {
  for (;;) {
    const job = await ownJob(floor, id, actor);
    if (isFinished(job.state)) throw new GramzoomError('already-finished', {});
    const changes = { result: null, poster: null, report: null };
    const end = { from: job.state, to: 'cancelled', error: null, changes, tell: true } as const;
    if (!(await endWithoutFilm(floor, job, end))) continue;
    interrupt(floor, id);
    // A render that runs may be writing one: it clears up itself, once it has stopped.
    if (floor.running?.job.id !== id) await clearCheckpoints(floor, job);
    return viewNow(floor, job);
  }
};
