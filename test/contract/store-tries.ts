import { beforeEach, describe, expect, it } from 'vitest';
import type { JobId } from '../../src/domain/job.ts';
import type { Store } from '../../src/ports/store.ts';
import { jobIn } from '../support/jobs.ts';

/** What every store does with what was tried; part of its contract. */
export const describeTries = (opened: () => Store): void => {
  describe('what was tried for a render', () => {
    let store: Store;
    beforeEach(() => {
      store = opened();
    });

    it('is counted by itself for each render and purpose, also from many places at once', async () => {
      const [id, other] = [await jobIn(store, 'running'), await jobIn(store, 'running')];
      const counts = await Promise.all([1, 2, 3].map(() => store.tries.add(id, 'start')));
      expect(counts).toEqual([1, 2, 3]);
      expect(await store.tries.add(id, 'start', -1)).toBe(2);
      expect(await store.tries.add(id, 'say', -1)).toBe(0);
      expect(await store.tries.count(id, 'start')).toBe(2);
      expect(await store.tries.count(id, 'fetch')).toBe(0);
      expect(await store.tries.count(other, 'start')).toBe(0);
      await store.tries.clear(id, 'start');
      expect(await store.tries.count(id, 'start')).toBe(0);
    });

    it('goes with the render', async () => {
      const id = await jobIn(store, 'done');
      await store.tries.add(id, 'say');
      await store.jobs.remove(id);
      expect(await store.tries.count(id, 'say')).toBe(0);
      expect(await store.tries.add('nobody' as JobId, 'say')).toBe(0);
    });
  });
};
