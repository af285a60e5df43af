import type { RgbImage } from '../src/domain/picture.ts';
import { decodeWebp } from '../src/image/webp.ts';
import { askChild } from './child-answer.ts';
import { type FilmAnswer, type FilmOrder, filmAnswerSchema } from './film-order.ts';

export type Take = FilmAnswer & {
  /** As a viewer shows them: decoded from the file. */
  readonly frames: readonly RgbImage[];
};

/** Frames of any animation that libvips can read; its name tells what the product needs it for. */
export const decodeAnimation = decodeWebp;

/** Makes a film in a fresh process. */
export const takeFilm = async (order: FilmOrder): Promise<Take> => {
  const made = filmAnswerSchema.parse(await askChild(new URL('film-child.ts', import.meta.url), order));
  return { ...made, frames: await decodeAnimation(made.file) };
};
