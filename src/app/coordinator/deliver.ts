import { GramzoomError, toGramzoomError } from '../../domain/errors.ts';
import type { Job, JobId } from '../../domain/job.ts';
import { clearCheckpoints } from '../outcome.ts';
import { isStorageTrouble, mostDeliveries } from '../retry.ts';
import { followRenderSoon } from './contests/entries-of-render.ts';
import { type Coordinator, inBackground, queueChanged } from './coordinator.ts';
import { waitForSpace } from './disk-space.ts';
import { endWithoutFilm } from './finish.ts';

/** Whether the film can still be read; a damaged file is removed, so that it can be written again. */
const isFilmThere = async ({ deps }: Coordinator, job: Job): Promise<boolean> => {
  if (job.result === null) return false;
  try {
    return (await deps.blobs.get(job.result)) !== undefined;
  } catch (error) {
    if (!(error instanceof GramzoomError) || error.code !== 'blob-damaged') throw error;
    deps.log.forJob(job.id).error('render: the stored film is damaged', { error });
    await deps.blobs.remove(job.result);
    return false;
  }
};

const renderAgain = async (coordinator: Coordinator, job: Job): Promise<void> => {
  const lost = { result: null, poster: null, report: null };
  if (!(await coordinator.deps.store.jobs.move(job.id, 'delivering', 'queued', lost))) return;
  coordinator.deps.log.forJob(job.id).warn('render: the film was lost before it was posted, rendering again');
  coordinator.deps.events.toWorkers.send({ kind: 'queued' });
  queueChanged(coordinator);
};

const markDone = async (coordinator: Coordinator, job: Job, seconds: number | null): Promise<void> => {
  const { deps, messageSync } = coordinator;
  const isDone = await waitForSpace(coordinator, job.id, () =>
    deps.store.jobs.move(job.id, 'delivering', 'done'),
  );
  // Otherwise somebody cancelled it, and the messages say so by now.
  if (!isDone) return;
  await clearCheckpoints(coordinator.deps, job);
  deps.log.forJob(job.id).info('render: done', { bytes: job.report?.bytes });
  deps.observe({ kind: 'finished', job: job.id, state: 'done', code: null, seconds });
  followRenderSoon(coordinator, job.id);
  await messageSync.drop(job.id);
};

/** No place takes it: a re-roll fits what is taken now, or comes out otherwise. */
const giveBack = async (
  coordinator: Coordinator,
  job: Job,
  { error, seconds }: { readonly error: GramzoomError; readonly seconds: number | null },
): Promise<void> => {
  const changes = { result: null, poster: null };
  const end = { from: 'delivering', to: 'failed', error, changes, tell: true } as const;
  const ended = await waitForSpace(coordinator, job.id, () =>
    endWithoutFilm(coordinator, job, { ...end, ...(seconds !== null && { seconds }) }),
  );
  if (ended) await clearCheckpoints(coordinator.deps, job);
};

/** What keeps a film from being posted may pass until the next sweep; not for ever. */
const countFailure = async (coordinator: Coordinator, id: JobId, thrown: unknown): Promise<void> => {
  const { deps } = coordinator;
  const error = toGramzoomError(thrown);
  deps.log.forJob(id).error('render: failed to deliver the film', { error });
  if (coordinator.deadline.signal.aborted || isStorageTrouble(error)) return;
  if ((await deps.store.tries.add(id, 'deliver')) < mostDeliveries) return;
  const job = await deps.store.jobs.get(id);
  if (!job) return;
  const end = { from: 'delivering', to: 'failed', error, tell: true } as const;
  if (await endWithoutFilm(coordinator, job, end)) await clearCheckpoints(coordinator.deps, job);
};

/**
 * Posts the film of a row in state `delivering`, in the background and for as long as it takes. Where the
 * process ends first, the row stays as it is for the next one.
 */
export const deliver = (
  coordinator: Coordinator,
  id: JobId,
  { seconds }: { readonly seconds: number | null },
): void => {
  const { deps, messageSync, delivering } = coordinator;
  if (delivering.has(id)) return;
  const over = Promise.withResolvers<void>();
  delivering.set(id, over.promise);
  inBackground(coordinator, 'render: failed to deliver the film', async () => {
    try {
      const job = await deps.store.jobs.get(id);
      if (job?.state !== 'delivering') return;
      if (!(await isFilmThere(coordinator, job))) return await renderAgain(coordinator, job);
      const said = await messageSync.runNow(id);
      if (said instanceof GramzoomError) return await giveBack(coordinator, job, { error: said, seconds });
      if (said === 'said') await markDone(coordinator, job, seconds);
    } catch (error) {
      await countFailure(coordinator, id, error);
    } finally {
      delivering.delete(id);
      over.resolve();
    }
  });
};
