import { beforeEach, describe, expect, it } from 'vitest';
import type { ContestId, EntryId } from '../../src/domain/contest/contest.ts';
import type { Contests } from '../../src/ports/contests.ts';
import type { Store } from '../../src/ports/store.ts';
import { contestIn, enterFilm, moveContest, newContest } from '../support/contests.ts';
import type { FakeClock } from '../support/fake-clock.ts';
import { originOf } from '../support/jobs.ts';

/** What every store does with contests; part of its contract. */
export const describeContests = (
  opened: () => { readonly store: Store; readonly clock: FakeClock },
): void => {
  describe('a contest', () => {
    let contests: Contests;
    let clock: FakeClock;
    beforeEach(() => {
      clock = opened().clock;
      contests = opened().store.contests;
    });

    it('is written as it was handed in, as a draft', async () => {
      const { event, ...contest } = newContest();
      const written = {
        ...contest,
        sequence: 1,
        phase: 'draft',
        phaseSince: clock.wallTime(),
        version: 1,
        round: 1,
        outcome: null,
        reel: null,
        poster: null,
        exportedAt: null,
        createdAt: clock.wallTime(),
        finishedAt: null,
      };
      expect(await contests.insert({ ...contest, event })).toEqual({ kind: 'inserted', contest: written });
      expect(await contests.get(contest.id)).toEqual(written);
      expect(await contests.get('other' as ContestId)).toBeUndefined();
    });

    it('is the only one of its server while it is open', async () => {
      const first = await contestIn(contests, 'entering');
      expect(await contests.insert(newContest())).toEqual({ kind: 'another', contest: first });
      expect(await contests.openIn('web', 'room')).toEqual(first);
      await contests.update(first.id, first.version, { phase: 'cancelled' });
      expect(await contests.openIn('web', 'room')).toBeUndefined();
      expect(await contests.insert(newContest())).toMatchObject({ kind: 'inserted' });
    });

    it('takes a ballot in place of the one before, and counts what was cast until the end', async () => {
      const { store } = opened();
      const { id } = await contestIn(contests, 'entering');
      const [first, second] = [
        await enterFilm(store, id, { user: 'ann' }),
        await enterFilm(store, id, { user: 'bob' }),
      ];
      await moveContest(contests, id, 'voting');
      const cast = (ranks: readonly EntryId[]) =>
        contests.vote(id, { voter: 'cid', voterName: 'Cid', ranks, doubts: ['young-account'] });
      expect(await cast([first.id, second.id])).toEqual({ kind: 'cast', changes: 0 });
      expect(await cast([first.id, second.id])).toEqual({ kind: 'cast', changes: 0 });
      expect(await cast([second.id, first.id])).toEqual({ kind: 'cast', changes: 1 });
      expect(await contests.ballotOf(id, 'cid')).toEqual([second.id, first.id]);
      expect(await contests.ballots(id)).toEqual([
        {
          voter: 'cid',
          voterName: 'Cid',
          ranks: [second.id, first.id],
          doubts: ['young-account'],
          changes: 1,
        },
      ]);
      expect(await contests.voters(id)).toBe(1);
      expect(await cast([])).toEqual({ kind: 'cast', changes: 2 });
      expect(await contests.voters(id)).toBe(0);
      expect(await contests.ballots(id)).toEqual([]);
    });

    it('notes a report once for each person, and only of its own entries', async () => {
      const { store } = opened();
      const { id } = await contestIn(contests, 'entering');
      const { id: entry } = await enterFilm(store, id);
      const report = { entry, reporter: 'bob', reason: 'not a cat' };
      expect(await contests.report(id, report)).toBe(true);
      expect(await contests.report(id, { ...report, reason: 'again' })).toBe(false);
      expect(await contests.report('other' as ContestId, { ...report, reporter: 'cid' })).toBe(false);
      expect(await contests.reports(id)).toEqual([{ ...report, createdAt: clock.wallTime() }]);
      expect(await contests.ofPerson(originOf('attic', 'bob'))).toEqual([id]);
      expect(await contests.ofPerson(originOf('attic', 'cid'))).toEqual([]);
    });
  });
};
