import { pause } from '../../concurrency/pause.ts';
import { heartbeatMs } from '../../domain/job.ts';
import { defaultFilm } from '../../domain/work-limit.ts';
import type { LeasedJob } from '../../ports/leases.ts';
import type { WorkerDeps } from '../deps.ts';
import { runJob } from './run-job.ts';
import type { Running, Worker } from './worker.ts';

/** A worker without a hint looks for renders so often, also for those of workers that have died. */
const pollMs = 5000;

/** Where the store cannot say who is next, it is asked again; nothing in the queue is lost. */
const claim = async ({ deps }: Worker): Promise<LeasedJob | undefined> => {
  try {
    return await deps.store.leases.claimNext();
  } catch (error) {
    deps.log.error('worker: failed to claim the next render', { error });
    return undefined;
  }
};

/** Says again and again that this worker is there, until `signal` aborts. A lease that is lost stops the render. */
const keepLease = async ({ deps }: Worker, running: Running, signal: AbortSignal): Promise<void> => {
  const { job, controller } = running;
  while (!signal.aborted) {
    try {
      await pause(deps.clock, heartbeatMs, { signal });
      if (!(await deps.store.leases.renew(job))) return controller.abort();
    } catch (error) {
      if (!signal.aborted)
        deps.log
          .forJob(job.id)
          .warn('worker: failed to renew the lease of its render, trying again', { error });
    }
  }
};

const runClaimed = async (worker: Worker, job: LeasedJob): Promise<void> => {
  const { deps } = worker;
  const controller = new AbortController();
  const { id, unitsDone } = job;
  const running = { job, controller, unitsDone, share: 0, previews: 0, lacksSpace: false };
  worker.running = running;
  deps.events.toCoordinator.send({ kind: 'claimed', job });
  const isOver = new AbortController();
  const lease = keepLease(worker, running, isOver.signal);
  let outcome: Awaited<ReturnType<typeof runJob>> = { kind: 'stopped', job: id };
  try {
    // It may have been cancelled while nobody knew yet that it is this one that runs.
    if (await deps.store.leases.renew(job)) outcome = await runJob(worker, running);
  } catch (error) {
    deps.log.forJob(id).error('render: failed to persist the final state', { error });
  } finally {
    isOver.abort();
    await lease;
    worker.running = null;
    deps.events.toCoordinator.send(outcome);
  }
};

/** Measures once how fast renders without any options are, where none has been rendered. */
const measureSpeed = async ({ deps, stopping, measured }: Worker): Promise<void> => {
  const { network } = deps.defaults;
  const usual = `${network} ${defaultFilm.depth}`;
  if (measured.has(usual)) return;
  measured.add(usual);
  try {
    const sizes = await deps.renderer.probe(stopping.signal);
    deps.events.toCoordinator.send({ kind: 'probed', network, sizes });
  } catch (error) {
    if (!stopping.signal.aborted) deps.log.warn('speed: failed to measure it', { error });
  }
};

/**
 * Renders what waits in the store, one after another. It shares nothing with whoever put it there but the store, the
 * files and hints that may get lost: any number of workers may do so.
 */
export const createWorker = (deps: WorkerDeps) => {
  const { clock, events } = deps;
  const deadline = new AbortController();
  const stopping = new AbortController();
  const worker: Worker = { deps, deadline, stopping, measured: new Set(), running: null };
  let hint = Promise.withResolvers<void>();
  let loop: Promise<void> | undefined;

  const waitForHint = async (): Promise<void> => {
    const over = new AbortController();
    await Promise.race([hint.promise, pause(clock, pollMs, over).catch(() => {})]);
    over.abort();
  };

  /** Claims and runs a render. False where there is none. */
  const runNext = async (): Promise<boolean> => {
    const job = await claim(worker);
    if (job) await runClaimed(worker, job);
    else {
      events.toCoordinator.send({ kind: 'idle' });
      await measureSpeed(worker);
    }
    return job !== undefined;
  };

  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      hint = Promise.withResolvers();
      const hasRun = await runNext().catch((error: unknown) => {
        deps.log.error('worker: failed, trying again', { error });
        return false;
      });
      if (!hasRun && !stopping.signal.aborted) await waitForHint();
    }
  };

  const start = (): void => {
    if (!stopping.signal.aborted) loop ??= run();
  };

  events.toWorkers.listen((event) => {
    switch (event.kind) {
      case 'queued':
        hint.resolve();
        start();
        break;
      case 'cancelled':
        if (worker.running?.job.id === event.job) worker.running.controller.abort();
        break;
      default:
        event satisfies never;
    }
  });

  return {
    /** Begins to claim and run renders, one after another; so does the first hint that one waits. */
    start,
    /** Whether it renders. */
    isBusy: (): boolean => worker.running !== null,
    /** Claims nothing new, lets the running render reach its next checkpoint and puts it back into the queue. */
    stop: async ({ graceMs }: { readonly graceMs: number }): Promise<void> => {
      if (deadline.signal.aborted) return;
      stopping.abort();
      hint.resolve();
      const timer = clock.after(graceMs, () => {
        deadline.abort();
        worker.running?.controller.abort();
      });
      await loop;
      timer.cancel();
      deadline.abort();
    },
  };
};
