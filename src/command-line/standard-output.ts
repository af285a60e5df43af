import type { Writable } from 'node:stream';
import { errnoOf, reasonOf } from '../domain/errno.ts';
import { GramzoomError } from '../domain/errors.ts';

/**
 * Notes whether a stream takes what is written to it, and keeps the process alive where it does not. `finish` waits
 * until everything has been written.
 * @throws GramzoomError `stdout-failed` by `finish`; not where the reader is gone, as with `| head`: it wanted no more
 */
export const watchOutput = (stream: Writable): { readonly finish: () => Promise<void> } => {
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
