import type { Clock } from '../ports/clock.ts';
import { pause } from './pause.ts';

export type BackoffOptions = {
  /** After the first failure; each further one doubles it. A second where it is left out. */
  readonly firstMs?: number;
  /** A minute where it is left out. */
  readonly longestMs?: number;
  /** From 0 to 1: shortens a pause by up to half, so that those who failed together do not come again together. */
  readonly random?: () => number;
};

/** How long to wait after so many failures in a row; the first is 1. */
export const backoffMs = (
  failures: number,
  { firstMs = 1000, longestMs = 60_000, random = () => 1 }: BackoffOptions = {},
): number =>
  Math.min(longestMs, firstMs * 2 ** Math.min(30, Math.max(0, failures - 1))) * (0.5 + random() / 2);

/**
 * Tries again with growing pauses, as long as the error is a transient one.
 * @throws GramzoomError `cancelled` once the signal aborts; the error itself where it is not transient
 */
export const retryWithBackoff = async <T>(
  work: () => Promise<T>,
  {
    clock,
    signal,
    isTransient,
    onFailure,
    ...backoff
  }: BackoffOptions & {
    readonly clock: Clock;
    readonly signal: AbortSignal;
    readonly isTransient: (error: unknown) => boolean;
    /** @param waitMs how long it is until the next try */
    readonly onFailure: (error: unknown, waitMs: number) => Promise<void> | void;
  },
): Promise<T> => {
  for (let failures = 1; ; failures++) {
    const waitMs = backoffMs(failures, backoff);
    try {
      return await work();
    } catch (error) {
      if (signal.aborted || !isTransient(error)) throw error;
      await onFailure(error, waitMs);
    }
    await pause(clock, waitMs, { signal });
  }
};
