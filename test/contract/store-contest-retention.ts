import { describe, expect, it } from 'vitest';
import {
  type ContestOutcome,
  contestDays,
  contestSubject,
  type Entry,
  entryStates,
  entrySubject,
} from '../../src/domain/contest/contest.ts';
import { messageKey } from '../../src/domain/subject.ts';
import type { Store } from '../../src/ports/store.ts';
import { contestIn, enterFilm, entryIn, moveContest } from '../support/contests.ts';
import type { FakeClock } from '../support/fake-clock.ts';
import { blobNamed, jobIn, newJob } from '../support/jobs.ts';

const dayMs = 24 * 60 * 60 * 1000;

/** How long contests are kept, and what they keep; part of the contract of every store. */
export const describeContestRetention = (
  opened: () => { readonly store: Store; readonly clock: FakeClock },
): void => {
  describe('retention of contests', () => {
    const [photo, film, still, poster, reelFilm] = ['a', 'b', 'c', 'd', 'e'].map(blobNamed);
    const all = { after: 0, limit: 100, before: null } as const;
    const files = async () => {
      const { films, photos } = opened().store.retention;
      return [...(await films(all)).blobs, ...(await photos(all)).blobs];
    };
    const wait = async (days: number): Promise<void> => {
      opened().clock.advance(days * dayMs);
      await opened().store.retention.passTime();
    };
    const removeRows = async () => {
      const { retention } = opened().store;
      return await retention.removeRows({ before: (await retention.passTime()).now + 1, limit: 100 });
    };
    const withFiles = async (entry: Entry): Promise<Entry> => {
      await opened().store.jobs.update(entry.render, {
        ...(photo && film && still && { photo, result: film, poster: still }),
      });
      return entry;
    };
    const outcomeOf = (entries: readonly Entry[]): ContestOutcome => ({
      kind: 'winners',
      voters: 5,
      table: entries.map(({ id: entry, number }, index) => ({
        ...{ entry, number, place: index + 1, points: 9 - index },
        ranks: [1, 0, 0] as const,
      })),
    });

    it.each(entryStates)('keeps the files of an entry, or not, that is %s', async (state) => {
      const { store } = opened();
      const { id } = await contestIn(store.contests, 'entering');
      await withFiles(await entryIn(store, id, state));
      const goes = state === 'withdrawn' || state === 'rejected';
      expect(await files()).toEqual(goes ? [film, still, photo] : []);
      const uses = [...(await store.retention.uses([photo!, film!, still!])).values()];
      expect(uses).toEqual(goes ? ['photo', 'film', 'film'] : ['needed', 'needed', 'needed']);
    });

    it('lets nobody take a file out of an entry, also where another render has it', async () => {
      const { store } = opened();
      const { id } = await contestIn(store.contests, 'entering');
      const { render } = await withFiles(await enterFilm(store, id));
      const other = await jobIn(store, 'done', newJob());
      await store.jobs.update(other, { photo: photo! });
      expect(await store.retention.forget(photo!)).toEqual({ isFree: false, films: [], previews: [] });
      expect(await store.jobs.get(render)).toMatchObject({ photo });
      expect(await store.jobs.get(other)).toMatchObject({ photo: null });
    });

    it('keeps nothing for a contest that is cancelled', async () => {
      const { store } = opened();
      const { id } = await contestIn(store.contests, 'entering');
      await withFiles(await enterFilm(store, id));
      await moveContest(store.contests, id, 'cancelled');
      expect(await files()).toEqual([film, still, photo]);
    });

    const finished = async () => {
      const { store } = opened();
      const { id } = await contestIn(store.contests, 'entering');
      const entries = [await withFiles(await enterFilm(store, id))];
      for (const user of ['bob', 'cid', 'dan']) entries.push(await enterFilm(store, id, { user }));
      await moveContest(store.contests, id, 'voting');
      const ballot = { voter: 'eve', voterName: 'Eve', ranks: [entries[0]!.id], doubts: [] };
      await store.contests.vote(id, ballot);
      const reel = await jobIn(store, 'done', newJob());
      await store.jobs.update(reel, { result: reelFilm! });
      const { version } = (await store.contests.get(id))!;
      const outcome = outcomeOf(entries);
      const end = { phase: 'closed', outcome, reel, poster: poster! } as const;
      const contest = await store.contests.update(id, version, end);
      return { id, entries, contest: contest! };
    };

    it('keeps the files of a closed one for a year', async () => {
      await finished();
      expect(await files()).toEqual([]);
      await wait(contestDays - 1);
      expect(await files()).toEqual([]);
      await wait(2);
      expect(await files()).toEqual([film, still, reelFilm, photo]);
    });

    it('keeps only the poster of one whose files were exported', async () => {
      const { store } = opened();
      const { id, contest } = await finished();
      await store.contests.update(id, contest.version, { exportedAt: 5 });
      expect(await files()).toEqual([film, still, reelFilm, photo]);
      expect(await store.retention.uses([poster!])).toEqual(new Map([[poster, 'needed']]));
    });

    it('keeps the rows of entries and of the reel as long as their files', async () => {
      const { store } = opened();
      const { contest, entries } = await finished();
      const other = await jobIn(store, 'done', newJob());
      await store.jobs.update(contest.reel!, { result: null });
      expect(await removeRows()).toMatchObject({ renders: 1, contests: 0 });
      expect(await store.jobs.get(other)).toBeUndefined();
      for (const id of [contest.reel!, ...entries.map(({ render }) => render)]) {
        expect(await store.jobs.get(id)).toBeDefined();
      }
    });

    it('leaves of an old one with winners what the hall of fame tells, once', async () => {
      const { store } = opened();
      const { contests, outbox, calendar } = store;
      const { id, entries, contest } = await finished();
      await contests.follow(id, { user: 'eve', name: 'Eve' }, true);
      await contests.ban(id, { user: 'fay', reason: 'rude' });
      const keys = [
        messageKey(contestSubject(id), 'results'),
        messageKey(entrySubject(entries[0]!.id), 'in'),
      ];
      for (const key of keys) await outbox.begin(key);
      await calendar.schedule({ subject: contestSubject(id), what: 'phase' }, { dueAt: 5 });
      await wait(contestDays - 1);
      expect(await removeRows()).toMatchObject({ contests: 0 });
      await wait(2);
      expect(await removeRows()).toMatchObject({ contests: 1 });
      expect(await removeRows()).toMatchObject({ contests: 0 });
      expect(await contests.get(id)).toEqual(contest);
      expect(await contests.entries(id)).toEqual(entries.slice(0, 3));
      expect(await contests.ballots(id)).toEqual([]);
      expect([...(await contests.bans(id)), ...(await contests.followers(id))]).toEqual([]);
      for (const key of keys) expect(await outbox.get(key)).toBeUndefined();
      expect(await calendar.nextDueAt()).toBeNull();
      await store.erasures.begin({ kind: 'person', person: { ...contest.origin, user: 'ann' } });
      expect(await contests.entry(entries[0]!.id)).toMatchObject({ user: '', userName: '' });
      expect(await calendar.nextDueAt()).toBeNull();
    });

    it.each(['closed', 'cancelled'] as const)(
      'leaves nothing of an old one without winners that is %s',
      async (phase) => {
        const { store } = opened();
        const { id } = await contestIn(store.contests, 'entering');
        const entry = await enterFilm(store, id);
        await moveContest(store.contests, id, phase);
        await wait(contestDays + 1);
        expect(await removeRows()).toMatchObject({ contests: 1 });
        expect(await store.contests.get(id)).toBeUndefined();
        expect(await store.contests.entry(entry.id)).toBeUndefined();
      },
      60_000,
    );
  });
};
