import { GramzoomError } from '../../domain/errors.ts';
import type { Clock } from '../../ports/clock.ts';

/** What comes next waits so long. */
const graceMs = 1000;

const isTransient = (error: unknown): boolean => error instanceof GramzoomError && error.retry === 'later';

export type Beside = {
  /** Waits a moment for something that has begun. @throws its error, where that does not pass */
  begin(work: Promise<unknown>): Promise<void>;
  /** Resolves when all that has begun is over. */
  settled(): Promise<void>;
  /** @throws the first error of what has begun */
  check(): void;
};

/** What should come before something else, which does not wait for it for long. */
export const createBeside = (clock: Pick<Clock, 'after'>): Beside => {
  const begun: Promise<void>[] = [];
  const errors: unknown[] = [];
  return {
    begin: async (work) => {
      const over = work.then(
        () => {},
        (error: unknown) => void errors.push(error),
      );
      begun.push(over);
      const patience = Promise.withResolvers<void>();
      const timer = clock.after(graceMs, patience.resolve);
      await Promise.race([over, patience.promise]);
      timer.cancel();
      if (errors.length > 0 && !isTransient(errors[0])) throw errors[0];
    },
    settled: async () => void (await Promise.all(begun)),
    check: () => {
      if (errors.length > 0) throw errors[0];
    },
  };
};
