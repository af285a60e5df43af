import { fork } from 'node:child_process';
import { once } from 'node:events';
import type { RgbImage } from '../src/domain/picture.ts';
import { decodeWebp } from '../src/image/webp.ts';
import { type FilmAnswer, type FilmOrder, filmAnswerSchema } from './film-order.ts';

export type Take = FilmAnswer & {
  /** As a viewer shows them: decoded from the file. */
  readonly frames: readonly RgbImage[];
};

/** Frames of any animation that libvips can read; its name tells what the product needs it for. */
export const decodeAnimation = decodeWebp;

/** Makes a film in a fresh process. */
export const takeFilm = async (order: FilmOrder): Promise<Take> => {
  const child = fork(new URL('film-child.ts', import.meta.url), { serialization: 'advanced', execArgv: [] });
  const exit = once(child, 'exit');
  const answer = once(child, 'message');
  child.send(order);
  const first = await Promise.race([
    answer.then(([message]) => ({ message })),
    exit.then(([status, signal]) => ({ how: signal ?? `exit status ${status}` })),
  ]);
  if ('how' in first) throw new Error(`the film's process ended early: ${first.how}`);
  await exit;
  const made = filmAnswerSchema.parse(first.message);
  return { ...made, frames: await decodeAnimation(made.file) };
};
