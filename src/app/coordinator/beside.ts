import { GramzoomError } from '../../domain/errors.ts';
import type { Clock } from '../../ports/clock.ts';

/** What comes next waits so long. */
const graceMs = 1000;

const isTransient = (error: unknown): boolean => error instanceof GramzoomError && error.retry === 'later';

/**
 * Does something, and beside it what should come first, but is not waited for for long. Ends when all of that is over.
 * @param work is given a function that waits a moment for what has begun; it throws the error of that, where it does
 * not pass
 * @throws what `work` throws, else the first error of what has begun
 */
export const withBeside = async (
  clock: Pick<Clock, 'after'>,
  work: (beside: (begun: Promise<unknown>) => Promise<void>) => Promise<void>,
): Promise<void> => {
  const all: Promise<void>[] = [];
  const errors: unknown[] = [];
  const beside = async (begun: Promise<unknown>): Promise<void> => {
    const over = begun.then(
      () => {},
      (error: unknown) => void errors.push(error),
    );
    all.push(over);
    const patience = Promise.withResolvers<void>();
    const timer = clock.after(graceMs, patience.resolve);
    await Promise.race([over, patience.promise]);
    timer.cancel();
    if (errors.length > 0 && !isTransient(errors[0])) throw errors[0];
  };
  try {
    await work(beside);
  } finally {
    await Promise.all(all);
  }
  if (errors.length > 0) throw errors[0];
};
