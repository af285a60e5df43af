import { beforeEach, describe, expect, it } from 'vitest';
import type { Ballot, CastBallot, ContestId, Entry, EntryId } from '../../src/domain/contest/contest.ts';
import { contestPhases } from '../../src/domain/contest/phase.ts';
import type { Contests } from '../../src/ports/contests.ts';
import type { Store } from '../../src/ports/store.ts';
import { contestIn, enterFilm, moveContest, newContest } from '../support/contests.ts';
import { originOf } from '../support/jobs.ts';

/** What every store does with votes, and with what else people do in a contest; part of its contract. */
export const describeBallots = (opened: () => Store): void => {
  describe('a ballot', () => {
    let store: Store;
    let contests: Contests;
    let contest: ContestId;
    let entries: readonly Entry[];
    beforeEach(async () => {
      store = opened();
      contests = store.contests;
      contest = (await contestIn(contests, 'entering')).id;
      entries = [
        await enterFilm(store, contest, { user: 'ann' }),
        await enterFilm(store, contest, { user: 'bob', photoOwner: 'dan' }),
        await enterFilm(store, contest, { user: 'cid' }),
        await enterFilm(store, contest, { user: 'eve' }),
      ];
      await moveContest(contests, contest, 'voting');
    });

    /** Entries by their numbers. */
    const ranked = (...numbers: readonly number[]): Ballot =>
      numbers.map((number) => entries[number - 1]?.id ?? ('none' as EntryId));
    const cast = (voter: string, ranks: Ballot, changes: Partial<CastBallot> = {}) =>
      contests.vote(contest, { voter, voterName: voter.toUpperCase(), ranks, doubts: [], ...changes });

    it('takes the place of the one before as a whole', async () => {
      expect(await cast('fay', ranked(1, 2, 3))).toEqual({ kind: 'cast', changes: 0 });
      expect(await cast('fay', ranked(1, 2, 3))).toEqual({ kind: 'cast', changes: 0 });
      expect(await cast('fay', ranked(3, 1), { voterName: 'Fay', doubts: ['young-account'] })).toEqual({
        kind: 'cast',
        changes: 1,
      });
      await cast('gus', ranked(4));
      expect(await contests.ballotOf(contest, 'fay')).toEqual(ranked(3, 1));
      expect(await contests.ballots(contest)).toEqual([
        { voter: 'fay', voterName: 'Fay', ranks: ranked(3, 1), doubts: ['young-account'], changes: 1 },
        { voter: 'gus', voterName: 'GUS', ranks: ranked(4), doubts: [], changes: 0 },
      ]);
      expect(await contests.voters(contest)).toBe(2);
    });

    it('is taken back by an empty one, which is a change', async () => {
      expect(await cast('fay', [])).toEqual({ kind: 'cast', changes: 0 });
      await cast('fay', ranked(1));
      expect(await cast('fay', [])).toEqual({ kind: 'cast', changes: 1 });
      expect(await contests.ballotOf(contest, 'fay')).toEqual([]);
      expect(await contests.ballots(contest)).toEqual([]);
      expect(await contests.voters(contest)).toBe(0);
      expect(await cast('fay', ranked(1))).toEqual({ kind: 'cast', changes: 2 });
    });

    it('is a single one, however many of a voter come at once', async () => {
      const ballots = Array.from({ length: 20 }, (_, index) =>
        index % 2 ? ranked(1, 2, 3) : ranked(3, 2, 1),
      );
      const answers = await Promise.all(ballots.map((ranks) => cast('fay', ranks)));
      expect(answers.every(({ kind }) => kind === 'cast')).toBe(true);
      expect(await contests.voters(contest)).toBe(1);
      const [kept, ...more] = await contests.ballots(contest);
      expect(more).toEqual([]);
      expect([ranked(1, 2, 3), ranked(3, 2, 1)]).toContainEqual(kept?.ranks);
    });

    it('is refused for an entry or a photo of the voter’s own, and leaves the one before', async () => {
      await cast('dan', ranked(1));
      for (const [voter, ranks] of [
        ['ann', ranked(2, 1)],
        ['bob', ranked(2)],
        ['dan', ranked(1, 2)],
      ] as const) {
        expect(await cast(voter, ranks)).toEqual({ kind: 'own' });
      }
      expect(await contests.ballotOf(contest, 'dan')).toEqual(ranked(1));
      expect(await contests.voters(contest)).toBe(1);
    });

    it('is refused for what is not in the contest', async () => {
      const elsewhere = await contestIn(
        contests,
        'entering',
        newContest({ origin: originOf('attic', 'host') }),
      );
      const other = await enterFilm(store, elsewhere.id, { user: 'ann' });
      await contests.moveEntry(entries[0]!.id, 'in', 'disqualified');
      await contests.moveEntry(entries[1]!.id, 'in', 'withdrawn');
      for (const ranks of [[other.id], ['none' as EntryId], ranked(1), ranked(3, 2)]) {
        expect(await cast('fay', ranks)).toEqual({ kind: 'not-in' });
      }
      expect(await contests.ballots(contest)).toEqual([]);
    });

    it('is refused to who is banned', async () => {
      await contests.ban(contest, { user: 'fay', reason: 'a second account' });
      expect(await cast('fay', ranked(1))).toEqual({ kind: 'banned' });
      expect(await cast('gus', ranked(1))).toMatchObject({ kind: 'cast' });
    });

    it.each(contestPhases.filter((phase) => phase !== 'voting'))('is refused in phase %s', async (phase) => {
      const origin = originOf('kitchen', 'host');
      const { id } = await contestIn(contests, phase, newContest({ origin }));
      const ballot = { voter: 'fay', voterName: 'Fay', ranks: [], doubts: [] };
      expect(await contests.vote(id, ballot)).toEqual({ kind: 'not-voting' });
    });

    it.each([
      ['twice the same entry', [1, 1]],
      ['four ranks', [1, 2, 3, 4]],
    ])('is never stored with %s', async (_, numbers) => {
      await cast('fay', ranked(2));
      await expect(cast('fay', ranked(...numbers))).rejects.toMatchObject({ code: 'internal' });
      expect(await contests.ballotOf(contest, 'fay')).toEqual(ranked(2));
    });

    it('keeps its ranks where an entry is withdrawn afterwards', async () => {
      await cast('fay', ranked(1, 2, 3));
      await contests.moveEntry(entries[0]!.id, 'in', 'withdrawn');
      expect(await contests.ballotOf(contest, 'fay')).toEqual(ranked(1, 2, 3));
    });

    it('is counted if it was taken, also where voting ends at the same time', async () => {
      const { version } = (await contests.get(contest))!;
      const voters = Array.from({ length: 12 }, (_, index) => `voter-${index}`);
      const votes = voters.map(
        (voter, index) => async () => (await cast(voter, ranked((index % 4) + 1))).kind,
      );
      const close = () =>
        contests.closeVoting(contest, version, ({ ballots, entries: all, bans }) => ({
          kind: 'winners',
          voters: ballots.length + bans.length,
          table: all.map(({ id: entry, number }) => ({
            ...{ entry, number, place: number, points: 0 },
            ranks: [0, 0, 0] as const,
          })),
        }));
      const before = votes.slice(0, 6).map((vote) => vote());
      const closing = close();
      const kinds = await Promise.all([...before, ...votes.slice(6).map((vote) => vote())]);
      const closed = await closing;
      const taken = kinds.filter((kind) => kind === 'cast').length;
      expect(new Set(kinds)).toEqual(new Set(['cast', 'not-voting']));
      expect(closed).toMatchObject({ phase: 'closed', version: version + 1, outcome: { voters: taken } });
      expect(closed?.outcome?.table.map(({ entry }) => entry)).toEqual(ranked(1, 2, 3, 4));
      expect(await contests.voters(contest)).toBe(taken);
      expect(await cast('late', ranked(1))).toEqual({ kind: 'not-voting' });
      expect(await close()).toBeUndefined();
    });
  });

  describe('somebody in a contest', () => {
    let contests: Contests;
    let contest: ContestId;
    beforeEach(async () => {
      contests = opened().contests;
      contest = (await contestIn(contests, 'entering')).id;
    });

    it('is banned once, for the last reason, until the ban is lifted', async () => {
      await contests.ban(contest, { user: 'bob', reason: 'spam' });
      await contests.ban(contest, { user: 'ann', reason: 'rude' });
      await contests.ban(contest, { user: 'bob', reason: 'votes twice' });
      await contests.ban(contest, { user: 'eve', reason: 'by mistake' });
      await contests.unban(contest, 'eve');
      await contests.unban(contest, 'nobody');
      expect(await contests.bans(contest)).toEqual([
        { user: 'ann', reason: 'rude' },
        { user: 'bob', reason: 'votes twice' },
      ]);
      expect(await contests.bans('other' as ContestId)).toEqual([]);
    });

    it('follows it until they do not, under the last name', async () => {
      await contests.follow(contest, { user: 'bob', name: 'Bob' }, true);
      await contests.follow(contest, { user: 'bob', name: 'Bobby' }, true);
      await contests.follow(contest, { user: 'ann', name: 'Ann' }, true);
      expect(await contests.followers(contest)).toEqual([
        { user: 'ann', name: 'Ann' },
        { user: 'bob', name: 'Bobby' },
      ]);
      await contests.follow(contest, { user: 'ann', name: 'Ann' }, false);
      expect(await contests.isFollowing(contest, 'ann')).toBe(false);
      expect(await contests.isFollowing(contest, 'bob')).toBe(true);
      expect(await contests.isFollowing('other' as ContestId, 'bob')).toBe(false);
    });

    it('takes part by each thing that they do there, and on no other platform', async () => {
      const store = opened();
      const { id: entry } = await enterFilm(store, contest, { user: 'ann', photoOwner: 'owner' });
      await moveContest(contests, contest, 'voting');
      await contests.vote(contest, { voter: 'voter', voterName: 'V', ranks: [entry], doubts: [] });
      await contests.ban(contest, { user: 'banned', reason: 'spam' });
      await contests.report(contest, { entry, reporter: 'reporter', reason: 'rude' });
      await contests.follow(contest, { user: 'follower', name: 'F' }, true);
      const of = (user: string, platform = 'web') =>
        contests.ofPerson({ platform, server: 'elsewhere', user });
      for (const user of ['host', 'ann', 'owner', 'voter', 'banned', 'reporter', 'follower']) {
        expect(await of(user), user).toEqual([contest]);
        expect(await of(user, 'slack')).toEqual([]);
      }
      expect(await of('somebody')).toEqual([]);
    });
  });
};
