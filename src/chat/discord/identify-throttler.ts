import { backoffMs } from '../../concurrency/backoff.ts';
import { KeyedMutex } from '../../concurrency/keyed-mutex.ts';
import { pause } from '../../concurrency/pause.ts';
import type { Clock } from '../../ports/clock.ts';
import type { GatewayInformation } from './gateway-packet.ts';

/** Discord lets one shard of each lane identify itself in this time. */
const spacingMs = 5_000;
/** A session that lasted so long was a good one. */
const goodMs = 600_000;
const longestMs = 300_000;
/** Below so many starts that are left for the day, they are spread over the rest of it. */
const scarce = 200;
const longestScarceMs = 3_600_000;

/** What Discord says about starts: it takes a bot's token away that uses them all up. */
type StartLimit = Omit<GatewayInformation['session_start_limit'], 'total'>;

/** How long to wait before a start where few are left. */
export const scarcePause = ({ remaining, reset_after: resetAfterMs }: StartLimit): number =>
  remaining >= scarce ? 0 : Math.min(longestScarceMs, resetAfterMs / Math.max(1, remaining));

/**
 * When a shard may begin a new session: one at a time in each of Discord's lanes, and each time twice as late
 * where sessions end soon after they began.
 */
export const createIdentifyThrottler = (clock: Clock, onPause: (ms: number) => void) => {
  let limit: StartLimit = { max_concurrency: 1, remaining: 1_000, reset_after: 0 };
  /** From when on the next one may begin, for each of Discord's lanes. */
  const freeAt = new Map<number, number>();
  const lanes = new KeyedMutex();
  const shards = new Map<number, { at: number; early: number }>();

  const backOff = (shard: number): number => {
    const before = shards.get(shard);
    if (!before || clock.now() - before.at > goodMs) return 0;
    const pauseMs = backoffMs(before.early + 1, { firstMs: spacingMs, longestMs });
    return Math.max(0, before.at + pauseMs - clock.now());
  };

  const takeTurn = async (shard: number, lane: number, signal: AbortSignal): Promise<void> => {
    signal.throwIfAborted();
    const waiting = Math.max(backOff(shard), scarcePause(limit), (freeAt.get(lane) ?? 0) - clock.now());
    if (waiting > 0) {
      if (waiting > spacingMs) onPause(waiting);
      await pause(clock, waiting, { signal });
    }
    const now = clock.now();
    const before = shards.get(shard);
    const early = before && now - before.at <= goodMs ? before.early + 1 : 0;
    shards.set(shard, { at: now, early });
    freeAt.set(lane, now + spacingMs);
    limit = { ...limit, remaining: limit.remaining - 1 };
  };

  return {
    setLimit: (told: StartLimit): void => {
      limit = told;
    },
    waitForIdentify: async (shard: number, signal: AbortSignal): Promise<void> => {
      const lane = shard % limit.max_concurrency;
      await lanes.run(String(lane), () => takeTurn(shard, lane, signal));
    },
  };
};

export type IdentifyThrottler = ReturnType<typeof createIdentifyThrottler>;
