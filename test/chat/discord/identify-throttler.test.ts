import { describe, expect, it } from 'vitest';
import { createIdentifyThrottler, scarcePause } from '../../../src/chat/discord/identify-throttler.ts';
import { createFakeClock } from '../../support/fake-clock.ts';

const never = new AbortController().signal;
const usual = { max_concurrency: 1, remaining: 1_000, reset_after: 86_400_000 };

const scene = () => {
  const clock = createFakeClock();
  const paused: number[] = [];
  const throttler = createIdentifyThrottler(clock, (ms) => void paused.push(ms));
  throttler.setLimit(usual);
  /** Lets time pass until the shard may begin, and tells how long that took. */
  const waitFor = async (shard: number, signal = never): Promise<number> => {
    const before = clock.now();
    let isOver = false;
    const turn = throttler.waitForIdentify(shard, signal).finally(() => {
      isOver = true;
    });
    turn.catch(() => {});
    for (let tick = 0; tick < 20; tick += 1) await Promise.resolve();
    while (!isOver) {
      clock.advance(1_000);
      for (let tick = 0; tick < 20; tick += 1) await Promise.resolve();
    }
    await turn;
    return clock.now() - before;
  };
  return { clock, throttler, waitFor, paused };
};

describe('sessions', () => {
  it('begin one after another, as far apart as Discord wants', async () => {
    const { waitFor } = scene();
    expect([await waitFor(0), await waitFor(1), await waitFor(2)]).toEqual([0, 5_000, 5_000]);
  });

  it('begin side by side where Discord allows it', async () => {
    const { throttler, waitFor } = scene();
    throttler.setLimit({ ...usual, max_concurrency: 2 });
    expect([await waitFor(0), await waitFor(1), await waitFor(2)]).toEqual([0, 0, 5_000]);
  });

  it('begin more and more seldom where they end soon, and as usual after a good one', async () => {
    const { clock, waitFor, paused } = scene();
    const waited: number[] = [];
    for (let session = 0; session < 9; session += 1) waited.push(await waitFor(0));
    expect(waited).toEqual([0, 5_000, 10_000, 20_000, 40_000, 80_000, 160_000, 300_000, 300_000]);
    expect(paused.at(-1)).toBe(300_000);
    clock.advance(700_000);
    expect(await waitFor(0)).toBe(0);
  });

  it('are spread over the day where few of its starts are left', async () => {
    expect(scarcePause({ ...usual, remaining: 200 })).toBe(0);
    expect(scarcePause({ ...usual, remaining: 100 })).toBe(864_000);
    expect(scarcePause({ ...usual, remaining: 0 })).toBe(3_600_000);
    const { throttler, waitFor } = scene();
    throttler.setLimit({ ...usual, remaining: 100, reset_after: 1_000_000 });
    expect(await waitFor(0)).toBe(10_000);
  });

  it('leave their turn to others when they are given up', async () => {
    const { clock, throttler, waitFor } = scene();
    await waitFor(0);
    const controller = new AbortController();
    const turn = throttler.waitForIdentify(1, controller.signal);
    await Promise.resolve();
    controller.abort();
    await expect(turn).rejects.toThrow();
    expect(clock.waiting).toBe(0);
    expect(await waitFor(2)).toBe(5_000);
  });
});
