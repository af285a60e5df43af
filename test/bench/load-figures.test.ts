import { describe, expect, it } from 'vitest';
import { largestDifference } from '../../bench/fair-starts.ts';
import { takenOf } from '../../bench/load-crowd.ts';
import { percentile } from '../../bench/load-requests.ts';
import { slopeOf } from '../../bench/memory-slope.ts';

describe('the figures of the load benchmark', () => {
  const starts = (servers: string) => [...servers].map((server, index) => ({ job: String(index), server }));
  const waiting = new Map([
    ['a', 3],
    ['b', 3],
    ['c', 1],
  ]);

  it('call turns fair, and a server that has nothing left no part of it', () => {
    expect(largestDifference(starts('abcabab'), waiting)).toBe(1);
  });

  it('see a server that was served twice in a row', () => {
    expect(largestDifference(starts('aabcbba'), waiting)).toBe(2);
  });

  it('count what the limits allow, of each person and each server', () => {
    const asks = (server: string, users: string) => [...users].map((user) => ({ user, server }));
    const limits = { perUser: 2, perServer: 5 };
    expect(takenOf(asks('one', 'aaaab'), limits)).toBe(3);
    expect(takenOf(asks('one', 'aabbccdd'), limits)).toBe(5);
    expect(takenOf([...asks('one', 'aaa'), ...asks('two', 'bbb')], limits)).toBe(4);
  });

  it('give the latency that a share of the requests kept', () => {
    const latencies = Array.from({ length: 100 }, (_, index) => index + 1);
    expect([0.5, 0.99, 1].map((share) => percentile(latencies, share))).toEqual([50, 99, 100]);
  });

  it('give the growth of memory over the last two thirds', () => {
    const samples = (bytes: (index: number) => number) =>
      Array.from({ length: 31 }, (_, index) => ({ atMs: 1000 * index, bytes: bytes(index) }));
    expect(slopeOf(samples(() => 100))).toBe(0);
    // From 100 to 120 in a line, with a mean of 110; what was before does not count.
    expect(slopeOf(samples((index) => (index < 10 ? 1 : 90 + index)))).toBeCloseTo(20 / 110);
  });
});
