import { setImmediate as nextTurn } from 'node:timers/promises';
import { GramzoomError } from '../domain/errors.ts';
import { fromRgbImage, type RgbImage, toRgbImage } from '../domain/picture.ts';
import type { Backend } from '../engine/loss.ts';
import { renderZoom } from '../engine/render-zoom.ts';
import { decodePhoto } from '../image/decode.ts';
import { encodeFilm } from '../image/encode-film.ts';
import { encodePreviewJpeg } from '../image/preview.ts';
import type { Clock } from '../ports/clock.ts';
import type { RenderEvent } from '../ports/renderer.ts';
import { EngineCache } from './engine-cache.ts';
import type { RenderJob } from './protocol.ts';

/** Renders one job; what the child does, wherever it runs. Throws once the signal aborts. */
export type RunRender = (
  job: RenderJob,
  options: { readonly signal: AbortSignal },
) => AsyncGenerator<RenderEvent, void, undefined>;

/** The parts a render is put together from. */
export type RenderParts = {
  readonly clock: Clock;
  readonly engines: Pick<EngineCache, 'lend'>;
  readonly decodePhoto: typeof decodePhoto;
  readonly renderZoom: typeof renderZoom;
  readonly encodePreviewJpeg: typeof encodePreviewJpeg;
  readonly encodeFilm: typeof encodeFilm;
};

export const defaultParts = (clock: Clock): RenderParts => ({
  clock,
  engines: new EngineCache(),
  decodePhoto,
  renderZoom,
  encodePreviewJpeg,
  encodeFilm,
});

/** The photo is decoded to twice the film's side: the engine scales it further for each of its levels. */
const decodedArea = (size: number): number => (2 * size) ** 2;

/** Allocations fail in the words of V8, of C++ or of onnxruntime. */
const memoryWords = /allocation failed|bad_alloc|bad allocation|out of memory|failed to allocate/i;

const translate = (error: unknown, { size }: { readonly size: number }): unknown => {
  const reason =
    error instanceof GramzoomError
      ? error.code === 'engine-failed' && (error as GramzoomError<'engine-failed'>).data.reason
      : error instanceof Error && error.message;
  return reason && memoryWords.test(reason)
    ? new GramzoomError('out-of-memory', { size }, { cause: error })
    : error;
};

/**
 * Puts the parts together: decode, open the engine, frames, file. Between two steps the event loop gets a
 * turn, so that a cancel arrives although the engine blocks this thread.
 */
export const createRunRender = (parts: RenderParts): RunRender => {
  const { clock } = parts;

  async function* run(job: RenderJob, { signal }: { readonly signal: AbortSignal }): ReturnType<RunRender> {
    const { request } = job;
    const { size, network } = request;
    const begun = clock.now();
    const image = await parts.decodePhoto(job.photo, { maxArea: decodedArea(size), signal });
    const wanted = { network, engine: job.engine, threads: job.threads, size };
    yield* parts.engines.lend(wanted, (backend) => film(job, { image, backend, begun, signal }));
  }

  async function* film(
    job: RenderJob,
    options: {
      readonly image: RgbImage;
      readonly backend: Backend;
      readonly begun: number;
      readonly signal: AbortSignal;
    },
  ): ReturnType<RunRender> {
    const { request, pictureIntervalMs } = job;
    const { image, backend, begun, signal } = options;
    const { name: engine, version: engineVersion, threads } = backend;
    yield { kind: 'started', engine, engineVersion, threads };

    const frames: RgbImage[] = [];
    let styleLoss = 0;
    let steps = { stepsDone: 0, stepsTotal: 0 };
    let startDone = begun;
    let lastPicture: number | undefined;
    for await (const event of parts.renderZoom(request, fromRgbImage(image), backend, { signal })) {
      let look: { readonly image: RgbImage; readonly frame: number | null } | undefined;
      switch (event.kind) {
        case 'step': {
          const { kind: _, ...progress } = event;
          steps = { stepsDone: event.stepsDone, stepsTotal: event.stepsTotal };
          if (event.stage === 'start') startDone = clock.now();
          yield { kind: 'progress', ...progress };
          break;
        }
        case 'picture':
          look = { image: toRgbImage(event.picture), frame: null };
          break;
        case 'frame':
          look = { image: toRgbImage(event.picture), frame: event.index };
          frames.push(look.image);
          // The written film's last frame: a film that zooms out runs backwards.
          if (request.direction === 'in' || event.index === 0) styleLoss = event.styleLoss;
          break;
        default:
          event satisfies never;
      }
      const isDue =
        pictureIntervalMs !== null &&
        (lastPicture === undefined || clock.now() - lastPicture >= pictureIntervalMs);
      if (look && isDue) {
        lastPicture = clock.now();
        yield { kind: 'picture', frame: look.frame, jpeg: await parts.encodePreviewJpeg(look.image) };
      }
      await nextTurn();
      signal.throwIfAborted();
    }
    const framesDone = clock.now();

    yield { kind: 'progress', stage: 'encode', ...steps, framesDone: frames.length, frames: frames.length };
    const { format, fps, zoom, direction, maxBytes, seed, network } = request;
    const encoded = await parts.encodeFilm(direction === 'out' ? frames.reverse() : frames, {
      format,
      fps,
      zoom,
      direction,
      ...(maxBytes !== undefined && { maxBytes }),
      signal,
    });
    signal.throwIfAborted();
    const done = clock.now();
    const seconds = {
      total: (done - begun) / 1000,
      start: (startDone - begun) / 1000,
      frames: (framesDone - startDone) / 1000,
      encode: (done - framesDone) / 1000,
    };
    yield {
      kind: 'done',
      file: encoded.bytes,
      report: {
        format,
        width: encoded.width,
        height: encoded.height,
        frames: encoded.frames,
        fps: encoded.fps,
        zoom: encoded.zoom,
        direction,
        seed,
        network,
        engine,
        engineVersion,
        threads,
        styleLoss,
        seamRatio: encoded.seamRatio,
        seconds,
        bytes: encoded.bytes.length,
        // Kilobytes on every system: libuv sees to that.
        peakRssBytes: process.resourceUsage().maxRSS * 1024,
        fit: encoded.fit,
      },
    };
  }

  return async function* (job, options) {
    try {
      yield* run(job, options);
    } catch (error) {
      throw translate(error, job.request);
    }
  };
};
