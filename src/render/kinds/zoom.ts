import { GramzoomError } from '../../domain/errors.ts';
import type { ZoomRequest } from '../../domain/kinds/zoom.ts';
import { type RgbImage, toRgbImage } from '../../domain/picture.ts';
import type { Backend } from '../../engine/backend.ts';
import { planZoom, zoomWork } from '../../engine/zoom/plan.ts';
import { createStopwatch, type KindRun, type RenderKind, sharedFacts, startedEvent } from './kind.ts';

/** All that is left once the engine has done its part. */
type Film = {
  readonly backend: Backend;
  /** In the order of a film that zooms in. */
  readonly frames: readonly RgbImage[];
  readonly styleLoss: number;
};

const expectFrames = (frames: readonly RgbImage[], count: number): void => {
  if (frames.length !== count) {
    throw new GramzoomError('checkpoint-unusable', {
      problem: `${frames.length} frames are there, not ${count}`,
    });
  }
};

export const zoomKind: RenderKind<ZoomRequest> = {
  name: 'zoom',
  work: zoomWork,
  async *run(job, parts) {
    const { request, photo, through, sides, signal, checkpoints, resume } = job;
    const { direction, frames: total } = request;
    const stopwatch = createStopwatch(parts.clock, job);
    const kept = resume?.frames ?? [];
    const { leadInFrames } = planZoom(request, photo);
    const leadIn = kept.slice(0, leadInFrames);
    const frames = kept.slice(leadInFrames);
    const progress = () => ({ done: frames.length, total, unit: 'frame' }) as const;

    const film = yield* job.withEngine(async function* (engine): KindRun<Film> {
      const { backend } = engine;
      yield startedEvent(engine, sides, progress());
      let styleLoss = Number.NaN;
      let stage: 'start' | 'frames' = 'start';
      let finished: { readonly index: number; readonly rgb: Uint8Array } | null = null;
      const keep = (image: RgbImage): void => {
        finished = { index: leadIn.length + frames.length - 1, rgb: image.data };
      };
      const events = parts.renderZoom(request, photo, backend, {
        signal,
        checkpoints,
        through,
        spent: stopwatch.spent,
        ...(resume && { resume }),
      });
      for await (const event of events) {
        stage = event.kind === 'step' ? event.stage : stage;
        stopwatch.lap(stage);
        switch (event.kind) {
          case 'step':
            yield { kind: 'progress', stage, ...progress(), share: event.share, size: event.size };
            break;
          case 'preview':
          case 'level':
            yield { kind: 'preview', image: () => toRgbImage(event.picture) };
            break;
          case 'lead-in':
          case 'frame': {
            const list = event.kind === 'frame' ? frames : leadIn;
            expectFrames(list, event.index);
            list.push(event.image);
            keep(event.image);
            yield { kind: 'preview', image: () => event.image };
            break;
          }
          case 'checkpoint':
            yield { kind: 'checkpoint', state: event.state, frame: finished, done: frames.length };
            finished = null;
            break;
          case 'end':
            // The written film's last frame: a film that zooms out runs backwards.
            styleLoss = direction === 'in' ? event.styleLoss.last : event.styleLoss.first;
            break;
          default:
            event satisfies never;
        }
      }
      expectFrames(frames, total);
      return { backend, frames, styleLoss };
    });

    yield { kind: 'progress', stage: 'encode', ...progress(), share: 1, size: request.size };
    const { format, fps, zoom, maxBytes } = request;
    const written = direction === 'out' ? film.frames.toReversed() : film.frames;
    const options = { format, fps, zoom, direction, maxBytes, signal };
    const { bytes: result, seamRatio, ...file } = await parts.encodeFilm(written, options);
    // A PNG holds one frame, which is its own still.
    const still = format === 'png' ? result : await parts.encodePng(written[0]!);
    signal.throwIfAborted();
    stopwatch.lap('encode');
    const { start = 0, frames: onFrames = 0, encode = 0 } = stopwatch.spent();
    yield {
      kind: 'done',
      files: { result, still },
      report: {
        kind: 'zoom',
        ...sharedFacts(request, film.backend, { ...file, bytes: result }),
        ...{ frames: file.frames, fps: file.fps, zoom: file.zoom, direction },
        styleLoss: film.styleLoss,
        seamRatio,
        seconds: { total: start + onFrames + encode, start, frames: onFrames, encode },
      },
    };
  },
};
