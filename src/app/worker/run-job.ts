import { pause } from '../../concurrency/pause.ts';
import {
  type ErrorCode,
  fromFailure,
  GramzoomError,
  toFailure,
  toGramzoomError,
} from '../../domain/errors.ts';
import { type Job, maxAttempts, maxStarts } from '../../domain/job.ts';
import { kindOf } from '../../domain/kinds.ts';
import { defaultFilm } from '../../domain/work-limit.ts';
import type { Checkpoint, RenderEvent } from '../../ports/renderer.ts';
import { type Coordinator, queueChanged, type Running } from '../coordinator/coordinator.ts';
import { deliver } from '../coordinator/deliver.ts';
import { clearCheckpoints, endWithoutFilm, tellOwed } from '../coordinator/finish.ts';
import { noteRoom, whenThereIsRoom } from '../coordinator/room.ts';
import { costKeyOf, standardCostKey } from '../speed.ts';
import { attemptRender } from './attempt.ts';

type Done = Extract<RenderEvent, { kind: 'done' }>;

/** What kills a renderer may not do so again: the render goes on from its checkpoint. */
const survivable: ReadonlySet<ErrorCode> = new Set([
  'render-crashed',
  'render-stalled',
  'out-of-memory',
  'too-many-open-files',
]);

/** How often a renderer may die at the same place within one claim. */
const retriesInPlace = 1;

/** After the store has failed. */
const claimAgainMs = 5000;

/** @throws GramzoomError `photo-expired`, `blob-damaged` */
const loadPhoto = async ({ deps }: Coordinator, job: Job): Promise<Uint8Array> => {
  const bytes = job.photo && (await deps.blobs.get(job.photo));
  if (!bytes) throw new GramzoomError('photo-expired', {});
  return bytes;
};

const loadCheckpoint = async ({ deps }: Coordinator, job: Job): Promise<Checkpoint | undefined> => {
  try {
    return await deps.checkpoints.load(job.id);
  } catch (error) {
    deps.log.forJob(job.id).warn('its checkpoint cannot be read: it starts anew', { error });
    return undefined;
  }
};

/** What this claim has cost so far. Once it gets further than the ones before, they do not count any more. */
const createAttempts = ({ deps }: Coordinator, { job, live }: Running) => {
  let attempt = job.attempt;
  let isCounted = true;
  let starts = 0;
  /** Share of the work at the furthest checkpoint: one that was reached before is no progress. */
  let furthest = Number.NEGATIVE_INFINITY;
  return {
    /** Counts a start where every process sees it. */
    start: async (): Promise<void> => {
      starts = await deps.store.tries.add(job.id, 'start');
    },
    /** Whether it was begun so often, without getting further or at all, that this has to end. */
    get isTooOften() {
      return attempt > maxAttempts || starts > maxStarts;
    },
    get isLast() {
      return attempt >= maxAttempts || starts >= maxStarts;
    },
    /** A checkpoint was saved; whether none was that far before. */
    saved: (): boolean => {
      if (live.share <= furthest) return false;
      furthest = live.share;
      return true;
    },
    startsAnew: (): void => {
      furthest = Number.NEGATIVE_INFINITY;
    },
    handBack: async (): Promise<void> => {
      await deps.store.tries.add(job.id, 'start', -1);
    },
    get number() {
      return attempt;
    },
    gotFurther: async (): Promise<void> => {
      if (!isCounted) return;
      try {
        await deps.store.jobs.update(job.id, { attempt: 0 });
        attempt = 0;
        isCounted = false;
      } catch (error) {
        deps.log.forJob(job.id).warn('its progress could not be noted', { error });
      }
    },
    again: async (error: GramzoomError): Promise<void> => {
      attempt++;
      isCounted = true;
      await deps.store.jobs.update(job.id, { attempt, failure: toFailure(error) });
      starts = await deps.store.tries.add(job.id, 'start');
    },
    /** The row's number once the claim is handed back unused. */
    get handedBack() {
      return isCounted ? attempt - 1 : attempt;
    },
  };
};

type Attempts = ReturnType<typeof createAttempts>;

/** Renders until there is a film or a reason why there is none. @throws GramzoomError that reason */
const renderWithRetries = async (
  coordinator: Coordinator,
  running: Running,
  attempts: Attempts,
): Promise<Done> => {
  const { deps } = coordinator;
  const { job, controller } = running;
  const log = deps.log.forJob(job.id);
  await attempts.start();
  if (attempts.isTooOften) {
    throw job.failure ? fromFailure(job.failure) : new GramzoomError('render-crashed', { how: 'SIGKILL' });
  }
  const photo = await whenThereIsRoom(coordinator, job.id, () => loadPhoto(coordinator, job), controller);
  let resume = await loadCheckpoint(coordinator, job);
  let retries = 0;
  let hasStartedAnew = false;
  const onSaved = async (): Promise<void> => {
    if (attempts.saved()) {
      retries = 0;
      await attempts.gotFurther();
    }
    if (coordinator.isStopping) controller.abort();
  };
  for (;;) {
    deps.observe({ kind: 'started', job: job.id, attempt: attempts.number, resumed: resume !== undefined });
    try {
      return await attemptRender(coordinator, running, { photo, resume, onSaved });
    } catch (thrown) {
      const error = toGramzoomError(thrown);
      if (controller.signal.aborted) throw error;
      if (error.code === 'checkpoint-unusable' && !hasStartedAnew) {
        log.warn('its checkpoint cannot be used: it starts anew', { error });
        hasStartedAnew = true;
        await deps.checkpoints.remove(job.id);
        resume = undefined;
        running.live.unitsDone = 0;
        attempts.startsAnew();
        await deps.store.jobs.update(job.id, { unitsDone: 0 });
        continue;
      }
      const isLast = retries >= retriesInPlace || attempts.isLast;
      if (!survivable.has(error.code) || isLast) throw error;
      retries++;
      log.warn('the renderer is gone: the render goes on from its checkpoint', { error, retries });
      deps.observe({ kind: 'retried', job: job.id, code: error.code });
      await attempts.again(error);
      resume = await loadCheckpoint(coordinator, job);
    }
  }
};

/** Stores the film and moves the row; waits for room where there is none. False where the row has moved on. */
const keepFilm = (coordinator: Coordinator, { job, controller }: Running, done: Done): Promise<boolean> => {
  const { deps, blobLock } = coordinator;
  const store = async (): Promise<boolean> => {
    const result = await deps.blobs.put(done.file);
    const poster = await deps.blobs.put(done.poster);
    const { report } = done;
    const changes = {
      result,
      poster,
      report,
      unitsDone: kindOf(job.request).units(job.request),
      failure: null,
    };
    return deps.store.jobs.move(job.id, 'running', 'delivering', changes);
  };
  return whenThereIsRoom(coordinator, job.id, () => blobLock.run(store), { signal: controller.signal });
};

/** Puts a render that this process cannot finish back into the queue, as if it had not been claimed. */
const handBack = async ({ deps, snapshots }: Coordinator, job: Job, attempts: Attempts): Promise<void> => {
  const attempt = Math.max(0, attempts.handedBack);
  await attempts.handBack();
  if (await deps.store.jobs.move(job.id, 'running', 'queued', { attempt })) {
    deps.log.forJob(job.id).info('put back into the queue');
  }
  snapshots.changed();
};

/** Runs a claimed render to its film, its failure or the end of this process. */
const runJob = async (coordinator: Coordinator, running: Running): Promise<void> => {
  const { deps } = coordinator;
  const { job, controller } = running;
  const attempts = createAttempts(coordinator, running);
  const begun = deps.clock.now();
  const seconds = (): number => (deps.clock.now() - begun) / 1000;
  try {
    const done = await renderWithRetries(coordinator, running, attempts);
    if (await keepFilm(coordinator, running, done)) deliver(coordinator, job.id, { seconds: seconds() });
    else await clearCheckpoints(coordinator, job);
  } catch (thrown) {
    const error = toGramzoomError(thrown);
    const now = await deps.store.jobs.get(job.id);
    if (now?.state !== 'running') return await clearCheckpoints(coordinator, job);
    if (controller.signal.aborted || coordinator.deadline.signal.aborted)
      return await handBack(coordinator, job, attempts);
    const end = { from: 'running', to: 'failed', error, tell: true, seconds: seconds() } as const;
    await whenThereIsRoom(coordinator, job.id, () => endWithoutFilm(coordinator, job, end));
    await clearCheckpoints(coordinator, job);
  }
};

const measureSpeed = async (coordinator: Coordinator): Promise<void> => {
  const { deps, speed, deadline } = coordinator;
  const usual = standardCostKey({ ...deps.defaults, size: defaultFilm.size });
  if (coordinator.hasProbed || speed.secondsPerUnit(usual) !== null) return;
  coordinator.hasProbed = true;
  try {
    for (const { size, secondsPerWork } of await deps.renderer.probe(deadline.signal)) {
      speed.guess(standardCostKey({ ...deps.defaults, size }), secondsPerWork);
    }
    coordinator.notifier.changed();
  } catch (error) {
    deps.log.warn('the speed could not be measured', { error });
  }
};

/** Where the store cannot say who is next, it is asked again; nothing in the queue is lost. */
const claim = async (coordinator: Coordinator): Promise<Job | undefined> => {
  const { deps, queue, deadline } = coordinator;
  try {
    return await deps.store.jobs.claimNext({ bootId: deps.bootId });
  } catch (error) {
    deps.log.error('the next render cannot be claimed', { error });
    void pause(deps.clock, claimAgainMs, deadline).then(
      () => queue.add(),
      () => {},
    );
    return undefined;
  }
};

/** Claims the next render, known as running from the moment at which its row is. */
const claimAsRunning = async (coordinator: Coordinator): Promise<Running | undefined> => {
  coordinator.isClaiming = true;
  try {
    const job = await claim(coordinator);
    if (!job) return undefined;
    const live = {
      id: job.id,
      pace: costKeyOf(job.request),
      unitsDone: job.unitsDone,
      share: 0,
    };
    coordinator.running = {
      job,
      live: { ...live, work: coordinator.deps.renderer.work(job.request) },
      controller: new AbortController(),
    };
    return coordinator.running;
  } finally {
    coordinator.isClaiming = false;
  }
};

/** The pipeline's task: claims the next render and runs it; measures the speed where there is none. */
export const runNext = async (coordinator: Coordinator): Promise<void> => {
  if (coordinator.isStopping) return;
  const { deps } = coordinator;
  const running = await claimAsRunning(coordinator);
  // Claims come upon rows that cannot be read.
  await tellOwed(coordinator).catch((error: unknown) =>
    deps.log.error('damaged renders could not be told of', { error }),
  );
  if (!running) return await measureSpeed(coordinator);
  const { job } = running;
  queueChanged(coordinator);
  coordinator.messageSync.touch(job.id, { everyMs: 0 });
  try {
    // It may have been cancelled while nobody knew yet that it is this one that runs.
    if ((await deps.store.jobs.get(job.id))?.state === 'running') await runJob(coordinator, running);
  } catch (error) {
    deps.log.forJob(job.id).error('its end could not be noted', { error });
  } finally {
    noteRoom(coordinator, job.id, false);
    coordinator.running = null;
    coordinator.speed.endRender();
    queueChanged(coordinator);
  }
};
