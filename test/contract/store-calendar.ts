import { beforeEach, describe, expect, it } from 'vitest';
import { renderSubject } from '../../src/domain/subject.ts';
import type { CalendarEntry } from '../../src/ports/calendar.ts';
import type { Store } from '../../src/ports/store.ts';
import type { FakeClock } from '../support/fake-clock.ts';
import { jobIn } from '../support/jobs.ts';

const poll: CalendarEntry = { subject: { kind: 'poll', id: 'p1' }, what: 'close' };

/** What every calendar does; part of the store's contract. */
export const describeCalendar = (
  opened: () => { readonly store: Store; readonly clock: FakeClock },
): void => {
  describe('the calendar', () => {
    let calendar: Store['calendar'];
    let clock: FakeClock;
    beforeEach(() => {
      calendar = opened().store.calendar;
      clock = opened().clock;
    });
    const schedule = (entry: CalendarEntry, { inMs }: { readonly inMs: number }) =>
      calendar.schedule(entry, { dueAt: clock.wallTime() + inMs });
    const take = (limit = 9) => calendar.takeDue({ limit, retryMs: (tries) => 1000 * tries });

    it('gives an entry when it is due, and not before', async () => {
      await schedule(poll, { inMs: 500 });
      expect(await calendar.has(poll)).toBe(true);
      expect(await calendar.nextDueAt()).toBe(clock.wallTime() + 500);
      clock.advance(499);
      expect(await take()).toEqual([]);
      clock.advance(1);
      expect(await calendar.nextDueAt()).toBe(clock.wallTime());
      expect(await take()).toEqual([{ ...poll, tries: 1 }]);
    });

    it('gives the oldest first, and no more than wanted', async () => {
      const others = ['b', 'a'].map((what) => ({ ...poll, what }));
      for (const [index, entry] of [...others, poll].entries()) await schedule(entry, { inMs: index });
      clock.advance(10);
      expect((await take(2)).map(({ what }) => what)).toEqual(['b', 'a']);
      expect((await take(2)).map(({ what }) => what)).toEqual(['close']);
    });

    it('gives each entry to one of two who take at the same moment', async () => {
      for (const what of ['a', 'b', 'c']) await schedule({ ...poll, what }, { inMs: 0 });
      const taken = (await Promise.all([take(), take()])).flat();
      expect(taken.map(({ what }) => what).sort()).toEqual(['a', 'b', 'c']);
    });

    it('gives an entry again that was taken and not done, and counts that', async () => {
      await schedule(poll, { inMs: 0 });
      await take();
      clock.advance(999);
      expect(await take()).toEqual([]);
      clock.advance(1);
      expect(await take()).toEqual([{ ...poll, tries: 2 }]);
      expect(await calendar.nextDueAt()).toBe(clock.wallTime() + 2000);
    });

    it('forgets what is done or cancelled', async () => {
      await schedule(poll, { inMs: 0 });
      const [due] = await take();
      await calendar.done(due!);
      expect(await calendar.has(poll)).toBe(false);
      await schedule(poll, { inMs: 0 });
      await calendar.cancel(poll);
      await calendar.cancel(poll);
      expect(await take()).toEqual([]);
      expect(await calendar.nextDueAt()).toBeNull();
    });

    it('keeps an entry that was scheduled anew, or taken again, before it was done', async () => {
      await schedule(poll, { inMs: 0 });
      const [first] = await take();
      await schedule(poll, { inMs: 50 });
      await calendar.done(first!);
      expect(await calendar.nextDueAt()).toBe(clock.wallTime() + 50);
      clock.advance(50);
      const [again] = await take();
      clock.advance(1000);
      const [late] = await take();
      await calendar.done(again!);
      expect(await calendar.has(poll)).toBe(true);
      await calendar.done(late!);
      expect(await calendar.has(poll)).toBe(false);
    });

    it('has nothing about a render that is gone', async () => {
      const entry = (id: string) => ({ subject: renderSubject(id), what: 'remove' });
      const id = await jobIn(opened().store, 'done');
      await schedule(entry(id), { inMs: 0 });
      await opened().store.jobs.remove(id);
      expect(await take()).toEqual([]);
      await expect(schedule(entry('nobody'), { inMs: 0 })).rejects.toMatchObject({
        code: 'not-found',
      });
    });
  });
};
