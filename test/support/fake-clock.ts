import type { Clock } from '../../src/ports/clock.ts';

export type FakeClock = Clock & {
  /** Lets time pass; what falls due is called in order. */
  advance(ms: number): void;
  /** How many callbacks wait. */
  readonly waiting: number;
};

/** A clock that stands still until a test moves it. */
export const createFakeClock = (): FakeClock => {
  const epoch = Date.UTC(2026, 9, 31);
  let now = 0;
  const timers = new Set<{ readonly due: number; readonly callback: () => void }>();
  return {
    now: () => now,
    wallTime: () => epoch + now,
    after: (delayMs, callback) => {
      const timer = { due: now + delayMs, callback };
      timers.add(timer);
      return { cancel: () => timers.delete(timer) };
    },
    advance: (ms) => {
      const end = now + ms;
      for (;;) {
        const [next] = [...timers].filter(({ due }) => due <= end).sort((a, b) => a.due - b.due);
        if (!next) break;
        timers.delete(next);
        now = Math.max(now, next.due);
        next.callback();
      }
      now = end;
    },
    get waiting() {
      return timers.size;
    },
  };
};
