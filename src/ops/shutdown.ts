import { constants } from 'node:os';
import type { Clock } from '../ports/clock.ts';

/** The part of `process` that a shutdown needs. */
export type SignalSource = {
  on(signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): unknown;
  off(signal: NodeJS.Signals, listener: (signal: NodeJS.Signals) => void): unknown;
};

export const stopSignals = ['SIGTERM', 'SIGINT', 'SIGHUP'] as const satisfies readonly NodeJS.Signals[];

/** As shells count it. */
const statusOf = (signal: NodeJS.Signals): number => 128 + constants.signals[signal];

/**
 * Stops the program at the first signal, with exit status 0. A second signal ends it at once, with 128 plus
 * the signal's number, unless it is SIGHUP: who hangs up wants the stop, not haste. So does, with 1, a stop that fails or takes longer than the grace time. Nothing is lost
 * in either case: what was accepted is on the disk.
 * @param options.echoMs a signal that follows the first one this soon is the same one come twice: npm passes on
 * what a terminal or a service manager sends to the whole group
 * @param options.stop is done once everything is saved
 * @param options.exit ends the process; must not return in earnest
 * @returns takes the listeners away again
 */
export const stopOnSignals = (options: {
  readonly process: SignalSource;
  readonly clock: Clock;
  readonly graceMs: number;
  readonly echoMs?: number;
  readonly stop: (signal: NodeJS.Signals) => Promise<void>;
  readonly exit: (status: number) => void;
  readonly onTrouble: (what: string, error?: unknown) => void;
}): (() => void) => {
  const { clock, graceMs, echoMs = 0, stop, exit, onTrouble } = options;
  let stoppingSince: number | undefined;

  const finish = async (signal: NodeJS.Signals): Promise<void> => {
    const timer = clock.after(graceMs, () => {
      onTrouble(`bot: the stop took longer than ${graceMs} ms`);
      exit(1);
    });
    try {
      await stop(signal);
      exit(0);
    } catch (error) {
      onTrouble('bot: the stop failed', error);
      exit(1);
    } finally {
      timer.cancel();
    }
  };
  const listener = (signal: NodeJS.Signals): void => {
    if (stoppingSince !== undefined) {
      const isEcho = clock.now() - stoppingSince < echoMs;
      if (!isEcho && signal !== 'SIGHUP') exit(statusOf(signal));
      return;
    }
    stoppingSince = clock.now();
    void finish(signal);
  };
  for (const signal of stopSignals) options.process.on(signal, listener);
  return () => {
    for (const signal of stopSignals) options.process.off(signal, listener);
  };
};
