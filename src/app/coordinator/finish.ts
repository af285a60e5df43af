import type { GramzoomError } from '../../domain/errors.ts';
import type { Job, JobId, JobState } from '../../domain/job.ts';
import type { JobChanges } from '../../ports/jobs.ts';
import { failureOf, oweFinalMessage } from '../outcome.ts';
import { followRenderSoon } from './contests/entries-of-render.ts';
import { type Coordinator, inBackground, queueChanged } from './coordinator.ts';

type End = {
  readonly from: JobState;
  readonly to: 'failed' | 'cancelled';
  readonly error: GramzoomError | null;
  readonly changes?: JobChanges;
  /** False where whoever asked is told by other means. */
  readonly tell: boolean;
  readonly seconds?: number;
};

/**
 * Ends a render without a film. The last words are noted in the outbox before the row is finished: a process
 * that dies in between leaves them for the next one.
 * @returns false where the row had moved on
 */
export const endWithoutFilm = async (coordinator: Coordinator, job: Job, end: End): Promise<boolean> => {
  const { store } = coordinator.deps;
  if (end.tell) await oweFinalMessage(store, job.id);
  const failure = end.error && { failure: failureOf(end.error, job) };
  if (!(await store.jobs.move(job.id, end.from, end.to, { ...end.changes, ...failure }))) return false;
  const { log, observe } = coordinator.deps;
  if (end.error) log.forJob(job.id).error('render: failed', { error: end.error });
  else log.forJob(job.id).info('render: cancelled');
  const [code, seconds] = [end.error?.code ?? null, end.seconds ?? null];
  observe({ kind: 'finished', job: job.id, state: end.to, code, seconds });
  queueChanged(coordinator);
  followRenderSoon(coordinator, job.id);
  if (end.tell) postOutcome(coordinator, job.id);
  return true;
};

/** Says, in the background, how a finished render ended, and nothing more. */
export const postOutcome = (coordinator: Coordinator, id: JobId): void =>
  inBackground(coordinator, 'message: failed to post the outcome of a render', async () => {
    const { messageSync } = coordinator;
    if ((await messageSync.runNow(id)) !== 'stopped') await messageSync.drop(id);
  });

/** Stops what is done for a row that has ended: here, and in whichever worker has it. */
export const interrupt = ({ deps, fetching }: Coordinator, id: JobId): void => {
  fetching.get(id)?.abort();
  deps.events.toWorkers.send({ kind: 'cancelled', job: id });
};

/** Tells those whose renders have failed because their rows could not be read. */
export const announceDamaged = async (coordinator: Coordinator): Promise<void> => {
  const { store, observe } = coordinator.deps;
  for (const { id } of await store.jobs.failedUntold()) {
    // From here on the outbox owes them the last words.
    await oweFinalMessage(store, id);
    if (!(await store.jobs.noteTold(id))) continue;
    interrupt(coordinator, id);
    observe({ kind: 'finished', job: id, state: 'failed', code: 'record-damaged', seconds: null });
    queueChanged(coordinator);
    followRenderSoon(coordinator, id);
    postOutcome(coordinator, id);
  }
};
