import { pyramidLevels } from '../../domain/kinds/kind.ts';
import type { TextureRequest } from '../../domain/kinds/texture.ts';
import { type RgbImage, toRgbImage } from '../../domain/picture.ts';
import type { Backend } from '../../engine/backend.ts';
import { renderTexture, textureWork } from '../../engine/kinds/texture.ts';
import { createStopwatch, type KindRun, type RenderKind, sharedFacts, startedEvent } from './kind.ts';

type Still = { readonly backend: Backend; readonly image: RgbImage; readonly styleLoss: number };

export const textureKind: RenderKind<TextureRequest> = {
  name: 'texture',
  work: textureWork,
  async *run(job, parts) {
    const { request, photo, sides, signal, checkpoints, resume } = job;
    const stopwatch = createStopwatch(parts.clock, job);
    const total = pyramidLevels(request.size);
    const progressAt = (done: number) => ({ done, total, unit: 'level' }) as const;

    const { backend, image, styleLoss } = yield* job.withEngine(async function* (engine): KindRun<Still> {
      const { backend } = engine;
      yield startedEvent(engine, sides, progressAt(0));
      stopwatch.lap('start');
      const options = {
        signal,
        checkpoints,
        spent: stopwatch.spent,
        ...(resume && { resume: resume.state }),
      };
      for await (const event of renderTexture(request, photo, backend, options)) {
        stopwatch.lap('levels');
        switch (event.kind) {
          case 'step': {
            const { stage, done, share, size } = event;
            yield { kind: 'progress', stage, ...progressAt(done), share, size };
            break;
          }
          case 'preview':
            yield { kind: 'preview', image: () => toRgbImage(event.picture) };
            break;
          case 'checkpoint':
            yield { kind: 'checkpoint', state: event.state, frame: null, done: event.done };
            break;
          case 'end':
            return { backend, ...event };
          default:
            event satisfies never;
        }
      }
      throw new Error('the texture ended without a picture');
    });

    yield { kind: 'progress', stage: 'encode', ...progressAt(total), share: 1, size: request.size };
    const { format, maxBytes } = request;
    // A film of one frame.
    const options = { format, fps: 20, zoom: 1, direction: 'in', maxBytes, signal } as const;
    const { bytes: result, ...file } = await parts.encodeFilm([image], options);
    const still = format === 'png' ? result : await parts.encodePng(image);
    signal.throwIfAborted();
    stopwatch.lap('encode');
    const { start = 0, levels = 0, encode = 0 } = stopwatch.spent();
    yield {
      kind: 'done',
      files: { result, still },
      report: {
        kind: 'texture',
        ...sharedFacts(request, backend, { ...file, bytes: result }),
        styleLoss,
        seconds: { total: start + levels + encode, start, levels, encode },
      },
    };
  },
};
