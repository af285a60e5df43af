import { beforeEach, describe, expect, it } from 'vitest';
import {
  type Contest,
  type ContestId,
  type ContestOutcome,
  contestFollowUp,
  contestSubject,
  type Entry,
  type EntryState,
  entrySubject,
} from '../../src/domain/contest/contest.ts';
import type { JobId, Origin } from '../../src/domain/job.ts';
import { messageKey } from '../../src/domain/subject.ts';
import type { Contests } from '../../src/ports/contests.ts';
import type { Store } from '../../src/ports/store.ts';
import { contestIn, enterFilm, entryIn, moveContest, newContest } from '../support/contests.ts';
import { blobNamed, jobIn, newJob, originOf } from '../support/jobs.ts';

/** An outcome with the entries in this order. */
const outcomeOf = (entries: readonly Entry[]): ContestOutcome => ({
  kind: 'winners',
  voters: 5,
  table: entries.map(({ id: entry, number }, index) => ({
    ...{ entry, number, place: index + 1, points: 9 - index },
    ranks: [1, 0, 0] as const,
  })),
});

/** What deleting for good means to contests, whatever the database. */
export const describeContestErasures = (opened: () => Store): void => {
  describe('deleting for good in contests', () => {
    let store: Store;
    let contests: Contests;
    let contest: ContestId;
    beforeEach(async () => {
      store = opened();
      contests = store.contests;
      contest = (await contestIn(contests, 'entering')).id;
    });

    const everything = (user: string) => ({ kind: 'person', person: originOf('attic', user) }) as const;
    const photoOf = ({ render }: Entry) => ({ kind: 'photo', root: render }) as const;
    const now = async (): Promise<Contest> => (await contests.get(contest))!;
    const due = async () =>
      (await store.calendar.takeDue({ limit: 9, retryMs: () => 1000 })).map(({ subject, what }) => ({
        subject,
        what,
      }));
    const followUp = { subject: contestSubject('' as ContestId), what: contestFollowUp };
    const filmOf = (origin: Origin) => jobIn(store, 'done', newJob({ origin }));

    it('withdraws entries with renders of a photo, which show nothing any more, and leaves others', async () => {
      const [ann, bob] = [await enterFilm(store, contest), await enterFilm(store, contest, { user: 'bob' })];
      const source = { root: ann.render, owner: originOf('room', 'ann') };
      const again = await jobIn(store, 'done', newJob({ origin: originOf('room', 'cid'), source }));
      const cid = await enterFilm(store, contest, { user: 'cid', photoOwner: 'ann', render: again });
      await contests.report(contest, { entry: ann.id, reporter: 'bob', reason: 'ann is rude' });
      const { version } = await now();
      await store.erasures.begin(photoOf(ann));
      const gone = { render: '', photoOwner: '', state: 'withdrawn', reason: null };
      expect(await contests.entries(contest)).toEqual([{ ...ann, ...gone }, bob, { ...cid, ...gone }]);
      expect(await contests.entriesOfRender(ann.render)).toEqual([]);
      expect(await contests.reports(contest)).toEqual([]);
      expect(await now()).toMatchObject({ version: version + 1 });
      expect(await due()).toEqual([{ ...followUp, subject: contestSubject(contest) }]);
    });

    it.each(['rejected', 'disqualified'] as const)('leaves an entry %s', async (state: EntryState) => {
      const entry = await entryIn(store, contest, state);
      await store.erasures.begin(photoOf(entry));
      expect(await contests.entry(entry.id)).toMatchObject({ state, render: '', user: 'ann' });
    });

    it('takes poster and reel of a result that shows it, and leaves the numbers', async () => {
      const entries = [];
      for (const user of ['ann', 'bob', 'cid', 'dan'])
        entries.push(await enterFilm(store, contest, { user }));
      await moveContest(contests, contest, 'voting');
      const reel = await filmOf(originOf('room', 'host'));
      const outcome = outcomeOf(entries);
      const { version } = await now();
      const poster = blobNamed('f');
      const closed = await contests.update(contest, version, { phase: 'closed', outcome, reel, poster });
      await store.erasures.begin(photoOf(entries[3]!));
      expect(await now()).toEqual({ ...closed, version: closed!.version + 1 });
      expect(await store.erasures.files()).toEqual([]);
      expect(await store.erasures.count(photoOf(entries[0]!))).toEqual({
        photos: 1,
        renders: 2,
        ofOthers: 1,
      });
      const begun = await store.erasures.begin(photoOf(entries[0]!));
      expect(begun.map(({ id }) => id)).toEqual([entries[0]!.render, reel]);
      expect(await now()).toMatchObject({ outcome, reel: null, poster: null });
      expect(await store.erasures.files()).toEqual([poster]);
      expect((await store.retention.uses([poster])).get(poster)).toBeUndefined();
      await store.erasures.fileGone(poster);
      expect(await store.erasures.files()).toEqual([]);
    });

    it('takes every film that goes through a photo, of whoever it is', async () => {
      const [first, second] = [await filmOf(originOf('room', 'ann')), await filmOf(originOf('room', 'bob'))];
      const { request, ...job } = newJob({ origin: originOf('room', 'host') });
      if (request.kind !== 'zoom') throw new Error('a film is a zoom');
      const through = [{ photo: blobNamed('b'), root: second }];
      const both = await jobIn(store, 'done', { ...job, request: { ...request, through } });
      expect(await store.erasures.count({ kind: 'photo', root: first })).toMatchObject({ renders: 1 });
      const begun = await store.erasures.begin({ kind: 'photo', root: second });
      expect(begun.map(({ id }) => id)).toEqual([second, both]);
    });

    it('takes a person out of all contests of their platform, and out of no other', async () => {
      const bob = await enterFilm(store, contest, { user: 'bob', photoOwner: 'ann' });
      const ann = await enterFilm(store, contest, { user: 'ann' });
      await moveContest(contests, contest, 'voting');
      const cast = async (voter: string) =>
        await contests.vote(contest, { voter, voterName: voter, ranks: [bob.id], doubts: [] });
      await cast('dan');
      await contests.report(contest, { entry: bob.id, reporter: 'ann', reason: 'not a cat' });
      await contests.follow(contest, { user: 'ann', name: 'Ann' }, true);
      await contests.follow(contest, { user: 'dan', name: 'Dan' }, true);
      const slack = { platform: 'slack', server: 'room', user: 'ann' } as const;
      const there = await contestIn(contests, 'entering', newContest({ origin: slack, hostName: 'Ann' }));
      await contests.follow(there.id, { user: 'ann', name: 'Ann' }, true);
      await store.erasures.begin(everything('ann'));
      const gone = { user: '', userName: '', photoOwner: '', render: '', state: 'withdrawn' };
      expect(await contests.entries(contest)).toEqual([
        { ...bob, photoOwner: '' },
        { ...ann, ...gone },
      ]);
      expect((await contests.ballots(contest)).map(({ voter }) => voter)).toEqual(['dan']);
      expect(await contests.reports(contest)).toEqual([]);
      expect(await contests.followers(contest)).toEqual([{ user: 'dan', name: 'Dan' }]);
      expect(await contests.ofPerson(originOf('room', 'ann'))).toEqual([]);
      expect(await contests.ofPerson(slack)).toEqual([there.id]);
      expect(await contests.isFollowing(there.id, 'ann')).toBe(true);
      expect(await contests.get(there.id)).toEqual(there);
    });

    it('takes what a person voted, and keeps what they vote from then on', async () => {
      const { id } = await enterFilm(store, contest, { user: 'bob' });
      await moveContest(contests, contest, 'voting');
      const cast = () => contests.vote(contest, { voter: 'ann', voterName: 'Ann', ranks: [id], doubts: [] });
      await cast();
      await cast();
      await store.erasures.begin(everything('ann'));
      expect(await contests.voters(contest)).toBe(0);
      expect(await due()).toEqual([{ ...followUp, subject: contestSubject(contest) }]);
      expect(await cast()).toEqual({ kind: 'cast', changes: 0 });
      await store.erasures.forgotten(originOf('attic', 'ann'));
      expect(await contests.voters(contest)).toBe(1);
    });

    it('keeps a banned person out while the contest runs, by a mark that tells nobody who it is', async () => {
      await contests.ban(contest, { user: 'ann', reason: 'Ann is rude' });
      await store.erasures.begin(everything('ann'));
      const bans = await contests.bans(contest);
      expect(bans).toMatchObject([{ reason: '' }]);
      expect(JSON.stringify(bans)).not.toMatch(/ann\b/i);
      const render = await filmOf(originOf('room', 'ann'));
      await expect(enterFilm(store, contest, { render })).rejects.toThrow('banned');
      expect(await enterFilm(store, contest, { user: 'bob' })).toBeDefined();
      await moveContest(contests, contest, 'voting');
      await contests.ban(contest, { user: 'cid', reason: 'Cid is rude' });
      await moveContest(contests, contest, 'closed');
      await store.erasures.begin(everything('cid'));
      expect(await contests.bans(contest)).toEqual(bans);
    });

    it('takes the host’s name out of a contest that goes on, whose reel stays', async () => {
      const host = originOf('room', 'host');
      const source = { root: 'elder' as JobId, owner: originOf('room', 'bob') };
      const reel = await jobIn(store, 'done', newJob({ origin: host, source }));
      const note = messageKey(contestSubject(contest), 'host-note-5');
      const announcement = messageKey(contestSubject(contest), 'announcement');
      for (const key of [note, announcement]) {
        await store.outbox.begin(key);
        await store.outbox.finish(key, { platform: 'web', ref: key });
      }
      const { version } = await now();
      await contests.update(contest, version, { reel });
      expect(await store.erasures.count(everything('host'))).toMatchObject({ renders: 0 });
      await store.erasures.begin(everything('host'));
      expect(await now()).toMatchObject({
        origin: { server: 'room', user: '' },
        hostName: '',
        phase: 'entering',
        reel,
        version: version + 2,
      });
      expect((await store.jobs.get(reel))?.origin).toEqual({ ...host, user: '' });
      expect(await store.outbox.get(note)).toBeUndefined();
      expect(await store.outbox.get(announcement)).toBeDefined();
    });

    it('knows what was said to whoever entered it until that is gone', async () => {
      const entry = await enterFilm(store, contest);
      const key = messageKey(entrySubject(entry.id), 'in');
      await store.outbox.begin(key);
      await store.outbox.finish(key, { platform: 'web', ref: 'private' });
      await store.erasures.begin(photoOf(entry));
      expect(await store.erasures.entries()).toEqual([entry.id]);
      expect(await store.outbox.get(key)).toBeDefined();
      await store.erasures.entryGone(entry.id);
      expect(await store.erasures.entries()).toEqual([]);
      expect(await store.outbox.get(key)).toBeUndefined();
      expect(await contests.entry(entry.id)).toMatchObject({ state: 'withdrawn' });
    });

    it('lets nobody get at what is gone by the render that it had', async () => {
      const entry = await enterFilm(store, contest);
      await store.erasures.begin(photoOf(entry));
      await store.jobs.remove(entry.render);
      expect(await contests.entriesOfRender('' as JobId)).toEqual([]);
      expect(await enterFilm(store, contest)).toMatchObject({ number: 2 });
    });
  });
};
