import { describe, expect, it } from 'vitest';
import type { EntryId } from '../../../src/domain/contest/contest.ts';
import { codeOf, someone } from '../../support/app-world.ts';
import { createContestStage, viewed } from '../../support/contest-stage.ts';

type Options = Parameters<typeof createContestStage>[0];

/** A contest that people vote in, with one entry of each of these. */
const createVote = async (entrants: readonly string[], options: Options = {}) => {
  const stage = await createContestStage(options);
  const entries: EntryId[] = [];
  for (const user of entrants) entries.push(await stage.enter(user));
  await stage.moveTo('voting');
  const rank = async (
    voter: string,
    entry: EntryId | undefined,
    to: 0 | 1 | 2 | 3,
    facts: Parameters<typeof stage.person>[1] = {},
  ) =>
    viewed(
      await stage.take({ kind: 'rank', entry: entry!, rank: to, page: 0 }, stage.person(voter, facts)),
      'ballot',
    );
  const ballotOf = async (voter: string): Promise<readonly number[]> =>
    (await stage.store.contests.ballotOf(stage.id, voter)).map((id) => entries.indexOf(id) + 1);
  return { ...stage, entries, rank, ballotOf };
};

describe('ranking an entry', () => {
  it('is seen at once, can be changed and taken back', async () => {
    const { entries, rank, ballotOf } = await createVote(['ann', 'bob', 'cem']);
    expect(await rank('zoe', entries[0], 1)).toMatchObject({ ranks: [1, null, null], isChanged: true });
    expect(await rank('zoe', entries[1], 2)).toMatchObject({ ranks: [1, 2, null] });
    expect(await rank('zoe', entries[1], 1)).toMatchObject({ ranks: [2, 1, null] });
    expect(await rank('zoe', entries[1], 1)).toMatchObject({ ranks: [2, 1, null], isChanged: false });
    expect(await rank('zoe', entries[2], 1)).toMatchObject({ ranks: [3, 1, 2] });
    expect(await rank('zoe', entries[2], 0)).toMatchObject({ ranks: [1, 2, null] });
    expect(await ballotOf('zoe')).toEqual([1, 2]);
  });

  it('tells how many have voted, and nobody what for', async () => {
    const { entries, rank, person, take } = await createVote(['ann', 'bob']);
    await rank('zoe', entries[0], 1);
    const view = await rank('yan', entries[1], 1);
    expect(view.facts.voters).toBe(2);
    expect(JSON.stringify(view)).not.toMatch(/points|zoe/);
    for (const user of ['ann', 'mod', 'host']) {
      const status = await take({ kind: 'status' }, person(user));
      expect(JSON.stringify(status)).not.toMatch(/points|place/);
    }
  });

  it('is refused for an entry or a photo of one’s own', async () => {
    const { film, contests, take, person, moveTo } = await createContestStage();
    const render = await film('ann', { photoOwner: { ...someone, user: 'dora' } });
    const { entry } = viewed(await contests.enter(render, person('ann')), 'entered');
    await moveTo('voting');
    const vote = (user: string) =>
      codeOf(take({ kind: 'rank', entry: entry.id, rank: 1, page: 0 }, person(user)));
    expect([await vote('dora'), await vote('ann'), await vote('eli')]).toEqual([
      'contest-own-vote',
      'contest-own-vote',
      'none',
    ]);
  });

  it('is refused for what is no entry of that contest that is in', async () => {
    const { entries, rank, take, person } = await createVote(['ann', 'bob']);
    await take({ kind: 'withdraw', entry: entries[0]! }, person('ann'));
    expect(await codeOf(rank('zoe', entries[0], 1))).toBe('contest-not-in');
    expect(await codeOf(rank('zoe', 'nothing' as EntryId, 1))).toBe('contest-not-in');
  });

  it('is over with the vote, and not begun before it', async () => {
    const { enter, take, person, moveTo } = await createContestStage();
    const entry = await enter('ann');
    const vote = () => codeOf(take({ kind: 'rank', entry, rank: 1, page: 0 }, person('zoe')));
    expect(await vote()).toBe('contest-phase');
    await moveTo('voting');
    expect(await vote()).toBe('none');
    await moveTo('closed');
    expect(await vote()).toBe('contest-phase');
  });

  it('is for those only who were there when voting opened, with accounts that are old enough', async () => {
    const { entries, rank, start, dayMs, world } = await createVote(['ann']);
    const why = async (facts: Parameters<typeof rank>[3]) => {
      try {
        await rank('zoe', entries[0], 1, facts);
      } catch (error) {
        return (error as { readonly data: { readonly reason: string } }).data.reason;
      }
      return null;
    };
    world.storeClock.advance(2000);
    expect(await why({ memberSince: start + 1000 })).toBe('late');
    expect(await why({ accountSince: start - 2 * dayMs })).toBe('account');
    expect(await why({ isOutsider: true })).toBe('outsider');
    expect(await why({ accountSince: null, memberSince: null })).toBeNull();
  });

  it('gives an entry up that was withdrawn once the ballot is changed, and leaves it void until then', async () => {
    const { entries, rank, take, person, ballotOf } = await createVote(['ann', 'bob', 'cem']);
    await rank('zoe', entries[0], 1);
    await rank('zoe', entries[1], 2);
    await take({ kind: 'withdraw', entry: entries[0]! }, person('ann'));
    const seen = viewed(await take({ kind: 'ballot', page: 0 }, person('zoe')), 'ballot');
    expect(seen.ranks).toEqual([null, 2, null]);
    expect(await ballotOf('zoe')).toEqual([1, 2]);
    expect((await rank('zoe', entries[2], 1)).ranks).toEqual([3, 2, null]);
  });

  it('leaves one legal ballot after twenty clicks at once', async () => {
    const { entries, rank, ballotOf, store, id } = await createVote(['ann', 'bob', 'cem', 'dan']);
    const clicks = Array.from({ length: 20 }, (_, click) =>
      rank('zoe', entries[click % 4], ((click % 3) + 1) as 1 | 2 | 3),
    );
    await Promise.all(clicks);
    const ballot = await ballotOf('zoe');
    expect(ballot).toHaveLength(3);
    expect(new Set(ballot).size).toBe(3);
    expect(await store.contests.voters(id)).toBe(1);
    // As if they had come one after another: the last one counts.
    expect(ballot[1]).toBe(4);
  });

  it('survives that entries are withdrawn at the same moment', async () => {
    const { entries, rank, take, person, ballotOf } = await createVote(['ann', 'bob', 'cem']);
    await rank('zoe', entries[0], 1);
    await Promise.all([
      rank('zoe', entries[1], 2),
      take({ kind: 'withdraw', entry: entries[0]! }, person('ann')),
      rank('zoe', entries[2], 3),
    ]);
    const ballot = await ballotOf('zoe');
    expect(ballot).toContain(2);
    expect(ballot).toContain(3);
  });
});

describe('the pages of a ballot', () => {
  const entrants = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'];

  it('show every entry once, with its film, in an order of each voter’s own that stays', async () => {
    const { take, person, contests, id } = await createVote(entrants);
    const pageOf = async (user: string, page: number) =>
      viewed(await take({ kind: 'ballot', page }, person(user)), 'ballot');
    const orderOf = async (user: string) => {
      const pages = [await pageOf(user, 0), await pageOf(user, 1), await pageOf(user, 2)];
      expect(pages.map(({ entries }) => entries.length)).toEqual([4, 4, 1]);
      expect(pages.every(({ entries }) => entries.every(({ picture }) => picture !== null))).toBe(true);
      const order = pages.flatMap(({ entries }) => entries.map(({ number }) => number));
      expect(pages[0]?.all.map(({ number }) => number)).toEqual(order);
      const whole = viewed(await contests.ballot(id, person(user)), 'ballot');
      expect(whole).toMatchObject({ page: 0, pages: 1, entries: order.map((number) => ({ number })) });
      return order;
    };
    const zoe = await orderOf('zoe');
    expect(zoe.toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(await orderOf('zoe')).toEqual(zoe);
    expect(await orderOf('yan')).not.toEqual(zoe);
    expect(await pageOf('zoe', 99)).toMatchObject({ page: 2, pages: 3 });
  });

  it('say which entries are one’s own, and of none other whose it is', async () => {
    const { take, person } = await createVote(['ann', 'bob']);
    const { entries } = viewed(await take({ kind: 'ballot', page: 0 }, person('ann')), 'ballot');
    const own = entries.find(({ isOwn }) => isOwn);
    const other = entries.find(({ isOwn }) => !isOwn);
    expect(own).toMatchObject({ number: 1, by: { user: 'ann', name: 'Name of ann' } });
    expect(other).toMatchObject({ number: 2, by: null });
    expect(JSON.stringify(other)).not.toMatch(/bob|cat\.jpg/);
  });

  it('say whose entries are whose where the contest is not anonymous', async () => {
    const { take, person } = await createVote(['ann', 'bob'], { rules: { isAnonymous: false } });
    const { entries } = viewed(await take({ kind: 'ballot', page: 0 }, person('zoe')), 'ballot');
    expect(entries.map(({ by }) => by?.user).toSorted()).toEqual(['ann', 'bob']);
  });

  it('are one empty page where every entry is gone', async () => {
    const { entries, take, person } = await createVote(['ann']);
    await take({ kind: 'withdraw', entry: entries[0]! }, person('ann'));
    const view = viewed(await take({ kind: 'ballot', page: 0 }, person('zoe')), 'ballot');
    expect(view).toMatchObject({ entries: [], all: [], page: 0, pages: 1, ranks: [null, null, null] });
  });
});

describe('doubts about a vote', () => {
  it('are kept with it and shown to moderators, and it counts', async () => {
    const { entries, rank, take, person, start, dayMs, store, id } = await createVote(['ann', 'bob']);
    await rank('zoe', entries[0], 1, { accountSince: start - 20 * dayMs });
    await rank('yan', entries[0], 1);
    for (let click = 0; click < 12; click++) await rank('yan', entries[click % 2], 1);
    await rank('xia', entries[0], 1);
    const { doubts } = viewed(await take({ kind: 'review', position: 0 }, person('mod')), 'review');
    expect(doubts).toEqual([
      { voter: { user: 'yan', name: 'Name of yan' }, doubts: ['many-changes'] },
      { voter: { user: 'zoe', name: 'Name of zoe' }, doubts: ['young-account'] },
    ]);
    expect(await store.contests.voters(id)).toBe(3);
  });
});
