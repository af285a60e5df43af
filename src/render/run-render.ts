import { setImmediate as nextTurn } from 'node:timers/promises';
import { GramzoomError } from '../domain/errors.ts';
import { fromRgbImage, type Picture, type RgbImage, type Size } from '../domain/picture.ts';
import { renderZoom } from '../engine/kinds/zoom.ts';
import { precisionBefore } from '../engine/synthesis/checkpoint.ts';
import { outputSides } from '../engine/synthesis/levels.ts';
import { decodePhoto } from '../image/decode.ts';
import { encodeFilm } from '../image/encode-film.ts';
import { encodePng } from '../image/png.ts';
import { encodePreviewJpeg } from '../image/preview.ts';
import type { Clock } from '../ports/clock.ts';
import type { RenderEvent } from '../ports/renderer.ts';
import { createOpenEngine, withEngine } from './engine.ts';
import { renderKindOf } from './kinds.ts';
import { tellsOfMemory } from './memory.ts';
import type { RenderJob, RunRender } from './protocol.ts';

/** The parts a render is put together from. */
export type RenderParts = ReturnType<typeof defaultParts>;

export const defaultParts = (clock: Clock) => ({
  clock,
  openEngine: createOpenEngine(clock),
  decodePhoto,
  renderZoom,
  encodePreviewJpeg,
  encodeFilm,
  encodePng,
});

/** Less than what the parent takes for a hang. */
const decodeSeconds = 25;
/** Before that a first preview would show little but noise. */
const firstPreviewMs = 1000;

/** The photo is decoded to twice the side of the picture: the engine scales it further for each of its levels. */
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

const frameOf = (data: Uint8Array, { width, height }: Size): RgbImage => {
  if (data.length !== 3 * width * height) {
    throw new GramzoomError('checkpoint-unusable', { problem: 'a frame has another size' });
  }
  return { width, height, data };
};

/**
 * Puts the parts together: decode, then whatever the request's kind does. Between two steps the event loop gets a
 * turn, so that a cancel arrives although the engine blocks this thread.
 */
export const createRunRender = (parts: RenderParts): RunRender => {
  const { clock } = parts;

  /** Shows the render so far, no more often than the job wants; coarse levels are enlarged to its sides. */
  const createPreviews = ({ previewIntervalMs }: RenderJob, sides: Size) => {
    let due = clock.now() + Math.min(previewIntervalMs ?? Number.POSITIVE_INFINITY, firstPreviewMs);
    return async function* (image: () => RgbImage): AsyncGenerator<RenderEvent> {
      if (previewIntervalMs === null || clock.now() < due) return;
      due = clock.now() + previewIntervalMs;
      yield { kind: 'preview', jpeg: await parts.encodePreviewJpeg(image(), sides) };
    };
  };

  async function* run(job: RenderJob, { signal }: { readonly signal: AbortSignal }): ReturnType<RunRender> {
    const { request, resume, checkpoints, places, engine, threads } = job;
    const { size, network, depth } = request;
    const further = request.kind === 'zoom' ? (request.through?.length ?? 0) : 0;
    if (job.through.length !== further) {
      const reason = `the film goes through ${further} further photos, not ${job.through.length}`;
      throw new GramzoomError('internal', { reason });
    }
    const begun = clock.now();
    // Another choice than before would throw away what is done.
    const precision = job.precision === 'auto' && resume ? precisionBefore(resume.state) : job.precision;
    // How many bytes are too many was decided where the photo came in, and that it opens in time: here it opens
    // behind everything else on the machine.
    const limits = { maxBytes: Number.POSITIVE_INFINITY, timeoutSeconds: decodeSeconds };
    const decode = async (photo: Uint8Array): Promise<RgbImage> => {
      const decoded = await parts.decodePhoto(photo, { maxArea: decodedArea(size), limits });
      // Without the signal: a decoder cannot be stopped, so that a parent which has no patience ends this process.
      signal.throwIfAborted();
      return decoded;
    };
    const image = await decode(job.photo);
    const through: Picture[] = [];
    // One after the other: photos are large until they are scaled.
    for (const photo of job.through) through.push(fromRgbImage(await decode(photo)));
    const sides = outputSides(request, image);
    const previews = createPreviews(job, sides);
    const events = renderKindOf(request).run(
      {
        ...{ request, photo: fromRgbImage(image), through, sides, signal, checkpoints, begun },
        resume: resume && {
          state: resume.state,
          frames: resume.frames.map((data) => frameOf(data, sides)),
        },
        withEngine: (use) =>
          withEngine(parts.openEngine({ network, depth, places, engine, precision, threads }), use),
      },
      parts,
    );
    for await (const event of events) {
      if (event.kind === 'preview') yield* previews(event.image);
      else yield event as RenderEvent;
      if (event.kind === 'done') return;
      await nextTurn();
      signal.throwIfAborted();
    }
  }

  return async function* (job, options) {
    try {
      yield* run(job, options);
    } catch (error) {
      throw translate(error, job.request);
    }
  };
};
