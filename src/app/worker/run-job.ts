import {
  type ErrorCode,
  fromFailure,
  GramzoomError,
  toFailure,
  toGramzoomError,
} from '../../domain/errors.ts';
import { isFinished, type Job, maxAttempts, maxStarts } from '../../domain/job.ts';
import { kindOf } from '../../domain/kinds.ts';
import type { WorkerEvent } from '../../ports/job-events.ts';
import type { Checkpoint, RenderEvent } from '../../ports/renderer.ts';
import { clearCheckpoints, failureOf, oweFinalMessage } from '../outcome.ts';
import { attemptRender } from './attempt.ts';
import { type Running, updateLeased, type Worker, waitForRoom } from './worker.ts';

/** How often a claim has begun its render. Once it gets further than the claims before, they do not count any more. */
export type Starts = ReturnType<typeof createStarts>;

export const createStarts = (worker: Worker, running: Running) => {
  const { deps } = worker;
  const { job } = running;
  const { tries } = deps.store;
  let { attempt } = job;
  let isCounted = true;
  let starts = 0;
  /** Share of the work at the furthest checkpoint: one that was reached before is no progress. */
  let furthest = Number.NEGATIVE_INFINITY;
  return {
    /** Counts a start where every process sees it. */
    count: async (): Promise<void> => {
      starts = await tries.add(job.id, 'start');
    },
    /** Whether it was begun so often, without getting further or at all, that this has to end. */
    get areTooMany() {
      return attempt > maxAttempts || starts > maxStarts;
    },
    get isLast() {
      return attempt >= maxAttempts || starts >= maxStarts;
    },
    get attempt() {
      return attempt;
    },
    /** A checkpoint was saved. Whether none was that far before. */
    saved: async (): Promise<boolean> => {
      if (running.share <= furthest) return false;
      furthest = running.share;
      if (!isCounted) return true;
      try {
        await updateLeased(worker, running, { attempt: 0 });
        attempt = 0;
        isCounted = false;
      } catch (error) {
        if (running.controller.signal.aborted) throw error;
        deps.log.forJob(job.id).warn('render: failed to persist the progress', { error });
      }
      return true;
    },
    anew: (): void => {
      furthest = Number.NEGATIVE_INFINITY;
    },
    again: async (error: GramzoomError): Promise<void> => {
      attempt++;
      isCounted = true;
      await updateLeased(worker, running, { attempt, failure: toFailure(error) });
      starts = await tries.add(job.id, 'start');
    },
    /** The row's number once the claim is handed back unused. */
    get handedBack() {
      return Math.max(0, isCounted ? attempt - 1 : attempt);
    },
  };
};

type Done = Extract<RenderEvent, { kind: 'done' }>;
export type RunOutcome = Extract<WorkerEvent, { kind: 'rendered' | 'failed' | 'stopped' }>;

/** What kills a renderer may not do so again: the render continues from its checkpoint. */
const survivable: ReadonlySet<ErrorCode> = new Set([
  'render-crashed',
  'render-stalled',
  'out-of-memory',
  'too-many-open-files',
]);

/** How often a renderer may die at the same place within one claim. */
const retriesInPlace = 1;

/** @throws GramzoomError `photo-expired`, `blob-damaged` */
const loadPhoto = async ({ deps }: Worker, job: Job): Promise<Uint8Array> => {
  const bytes = job.photo && (await deps.blobs.get(job.photo));
  if (!bytes) throw new GramzoomError('photo-expired', {});
  return bytes;
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
  await starts.count();
  if (starts.areTooMany) {
    throw job.failure ? fromFailure(job.failure) : new GramzoomError('render-crashed', { how: 'SIGKILL' });
  }
  const photo = await waitForRoom(worker, running, () => loadPhoto(worker, job));
  let resume = await loadCheckpoint(worker, job);
  let retries = 0;
  let hasStartedAnew = false;
  const onSaved = async (): Promise<void> => {
    if (await starts.saved()) retries = 0;
    if (worker.isStopping) controller.abort();
  };
  for (;;) {
    const { attempt } = starts;
    deps.observe({ kind: 'started', job: job.id, attempt, resumed: resume !== undefined });
    try {
      return await attemptRender(worker, running, { photo, resume, onSaved });
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
        starts.anew();
        continue;
      }
      const isLast = retries >= retriesInPlace || starts.isLast;
      if (!survivable.has(error.code) || isLast) throw error;
      retries++;
      log.warn('render: the renderer died, resuming from the checkpoint', { error, retries });
      deps.observe({ kind: 'retried', job: job.id, code: error.code });
      await starts.again(error);
      resume = await loadCheckpoint(worker, job);
    }
  }
};

/** Stores the film and moves the row; waits for room if there is none. False where the lease is lost. */
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
  return waitForRoom(worker, running, () => blobLock.run(keep));
};

/** Puts a render that this worker cannot finish back into the queue, as if it had not been claimed. */
const handBack = async ({ deps }: Worker, { job }: Running, starts: Starts): Promise<void> => {
  const { store, log } = deps;
  if (!(await store.leases.leave(job, 'queued', { attempt: starts.handedBack }))) return;
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
  const isEnded = await waitForRoom(worker, running, end).catch((problem: unknown) => {
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
  const starts = createStarts(worker, running);
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
