import { describe, expect, it } from 'vitest';
import type { ReceivedEvent } from '../../src/ports/event-inbox.ts';
import type { Store } from '../../src/ports/store.ts';
import type { FakeClock } from '../support/fake-clock.ts';

const event = (id: string, body = `body of ${id}`): ReceivedEvent => ({ id, body });

/** What every store does with events that are acknowledged; part of its contract. */
export const describeInbox = (opened: () => { readonly store: Store; readonly clock: FakeClock }): void => {
  describe('an event that is to be acknowledged', () => {
    it('is pending until it has been dealt with, oldest first', async () => {
      const { inbox } = opened().store;
      for (const id of ['b', 'a', 'c']) expect(await inbox.add('slack', event(id))).toBe(true);
      expect(await inbox.pending('slack')).toEqual([event('b'), event('a'), event('c')]);
      await inbox.finish('slack', 'a');
      await inbox.finish('slack', 'a');
      await inbox.finish('slack', 'unknown');
      expect(await inbox.pending('slack')).toEqual([event('b'), event('c')]);
    });

    it('is noted once, before and after it has been dealt with, with what came first', async () => {
      const { inbox } = opened().store;
      await inbox.add('slack', event('a'));
      expect(await inbox.add('slack', event('a', 'again'))).toBe(false);
      expect(await inbox.pending('slack')).toEqual([event('a')]);
      await inbox.finish('slack', 'a');
      expect(await inbox.add('slack', event('a'))).toBe(false);
      expect(await inbox.pending('slack')).toEqual([]);
    });

    it('is noted once when it comes twice at the same moment', async () => {
      const { inbox } = opened().store;
      const noted = await Promise.all([1, 2, 3].map(() => inbox.add('slack', event('a'))));
      expect(noted.filter(Boolean)).toHaveLength(1);
    });

    it('is of its platform', async () => {
      const { inbox } = opened().store;
      await inbox.add('slack', event('a'));
      expect(await inbox.add('web', event('a'))).toBe(true);
      await inbox.finish('web', 'a');
      expect(await inbox.pending('slack')).toEqual([event('a')]);
    });

    it('goes for its age, page by page, dealt with or not, and may then come again', async () => {
      const { store, clock } = opened();
      for (const id of ['a', 'b', 'c']) await store.inbox.add('slack', event(id));
      await store.inbox.finish('slack', 'a');
      const { now } = await store.retention.passTime();
      clock.advance(1000);
      await store.inbox.add('slack', event('young'));
      const remove = (before: number) => store.retention.removeEvents({ before, limit: 2 });
      expect(await remove(now)).toBe(0);
      expect([await remove(now + 1), await remove(now + 1), await remove(now + 1)]).toEqual([2, 1, 0]);
      expect(await store.inbox.pending('slack')).toEqual([event('young')]);
      expect(await store.inbox.add('slack', event('a'))).toBe(true);
    });
  });
};
