import { beforeEach, describe, expect, it } from 'vitest';
import { type Job, type JobId, jobStates } from '../../src/domain/job.ts';
import { createRandom } from '../../src/domain/random.ts';
import type { Store } from '../../src/ports/store.ts';
import type { FakeClock } from '../support/fake-clock.ts';
import { jobIn, newJob, originOf } from '../support/jobs.ts';

const drain = async (store: Store): Promise<readonly Job[]> => {
  const job = await store.leases.claimNext();
  return job ? [job, ...(await drain(store))] : [];
};

const ids = (jobs: readonly Job[]): readonly JobId[] => jobs.map(({ id }) => id);

/** In which order waiting renders are given out. */
export const describeQueue = (world: () => { readonly store: Store; readonly clock: FakeClock }): void => {
  describe('the queue', () => {
    let store: Store;
    let clock: FakeClock;
    beforeEach(() => {
      ({ store, clock } = world());
    });
    const queue = (who: string): Promise<JobId> => {
      const [server = '', user = ''] = who.split(' ');
      return jobIn(store, 'queued', newJob({ origin: originOf(server, user) }));
    };

    it('is empty at first', async () => {
      expect(await store.leases.claimNext()).toBeUndefined();
      expect(await store.jobs.waiting()).toEqual([]);
    });

    it('gives a job out running, with its attempt counted and a claim that no other has', async () => {
      const id = await queue('a x');
      const claimed = await store.leases.claimNext();
      expect(claimed).toMatchObject({ id, state: 'running', attempt: 1, claim: expect.any(Number) });
      expect(await store.jobs.get(id)).toEqual(claimed);
      await store.jobs.move(id, 'running', 'queued');
      const again = await store.leases.claimNext();
      expect(again).toMatchObject({ id, attempt: 2 });
      expect(again?.claim).toBeGreaterThan(claimed!.claim);
    });

    it('holds only what is queued', async () => {
      await jobIn(store, 'queued');
      await store.leases.claimNext();
      for (const state of jobStates.filter((each) => each !== 'running')) await jobIn(store, state);
      expect((await store.jobs.waiting()).map(({ state }) => state)).toEqual(['queued']);
      expect(await drain(store)).toHaveLength(1);
    });

    it('takes servers in turn, then users in turn, then the oldest', async () => {
      const [a1, a2, a3, b1, b2] = [
        await queue('a x'),
        await queue('a x'),
        await queue('a y'),
        await queue('b z'),
        await queue('b z'),
      ];
      expect(ids(await store.jobs.waiting())).toEqual([a1, b1, a3, b2, a2]);
      expect(ids(await drain(store))).toEqual([a1, b1, a3, b2, a2]);
    });

    it('remembers who was served, also when they have nothing left', async () => {
      await queue('a x');
      await drain(store);
      const again = await queue('a x');
      const other = await queue('b y');
      expect(ids(await drain(store))).toEqual([other, again]);
    });

    it('counts a claim that came back', async () => {
      const first = await queue('a x');
      const second = await queue('b y');
      await store.leases.claimNext();
      await store.jobs.move(first, 'running', 'queued');
      expect(ids(await drain(store))).toEqual([second, first]);
    });

    it('gives each job to one of many who ask at the same moment', async () => {
      for (let i = 0; i < 5; i++) await queue(`a ${i % 2}`);
      const claims = await Promise.all(Array.from({ length: 8 }, () => store.leases.claimNext()));
      const claimed = claims.filter((job) => job !== undefined);
      expect(new Set(ids(claimed)).size).toBe(5);
      expect(claimed).toHaveLength(5);
    });

    it('does not care when the clock is set back an hour', async () => {
      const first = await queue('a x');
      clock.advance(-3_600_000);
      const second = await queue('a x');
      clock.advance(1000);
      const third = await queue('a x');
      expect(ids(await store.jobs.waiting())).toEqual([first, second, third]);
      expect(ids(await store.jobs.inState('queued'))).toEqual([first, second, third]);
      expect(ids(await store.jobs.ofUser(originOf('a', 'x'), { limit: 9 }))).toEqual([third, second, first]);
      expect(ids(await drain(store))).toEqual([first, second, third]);
    });

    it('gives a person who asks on many servers one share of them all', async () => {
      const anns = [await queue('a ann'), await queue('b ann'), await queue('c ann')];
      const [bob, cat] = [await queue('d bob'), await queue('d cat')];
      const order = [anns[0], bob, anns[1], cat, anns[2]];
      expect(ids(await store.jobs.waiting())).toEqual(order);
      expect(ids(await drain(store))).toEqual(order);
    });

    it.each([4, 5, 6])('drains people of many servers in the same order (seed %i)', async (seed) => {
      const random = createRandom(seed);
      const below = (n: number): number => Math.floor(random.uniform() * n);
      const anybody = (): Promise<JobId> => {
        const platform = (['discord', 'slack'] as const)[below(2)]!;
        const origin = { platform, server: `s${below(5)}`, user: `u${below(4)}` };
        return jobIn(store, 'queued', newJob({ origin }));
      };
      for (let i = 0; i < 6; i++) await anybody();
      await drain(store);
      for (let i = 0; i < 30; i++) await anybody();
      const waiting = await store.jobs.waiting();
      expect(ids(await drain(store))).toEqual(ids(waiting));
    });

    it.each([1, 2, 3])('is drained in the order in which it says it waits (seed %i)', async (seed) => {
      const random = createRandom(seed);
      const below = (n: number): number => Math.floor(random.uniform() * n);
      const anybody = (): string => {
        const server = below(6);
        return `s${server} u${server}-${below(3)}`;
      };
      // A past, so that some have been served before.
      for (let i = 0; i < 6; i++) await queue(anybody());
      await drain(store);
      for (let i = 0; i < 30; i++) await queue(anybody());
      const waiting = await store.jobs.waiting();
      const starts = await drain(store);
      expect(ids(starts)).toEqual(ids(waiting));

      const left = new Map<string, number>();
      for (const { origin } of starts) left.set(origin.server, (left.get(origin.server) ?? 0) + 1);
      const started = new Map([...left.keys()].map((server) => [server, 0]));
      for (const { origin } of starts) {
        started.set(origin.server, (started.get(origin.server) ?? 0) + 1);
        left.set(origin.server, (left.get(origin.server) ?? 0) - 1);
        const counts = [...started].filter(([server]) => left.get(server)! > 0).map(([, count]) => count);
        if (counts.length > 0) expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
      }
    });

    it('says who is next also while others arrive', async () => {
      const random = createRandom(9);
      const below = (n: number): number => Math.floor(random.uniform() * n);
      for (let i = 0; i < 30; i++) {
        if (random.uniform() < 0.7) await queue(`s${below(4)} u${below(3)}`);
        else {
          const [next] = await store.jobs.waiting();
          expect((await store.leases.claimNext())?.id).toBe(next?.id);
        }
      }
    });
  });
};
