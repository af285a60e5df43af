import { describe, expect, it } from 'vitest';
import { backoffMs, retryWithBackoff } from '../../src/concurrency/backoff.ts';
import { createFakeClock } from '../support/fake-clock.ts';

describe('the pause after failures', () => {
  it('doubles with each failure up to the longest', () => {
    expect([1, 2, 3, 7, 5000].map((failures) => backoffMs(failures))).toEqual([
      1000, 2000, 4000, 60_000, 60_000,
    ]);
    expect(backoffMs(3, { firstMs: 5000, longestMs: 12_000 })).toBe(12_000);
  });

  it('is shortened by chance to half at most', () => {
    expect(backoffMs(1, { random: () => 0 })).toBe(500);
    expect(backoffMs(1, { random: () => 0.5 })).toBe(750);
  });
});

describe('trying again', () => {
  const scene = (failing: number) => {
    const clock = createFakeClock();
    const stopping = new AbortController();
    const waited: number[] = [];
    let tries = 0;
    const work = async (): Promise<string> => {
      tries += 1;
      if (tries <= failing) throw new Error(`try ${tries}`);
      return 'done';
    };
    const options = {
      ...{ clock, signal: stopping.signal, isTransient: () => true },
      onFailure: (_: unknown, waitMs: number) => {
        waited.push(waitMs);
        setImmediate(() => clock.advance(waitMs));
      },
    };
    return { work, options, waited, stopping };
  };

  it('goes on until it works, and tells how long it waits', async () => {
    const { work, options, waited } = scene(3);
    expect(await retryWithBackoff(work, options)).toBe('done');
    expect(waited).toEqual([1000, 2000, 4000]);
  });

  it('ends with an error that is not transient', async () => {
    const { work, options, waited } = scene(1);
    await expect(retryWithBackoff(work, { ...options, isTransient: () => false })).rejects.toThrow('try 1');
    expect(waited).toEqual([]);
  });

  it('ends as soon as the signal aborts', async () => {
    const { work, options, stopping } = scene(1);
    const ending = retryWithBackoff(work, { ...options, onFailure: () => stopping.abort() });
    await expect(ending).rejects.toMatchObject({ code: 'cancelled' });
  });
});
