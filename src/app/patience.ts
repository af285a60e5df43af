import { type ErrorCode, GramzoomError } from '../domain/errors.ts';
import type { Clock } from '../ports/clock.ts';
import { pause } from '../ports/pause.ts';

/** 1 s, 2 s, 4 s and so on, at most a minute. */
export const backoffMs = (failures: number): number =>
  Math.min(60_000, 1000 * 2 ** Math.max(0, failures - 1));

/**
 * Tries until it works, with growing pauses, as long as the error is one that passes.
 * @throws GramzoomError `cancelled` once the signal aborts; the error itself where it does not pass
 */
export const untilItWorks = async <T>(
  work: () => Promise<T>,
  options: {
    readonly clock: Clock;
    readonly signal: AbortSignal;
    readonly passes: (error: unknown) => boolean;
    readonly onFailure: (error: unknown) => void;
    /** The longest pause; a minute where it is left out. */
    readonly mostMs?: number;
  },
): Promise<T> => {
  for (let failures = 1; ; failures++) {
    try {
      return await work();
    } catch (error) {
      if (options.signal.aborted || !options.passes(error)) throw error;
      options.onFailure(error);
    }
    await pause(
      options.clock,
      Math.min(backoffMs(failures), options.mostMs ?? Number.POSITIVE_INFINITY),
      options,
    );
  }
};

const storageTrouble: ReadonlySet<ErrorCode> = new Set([
  'disk-full',
  'output-not-writable',
  'storage-failed',
]);

/** Whether something could not be stored for want of room or for a fault of the disk, which somebody can mend. */
export const isStorageTrouble = (error: unknown): boolean =>
  error instanceof GramzoomError && storageTrouble.has(error.code);
