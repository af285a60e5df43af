import { describe, expect, it } from 'vitest';
import type { ContestOutcome, EntryId, EntryState } from '../../../src/domain/contest/contest.ts';
import { type CountedVotes, countVotes, winnersAmong } from '../../../src/domain/contest/count-votes.ts';
import { createRandom } from '../../../src/domain/random.ts';

const entry = (
  number: number,
  changes: { readonly state?: EntryState; readonly user?: string; readonly photoOwner?: string } = {},
): CountedVotes['entries'][number] => {
  const { state = 'in', user = `entrant${number}`, photoOwner = user } = changes;
  return { id: `e${number}` as EntryId, number, state, user, photoOwner };
};

/** A letter for each voter and the numbers that they rank: `a 1 2 3`. */
const votes = (...ballots: readonly string[]): CountedVotes['ballots'] =>
  ballots.map((text) => {
    const [voter = '', ...numbers] = text.split(' ');
    return { voter, ranks: numbers.map((number) => `e${number}` as EntryId) };
  });

/** `place number points ranks` of each line of the table. */
const lines = ({ table }: ContestOutcome): readonly string[] =>
  table.map(({ place, number, points, ranks }) => `${place}. #${number} ${points} ${ranks.join('/')}`);

const count = (
  entries: CountedVotes['entries'],
  ballots: CountedVotes['ballots'],
  bans: CountedVotes['bans'] = [],
): ContestOutcome => countVotes({ entries, ballots, bans });

const three = [entry(1), entry(2), entry(3)];

describe('counting votes', () => {
  it('gives 3, 2 and 1 points for a first, second and third rank', () => {
    const outcome = count(three, votes('a 2 1 3', 'b 2 3', 'c 1'));
    expect(outcome).toMatchObject({ kind: 'winners', voters: 3 });
    expect(lines(outcome)).toEqual(['1. #2 6 2/0/0', '2. #1 5 1/1/0', '3. #3 3 0/1/1']);
  });

  it('puts more first ranks before equal points, then more second ranks', () => {
    const byFirst = count(three, votes('a 1', 'b 2 3', 'c 3 2', 'd 1 2'));
    // 2 has 3 + 2 + 2 = 7, 1 has 6, 3 has 5.
    expect(lines(byFirst)).toEqual(['1. #2 7 1/2/0', '2. #1 6 2/0/0', '3. #3 5 1/1/0']);
    const equalPoints = count([entry(1), entry(2), entry(3), entry(4)], votes('a 2', 'b 3 1', 'c 4 3 1'));
    // 1 and 2 have 3 points; 2 was ranked first once.
    expect(lines(equalPoints)).toEqual(['1. #3 5 1/1/0', '2. #2 3 1/0/0', '2. #4 3 1/0/0', '4. #1 3 0/1/1']);
    const equalFirsts = count([entry(1), entry(2), entry(3), entry(4)], votes('a 3 4 1', 'b 3 2', 'c 3 4 1'));
    // 1 and 2 have 2 points and no first rank; 2 was ranked second once.
    expect(lines(equalFirsts)).toEqual(['1. #3 9 3/0/0', '2. #4 4 0/2/0', '3. #2 2 0/1/0', '4. #1 2 0/0/2']);
  });

  it('lets equal scores share a place and leaves the next one out', () => {
    const outcome = count([...three, entry(4)], votes('a 1 2', 'b 1 3', 'c 1 4', 'd 2', 'e 3'));
    expect(lines(outcome)).toEqual(['1. #1 9 3/0/0', '2. #2 5 1/1/0', '2. #3 5 1/1/0', '4. #4 2 0/1/0']);
  });

  it('lets everybody win where all are equal', () => {
    const outcome = count(three, votes('a 1', 'b 2', 'c 3'));
    expect(outcome.table.map(({ place }) => place)).toEqual([1, 1, 1]);
  });

  it.each(['withdrawn', 'disqualified', 'rejected', 'waiting', 'rendering'] as const)(
    'leaves out an entry that is %s, and moves nobody up into its rank',
    (state) => {
      const outcome = count([entry(1, { state }), entry(2), entry(3)], votes('a 1 2 3', 'b 1 3', 'c 2'));
      expect(lines(outcome)).toEqual(['1. #2 5 1/1/0', '2. #3 3 0/1/1']);
      expect(outcome.voters).toBe(3);
    },
  );

  it('counts nobody as a voter whose ballot is empty or void', () => {
    const entries = [entry(1), entry(2, { state: 'withdrawn' })];
    const outcome = count(entries, votes('a 1', 'b 1', 'c 2', 'd', 'e 9'));
    expect(outcome).toMatchObject({ kind: 'too-few-voters', voters: 2 });
  });

  it('counts no vote of somebody who is banned', () => {
    const outcome = count(three, votes('a 1', 'b 1', 'c 1', 'cheat 3'), [{ user: 'cheat' }]);
    expect(outcome).toMatchObject({ voters: 3 });
    expect(lines(outcome)).toEqual(['1. #1 9 3/0/0', '2. #2 0 0/0/0', '2. #3 0 0/0/0']);
  });

  it('counts no vote for an entry or a photo of the voter', () => {
    const entries = [entry(1, { user: 'ann' }), entry(2, { user: 'bob', photoOwner: 'ann' }), entry(3)];
    const outcome = count(entries, votes('ann 1 2 3', 'bob 2 1', 'c 1', 'd 1'));
    expect(lines(outcome)).toEqual(['1. #1 8 2/1/0', '2. #3 1 0/0/1', '3. #2 0 0/0/0']);
  });

  it('has no winner where fewer than three voted, and tells nothing of how they did', () => {
    const outcome = count([entry(2), entry(1)], votes('a 2', 'b 2 1'));
    expect(outcome).toMatchObject({ kind: 'too-few-voters', voters: 2 });
    expect(lines(outcome)).toEqual(['0. #1 0 0/0/0', '0. #2 0 0/0/0']);
    expect(winnersAmong(outcome.table)).toEqual([]);
  });

  it('says that nobody entered where no entry can be voted for', () => {
    expect(count([], [])).toEqual({ kind: 'no-entries', voters: 0, table: [] });
    expect(count([entry(1, { state: 'withdrawn' })], votes('a 1', 'b 1', 'c 1'))).toEqual({
      kind: 'no-entries',
      voters: 0,
      table: [],
    });
  });

  it('calls winners those on the first three places who have a point', () => {
    const outcome = count([...three, entry(4), entry(5)], votes('a 1 2', 'b 1 3', 'c 1'));
    expect(winnersAmong(outcome.table).map(({ number }) => number)).toEqual([1, 2, 3]);
    const alone = count(three, votes('a 1', 'b 1', 'c 1'));
    expect(winnersAmong(alone.table).map(({ number }) => number)).toEqual([1]);
  });

  it.each(Array.from({ length: 40 }, (_, seed) => seed))(
    'is what counting by hand gives (seed %i)',
    (seed) => {
      const random = createRandom(seed);
      const below = (n: number): number => Math.floor(random.uniform() * n);
      const states = ['in', 'in', 'in', 'withdrawn', 'disqualified'] as const;
      const entries = Array.from({ length: 1 + below(7) }, (_, index) =>
        entry(index + 1, {
          state: states[below(5)] ?? 'in',
          user: `p${below(10)}`,
          photoOwner: `p${below(10)}`,
        }),
      );
      const ballots = Array.from({ length: below(14) }, (_, voter) => {
        const ranks = new Set(Array.from({ length: below(4) }, () => `e${1 + below(8)}` as EntryId));
        return { voter: `p${voter}`, ranks: [...ranks] };
      });
      const bans = Array.from({ length: below(3) }, () => ({ user: `p${below(14)}` }));

      const scores = entries
        .filter(({ state }) => state === 'in')
        .map(({ id, user, photoOwner, number }) => {
          const on = (rank: number): number =>
            ballots.filter(
              ({ voter, ranks }) =>
                ranks[rank] === id &&
                voter !== user &&
                voter !== photoOwner &&
                !bans.some((ban) => ban.user === voter),
            ).length;
          const [first, second, third] = [on(0), on(1), on(2)];
          // One number that orders as the rule does.
          const worth = (3 * first + 2 * second + third) * 1e6 + first * 1e3 + second;
          return { number, worth, ranks: [first, second, third], points: 3 * first + 2 * second + third };
        });
      const counted = ballots.filter(
        ({ voter, ranks }) =>
          !bans.some((ban) => ban.user === voter) &&
          ranks.some((id) =>
            entries.some(
              (each) =>
                each.id === id && each.state === 'in' && each.user !== voter && each.photoOwner !== voter,
            ),
          ),
      ).length;

      const outcome = countVotes({ entries, ballots, bans });
      expect(outcome.kind).toBe(
        scores.length === 0 ? 'no-entries' : counted < 3 ? 'too-few-voters' : 'winners',
      );
      expect(outcome.voters).toBe(scores.length === 0 ? 0 : counted);
      if (outcome.kind !== 'winners') return;
      expect(outcome.table).toHaveLength(scores.length);
      for (const { number, worth, ranks, points } of scores) {
        const place = 1 + scores.filter((other) => other.worth > worth).length;
        expect(outcome.table.find((line) => line.number === number)).toMatchObject({ place, ranks, points });
      }
      expect(outcome.table.map(({ place }) => place)).toEqual(
        outcome.table.map(({ place }) => place).toSorted((a, b) => a - b),
      );
    },
  );

  it('does not depend on the order of rows', () => {
    const ballots = votes('a 1 2 3', 'b 2 1', 'c 3 2', 'd 1');
    expect(count(three.toReversed(), ballots.toReversed())).toEqual(count(three, ballots));
  });
});
