import { GramzoomError } from '../../domain/errors.ts';
import type { Clock } from '../../ports/clock.ts';

/** How long the rest waits for what has a head start. */
const headStartMs = 1000;

const isTransient = (error: unknown): boolean => error instanceof GramzoomError && error.retry === 'later';

/**
 * Gives work a head start of at most a second; then the rest begins without it. Ends when all of it is over.
 * @param work the rest; it is given a function that waits for what shall have the head start, and throws its error if
 * trying again is of no use
 * @throws what `work` throws, else the first error of what had a head start
 */
export const withHeadStart = async (
  clock: Pick<Clock, 'after'>,
  work: (headStart: (begun: Promise<unknown>) => Promise<void>) => Promise<void>,
): Promise<void> => {
  const all: Promise<void>[] = [];
  const errors: unknown[] = [];
  const headStart = async (begun: Promise<unknown>): Promise<void> => {
    const over = begun.then(
      () => {},
      (error: unknown) => void errors.push(error),
    );
    all.push(over);
    const isElapsed = Promise.withResolvers<void>();
    const timer = clock.after(headStartMs, isElapsed.resolve);
    await Promise.race([over, isElapsed.promise]);
    timer.cancel();
    if (errors.length > 0 && !isTransient(errors[0])) throw errors[0];
  };
  try {
    await work(headStart);
  } finally {
    await Promise.all(all);
  }
  if (errors.length > 0) throw errors[0];
};
