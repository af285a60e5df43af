import {
  type ErrorCode,
  fromFailure,
  GramzoomError,
  toFailure,
  toGramzoomError,
} from '../../domain/errors.ts';
import {
  type BlobId,
  isFinished,
  type Job,
  maxAttempts,
  maxStarts,
  photosThrough,
} from '../../domain/job.ts';
import { kindOf } from '../../domain/kinds.ts';
import type { WorkerEvent } from '../../ports/job-events.ts';
import type { Checkpoint } from '../../ports/renderer.ts';
import { clearCheckpoints, failureOf, oweFinalMessage } from '../outcome.ts';
import { attemptRender, type Photos } from './attempt.ts';
import { type Running, updateLeased, type Worker, waitForSpace } from './worker.ts';

/** How often a claim has begun its render. Once it gets further than the claims before, they do not count any more. */
type Starts = {
  attempt: number;
  /** Whether `attempt` counts this claim. */
  isCounted: boolean;
  /** By all claims, as every process sees it. */
  all: number;
  /** Share of the work at the furthest checkpoint: one that was reached before is no progress. */
  furthest: number;
};

/** A checkpoint was saved. Whether none was that far before. */
const noteSaved = async (worker: Worker, running: Running, starts: Starts): Promise<boolean> => {
  if (running.share <= starts.furthest) return false;
  starts.furthest = running.share;
  if (!starts.isCounted) return true;
  try {
    await updateLeased(worker, running, { attempt: 0 });
    starts.attempt = 0;
    starts.isCounted = false;
  } catch (error) {
    if (running.controller.signal.aborted) throw error;
    worker.deps.log.forJob(running.job.id).warn('render: failed to persist the progress', { error });
  }
  return true;
};

type Done = Awaited<ReturnType<typeof attemptRender>>;
type RunOutcome = Extract<WorkerEvent, { kind: 'rendered' | 'failed' | 'stopped' }>;

/** What kills a renderer may not do so again: the render continues from its checkpoint. */
const survivable: ReadonlySet<ErrorCode> = new Set([
  'render-crashed',
  'render-stalled',
  'out-of-memory',
  'too-many-open-files',
]);

/** How often a renderer may die at the same place within one claim. */
const retriesInPlace = 1;

/** The photo, then those that the film goes through. @throws GramzoomError `photo-expired`, `blob-damaged` */
const loadPhotos = async ({ deps }: Worker, job: Job): Promise<Photos> => {
  const load = async (photo: BlobId | null): Promise<Uint8Array> => {
    const bytes = photo && (await deps.blobs.get(photo));
    if (!bytes) throw new GramzoomError('photo-expired', {});
    return bytes;
  };
  return { photo: await load(job.photo), through: await Array.fromAsync(photosThrough(job), load) };
};

const loadCheckpoint = async ({ deps }: Worker, job: Job): Promise<Checkpoint | undefined> => {
  try {
    return await deps.checkpoints.load(job.id);
  } catch (error) {
    deps.log.forJob(job.id).warn('checkpoint: cannot be read, the render starts anew', { error });
    return undefined;
  }
};

/** Renders until there is a film or a reason why there is none. @throws GramzoomError that reason */
const renderWithRetries = async (worker: Worker, running: Running, starts: Starts): Promise<Done> => {
  const { deps } = worker;
  const { job, controller } = running;
  const log = deps.log.forJob(job.id);
  const { tries } = deps.store;
  starts.all = await tries.add(job.id, 'start');
  if (starts.attempt > maxAttempts || starts.all > maxStarts) {
    throw job.failure ? fromFailure(job.failure) : new GramzoomError('render-crashed', { how: 'SIGKILL' });
  }
  const photos = await waitForSpace(worker, running, () => loadPhotos(worker, job));
  let resume = await loadCheckpoint(worker, job);
  let retries = 0;
  let hasStartedAnew = false;
  const onSaved = async (): Promise<void> => {
    if (await noteSaved(worker, running, starts)) retries = 0;
    if (worker.stopping.signal.aborted) controller.abort();
  };
  for (;;) {
    const { attempt } = starts;
    deps.observe({ kind: 'started', job: job.id, attempt, resumed: resume !== undefined });
    try {
      return await attemptRender(worker, running, { ...photos, resume, onSaved });
    } catch (thrown) {
      const error = toGramzoomError(thrown);
      if (controller.signal.aborted) throw error;
      if (error.code === 'checkpoint-unusable' && !hasStartedAnew) {
        log.warn('checkpoint: cannot be used, the render starts anew', { error });
        hasStartedAnew = true;
        await updateLeased(worker, running, { unitsDone: 0 });
        await deps.checkpoints.remove(job.id);
        resume = undefined;
        running.unitsDone = 0;
        starts.furthest = Number.NEGATIVE_INFINITY;
        continue;
      }
      const isLast = retries >= retriesInPlace || starts.attempt >= maxAttempts || starts.all >= maxStarts;
      if (!survivable.has(error.code) || isLast) throw error;
      retries++;
      log.warn('render: the renderer died, resuming from the checkpoint', { error, retries });
      deps.observe({ kind: 'retried', job: job.id, code: error.code });
      starts.attempt++;
      starts.isCounted = true;
      await updateLeased(worker, running, { attempt: starts.attempt, failure: toFailure(error) });
      starts.all = await tries.add(job.id, 'start');
      resume = await loadCheckpoint(worker, job);
    }
  }
};

/** Stores the film and moves the row; waits for disk space if there is none. False where the lease is lost. */
const keepFilm = (worker: Worker, running: Running, done: Done): Promise<boolean> => {
  const { blobs, blobLock, store } = worker.deps;
  const { job } = running;
  const keep = async (): Promise<boolean> => {
    const result = await blobs.put(done.files.result);
    const poster = await blobs.put(done.files.still);
    const { report } = done;
    const unitsDone = kindOf(job.request).units(job.request);
    const changes = { result, poster, report, unitsDone, failure: null };
    return store.leases.leave(job, 'delivering', changes);
  };
  return waitForSpace(worker, running, () => blobLock.run(keep));
};

/** Puts a render that this worker cannot finish back into the queue, as if it had not been claimed. */
const handBack = async (
  { deps: { store, log } }: Worker,
  { job }: Running,
  { attempt, isCounted }: Starts,
): Promise<void> => {
  const unused = Math.max(0, isCounted ? attempt - 1 : attempt);
  if (!(await store.leases.leave(job, 'queued', { attempt: unused }))) return;
  await store.tries.add(job.id, 'start', -1);
  log.forJob(job.id).info('render: put back into the queue');
};

/** Ends the render without a film. False where the lease is lost. */
const fail = async (
  worker: Worker,
  running: Running,
  { error, seconds }: { readonly error: GramzoomError; readonly seconds: number },
): Promise<boolean> => {
  const { store, log, observe } = worker.deps;
  const { job } = running;
  const end = async (): Promise<boolean> => {
    await updateLeased(worker, running, {});
    await oweFinalMessage(store, job.id);
    return store.leases.leave(job, 'failed', { failure: failureOf(error, job) });
  };
  const isEnded = await waitForSpace(worker, running, end).catch((problem: unknown) => {
    if (running.controller.signal.aborted) return false;
    throw problem;
  });
  if (!isEnded) return false;
  log.forJob(job.id).error('render: failed', { error });
  observe({ kind: 'finished', job: job.id, state: 'failed', code: error.code, seconds });
  return true;
};

/** Runs a claimed render to its film, its failure or the end of this process. */
export const runJob = async (worker: Worker, running: Running): Promise<RunOutcome> => {
  const { deps, deadline } = worker;
  const { job, controller } = running;
  const starts = { attempt: job.attempt, isCounted: true, all: 0, furthest: Number.NEGATIVE_INFINITY };
  const begun = deps.clock.now();
  const seconds = (): number => (deps.clock.now() - begun) / 1000;
  try {
    const done = await renderWithRetries(worker, running, starts);
    if (await keepFilm(worker, running, done)) return { kind: 'rendered', job: job.id, seconds: seconds() };
  } catch (thrown) {
    if (controller.signal.aborted || deadline.signal.aborted) await handBack(worker, running, starts);
    else if (await fail(worker, running, { error: toGramzoomError(thrown), seconds: seconds() })) {
      await clearCheckpoints(deps, job);
      return { kind: 'failed', job: job.id };
    }
  }
  // Somebody else's, or to continue later, unless it was cancelled or deleted.
  const now = await deps.store.jobs.get(job.id);
  if (!now || isFinished(now.state)) await clearCheckpoints(deps, job);
  return { kind: 'stopped', job: job.id };
};
