import type { Clock, Timer } from '../ports/clock.ts';

/**
 * Runs `work` at once, and again `everyMs` after each run has ended.
 * @returns a function that stops it and waits for the run that is under way
 */
export const repeat = (
  work: () => Promise<void>,
  options: {
    readonly clock: Clock;
    readonly everyMs: number;
    readonly onError: (error: unknown) => void;
  },
): (() => Promise<void>) => {
  let stopped = false;
  let timer: Timer | undefined;
  const run = async (): Promise<void> => {
    await work().catch(options.onError);
    if (stopped) return;
    timer = options.clock.after(options.everyMs, () => {
      last = run();
    });
  };
  let last = run();
  return async () => {
    stopped = true;
    timer?.cancel();
    await last;
  };
};
