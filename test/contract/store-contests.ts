import { beforeEach, describe, expect, it } from 'vitest';
import type { ContestId, ContestOutcome } from '../../src/domain/contest/contest.ts';
import { contestSubject } from '../../src/domain/contest/contest.ts';
import { contestPhases, isLegalPhaseMove, isOpen, openPhases } from '../../src/domain/contest/phase.ts';
import { messageKey } from '../../src/domain/subject.ts';
import type { ContestChanges, Contests } from '../../src/ports/contests.ts';
import type { Store } from '../../src/ports/store.ts';
import { contestIn, moveContest, newContest } from '../support/contests.ts';
import type { FakeClock } from '../support/fake-clock.ts';
import { blobNamed, originOf } from '../support/jobs.ts';

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

    const at = (server: string) => newContest({ origin: originOf(server, 'host') });
    const outcome: ContestOutcome = { kind: 'too-few-voters', voters: 2, table: [] };

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

    it.each(openPhases)('keeps another one out of its server in phase %s', async (phase) => {
      const first = await contestIn(contests, 'draft');
      const open = phase === 'draft' ? first : await moveContest(contests, first.id, 'entering');
      const now = phase === 'voting' ? await moveContest(contests, first.id, 'voting') : open;
      expect(await contests.insert(newContest())).toEqual({ kind: 'another', contest: now });
      expect(await contests.openIn('web', 'room')).toEqual(now);
      expect(await contests.insert(at('kitchen'))).toMatchObject({ kind: 'inserted' });
    });

    it.each(['closed', 'cancelled'] as const)('lets another one begin once it is %s', async (phase) => {
      await contestIn(contests, phase);
      expect(await contests.openIn('web', 'room')).toBeUndefined();
      expect(await contests.insert(newContest())).toMatchObject({ kind: 'inserted' });
    });

    it('is one of those of two that are begun at once', async () => {
      const begun = await Promise.all(Array.from({ length: 8 }, () => contests.insert(newContest())));
      expect(begun.map(({ kind }) => kind).sort()).toEqual([...Array(7).fill('another'), 'inserted']);
      expect(await contests.ofServer('web', 'room', { limit: 9 })).toHaveLength(1);
    });

    it('is known by the event that it came from, on each platform by itself', async () => {
      const event = 'interaction:1';
      const first = await contestIn(contests, 'cancelled', newContest({ event }));
      expect(await contests.insert(newContest({ event }))).toEqual({ kind: 'known', contest: first });
      expect(await contests.ofEvent(first.origin.platform, event)).toEqual(first);
      expect(await contests.ofEvent(first.origin.platform, 'another')).toBeUndefined();
      const elsewhere = { platform: 'slack', server: 'room', user: 'host' } as const;
      expect(await contests.insert(newContest({ event, origin: elsewhere }))).toMatchObject({
        kind: 'inserted',
      });
    });

    it('changes only for whoever names its version', async () => {
      const { id, version } = await contestIn(contests, 'entering');
      const hosts = ['one', 'two', 'three'].map((ref) =>
        contests.update(id, version, { home: { platform: 'web', ref } }),
      );
      const changed = (await Promise.all(hosts)).filter((contest) => contest !== undefined);
      expect(changed).toHaveLength(1);
      expect(changed[0]).toMatchObject({ version: version + 1 });
      expect(await contests.get(id)).toEqual(changed[0]);
      expect(await contests.update('other' as ContestId, 1, {})).toBeUndefined();
    });

    it('keeps every change, and nothing but the changes', async () => {
      const before = await contestIn(contests, 'entering');
      const later = { at: 5, wall: '2026-11-02T18:00' };
      const changes = {
        enterFrom: later,
        enterUntil: later,
        voteUntil: later,
        round: 2,
        outcome,
        poster: blobNamed('a'),
        exportedAt: 7,
        home: { platform: 'web', ref: 'attic' },
      } satisfies ContestChanges;
      const after = { ...before, ...changes, version: before.version + 1 };
      expect(await contests.update(before.id, before.version, changes)).toEqual(after);
      const emptied = { outcome: null, poster: null, exportedAt: null };
      expect(await contests.update(before.id, after.version, emptied)).toEqual({
        ...after,
        ...emptied,
        version: after.version + 1,
      });
    });

    it('notes when a phase began and when it ended, and no end of one that goes on', async () => {
      const { id } = await contestIn(contests, 'entering');
      clock.advance(1000);
      const began = clock.wallTime();
      expect(await moveContest(contests, id, 'voting')).toMatchObject({
        phaseSince: began,
        finishedAt: null,
      });
      clock.advance(1000);
      const ended = clock.wallTime();
      expect(await moveContest(contests, id, 'closed')).toMatchObject({
        phaseSince: ended,
        finishedAt: ended,
      });
      clock.advance(1000);
      expect(await moveContest(contests, id, 'voting')).toMatchObject({
        phaseSince: ended + 1000,
        finishedAt: null,
      });
    });

    it.each(contestPhases)('makes no move from phase %s but those in the table', async (from) => {
      for (const to of contestPhases.filter((phase) => phase !== from)) {
        const contest = await contestIn(contests, from, at(`${from}-${to}`));
        const moved = contests.update(contest.id, contest.version, { phase: to });
        if (isLegalPhaseMove(from, to)) expect(await moved).toMatchObject({ phase: to });
        else await expect(moved).rejects.toMatchObject({ code: 'internal' });
      }
    });

    it('is not voted on again while its server has another one', async () => {
      const closed = await contestIn(contests, 'closed');
      const other = await contestIn(contests, 'draft');
      const again = () => contests.update(closed.id, closed.version, { phase: 'voting' });
      await expect(again()).rejects.toMatchObject({
        code: 'contest-running',
        data: { theme: other.rules.theme },
      });
      expect(await contests.get(closed.id)).toEqual(closed);
      await moveContest(contests, other.id, 'cancelled');
      expect(await again()).toMatchObject({ phase: 'voting' });
    });

    it('is listed with those of its server, the newest first, whatever the clock says', async () => {
      const first = await contestIn(contests, 'closed');
      clock.advance(-3_600_000);
      const second = await contestIn(contests, 'cancelled');
      await contestIn(contests, 'draft', at('kitchen'));
      const listed = async (limit: number) =>
        (await contests.ofServer('web', 'room', { limit })).map(({ id }) => id);
      expect(await listed(9)).toEqual([second.id, first.id]);
      expect(await listed(1)).toEqual([second.id]);
      expect(await contests.ofServer('slack', 'room', { limit: 9 })).toEqual([]);
    });

    it('is looked after in its open phases, the oldest first', async () => {
      const all = [];
      for (const phase of contestPhases) all.push(await contestIn(contests, phase, at(phase)));
      expect(await contests.open()).toEqual(all.filter(({ phase }) => isOpen(phase)));
    });

    it('is a subject that things are said about for as long as its row is there', async () => {
      const { outbox, calendar } = opened().store;
      const { id } = await contestIn(contests, 'entering');
      const [subject, gone] = [contestSubject(id), contestSubject('gone' as ContestId)];
      await outbox.begin(messageKey(subject, 'announcement'));
      await calendar.schedule({ subject, what: 'phase' }, { dueAt: 5 });
      await expect(outbox.begin(messageKey(gone, 'announcement'))).rejects.toMatchObject({
        code: 'not-found',
      });
      await expect(calendar.schedule({ subject: gone, what: 'phase' }, { dueAt: 5 })).rejects.toMatchObject({
        code: 'not-found',
      });
    });
  });
};
