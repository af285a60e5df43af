import { beforeEach, describe, expect, it } from 'vitest';
import { renderSubject } from '../../src/domain/subject.ts';
import type { Reaction } from '../../src/ports/reactions.ts';
import type { Store } from '../../src/ports/store.ts';
import { jobIn } from '../support/jobs.ts';

const message = { platform: 'discord', ref: '12/34' } as const;
const reaction: Reaction = { message, kind: 'reroll', user: 'ann' };

/** What every store does with reactions; part of its contract. */
export const describeReactions = (opened: () => Store): void => {
  describe('a reaction', () => {
    let store: Store;
    beforeEach(() => {
      store = opened();
    });

    it('is the same one until it has been dealt with, and then too', async () => {
      const first = await store.reactions.add(reaction);
      expect(first).toMatchObject({ isSettled: false });
      expect(await store.reactions.add(reaction)).toEqual(first);
      await store.reactions.settle(reaction, renderSubject('again'));
      expect(await store.reactions.add(reaction)).toEqual({ ...first, isSettled: true });
    });

    it('is one, of two at the same moment', async () => {
      const noted = await Promise.all([store.reactions.add(reaction), store.reactions.add(reaction)]);
      expect(noted[0]).toEqual(noted[1]);
    });

    it('is told by message, kind and person', async () => {
      const others: readonly Reaction[] = [
        { ...reaction, user: 'bob' },
        { ...reaction, kind: 'send' },
        { ...reaction, message: { ...message, ref: '12/35' } },
        { ...reaction, message: { ...message, platform: 'slack' } },
      ];
      const noted = [];
      for (const each of [reaction, ...others]) noted.push((await store.reactions.add(each)).sequence);
      expect(new Set(noted).size).toBe(5);
      expect(noted.toSorted((a, b) => a - b)).toEqual(noted);
    });

    it('goes with its render when it is taken back, and is a new one when it comes again', async () => {
      expect(await store.reactions.take(reaction)).toBeUndefined();
      const first = await store.reactions.add(reaction);
      expect(await store.reactions.take(reaction)).toEqual({ ledTo: null });
      const second = await store.reactions.add(reaction);
      expect(second).toMatchObject({ isSettled: false });
      expect(second.sequence).toBeGreaterThan(first.sequence);
      await store.reactions.settle(reaction, renderSubject('again'));
      expect(await store.reactions.take(reaction)).toEqual({ ledTo: renderSubject('again') });
      expect(await store.reactions.take(reaction)).toBeUndefined();
    });

    it('is there while it is there in one of two forms', async () => {
      const burst = { ...reaction, isSuper: true };
      const first = await store.reactions.add(reaction);
      await store.reactions.settle(reaction, renderSubject('again'));
      expect(await store.reactions.add(burst)).toEqual({ ...first, isSettled: true });
      const both = await store.reactions.on(message);
      expect(both.map(({ user, isSuper }) => [user, isSuper])).toEqual([
        ['ann', undefined],
        ['ann', true],
      ]);
      expect(await store.reactions.haveLedTo(renderSubject('again'))).toBe(true);
      expect(await store.reactions.take(reaction)).toBeUndefined();
      expect(await store.reactions.take(reaction)).toBeUndefined();
      expect(await store.reactions.on(message)).toMatchObject([{ user: 'ann', isSuper: true }]);
      expect(await store.reactions.take(burst)).toEqual({ ledTo: renderSubject('again') });
      expect(await store.reactions.haveLedTo(renderSubject('again'))).toBe(false);
      expect(await store.reactions.on(message)).toEqual([]);
    });

    it('is cleared with all of its kind on its message, or with all that are there', async () => {
      const elsewhere = { ...reaction, message: { ...message, ref: 'other' } };
      const ask: Reaction = { ...reaction, kind: 'send', user: 'bob' };
      for (const each of [reaction, { ...reaction, isSuper: true }, ask, elsewhere]) {
        await store.reactions.add(each);
      }
      await store.reactions.settle(reaction, renderSubject('again'));
      await store.reactions.settle(ask, null);
      expect(await store.reactions.clear(message, 'reroll')).toEqual([renderSubject('again')]);
      expect(await store.reactions.on(message)).toMatchObject([{ user: 'bob' }]);
      expect(await store.reactions.clear(message, null)).toEqual([]);
      expect(await store.reactions.on(message)).toEqual([]);
      expect(await store.reactions.on(elsewhere.message)).toHaveLength(1);
    });

    it('is not brought back by its render once it is gone', async () => {
      await store.reactions.settle(reaction, renderSubject('again'));
      expect(await store.reactions.on(message)).toEqual([]);
    });

    it('is found by its kind where it was not handled', async () => {
      const ask: Reaction = { ...reaction, kind: 'send', user: 'bob' };
      const other: Reaction = { ...ask, message: { ...message, ref: 'other' } };
      await store.reactions.add(reaction);
      await store.reactions.add(other);
      await store.reactions.add(ask);
      expect(await store.reactions.unsettled('send')).toEqual([other, ask]);
      await store.reactions.settle(other, null);
      expect(await store.reactions.unsettled('send')).toEqual([ask]);
    });

    it('is listed with the others on its message, in the order in which they came', async () => {
      const ask: Reaction = { ...reaction, kind: 'send', user: 'bob' };
      await store.reactions.add(ask);
      await store.reactions.add(reaction);
      await store.reactions.add({ ...reaction, message: { ...message, ref: 'other' } });
      await store.reactions.settle(ask, null);
      expect(await store.reactions.on(message)).toMatchObject([
        { kind: 'send', user: 'bob', isSettled: true },
        { kind: 'reroll', user: 'ann', isSettled: false },
      ]);
    });

    it('goes with the render whose message it is on, and not with the one that it led to', async () => {
      const [job, again] = [await jobIn(store, 'done'), await jobIn(store, 'done')];
      await store.outbox.begin(`${job}:film`);
      await store.outbox.finish(`${job}:film`, message);
      await store.reactions.add(reaction);
      await store.reactions.settle(reaction, renderSubject(again));
      await store.jobs.remove(again);
      expect(await store.reactions.add(reaction)).toMatchObject({ isSettled: true });
      const other = { ...reaction, message: { ...message, ref: 'other' } };
      await store.reactions.add(other);
      await store.jobs.remove(job);
      expect(await store.reactions.on(message)).toEqual([]);
      expect(await store.reactions.on(other.message)).toHaveLength(1);
    });
  });
};
