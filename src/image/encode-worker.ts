/** The worker thread behind `encodeFilm`: one film, one answer. */
import { parentPort, workerData } from 'node:worker_threads';
import { type Failure, toFailure, toGramzoomError } from '../domain/errors.ts';
import type { RgbImage } from '../domain/picture.ts';
import { type EncodedFilm, encodeOnThisThread, type FilmOptions } from './film-encoder.ts';

export type EncodeTask = { readonly frames: readonly RgbImage[]; readonly options: FilmOptions };
export type EncodeAnswer =
  | { readonly kind: 'done'; readonly film: EncodedFilm }
  | { readonly kind: 'failed'; readonly failure: Failure };

const { frames, options } = workerData as EncodeTask;

try {
  const film = await encodeOnThisThread(frames, options);
  parentPort?.postMessage({ kind: 'done', film } satisfies EncodeAnswer, [film.bytes.buffer]);
} catch (error) {
  const failure = toFailure(toGramzoomError(error));
  parentPort?.postMessage({ kind: 'failed', failure } satisfies EncodeAnswer);
}
