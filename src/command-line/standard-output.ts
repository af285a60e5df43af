import type { Writable } from 'node:stream';
import { errnoOf, reasonOf } from '../domain/errno.ts';
import { GramzoomError } from '../domain/errors.ts';

/** What is printed for people and programs, watched. */
export type WatchedOutput = {
  /**
   * Waits until everything has been written.
   * @throws GramzoomError `stdout-failed`; not where the reader is gone, as with `| head`: it wanted no more
   */
  finish(): Promise<void>;
};

/** Notes whether a stream takes what is written to it, and keeps the process alive where it does not. */
export const watchOutput = (stream: Writable): WatchedOutput => {
  let failure: unknown;
  stream.on('error', (error) => {
    failure ??= error;
  });
  return {
    finish: async () => {
      if (failure === undefined) await new Promise<void>((resolve) => stream.write('', () => resolve()));
      if (failure === undefined || errnoOf(failure) === 'EPIPE') return;
      throw new GramzoomError('stdout-failed', { reason: reasonOf(failure) }, { cause: failure });
    },
  };
};
