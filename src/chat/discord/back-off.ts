import { type BackoffOptions, backoffMs } from '../../concurrency/backoff.ts';
import type { Clock } from '../../ports/clock.ts';

/** A time in which nothing is asked. */
export type BackOff = {
  /** Milliseconds of the clock. */
  readonly until: number;
  /** How often it was refused since it last worked. */
  readonly failures: number;
  /**
   * @param options.askedMs what the refusal said itself; null where it said nothing
   * @param options.sentAt when the request left: those that left together are refused once
   */
  refused(options: { readonly askedMs: number | null; readonly sentAt: number }): void;
  /** Waits as long without a refusal. */
  rest(ms: number): void;
  worked(): void;
};

/** Asking once an hour harms nobody, whatever was asked for. */
const longestAskedMs = 3_600_000;

/** Grows with each refusal in a row, whatever they ask for; the first that asks for a time is believed. */
export const createBackOff = (clock: Pick<Clock, 'now'>, options: BackoffOptions): BackOff => {
  let until = 0;
  let failures = 0;
  let refusedAt = Number.NEGATIVE_INFINITY;
  return {
    get until() {
      return until;
    },
    get failures() {
      return failures;
    },
    refused: ({ askedMs, sentAt }) => {
      const asked = Math.min(askedMs ?? 0, longestAskedMs);
      const isAnother = sentAt > refusedAt;
      if (isAnother) failures += 1;
      const least = failures === 1 && askedMs !== null ? 0 : backoffMs(failures, options);
      until = isAnother ? clock.now() + Math.max(asked, least) : Math.max(until, clock.now() + asked);
      refusedAt = clock.now();
    },
    rest: (ms) => {
      until = Math.max(until, clock.now() + ms);
    },
    worked: () => {
      failures = 0;
      until = 0;
    },
  };
};
