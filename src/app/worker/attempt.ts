import { GramzoomError } from '../../domain/errors.ts';
import type { Job } from '../../domain/job.ts';
import { progressOf } from '../../domain/kinds.ts';
import type { Size } from '../../domain/picture.ts';
import type { Checkpoint, RenderEvent } from '../../ports/renderer.ts';
import type { Coordinator, Running } from '../coordinator/coordinator.ts';
import { noteRoom } from '../coordinator/room.ts';
import { isStorageTrouble } from '../retry.ts';
import { costKeyOf } from '../speed.ts';

type Done = Extract<RenderEvent, { kind: 'done' }>;
type Progress = Extract<RenderEvent, { kind: 'progress' }>;
type State = Extract<RenderEvent, { kind: 'checkpoint' }>;

/** Pictures count as being of the film's size up to this difference: in the photo's shape sides are rounded. */
const sameSize = 0.05;

/** Measures how fast the render goes, from one event to the next. */
const createMeter = (coordinator: Coordinator, { job, live }: Running) => {
  const { clock } = coordinator.deps;
  const { request } = job;
  let last: { readonly at: number; readonly share: number; readonly size: number } | undefined;
  return {
    progress: ({ share, size }: Progress): void => {
      const at = clock.now();
      // What comes before the first step of a size is no step: opening the engine, reading the photo, building a graph.
      if (last && last.size === size && share >= last.share) {
        const isFilm = Math.abs(size / request.size - 1) < sameSize;
        const pace = isFilm ? live.pace : costKeyOf({ ...request, size });
        const isFirst = coordinator.speed.secondsPerUnit(live.pace) === null;
        coordinator.speed.add(pace, live.work * (share - last.share), (at - last.at) / 1000);
        if (isFirst) coordinator.notifier.changed();
      }
      last = { at, share, size };
    },
    /** Encoding takes time too, although it has no steps. */
    done: (): void => {
      if (last) coordinator.speed.add(live.pace, 0, (clock.now() - last.at) / 1000);
    },
  };
};

/** A render goes on without a checkpoint where there is no room for one; the one before still counts. */
const save = async (
  coordinator: Coordinator,
  job: Job,
  { state, frame, framesDone }: State,
): Promise<boolean> => {
  const { deps } = coordinator;
  try {
    await deps.checkpoints.save(job.id, state, { frame });
    if (frame) await deps.store.jobs.update(job.id, { unitsDone: framesDone });
    noteRoom(coordinator, job.id, false);
    return true;
  } catch (error) {
    if (isStorageTrouble(error)) noteRoom(coordinator, job.id, true);
    deps.log.forJob(job.id).warn('a checkpoint could not be saved', { error });
    return false;
  }
};

const follow = ({ deps, messageSync }: Coordinator, { job, live }: Running, event: Progress): void => {
  live.share = event.share;
  if (event.framesDone > live.unitsDone) {
    live.unitsDone = event.framesDone;
    deps.observe({ kind: 'progress', job: job.id, progress: progressOf(job.request, live.unitsDone) });
  }
  messageSync.touch(job.id);
};

/**
 * Renders once, from a checkpoint or from the start, and keeps checkpoints on the way.
 * @param options.onSaved is called after each checkpoint
 * @throws GramzoomError whatever ended it
 */
export const attemptRender = async (
  coordinator: Coordinator,
  running: Running,
  options: {
    readonly photo: Uint8Array;
    readonly resume: Checkpoint | undefined;
    readonly onSaved: () => Promise<void>;
  },
): Promise<Done> => {
  const { deps, messageSync } = coordinator;
  const { job, controller } = running;
  const { photo, resume } = options;
  const meter = createMeter(coordinator, running);
  let pictures = 0;
  let sides: Size = { width: job.request.size, height: job.request.size };
  const events = deps.renderer.render(job.request, photo, controller.signal, {
    checkpoints: true,
    ...(resume && { resume }),
  });
  for await (const event of events) {
    switch (event.kind) {
      case 'started': {
        const { engine, engineVersion, threads, width, height, framesDone } = event;
        sides = { width, height };
        deps.log.forJob(job.id).info('rendering', {
          engine,
          engineVersion,
          threads,
          width,
          height,
          resumed: Boolean(resume),
          framesBefore: framesDone,
        });
        break;
      }
      case 'progress':
        meter.progress(event);
        follow(coordinator, running, event);
        break;
      case 'picture': {
        // Clients cache by name: an attempt may show the same frame again.
        const name = `${deps.bootId.slice(0, 8)}-${job.attempt}-${++pictures}.jpg`;
        messageSync.picture(job.id, { name, jpeg: event.jpeg, sides });
        messageSync.touch(job.id);
        break;
      }
      case 'checkpoint':
        if (await save(coordinator, job, event)) await options.onSaved();
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
