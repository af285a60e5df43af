import { GramzoomError } from '../../domain/errors.ts';
import { progressOf } from '../../domain/kinds.ts';
import type { Size } from '../../domain/picture.ts';
import type { Checkpoint, RenderEvent } from '../../ports/renderer.ts';
import { isStorageTrouble } from '../retry.ts';
import { noteLackOfSpace, type Running, updateLeased, type Worker } from './worker.ts';

type Done = Extract<RenderEvent, { kind: 'done' }>;
type Progress = Extract<RenderEvent, { kind: 'progress' }>;
type State = Extract<RenderEvent, { kind: 'checkpoint' }>;

/** Pictures count as being of the film's size up to this difference: in the photo's shape sides are rounded. */
const sameSize = 0.05;

/** The bytes of a render's photo, and of those that its film goes through after it. */
export type Photos = { readonly photo: Uint8Array; readonly through: readonly Uint8Array[] };

/** Measures how fast the render goes, from one event to the next. */
const createMeter = ({ deps, measured }: Worker, { job }: Running) => {
  const { clock, events } = deps;
  const { request } = job;
  const work = deps.renderer.work(request);
  let last: { readonly at: number; readonly share: number; readonly size: number } | undefined;
  const measure = (size: number, units: number, at: number): void => {
    const isFilm = Math.abs(size / request.size - 1) < sameSize;
    const factors = { network: request.network, depth: request.depth, size: isFilm ? request.size : size };
    const seconds = (at - (last?.at ?? at)) / 1000;
    events.toCoordinator.send({ kind: 'measured', job: job.id, factors, units, seconds });
    if (units > 0) measured.add(`${request.network} ${request.depth}`);
  };
  return {
    progress: ({ share, size }: Progress): void => {
      const at = clock.now();
      // What comes before the first step of a size is no step: opening the engine, reading the photo, building a graph.
      if (last && last.size === size && share >= last.share) measure(size, work * (share - last.share), at);
      last = { at, share, size };
    },
    /** Encoding takes time too, although it has no steps. */
    done: (): void => {
      if (last) measure(request.size, 0, clock.now());
    },
  };
};

/** A render continues without a checkpoint where there is no space for one; the one before still counts. */
const save = async (worker: Worker, running: Running, { state, frame, done }: State): Promise<boolean> => {
  const { deps } = worker;
  const { job, controller } = running;
  try {
    // Should the lease be lost right after this: checkpoints of other workers are of the same film.
    await updateLeased(worker, running, frame || done > 0 ? { unitsDone: done } : {});
    await deps.checkpoints.save(job.id, state, { frame });
    noteLackOfSpace(worker, running, false);
    return true;
  } catch (error) {
    if (controller.signal.aborted) throw error;
    if (isStorageTrouble(error)) noteLackOfSpace(worker, running, true);
    deps.log.forJob(job.id).warn('checkpoint: failed to save it', { error });
    return false;
  }
};

const follow = ({ deps }: Worker, running: Running, { share, done }: Progress): void => {
  const { id, request } = running.job;
  running.share = share;
  if (done > running.unitsDone) {
    running.unitsDone = done;
    deps.observe({ kind: 'progress', job: id, progress: progressOf(request, done) });
  }
  deps.events.toCoordinator.send({ kind: 'progress', job: id, unitsDone: running.unitsDone, share });
};

/**
 * Renders once, from a checkpoint or from the start, and keeps checkpoints on the way.
 * @param options.onSaved is called after each checkpoint
 * @throws GramzoomError whatever ended it
 */
export const attemptRender = async (
  worker: Worker,
  running: Running,
  options: Photos & {
    readonly resume: Checkpoint | undefined;
    readonly onSaved: () => Promise<void>;
  },
): Promise<Done> => {
  const { deps } = worker;
  const { job, controller } = running;
  const { photo, through, resume } = options;
  const meter = createMeter(worker, running);
  let sides: Size = { width: job.request.size, height: job.request.size };
  const events = deps.renderer.render(job.request, photo, controller.signal, {
    checkpoints: true,
    through,
    ...(resume && { resume }),
  });
  for await (const event of events) {
    switch (event.kind) {
      case 'started': {
        const { engine, engineVersion, precision, precisionReason, threads, width, height, done } = event;
        sides = { width, height };
        const how = {
          engine,
          engineVersion,
          precision,
          precisionReason,
          threads,
          ...sides,
          resumed: Boolean(resume),
          framesBefore: done,
        };
        deps.log.forJob(job.id).info('render: started', how);
        break;
      }
      case 'progress':
        meter.progress(event);
        follow(worker, running, event);
        break;
      case 'preview': {
        running.previews += 1;
        // Clients cache by name.
        const name = `${job.claim}-${running.previews}.jpg`;
        const preview = { name, jpeg: event.jpeg, sides };
        deps.events.toCoordinator.send({ kind: 'preview', job: job.id, preview });
        break;
      }
      case 'checkpoint':
        if (await save(worker, running, event)) await options.onSaved();
        break;
      case 'done':
        meter.done();
        return event;
      default:
        event satisfies never;
    }
  }
  throw new GramzoomError('internal', { reason: 'the render ended without a film' });
};
