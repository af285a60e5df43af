import { beforeEach, describe, expect, it } from 'vitest';
import { type JobId, leaseMs } from '../../src/domain/job.ts';
import type { LeasedJob } from '../../src/ports/leases.ts';
import type { Store } from '../../src/ports/store.ts';
import type { FakeClock } from '../support/fake-clock.ts';
import { jobIn } from '../support/jobs.ts';

/** Who may write about a render that runs, and for how long. */
export const describeLeases = (world: () => { readonly store: Store; readonly clock: FakeClock }): void => {
  describe('a lease', () => {
    let store: Store;
    let clock: FakeClock;
    beforeEach(() => {
      ({ store, clock } = world());
    });
    const claim = async (): Promise<LeasedJob> => {
      const job = await store.leases.claimNext();
      if (!job) throw new Error('nothing waits');
      return job;
    };
    const claimed = async (): Promise<LeasedJob> => {
      await jobIn(store, 'queued');
      return claim();
    };
    /** Whether each kind of write is taken; the last one moves the row. */
    const writes = async (lease: LeasedJob): Promise<readonly boolean[]> => [
      await store.leases.renew(lease),
      await store.leases.update(lease, { unitsDone: 5 }),
      await store.leases.leave(lease, 'delivering', { unitsDone: 6 }),
    ];

    it('lets its holder write about the render and move it', async () => {
      const lease = await claimed();
      expect(await writes(lease)).toEqual([true, true, true]);
      expect(await store.jobs.get(lease.id)).toMatchObject({ state: 'delivering', unitsDone: 6 });
    });

    it('is over once the row has moved: nothing more is written', async () => {
      const lease = await claimed();
      await store.leases.leave(lease, 'failed', { failure: { code: 'render-diverged', data: {} } });
      const before = await store.jobs.get(lease.id);
      expect(await writes(lease)).toEqual([false, false, false]);
      expect(await store.jobs.get(lease.id)).toEqual(before);
    });

    it('is over once the render is cancelled', async () => {
      const lease = await claimed();
      await store.jobs.move(lease.id, 'running', 'cancelled');
      expect(await writes(lease)).toEqual([false, false, false]);
      expect(await store.jobs.get(lease.id)).toMatchObject({ state: 'cancelled', unitsDone: 0 });
    });

    it('is over once the render is to be deleted for good', async () => {
      const lease = await claimed();
      await store.erasures.begin({ kind: 'photo', root: lease.source.root });
      expect(await writes(lease)).toEqual([false, false, false]);
    });

    it('keeps others from the render for as long as it is renewed', async () => {
      const lease = await claimed();
      for (let beat = 0; beat < 5; beat++) {
        clock.advance(leaseMs - 1);
        expect(await store.leases.claimNext()).toBeUndefined();
        expect(await store.leases.renew(lease)).toBe(true);
      }
      await store.leases.release('expired');
      expect(await store.jobs.get(lease.id)).toMatchObject({ state: 'running', claim: lease.claim });
    });

    it('that is not renewed lets the next claim have the render, and writes nothing from then on', async () => {
      const lost = await claimed();
      clock.advance(leaseMs + 1);
      const next = await claim();
      expect(next).toMatchObject({ id: lost.id, attempt: 2 });
      expect(next.claim).not.toBe(lost.claim);
      expect(await writes(lost)).toEqual([false, false, false]);
      expect(await store.jobs.get(lost.id)).toEqual({ ...next });
      expect(await writes(next)).toEqual([true, true, true]);
    });

    it('that has run out is still good where nobody else has taken the render', async () => {
      const lease = await claimed();
      clock.advance(10 * leaseMs);
      expect(await writes(lease)).toEqual([true, true, true]);
    });

    it('that was given before a clock was set back does not last until then', async () => {
      clock.advance(3_600_000);
      const lost = await claimed();
      clock.advance(-3_600_000);
      expect((await claim()).id).toBe(lost.id);
    });

    it.each(['expired', 'all'] as const)('is released where those that are %s are', async (which) => {
      const lease = await claimed();
      if (which === 'expired') clock.advance(leaseMs + 1);
      await store.leases.release(which);
      expect(await store.jobs.get(lease.id)).toMatchObject({ state: 'queued', attempt: 1 });
      expect(await writes(lease)).toEqual([false, false, false]);
    });

    it('is not looked for in vain at the cost of a write: nothing waits, nothing is counted', async () => {
      for (let look = 0; look < 3; look++) expect(await store.leases.claimNext()).toBeUndefined();
      expect((await claimed()).claim).toBe(1);
    });

    it('is of one of many who ask at the same moment for what has run out', async () => {
      const lost: JobId[] = [];
      for (let i = 0; i < 3; i++) lost.push((await claimed()).id);
      clock.advance(leaseMs + 1);
      const claims = await Promise.all(Array.from({ length: 5 }, () => store.leases.claimNext()));
      const found = claims.filter((job) => job !== undefined);
      expect(found.map(({ id }) => id).toSorted()).toEqual(lost.toSorted());
      expect(new Set(found.map((job) => job.claim)).size).toBe(3);
    });
  });
};
