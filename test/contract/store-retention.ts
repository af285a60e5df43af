import { describe, expect, it } from 'vitest';
import type { BlobId, JobId, JobState } from '../../src/domain/job.ts';
import type { Store } from '../../src/ports/store.ts';
import type { FakeClock } from '../support/fake-clock.ts';
import { blobNamed, jobIn, newJob } from '../support/jobs.ts';

type Held = { readonly photo?: BlobId; readonly result?: BlobId; readonly poster?: BlobId };

/** What every store says about blobs; part of its contract. */
export const describeRetention = (
  opened: () => { readonly store: Store; readonly clock: FakeClock },
): void => {
  describe('retention', () => {
    const [a, b, c, d] = [blobNamed('a'), blobNamed('b'), blobNamed('c'), blobNamed('d')];

    /** A second passes with each, so that each has a time of its own. */
    const holding = async (
      state: JobState,
      held: Held,
    ): Promise<{ readonly id: JobId; readonly at: number }> => {
      const { store, clock } = opened();
      clock.advance(1000);
      const id = await jobIn(store, state, newJob());
      await store.jobs.update(id, held);
      return { id, at: clock.wallTime() };
    };

    it('lists films and posters of finished renders, the oldest finish first', async () => {
      const { retention } = opened().store;
      await holding('delivering', { result: d });
      const first = await holding('done', { result: a, poster: b });
      const second = await holding('done', { result: c });
      expect(await retention.results()).toEqual([
        { job: first.id, blob: a, finishedAt: first.at },
        { job: first.id, blob: b, finishedAt: first.at },
        { job: second.id, blob: c, finishedAt: second.at },
      ]);
    });

    it('goes by who finished first, not by the clock', async () => {
      const { store, clock } = opened();
      const first = await holding('done', { result: a });
      clock.advance(-3_600_000);
      const second = await holding('done', { result: b });
      expect((await store.retention.results()).map(({ job }) => job)).toEqual([first.id, second.id]);
    });

    it('counts a film that two renders share as the younger one', async () => {
      const first = await holding('done', { result: a });
      const other = await holding('done', { result: b });
      const second = await holding('done', { result: a });
      expect(await opened().store.retention.results()).toEqual([
        { job: other.id, blob: b, finishedAt: other.at },
        { job: first.id, blob: a, finishedAt: second.at },
        { job: second.id, blob: a, finishedAt: second.at },
      ]);
    });

    it('leaves out what a render under way needs', async () => {
      const { retention } = opened().store;
      await holding('done', { result: a, photo: b, poster: c });
      await holding('delivering', { result: a, poster: c });
      await holding('queued', { photo: b });
      expect(await retention.results()).toEqual([]);
      expect(await retention.photos()).toEqual([]);
    });

    it('lists photos once, with the newest finish of the renders that used them', async () => {
      await holding('failed', { photo: a });
      const other = await holding('cancelled', { photo: b });
      const again = await holding('done', { photo: a });
      expect(await opened().store.retention.photos()).toEqual([
        { blob: b, finishedAt: other.at },
        { blob: a, finishedAt: again.at },
      ]);
    });

    it('counts a film that was sent as a photo among the films', async () => {
      const { retention } = opened().store;
      const first = await holding('done', { result: a });
      const second = await holding('done', { photo: a });
      expect(await retention.photos()).toEqual([]);
      expect((await retention.results()).map(({ job }) => job)).toEqual([first.id]);
      expect(second.at).toBeGreaterThan(first.at);
    });

    it('knows every blob that a row points at', async () => {
      await holding('done', { photo: a, result: b });
      await holding('queued', { photo: c });
      await holding('done', { poster: d });
      expect(await opened().store.retention.referenced()).toEqual(new Set([a, b, c, d]));
    });

    it('forgets a blob in finished renders, and in no other', async () => {
      const { retention, jobs } = opened().store;
      const done = await holding('done', { photo: a, result: a, poster: b });
      const queued = await holding('queued', { photo: a });
      await retention.forget(a);
      expect(await jobs.get(done.id)).toMatchObject({ photo: null, result: null, poster: b });
      expect(await jobs.get(queued.id)).toMatchObject({ photo: a });
      expect(await retention.referenced()).toEqual(new Set([a, b]));
    });
  });
};
