import { describe, expect, it } from 'vitest';
import { isSameBallot, type RankChange, withRank } from '../../../src/domain/contest/ballot.ts';
import { type Ballot, type EntryId, mostRanks } from '../../../src/domain/contest/contest.ts';
import { createRandom } from '../../../src/domain/random.ts';

const ids = (text: string): Ballot => [...text] as unknown as Ballot;

/** The ballot `before`, one letter an entry, once `entry` is put on `rank`. */
const ranked = (before: string, change: string, gone = ''): string => {
  const [entry = '', rank = ''] = change;
  return withRank(ids(before), {
    entry: entry as EntryId,
    rank: Number(rank) as RankChange['rank'],
    canBeRanked: (id) => !gone.includes(id),
  }).join('');
};

describe('a ballot', () => {
  it('takes an entry on a rank that is free', () => {
    expect([ranked('', 'a1'), ranked('a', 'b2'), ranked('ab', 'c3')]).toEqual(['a', 'ab', 'abc']);
  });

  it('has no free rank above another one', () => {
    expect([ranked('', 'a3'), ranked('a', 'b3'), ranked('abc', 'a0')]).toEqual(['a', 'ab', 'bc']);
  });

  it('gives up what stood on a rank for an entry that had none, where no rank under it is free', () => {
    expect([ranked('abc', 'd1'), ranked('abc', 'd2'), ranked('ab', 'c2')]).toEqual(['dbc', 'adc', 'acb']);
  });

  it('loses nothing of somebody who fills it from the last rank up, or in any order', () => {
    const orders = ['c3 b2 a1', 'c3 a1 b2', 'b2 c3 a1', 'b2 a1 c3', 'a1 c3 b2', 'a1 b2 c3'];
    const filled = orders.map((order) =>
      order.split(' ').reduce((ballot, change) => ranked(ballot, change), ''),
    );
    expect(filled.map((ballot) => [...ballot].toSorted().join(''))).toEqual(orders.map(() => 'abc'));
    expect(filled[0]).toBe('abc');
  });

  it('swaps two entries that it ranks', () => {
    expect([ranked('abc', 'c1'), ranked('abc', 'a2'), ranked('ab', 'b1')]).toEqual(['cba', 'bac', 'ba']);
  });

  it('stays as it is where an entry is put on its own rank, or one that it does not rank is taken off', () => {
    expect([ranked('abc', 'b2'), ranked('ab', 'c0'), ranked('', 'a0')]).toEqual(['abc', 'ab', '']);
  });

  it('gives up an entry that cannot be voted for any more once it is changed, and puts the new one where it was told', () => {
    expect([ranked('abc', 'd1', 'a'), ranked('abc', 'd3', 'a'), ranked('ab', 'b0', 'a')]).toEqual([
      'dbc',
      'bd',
      '',
    ]);
  });

  it('ranks each entry once and at most three, whatever is done to it', () => {
    const random = createRandom(5);
    let ballot = '';
    for (let click = 0; click < 2000; click++) {
      const letter = 'abcdef'[Math.floor(random.uniform() * 6)] ?? 'a';
      const rank = Math.floor(random.uniform() * 4);
      ballot = ranked(ballot, `${letter}${rank}`);
      expect(new Set(ballot).size).toBe(ballot.length);
      expect(ballot.length).toBeLessThanOrEqual(mostRanks);
      expect(ballot.includes(letter)).toBe(rank > 0);
    }
  });

  it('is the same as another one that ranks the same entries in the same order', () => {
    expect(isSameBallot(ids('ab'), ids('ab'))).toBe(true);
    expect([isSameBallot(ids('ab'), ids('ba')), isSameBallot(ids('ab'), ids('a'))]).toEqual([false, false]);
  });
});
