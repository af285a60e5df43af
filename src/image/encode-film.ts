import { runInThread } from '../concurrency/thread.ts';
import { errnoOf } from '../domain/errno.ts';
import { GramzoomError, toGramzoomError } from '../domain/errors.ts';
import type { RgbImage } from '../domain/picture.ts';
import { throwIfCancelled } from './cancellation.ts';
import type { EncodeTask } from './encode-worker.ts';
import type { EncodedFilm, EncodeFilm, FilmOptions } from './film.ts';
import { encodeOnThisThread } from './film-encoder.ts';

/**
 * Encodes a loop of frames and measures it as viewers will see it, films in a worker thread; a PNG holds the last
 * frame only. Where `maxBytes` is given, the file
 * gives up colours or quality, then (GIF) frames, then size until it is small enough.
 * @param frames at least one, all of one size; frame k + 1 follows frame k, frame 0 the last
 * @throws GramzoomError `budget-too-small`, `out-of-memory`, or `cancelled` as soon as the signal aborts
 */
export const encodeFilm: EncodeFilm = async (frames, options) => {
  const { signal, ...plain } = options;
  throwIfCancelled(signal);
  return options.format === 'png'
    ? await encodeOnThisThread(frames, options)
    : await encodeInWorker(frames, plain, signal);
};

const encodeInWorker = (
  frames: readonly RgbImage[],
  options: FilmOptions,
  signal: AbortSignal | undefined,
): Promise<EncodedFilm> => {
  const task: EncodeTask = { frames: shareFrames(frames), options };
  return runInThread(new URL('./encode-worker.ts', import.meta.url), task, {
    signal,
    onCrash: (how) =>
      errnoOf(how) === 'ERR_WORKER_OUT_OF_MEMORY'
        ? new GramzoomError('out-of-memory', { size: frames[0]!.width }, { cause: how })
        : toGramzoomError(how),
  });
};

/** Frames in memory that both threads see: copied once, and not at all where they already are. */
const shareFrames = (frames: readonly RgbImage[]): RgbImage[] =>
  frames.map(({ width, height, data }) => {
    if (data.buffer instanceof SharedArrayBuffer) return { width, height, data };
    const shared = new Uint8Array(new SharedArrayBuffer(data.length));
    shared.set(data);
    return { width, height, data: shared };
  });
