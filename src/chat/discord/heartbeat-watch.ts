import type { Clock } from '../../ports/clock.ts';

/** Discord's interval between heartbeats. */
const usualIntervalMs = 41_250;
const mostMissed = 3;

/**
 * Looks once per interval whether each shard's heartbeats are acknowledged, and calls back once where for three
 * intervals none was: the library has not got it going again by itself.
 * @param options.acknowledged of each shard something that changes with every heartbeat that is acknowledged
 * @returns ends the watch
 */
export const watchHeartbeats = (options: {
  readonly clock: Clock;
  readonly acknowledged: () => ReadonlyMap<number, number>;
  readonly onSilence: (shard: number, silentMs: number) => void;
  readonly intervalMs?: number;
}): (() => void) => {
  const { clock, acknowledged, onSilence, intervalMs = usualIntervalMs } = options;
  const known = new Map<number, { mark: number; missed: number }>();

  const look = (): void => {
    for (const [shard, mark] of acknowledged()) {
      const before = known.get(shard);
      const missed = before?.mark === mark ? before.missed + 1 : 0;
      known.set(shard, { mark, missed });
      if (missed >= mostMissed) {
        onSilence(shard, missed * intervalMs);
        return;
      }
    }
    timer = clock.after(intervalMs, look);
  };

  let timer = clock.after(0, look);
  return () => timer.cancel();
};
