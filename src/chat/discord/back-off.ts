import { type BackoffOptions, backoffMs } from '../../concurrency/backoff.ts';
import type { Clock } from '../../ports/clock.ts';

/** Asking once an hour harms nobody, whatever was asked for. */
const longestAskedMs = 3_600_000;

/**
 * A time in which nothing is asked. It grows with each refusal in a row, whatever they ask for; the first that asks
 * for a time is believed.
 */
export const createBackOff = (clock: Pick<Clock, 'now'>, options: BackoffOptions) => {
  let until = 0;
  let failures = 0;
  let refusedAt = Number.NEGATIVE_INFINITY;
  return {
    /** Milliseconds of the clock. */
    get until() {
      return until;
    },
    /** How often it was refused since it last worked. */
    get failures() {
      return failures;
    },
    /**
     * @param options.askedMs what the refusal said itself; null where it said nothing
     * @param options.sentAt when the request left: those that left together are refused once
     */
    refused: ({ askedMs, sentAt }: { readonly askedMs: number | null; readonly sentAt: number }): void => {
      const asked = Math.min(askedMs ?? 0, longestAskedMs);
      const isAnother = sentAt > refusedAt;
      if (isAnother) failures += 1;
      const least = failures === 1 && askedMs !== null ? 0 : backoffMs(failures, options);
      until = isAnother ? clock.now() + Math.max(asked, least) : Math.max(until, clock.now() + asked);
      refusedAt = clock.now();
    },
    /** Waits as long without a refusal. */
    rest: (ms: number): void => {
      until = Math.max(until, clock.now() + ms);
    },
    worked: (): void => {
      failures = 0;
      until = 0;
    },
  };
};

export type BackOff = ReturnType<typeof createBackOff>;
