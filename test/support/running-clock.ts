import type { FakeClock } from './fake-clock.ts';

/** Longest delay that Node's timers take. */
const longestMs = 2 ** 31 - 1;

/**
 * The machine's time, which a test may also push forward: what falls due in between is called in order. For
 * tests with a real client, whose own timers run in real time.
 * @param options.startsAt what its wall time is at first, in milliseconds since 1970; the machine's unless told
 */
export const createRunningClock = ({
  startsAt,
}: {
  readonly startsAt?: number | undefined;
} = {}): FakeClock => {
  let skipped = 0;
  const aheadMs = startsAt === undefined ? 0 : startsAt - Date.now();
  type Waiting = { readonly due: number; readonly callback: () => void; handle?: NodeJS.Timeout };
  const timers = new Set<Waiting>();
  const now = (): number => performance.now() + skipped;

  const arm = (timer: Waiting): void => {
    clearTimeout(timer.handle);
    timer.handle = setTimeout(
      () => {
        // Timers of Node may fire a little early, and long delays come in pieces.
        if (now() < timer.due) return arm(timer);
        timers.delete(timer);
        timer.callback();
      },
      Math.min(longestMs, Math.ceil(timer.due - now())),
    );
    timer.handle.unref();
  };

  return {
    now,
    wallTime: () => Date.now() + aheadMs + skipped,
    after: (delayMs, callback) => {
      const timer: Waiting = { due: now() + delayMs, callback };
      timers.add(timer);
      arm(timer);
      return {
        cancel: () => {
          clearTimeout(timer.handle);
          timers.delete(timer);
        },
      };
    },
    advance: (ms) => {
      let left = ms;
      for (;;) {
        const horizon = now() + left;
        const [next] = [...timers].filter(({ due }) => due <= horizon).sort((a, b) => a.due - b.due);
        if (!next) break;
        const step = Math.max(0, next.due - now());
        skipped += step;
        left = Math.max(0, left - step);
        clearTimeout(next.handle);
        timers.delete(next);
        next.callback();
      }
      skipped += left;
      for (const timer of timers) arm(timer);
    },
    get waiting() {
      return timers.size;
    },
  };
};
