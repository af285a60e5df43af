import { createFakeClock, type FakeClock } from './fake-clock.ts';

export type HurriedClock = FakeClock & {
  /** The pauses that were over at once, in milliseconds. */
  readonly pausesMs: readonly number[];
};

/** A clock whose short pauses are over at once; longer ones wait until a test lets time pass. */
export const createHurriedClock = ({ shorterThanMs = 30_000 } = {}): HurriedClock => {
  const fake = createFakeClock();
  const pausesMs: number[] = [];
  return {
    ...fake,
    pausesMs,
    get waiting() {
      return fake.waiting;
    },
    after: (delayMs, callback) => {
      if (delayMs >= shorterThanMs) return fake.after(delayMs, callback);
      pausesMs.push(delayMs);
      const soon = setImmediate(callback);
      return { cancel: () => clearImmediate(soon) };
    },
  };
};
