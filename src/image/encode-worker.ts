/** The worker thread behind `encodeFilm`. */
import { serveTask } from '../concurrency/thread.ts';
import type { RgbImage } from '../domain/picture.ts';
import type { FilmOptions } from './film.ts';
import { encodeOnThisThread } from './film-encoder.ts';

export type EncodeTask = { readonly frames: readonly RgbImage[]; readonly options: FilmOptions };

await serveTask(
  ({ frames, options }: EncodeTask) => encodeOnThisThread(frames, options),
  ({ bytes }) => [bytes.buffer],
);
