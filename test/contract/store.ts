import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  activeStates,
  isFinished,
  isLegalMove,
  type Job,
  type JobId,
  type JobState,
  jobStates,
} from '../../src/domain/job.ts';
import { parseRequest } from '../../src/domain/kinds.ts';
import { renderSubject } from '../../src/domain/subject.ts';
import type { Clock } from '../../src/ports/clock.ts';
import type { Store } from '../../src/ports/store.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { aReport, blobNamed, jobIn, newJob, noLimits, originOf } from '../support/jobs.ts';
import { describeBallots } from './store-ballots.ts';
import { describeCalendar } from './store-calendar.ts';
import { describeContestErasures } from './store-contest-erasures.ts';
import { describeContestRetention } from './store-contest-retention.ts';
import { describeContests } from './store-contests.ts';
import { describeEntries } from './store-entries.ts';
import { describeErasures } from './store-erasures.ts';
import { describeInbox } from './store-inbox.ts';
import { describeInstallations } from './store-installations.ts';
import { describeLeases } from './store-leases.ts';
import { describeOutbox } from './store-outbox.ts';
import { describeQueue } from './store-queue.ts';
import { describeReactions } from './store-reactions.ts';
import { describeRetention } from './store-retention.ts';
import { describeTries } from './store-tries.ts';

/** A store of its own for each test, on an empty database. */
export type OpenStore = (options: { readonly clock: Clock }) => Promise<Store>;

const ids = (jobs: readonly Job[]): readonly JobId[] => jobs.map(({ id }) => id);

/** What every store does, whatever its database. */
export const describeStore = (name: string, open: OpenStore): void => {
  describe(name, () => {
    let store: Store;
    let clock: ReturnType<typeof createFakeClock>;
    beforeEach(async () => {
      clock = createFakeClock();
      store = await open({ clock });
    });
    afterEach(() => store.close());

    describe('a new render', () => {
      it('is written as it was handed in, and waits for its photo', async () => {
        const source = { root: 'elder' as JobId, owner: originOf('room', 'bob') };
        const { event, ...job } = newJob({ parent: 'elder' as JobId, photo: blobNamed('a'), source });
        const expected: Job = {
          ...job,
          source,
          sequence: 1,
          state: 'fetching',
          attempt: 0,
          claim: null,
          unitsDone: 0,
          failure: null,
          result: null,
          report: null,
          poster: null,
          createdAt: clock.wallTime(),
          askedMaxBytes: null,
          finishedAt: null,
        };
        expect(await store.jobs.insert({ ...job, event }, noLimits)).toEqual({
          kind: 'inserted',
          job: expected,
        });
        expect(await store.jobs.get(job.id)).toEqual(expected);
      });

      it('keeps every option of the request', async () => {
        const request = {
          ...parseRequest({ fps: 100 / 3, format: 'mp4' }),
          ...{ seed: 7, maxBytes: 10_000_000 },
        };
        const id = await jobIn(store, 'fetching', newJob({ request }));
        expect((await store.jobs.get(id))?.request).toEqual(request);
      });

      it('is unknown until then', async () => {
        expect(await store.jobs.get('nobody' as JobId)).toBeUndefined();
      });

      it('gets a higher number than all before it, also after one was removed', async () => {
        await jobIn(store, 'failed');
        const second = await jobIn(store, 'failed');
        await store.jobs.remove(second);
        const third = await store.jobs.get(await jobIn(store, 'fetching'));
        expect(third?.sequence).toBe(3);
      });
    });

    describe('an event', () => {
      const limits = { perUser: 1, perServer: 1 };
      const onDiscord = { platform: 'discord', server: 'guild', user: 'ann' } as const;
      const asked = () => newJob({ origin: onDiscord, event: 'interaction:1' });

      it('leads to one render, however often it comes, whatever the limits say by then', async () => {
        const first = asked();
        expect(await store.jobs.ofEvent('discord', 'interaction:1')).toBeUndefined();
        expect(await store.jobs.insert(first, limits)).toMatchObject({ kind: 'inserted' });
        expect(await store.jobs.insert(asked(), limits)).toMatchObject({
          kind: 'known',
          job: { id: first.id },
        });
        expect(await store.jobs.ofEvent('discord', 'interaction:1')).toMatchObject({ id: first.id });
        expect(await store.jobs.inState('fetching')).toHaveLength(1);
      });

      it('leads to one render when it comes twice at the same moment', async () => {
        const kinds = await Promise.all(
          [asked(), asked()].map(async (job) => (await store.jobs.insert(job, noLimits)).kind),
        );
        expect(kinds.toSorted()).toEqual(['inserted', 'known']);
      });

      it('is of its platform, and no event is like no other', async () => {
        await store.jobs.insert(asked(), noLimits);
        const elsewhere = newJob({ event: 'interaction:1' });
        for (const job of [elsewhere, newJob(), newJob()]) {
          expect(await store.jobs.insert(job, noLimits)).toMatchObject({ kind: 'inserted' });
        }
        expect(await store.jobs.ofEvent('web', 'interaction:1')).toMatchObject({ id: elsewhere.id });
      });
    });

    describe('the limits', () => {
      const limits = { perUser: 2, perServer: 3 };
      const insert = async (user: string, server = 'room') =>
        (await store.jobs.insert(newJob({ origin: originOf(server, user) }), limits)).kind;

      it('count what a user has, and then what a server has', async () => {
        expect(await insert('ann')).toBe('inserted');
        expect(await insert('ann')).toBe('inserted');
        expect(await insert('ann')).toBe('user-limit');
        expect(await insert('bob')).toBe('inserted');
        expect(await insert('bob')).toBe('server-limit');
        expect(await insert('cat', 'elsewhere')).toBe('inserted');
        expect(await store.jobs.reachedLimit(originOf('room', 'bob'), limits)).toBe('server-limit');
      });

      it('count a person across servers', async () => {
        expect(await insert('ann', 'one')).toBe('inserted');
        expect(await insert('ann', 'two')).toBe('inserted');
        expect(await insert('ann', 'three')).toBe('user-limit');
        expect(await store.jobs.reachedLimit(originOf('four', 'ann'), limits)).toBe('user-limit');
        const elsewhere = newJob({ origin: { platform: 'discord', server: 'one', user: 'ann' } });
        expect(await store.jobs.insert(elsewhere, limits)).toMatchObject({ kind: 'inserted' });
      });

      it('know people of the same id on two platforms apart', async () => {
        const kinds = [];
        for (const platform of ['slack', 'slack', 'slack', 'discord']) {
          const origin = { platform, server: 'one', user: 'ann' };
          kinds.push((await store.jobs.insert(newJob({ origin }), limits)).kind);
        }
        expect(kinds).toEqual(['inserted', 'inserted', 'user-limit', 'inserted']);
      });

      it('write nothing where they are reached', async () => {
        await insert('ann');
        await insert('ann');
        await insert('ann');
        expect(await store.jobs.inState('fetching')).toHaveLength(2);
      });

      it('hold for requests at the same moment', async () => {
        const kinds = await Promise.all(Array.from({ length: 8 }, () => insert('ann')));
        expect(kinds.filter((kind) => kind === 'inserted')).toHaveLength(2);
      });

      it.each(jobStates)('know whether %s counts', async (state) => {
        await jobIn(store, state);
        await jobIn(store, state);
        const counts = (activeStates as readonly JobState[]).includes(state);
        expect(await insert('ann')).toBe(counts ? 'user-limit' : 'inserted');
      });
    });

    describe('a move', () => {
      const moves = jobStates.flatMap((from) => jobStates.map((to) => ({ from, to })));

      it.each(moves.filter(({ from, to }) => isLegalMove(from, to)))(
        'leads from $from to $to',
        async (move) => {
          const id = await jobIn(store, move.from);
          expect(await store.jobs.move(id, move.from, move.to)).toBe(true);
          expect((await store.jobs.get(id))?.state).toBe(move.to);
        },
      );

      it('is refused where it is not in the table', async () => {
        for (const { from, to } of moves.filter((pair) => !isLegalMove(pair.from, pair.to))) {
          const id = await jobIn(store, from);
          await expect(store.jobs.move(id, from, to), `${from} -> ${to}`).rejects.toMatchObject({
            code: 'internal',
          });
          expect((await store.jobs.get(id))?.state).toBe(from);
        }
      });

      it('does nothing to a row that is in another state by now', async () => {
        const id = await jobIn(store, 'cancelled');
        expect(await store.jobs.move(id, 'running', 'delivering', { unitsDone: 5 })).toBe(false);
        expect(await store.jobs.get(id)).toMatchObject({ state: 'cancelled', unitsDone: 0 });
      });

      it('does nothing to a row that is not there', async () => {
        expect(await store.jobs.move('nobody' as JobId, 'queued', 'running')).toBe(false);
      });

      it('is won by one of two at the same moment', async () => {
        const id = await jobIn(store, 'running');
        const won = await Promise.all([
          store.jobs.move(id, 'running', 'delivering'),
          store.jobs.move(id, 'running', 'cancelled'),
        ]);
        expect(won.filter(Boolean)).toHaveLength(1);
      });

      it('writes what comes with it', async () => {
        const id = await jobIn(store, 'running');
        const changes = {
          unitsDone: 8,
          result: blobNamed('b'),
          poster: blobNamed('c'),
          report: aReport,
          failure: { code: 'user-limit', data: { limit: 2 } },
          photo: blobNamed('d'),
          attachment: { platform: 'web', ref: '', name: 'cat.jpg' },
        } as const;
        await store.jobs.move(id, 'running', 'delivering', changes);
        expect(await store.jobs.get(id)).toMatchObject({ ...changes, state: 'delivering' });
      });

      it.each(jobStates)('sets the time of finishing, or none, where it leads to %s', async (state) => {
        clock.advance(5000);
        const job = await store.jobs.get(await jobIn(store, state));
        expect(job?.finishedAt).toBe(isFinished(state) ? clock.wallTime() : null);
      });
    });

    describe('an update', () => {
      it('writes what it names, null too, and leaves the rest', async () => {
        const id = await jobIn(store, 'running', newJob({ photo: blobNamed('a') }));
        await store.jobs.update(id, { unitsDone: 3, attempt: 2 });
        await store.jobs.update(id, { photo: null });
        await store.jobs.update(id, {});
        expect(await store.jobs.get(id)).toMatchObject({
          unitsDone: 3,
          attempt: 2,
          photo: null,
          state: 'running',
        });
      });
    });

    describeQueue(() => ({ store, clock }));
    describeLeases(() => ({ store, clock }));

    describe('a list', () => {
      it('is of the states that were asked for, oldest first', async () => {
        const running = await jobIn(store, 'running');
        await jobIn(store, 'queued');
        const fetching = await jobIn(store, 'fetching');
        expect(ids(await store.jobs.inState('fetching', 'running'))).toEqual([running, fetching]);
        expect(await store.jobs.inState()).toEqual([]);
      });

      it("has the newest of a user's renders first, and no more than wanted", async () => {
        const mine = [await jobIn(store, 'done'), await jobIn(store, 'queued'), await jobIn(store, 'failed')];
        await jobIn(store, 'queued', newJob({ origin: originOf('room', 'bob') }));
        await jobIn(store, 'queued', newJob({ origin: originOf('elsewhere', 'ann') }));
        expect(ids(await store.jobs.ofUser(originOf('room', 'ann'), { limit: 2 }))).toEqual([
          mine[2],
          mine[1],
        ]);
      });
    });

    it('removes a row with what was said about it, and takes the second time well', async () => {
      const id = await jobIn(store, 'done');
      await store.outbox.begin(`${id}:film`);
      await store.jobs.remove(id);
      await store.jobs.remove(id);
      expect(await store.jobs.get(id)).toBeUndefined();
      expect(await store.outbox.ofSubject(renderSubject(id))).toEqual([]);
      expect(await store.outbox.unfinished()).toEqual([]);
    });

    it('answers the check', async () => {
      await store.check();
      await store.check();
    });

    it('can be closed twice, and no longer answers then', async () => {
      await store.close();
      await store.close();
      await expect(store.check()).rejects.toThrow();
    });

    describeOutbox(() => store);
    describeCalendar(() => ({ store, clock }));
    describeContests(() => ({ store, clock }));
    describeEntries(() => ({ store, clock }));
    describeBallots(() => store);
    describeContestErasures(() => store);
    describeContestRetention(() => ({ store, clock }));
    describeErasures(() => store);
    describeInbox(() => ({ store, clock }));
    describeInstallations(() => store);
    describeReactions(() => store);
    describeRetention(() => ({ store, clock }));
    describeTries(() => store);
  });
};
