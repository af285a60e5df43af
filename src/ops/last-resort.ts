import type { Clock } from '../ports/clock.ts';

type ProcessEvents = {
  on(event: 'unhandledRejection' | 'uncaughtException', listener: (thrown: unknown) => void): unknown;
  off(event: 'unhandledRejection' | 'uncaughtException', listener: (thrown: unknown) => void): unknown;
};

/**
 * What happens to a bug that nothing catches. A rejected promise that nobody waits for concerns one piece of work:
 * it is logged, and everything else continues. After something thrown during other work nobody knows what
 * holds: it is logged, and the process ends in order, with status 1. A second one ends it at once.
 * @param options.stop saves the running render
 * @param options.graceMs how long that may take
 * @returns takes the listeners away again
 */
export const watchForBugs = (options: {
  readonly process: ProcessEvents;
  readonly clock: Clock;
  readonly graceMs: number;
  readonly stop: () => Promise<void>;
  readonly exit: (status: number) => void;
  readonly onBug: (what: string, error: unknown) => void;
}): (() => void) => {
  const { clock, graceMs, stop, exit, onBug } = options;
  let isEnding = false;

  const end = async (): Promise<void> => {
    const timer = clock.after(graceMs, () => exit(1));
    try {
      await stop();
    } catch (error) {
      onBug('bot: the stop failed', error);
    }
    timer.cancel();
    exit(1);
  };

  const rejected = (reason: unknown): void => onBug('bug: an unhandled rejection', reason);
  const thrown = (error: unknown): void => {
    onBug('bug: an uncaught exception ends this process', error);
    if (isEnding) {
      exit(1);
      return;
    }
    isEnding = true;
    void end();
  };
  options.process.on('unhandledRejection', rejected);
  options.process.on('uncaughtException', thrown);
  return () => {
    options.process.off('unhandledRejection', rejected);
    options.process.off('uncaughtException', thrown);
  };
};
