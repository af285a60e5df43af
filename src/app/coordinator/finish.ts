import { type Failure, type GramzoomError, toFailure } from '../../domain/errors.ts';
import type { Job, JobState } from '../../domain/job.ts';
import { asTold } from '../../domain/told.ts';
import type { JobChanges } from '../../ports/store.ts';
import { postKeys } from '../deps.ts';
import { type Coordinator, inBackground, queueChanged } from './coordinator.ts';

/** Checkpoints are of no use once a render is over; what cannot be removed now goes with the next sweep. */
export const clearCheckpoints = async ({ deps }: Coordinator, job: Job): Promise<void> => {
  await deps.checkpoints.remove(job.id).catch((error: unknown) => {
    deps.log.forJob(job.id).warn('its checkpoint could not be removed yet', { error });
  });
};

type End = {
  readonly from: JobState;
  readonly to: 'failed' | 'cancelled';
  readonly error: GramzoomError | null;
  readonly changes?: JobChanges;
  /** False where whoever asked is told by other means. */
  readonly tell: boolean;
  readonly seconds?: number;
};

/** What can be told of it. Which network it is about, the row knows best. */
const toldFailure = (error: GramzoomError, { request }: Job): Failure => {
  const failure = toFailure(asTold(error));
  return failure.code === 'network-not-here' ? { ...failure, data: { name: request.network } } : failure;
};

/**
 * Ends a render without a film. The last words are noted in the outbox before the row is finished: a process
 * that dies in between leaves them for the next one.
 * @returns false where the row had moved on
 */
export const endWithoutFilm = async (coordinator: Coordinator, job: Job, end: End): Promise<boolean> => {
  const { jobs, outbox } = coordinator.deps.store;
  if (end.tell) await outbox.begin(postKeys(job.id).final);
  const failure = end.error && { failure: toldFailure(end.error, job) };
  if (!(await jobs.move(job.id, end.from, end.to, { ...end.changes, ...failure }))) return false;
  const { log, observe } = coordinator.deps;
  if (end.error) log.forJob(job.id).error('failed', { error: end.error });
  else log.forJob(job.id).info('cancelled');
  observe({
    kind: 'finished',
    job: job.id,
    state: end.to,
    code: end.error?.code ?? null,
    seconds: end.seconds ?? null,
  });
  queueChanged(coordinator);
  if (end.tell) inBackground(coordinator, 'its end could not be told', () => postOutcome(coordinator, job));
  return true;
};

/** Says how a finished render ended, and nothing more. */
export const postOutcome = async ({ messageSync }: Coordinator, job: Pick<Job, 'id'>): Promise<void> => {
  if ((await messageSync.say(job.id)) !== 'stopped') await messageSync.drop(job.id);
};

/** Tells those whose renders have failed because their rows could not be read. */
export const tellOwed = async (coordinator: Coordinator): Promise<void> => {
  const { jobs, outbox } = coordinator.deps.store;
  for (const job of await jobs.owed()) {
    // From here on the outbox owes them the last words.
    await outbox.begin(postKeys(job.id).final);
    if (!(await jobs.noteTold(job.id))) continue;
    coordinator.fetching.get(job.id)?.controller.abort();
    if (coordinator.running?.job.id === job.id) coordinator.running.controller.abort();
    coordinator.deps.observe({
      kind: 'finished',
      job: job.id,
      state: 'failed',
      code: 'record-damaged',
      seconds: null,
    });
    queueChanged(coordinator);
    inBackground(coordinator, 'its end could not be told', () => postOutcome(coordinator, job));
  }
};
