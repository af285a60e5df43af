import { beforeEach, describe, expect, it } from 'vitest';
import {
  type ContestId,
  countedEntryStates,
  type EntryId,
  type EntryState,
  entryStates,
  entrySubject,
  isLegalEntryMove,
} from '../../src/domain/contest/contest.ts';
import { contestPhases } from '../../src/domain/contest/phase.ts';
import type { JobId } from '../../src/domain/job.ts';
import { messageKey } from '../../src/domain/subject.ts';
import type { Contests } from '../../src/ports/contests.ts';
import type { Store } from '../../src/ports/store.ts';
import { contestIn, enterFilm, entryIn, moveContest, newContest, newEntry } from '../support/contests.ts';
import type { FakeClock } from '../support/fake-clock.ts';
import { jobIn, newJob, originOf } from '../support/jobs.ts';

/** What every store does with entries of contests; part of its contract. */
export const describeEntries = (opened: () => { readonly store: Store; readonly clock: FakeClock }): void => {
  describe('an entry', () => {
    let store: Store;
    let contests: Contests;
    let contest: ContestId;
    beforeEach(async () => {
      store = opened().store;
      contests = store.contests;
      contest = (await contestIn(contests, 'entering')).id;
    });

    const aFilm = () => jobIn(store, 'done');
    const states = async () => (await contests.entries(contest)).map(({ number, state }) => [number, state]);

    it('is written as it was handed in, with the next number', async () => {
      await enterFilm(store, contest, { user: 'bob' });
      const entry = newEntry({ contest, render: await aFilm(), state: 'waiting', photoOwner: 'cid' });
      const { mostPerPerson: _, replaces: __, ...columns } = entry;
      const written = { ...columns, number: 2, reason: null, createdAt: opened().clock.wallTime() };
      expect(await contests.enter(entry)).toEqual({ kind: 'entered', entry: written });
      expect(await contests.entry(entry.id)).toEqual(written);
      expect((await contests.entries(contest))[1]).toEqual(written);
      expect(await contests.entry('other' as EntryId)).toBeUndefined();
      expect(await contests.entriesOfRender(entry.render)).toEqual([written]);
    });

    it('is known where its film is in already, also once nobody may enter any more', async () => {
      const entry = await enterFilm(store, contest);
      const again = () => contests.enter(newEntry({ contest, render: entry.render, mostPerPerson: 5 }));
      expect(await again()).toEqual({ kind: 'known', entry });
      await moveContest(contests, contest, 'voting');
      expect(await again()).toEqual({ kind: 'known', entry });
      expect(await contests.entries(contest)).toEqual([entry]);
    });

    it.each(contestPhases.filter((phase) => phase !== 'entering'))(
      'is refused in phase %s',
      async (phase) => {
        const origin = originOf('kitchen', 'host');
        const { id } = await contestIn(contests, phase, newContest({ origin }));
        const entry = newEntry({ contest: id, render: await aFilm() });
        expect(await contests.enter(entry)).toEqual({ kind: 'not-entering' });
        expect(await contests.entries(id)).toEqual([]);
      },
    );

    it('is refused to who is banned there, and to nobody else', async () => {
      await contests.ban(contest, { user: 'ann', reason: 'spam' });
      const ofAnn = newEntry({ contest, render: await aFilm() });
      expect(await contests.enter(ofAnn)).toEqual({ kind: 'banned' });
      expect(await contests.enter({ ...ofAnn, user: 'bob' })).toMatchObject({ kind: 'entered' });
    });

    it('is refused for a film that is not there, or is being deleted for good', async () => {
      const gone = newEntry({ contest, render: 'gone' as JobId });
      await expect(contests.enter(gone)).rejects.toMatchObject({ code: 'not-found' });
      const render = await aFilm();
      await store.erasures.begin({ kind: 'photo', root: render });
      await expect(contests.enter(newEntry({ contest, render }))).rejects.toMatchObject({
        code: 'not-found',
      });
      expect(await contests.entries(contest)).toEqual([]);
    });

    it('is one of as many as a person may have, however many are sent at once', async () => {
      const films = await Promise.all(Array.from({ length: 6 }, aFilm));
      const answers = await Promise.all(
        films.map((render) => contests.enter(newEntry({ contest, render, mostPerPerson: 2 }))),
      );
      expect(answers.map(({ kind }) => kind).sort()).toEqual([
        'entered',
        'entered',
        ...Array(4).fill('too-many'),
      ]);
      expect(await states()).toEqual([
        [1, 'in'],
        [2, 'in'],
      ]);
      expect(await enterFilm(store, contest, { user: 'bob' })).toMatchObject({ number: 3 });
    });

    it.each(entryStates)('counts against what a person may enter, or not, in state %s', async (state) => {
      await entryIn(store, contest, state);
      const { kind } = await contests.enter(newEntry({ contest, render: await aFilm() }));
      const isCounted = (countedEntryStates as readonly EntryState[]).includes(state);
      expect(kind).toBe(isCounted ? 'too-many' : 'entered');
    });

    it('takes the place of another one, which is withdrawn with it', async () => {
      const before = await enterFilm(store, contest);
      const next = newEntry({ contest, render: await aFilm(), replaces: before.id });
      expect(await contests.enter(next)).toMatchObject({ kind: 'entered', entry: { number: 2 } });
      expect(await states()).toEqual([
        [1, 'withdrawn'],
        [2, 'in'],
      ]);
      expect(await contests.entriesOfRender(before.render)).toEqual([]);
      const back = newEntry({ contest, render: before.render, replaces: next.id });
      expect(await contests.enter(back)).toMatchObject({
        kind: 'entered',
        entry: { id: back.id, number: 3 },
      });
    });

    it('takes no place of an entry of somebody else, or of one that a moderator took out', async () => {
      const bobs = await enterFilm(store, contest, { user: 'bob' });
      await enterFilm(store, contest);
      const render = await aFilm();
      expect(await contests.enter(newEntry({ contest, render, replaces: bobs.id }))).toEqual({
        kind: 'too-many',
      });
      await contests.moveEntry(bobs.id, 'in', 'disqualified');
      const ofBob = newEntry({ contest, render, user: 'bob', replaces: bobs.id });
      expect(await contests.enter(ofBob)).toEqual({ kind: 'too-many' });
      expect(await states()).toEqual([
        [1, 'disqualified'],
        [2, 'in'],
      ]);
    });

    it('does not withdraw the other one where it is refused all the same', async () => {
      const first = await enterFilm(store, contest, { mostPerPerson: 2 });
      await enterFilm(store, contest, { mostPerPerson: 2 });
      const next = newEntry({ contest, render: await aFilm(), replaces: first.id });
      expect(await contests.enter(next)).toEqual({ kind: 'too-many' });
      expect(await contests.entry(first.id)).toEqual(first);
    });

    it.each(entryStates)('makes no move from state %s but those in the table', async (from) => {
      for (const to of entryStates.filter((state) => state !== from)) {
        const user = `${from}-${to}`;
        const { id } = await entryIn(store, contest, from, { user });
        const moved = contests.moveEntry(id, from, to, { reason: 'so' });
        if (isLegalEntryMove(from, to)) expect(await moved).toBe(true);
        else await expect(moved).rejects.toMatchObject({ code: 'internal' });
        const isMoved = isLegalEntryMove(from, to);
        expect(await contests.entry(id)).toMatchObject({ state: isMoved ? to : from });
      }
    });

    it('moves once for all who move it at the same time, and keeps the reason', async () => {
      const { id } = await enterFilm(store, contest);
      const reasons = ['one', 'two', 'three'];
      const moved = await Promise.all(
        reasons.map((reason) => contests.moveEntry(id, 'in', 'disqualified', { reason })),
      );
      expect(moved.filter(Boolean)).toHaveLength(1);
      const reason = reasons[moved.indexOf(true)];
      expect(await contests.entry(id)).toMatchObject({ state: 'disqualified', reason });
      expect(await contests.moveEntry(id, 'disqualified', 'in')).toBe(true);
      expect(await contests.entry(id)).toMatchObject({ reason });
      expect(await contests.moveEntry('other' as EntryId, 'in', 'withdrawn')).toBe(false);
    });

    it('moves only in the phases that are named', async () => {
      const { id } = await enterFilm(store, contest);
      expect(await contests.moveEntry(id, 'in', 'withdrawn', { during: ['voting'] })).toBe(false);
      expect(await contests.moveEntry(id, 'in', 'withdrawn', { during: ['voting', 'entering'] })).toBe(true);
    });

    it('gets another film, unless that is in already', async () => {
      const entry = await enterFilm(store, contest, { state: 'rendering' });
      const other = await enterFilm(store, contest, { user: 'bob' });
      const render = await aFilm();
      const to = (film: JobId) => contests.moveEntry(entry.id, 'rendering', 'in', { render: film });
      expect(await to(other.render)).toBe(false);
      expect(await to(render)).toBe(true);
      expect(await contests.entriesOfRender(entry.render)).toEqual([]);
      expect(await contests.entriesOfRender(render)).toMatchObject([{ id: entry.id, state: 'in', render }]);
    });

    it('is found by its film in every contest that is not cancelled', async () => {
      const render = await aFilm();
      const inServer = async (server: string) => {
        const { id } = await contestIn(
          contests,
          'entering',
          newContest({ origin: originOf(server, 'host') }),
        );
        return await enterFilm(store, id, { render });
      };
      const [closed, cancelled, open] = [
        await inServer('one'),
        await inServer('two'),
        await inServer('three'),
      ];
      await moveContest(contests, closed.contest, 'closed');
      await moveContest(contests, cancelled.contest, 'cancelled');
      expect(await contests.entriesOfRender(render)).toEqual([closed, open]);
    });

    it('is reported once by each person, in its own contest', async () => {
      const { id: entry } = await enterFilm(store, contest);
      const report = { entry, reporter: 'bob', reason: 'not a cat' };
      expect(await contests.report(contest, report)).toBe(true);
      expect(await contests.report(contest, { ...report, reason: 'again' })).toBe(false);
      expect(await contests.report('other' as ContestId, { ...report, reporter: 'cid' })).toBe(false);
      opened().clock.advance(1000);
      expect(await contests.report(contest, { ...report, reporter: 'ann' })).toBe(true);
      const createdAt = opened().clock.wallTime();
      expect(await contests.reports(contest)).toEqual([
        { ...report, createdAt: createdAt - 1000 },
        { ...report, reporter: 'ann', createdAt },
      ]);
    });

    it('is a subject that things are said about', async () => {
      const { id } = await enterFilm(store, contest, { render: await jobIn(store, 'queued', newJob()) });
      await store.outbox.begin(messageKey(entrySubject(id), 'entered'));
      const gone = messageKey(entrySubject('gone' as EntryId), 'entered');
      await expect(store.outbox.begin(gone)).rejects.toMatchObject({ code: 'not-found' });
    });
  });
};
