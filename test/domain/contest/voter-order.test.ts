import { describe, expect, it } from 'vitest';
import type { ContestId, EntryId } from '../../../src/domain/contest/contest.ts';
import { inVoterOrder } from '../../../src/domain/contest/voter-order.ts';

const contest = 'aBcDeFgHiJk' as ContestId;
const entries = Array.from({ length: 12 }, (_, index) => ({ id: `entry-${index}` as EntryId }));
const order = (voter: string, of = entries): readonly string[] =>
  inVoterOrder(of, { contest, voter }).map(({ id }) => id);

describe('the order of entries for a voter', () => {
  it('has every entry once, and is the same each time, in whichever order the rows come', () => {
    expect(order('ann').toSorted()).toEqual(entries.map(({ id }) => id).toSorted());
    expect(order('ann', entries.toReversed())).toEqual(order('ann'));
  });

  it('is another one for another voter and in another contest', () => {
    expect(order('bob')).not.toEqual(order('ann'));
    expect(inVoterOrder(entries, { contest: 'another' as ContestId, voter: 'ann' })).not.toEqual(
      inVoterOrder(entries, { contest, voter: 'ann' }),
    );
  });

  it('leaves the other entries in their order where one goes', () => {
    const gone = entries[5]!.id;
    const left = entries.filter(({ id }) => id !== gone);
    expect(order('ann', left)).toEqual(order('ann').filter((id) => id !== gone));
  });

  it('puts each entry on each place about equally often', () => {
    const voters = 6000;
    const counts = new Map<string, number>();
    for (let voter = 0; voter < voters; voter++) {
      for (const [place, id] of order(String(100_000_000_000_000_000n + BigInt(voter))).entries()) {
        counts.set(`${id} ${place}`, (counts.get(`${id} ${place}`) ?? 0) + 1);
      }
    }
    const expected = voters / entries.length;
    const chiSquare = [...counts.values()].reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0);
    expect(counts.size).toBe(144);
    // 121 degrees of freedom: 173.6 is passed once in a thousand times.
    expect(chiSquare).toBeLessThan(173.6);
  });

  it('puts each entry before each other one about equally often', () => {
    const voters = 4000;
    const before = Array.from({ length: voters }, (_, voter) => order(`U${voter.toString(36)}`));
    for (const [i, a] of entries.entries()) {
      for (const b of entries.slice(i + 1)) {
        const times = before.filter((ids) => ids.indexOf(a.id) < ids.indexOf(b.id)).length;
        // Five standard deviations.
        expect(Math.abs(times / voters - 0.5)).toBeLessThan(5 * Math.sqrt(0.25 / voters));
      }
    }
  });
});
