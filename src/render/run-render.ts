import { setImmediate as nextTurn } from 'node:timers/promises';
import { GramzoomError } from '../domain/errors.ts';
import { fromRgbImage, type RgbImage, type Size, toRgbImage } from '../domain/picture.ts';
import type { Backend } from '../engine/backend.ts';
import { renderZoom } from '../engine/kinds/zoom.ts';
import { filmSides } from '../engine/zoom/plan.ts';
import { decodePhoto } from '../image/decode.ts';
import { encodeFilm } from '../image/encode-film.ts';
import { encodePng } from '../image/png.ts';
import { encodePreviewJpeg } from '../image/preview.ts';
import type { Clock } from '../ports/clock.ts';
import type { RenderEvent } from '../ports/renderer.ts';
import { type OpenEngine, openEngine, withEngine } from './engine.ts';
import { tellsOfMemory } from './memory.ts';
import type { RenderJob } from './protocol.ts';
import { decodeSavedState, encodeSavedState } from './saved-state.ts';

/** Renders one job; what the child does, wherever it runs. Throws once the signal aborts. */
export type RunRender = (
  job: RenderJob,
  options: { readonly signal: AbortSignal },
) => AsyncGenerator<RenderEvent, void, undefined>;

/** The parts a render is put together from. */
export type RenderParts = {
  readonly clock: Clock;
  readonly openEngine: OpenEngine;
  readonly decodePhoto: typeof decodePhoto;
  readonly renderZoom: typeof renderZoom;
  readonly encodePreviewJpeg: typeof encodePreviewJpeg;
  readonly encodeFilm: typeof encodeFilm;
  readonly encodePng: typeof encodePng;
};

export const defaultParts = (clock: Clock): RenderParts => ({
  clock,
  openEngine,
  decodePhoto,
  renderZoom,
  encodePreviewJpeg,
  encodeFilm,
  encodePng,
});

/** Less than what the parent takes for a hang. */
const decodeSeconds = 25;
/** Before that a first picture would show little but noise. */
const firstPictureMs = 1000;

/** All that is left once the engine has done its part. */
type Shot = {
  /** In the order of a film that zooms in. */
  readonly frames: readonly RgbImage[];
  readonly steps: { readonly stepsDone: number; readonly stepsTotal: number };
  readonly styleLoss: number;
  readonly seconds: { readonly start: number; readonly frames: number };
  readonly engine: string;
  readonly engineVersion: string;
  readonly threads: number;
};

/** The photo is decoded to twice the film's side: the engine scales it further for each of its levels. */
const decodedArea = (size: number): number => (2 * size) ** 2;

const translate = (error: unknown, { size }: { readonly size: number }): unknown => {
  const reason =
    error instanceof GramzoomError
      ? error.code === 'engine-failed' && (error as GramzoomError<'engine-failed'>).data.reason
      : error instanceof Error && error.message;
  return reason && tellsOfMemory(reason)
    ? new GramzoomError('out-of-memory', { size }, { cause: error })
    : error;
};

const unusable = (problem: string): GramzoomError => new GramzoomError('checkpoint-unusable', { problem });

const frameOf = (data: Uint8Array, { width, height }: Size): RgbImage => {
  if (data.length !== 3 * width * height) throw unusable('a frame has another size');
  return { width, height, data };
};

/** A resumed film has its first frames from elsewhere: together they must be a whole. */
const expectFrames = (frames: readonly RgbImage[], count: number): void => {
  if (frames.length !== count) throw unusable(`${frames.length} frames are there, not ${count}`);
};

/**
 * Puts the parts together: decode, open the engine, frames, file. Between two steps the event loop gets a
 * turn, so that a cancel arrives although the engine blocks this thread.
 */
export const createRunRender = (parts: RenderParts): RunRender => {
  const { clock } = parts;

  /** Looks at the film so far, no more often than the job wants them; coarse levels are enlarged to its size. */
  const createPictures = ({ pictureIntervalMs }: RenderJob, sides: Size) => {
    const intervalMs = pictureIntervalMs ?? Number.POSITIVE_INFINITY;
    let due = clock.now() + Math.min(intervalMs, firstPictureMs);
    return async function* (look: () => RgbImage, frame: number | null): AsyncGenerator<RenderEvent> {
      if (pictureIntervalMs === null || clock.now() < due) return;
      due = clock.now() + pictureIntervalMs;
      yield { kind: 'picture', frame, jpeg: await parts.encodePreviewJpeg(look(), sides) };
    };
  };

  async function* run(job: RenderJob, { signal }: { readonly signal: AbortSignal }): ReturnType<RunRender> {
    const { request } = job;
    const { size, network, depth } = request;
    const begun = clock.now();
    // How many bytes are too many was decided where the photo came in, and that it opens in time: here it opens
    // behind everything else on the machine.
    const limits = { maxBytes: Number.POSITIVE_INFINITY, timeoutSeconds: decodeSeconds };
    const image = await parts.decodePhoto(job.photo, { maxArea: decodedArea(size), limits });
    // Without the signal: a decoder cannot be stopped, so that a parent which has no patience ends this process.
    signal.throwIfAborted();
    const { places, engine, threads } = job;
    const sides = filmSides(request, image);
    const wanted = { network, depth, places, engine, threads };
    const shot = yield* withEngine(parts.openEngine(wanted), (backend) =>
      shoot(job, { image, sides, backend, begun, signal }),
    );
    // Without the engine's memory, which encoding has a use for.
    yield* encode(job, shot, { signal });
  }

  async function* shoot(
    job: RenderJob,
    options: {
      readonly image: RgbImage;
      readonly sides: Size;
      readonly backend: Backend;
      readonly begun: number;
      readonly signal: AbortSignal;
    },
  ): AsyncGenerator<RenderEvent, Shot, undefined> {
    const { request, checkpoints } = job;
    const { image, sides, backend, begun, signal } = options;
    const { name: engine, version: engineVersion, threads } = backend;
    const { direction } = request;
    const before = job.resume && decodeSavedState(job.resume.state);
    const kept = (job.resume?.frames ?? []).map((data) => frameOf(data, sides));
    const leadIn = kept.slice(0, before?.leadIn ?? 0);
    const frames = kept.slice(leadIn.length);
    expectFrames(leadIn, before?.leadIn ?? 0);
    yield { kind: 'started', engine, engineVersion, threads, ...sides, framesDone: frames.length };

    let steps = before?.steps ?? { stepsDone: 0, stepsTotal: 0 };
    let styleLoss = Number.NaN;
    let startDone = begun;
    let finished: { readonly index: number; readonly rgb: Uint8Array } | null = null;
    const finish = ({ data: rgb }: RgbImage): void => {
      finished = { index: leadIn.length + frames.length - 1, rgb };
    };
    const spent = () => ({
      start: (before?.seconds.start ?? 0) + (startDone - begun) / 1000,
      frames: (before?.seconds.frames ?? 0) + (clock.now() - startDone) / 1000,
    });
    const pictures = createPictures(job, sides);
    const resume = before && { state: before.engine, frames: kept };
    const zoomOptions = { signal, checkpoints, ...(resume && { resume }) };
    for await (const event of parts.renderZoom(request, fromRgbImage(image), backend, zoomOptions)) {
      switch (event.kind) {
        case 'step': {
          const { kind: _, ...progress } = event;
          expectFrames(frames, event.framesDone);
          steps = { stepsDone: event.stepsDone, stepsTotal: event.stepsTotal };
          if (event.stage === 'start') startDone = clock.now();
          yield { kind: 'progress', ...progress };
          break;
        }
        case 'look':
        case 'picture':
          yield* pictures(() => toRgbImage(event.picture), null);
          break;
        case 'lead-in':
          expectFrames(leadIn, event.index);
          leadIn.push(event.image);
          finish(event.image);
          yield* pictures(() => event.image, null);
          break;
        case 'frame':
          expectFrames(frames, event.index);
          frames.push(event.image);
          finish(event.image);
          yield* pictures(() => event.image, event.index);
          break;
        case 'checkpoint': {
          const saved = { engine: event.state, leadIn: leadIn.length, steps, seconds: spent() };
          yield {
            kind: 'checkpoint',
            state: encodeSavedState(saved),
            frame: finished,
            framesDone: frames.length,
          };
          finished = null;
          break;
        }
        case 'end':
          // The written film's last frame: a film that zooms out runs backwards.
          styleLoss = direction === 'in' ? event.styleLoss.last : event.styleLoss.first;
          break;
        default:
          event satisfies never;
      }
      await nextTurn();
      signal.throwIfAborted();
    }
    expectFrames(frames, request.frames);
    return { frames, steps, styleLoss, seconds: spent(), engine, engineVersion, threads };
  }

  async function* encode(
    { request }: RenderJob,
    shot: Shot,
    { signal }: { readonly signal: AbortSignal },
  ): ReturnType<RunRender> {
    const { frames, steps, seconds, styleLoss, engine, engineVersion, threads } = shot;
    const framesDone = clock.now();
    yield {
      ...{ kind: 'progress', stage: 'encode', ...steps, share: 1, size: request.size },
      ...{ framesDone: frames.length, frames: frames.length },
    };
    const { format, fps, zoom, direction, maxBytes, seed, network, depth, quality } = request;
    const film = direction === 'out' ? frames.toReversed() : frames;
    const encoded = await parts.encodeFilm(film, {
      format,
      fps,
      zoom,
      direction,
      ...(maxBytes !== undefined && { maxBytes }),
      signal,
    });
    // A PNG holds one frame, which is its own still.
    const poster = format === 'png' ? encoded.bytes : await parts.encodePng(film[0]!);
    signal.throwIfAborted();
    const encodeSeconds = (clock.now() - framesDone) / 1000;
    yield {
      kind: 'done',
      file: encoded.bytes,
      poster,
      report: {
        kind: 'zoom',
        format,
        width: encoded.width,
        height: encoded.height,
        frames: encoded.frames,
        fps: encoded.fps,
        zoom: encoded.zoom,
        direction,
        seed,
        network,
        depth,
        quality,
        engine,
        engineVersion,
        threads,
        styleLoss,
        seamRatio: encoded.seamRatio,
        seconds: { total: seconds.start + seconds.frames + encodeSeconds, ...seconds, encode: encodeSeconds },
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
