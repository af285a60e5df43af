import type { Clock, Timer } from '../ports/clock.ts';

/**
 * Does something at once and again and again: the pause begins when it is done.
 * @returns ends that, and waits for the turn that runs
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
  const turn = async (): Promise<void> => {
    await work().catch(options.onError);
    if (stopped) return;
    timer = options.clock.after(options.everyMs, () => {
      last = turn();
    });
  };
  let last = turn();
  return async () => {
    stopped = true;
    timer?.cancel();
    await last;
  };
};
