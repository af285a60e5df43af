import { describe, expect, it } from 'vitest';
import type { BlobId, JobId, JobState } from '../../src/domain/job.ts';
import type { RenderRequest } from '../../src/domain/kinds.ts';
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

    const all = { after: 0, limit: 100, before: null } as const;
    const films = async () => (await opened().store.retention.films(all)).blobs;
    const photos = async () => (await opened().store.retention.photos(all)).blobs;

    it('lists films and posters of finished renders, the oldest finish first', async () => {
      await holding('delivering', { result: d });
      await holding('done', { result: a, poster: b });
      await holding('done', { result: c });
      expect(await films()).toEqual([a, b, c]);
    });

    it('goes by who finished first, not by the clock', async () => {
      await holding('done', { result: a });
      opened().clock.advance(-3_600_000);
      await holding('done', { result: b });
      expect(await films()).toEqual([a, b]);
    });

    it('counts a film that two renders share as the younger one', async () => {
      await holding('done', { result: a });
      const { at } = await holding('done', { result: b });
      await holding('done', { result: a });
      expect(await films()).toEqual([b, a]);
      expect((await opened().store.retention.films({ ...all, before: at + 500 })).blobs).toEqual([b]);
    });

    it('leaves out what a render under way needs', async () => {
      await holding('done', { result: a, photo: b, poster: c });
      await holding('delivering', { result: a, poster: c });
      await holding('queued', { photo: b });
      expect(await films()).toEqual([]);
      expect(await photos()).toEqual([]);
    });

    it('needs the photos that an unfinished film goes through, and lets them go once it is there', async () => {
      const { jobs, retention } = opened().store;
      await holding('done', { photo: a });
      await holding('done', { photo: b });
      const { request } = newJob();
      const through = [{ photo: b, root: 'root-b' }];
      const reel = newJob({ photo: c, request: { ...request, through } as RenderRequest });
      await jobIn(opened().store, 'running', reel);
      expect((await jobs.get(reel.id))?.request).toEqual(reel.request);
      expect(await photos()).toEqual([a]);
      expect((await retention.uses([b])).get(b)).toBe('needed');
      expect(await retention.forget(b)).toMatchObject({ isFree: false });
      await jobs.move(reel.id, 'running', 'delivering');
      await jobs.move(reel.id, 'delivering', 'done');
      expect(await photos()).toEqual([a, c]);
      expect((await retention.uses([b])).has(b)).toBe(false);
    });

    it('lists photos once, with the newest finish of the renders that used them', async () => {
      await holding('failed', { photo: a });
      await holding('cancelled', { photo: b });
      await holding('done', { photo: a });
      expect(await photos()).toEqual([b, a]);
    });

    it('counts a film that was sent as a photo among the films', async () => {
      await holding('done', { result: a });
      await holding('done', { photo: a });
      expect(await photos()).toEqual([]);
      expect(await films()).toEqual([a]);
    });

    it('reads page by page, and looks at no row twice', async () => {
      const { retention } = opened().store;
      for (const result of [a, b, c]) await holding('done', { result });
      await holding('failed', {});
      const first = await retention.films({ ...all, limit: 2 });
      expect(first).toEqual({ blobs: [a, b], next: expect.any(Number) });
      const second = await retention.films({ ...all, limit: 2, after: first.next! });
      expect(second).toEqual({ blobs: [c], next: null });
    });

    it('knows what each blob is to the rows', async () => {
      await holding('done', { photo: a, result: b });
      await holding('queued', { photo: c });
      await holding('done', { poster: d, photo: c });
      const unknown = blobNamed('e');
      expect([...(await opened().store.retention.uses([a, b, c, d, unknown]))].sort()).toEqual([
        [a, 'photo'],
        [b, 'film'],
        [c, 'needed'],
        [d, 'film'],
      ]);
    });

    it('forgets a blob in finished renders, and in no other', async () => {
      const { retention, jobs } = opened().store;
      const done = await holding('done', { photo: a, result: a, poster: b });
      const queued = await holding('queued', { photo: a });
      expect(await retention.forget(a)).toMatchObject({ isFree: false, films: [done.id] });
      expect(await jobs.get(done.id)).toMatchObject({ photo: null, result: null, poster: b });
      expect(await jobs.get(queued.id)).toMatchObject({ photo: a });
      expect([...(await retention.uses([a, b])).keys()].sort()).toEqual([a, b]);
      expect(await retention.forget(b)).toEqual({ isFree: true, films: [], previews: [] });
    });

    describe('rows that are too old', () => {
      const place = { platform: 'web', ref: 'message-1' } as const;
      const remove = (before: number, limit = 100) => opened().store.retention.removeRows({ before, limit });

      it('go once they are finished and have no files, with all that points at them', async () => {
        const { jobs, outbox, reactions } = opened().store;
        const gone = await holding('done', {});
        await outbox.begin(`${gone.id}:final`);
        await outbox.finish(`${gone.id}:final`, place);
        await reactions.add({ message: place, kind: 'reroll', user: 'ann' });
        const kept = [
          await holding('done', { result: a }),
          await holding('failed', { photo: b }),
          await holding('done', { poster: c }),
          await holding('queued', {}),
          await holding('delivering', {}),
        ];
        const { at } = await holding('cancelled', {});
        expect(await remove(at)).toMatchObject({ renders: 1 });
        expect(await jobs.get(gone.id)).toBeUndefined();
        expect(await outbox.of(place)).toBeUndefined();
        expect(await reactions.on(place)).toEqual([]);
        for (const { id } of kept) expect(await jobs.get(id)).toBeDefined();
        expect(await remove(at)).toMatchObject({ renders: 0 });
        expect(await remove(at + 1)).toMatchObject({ renders: 1 });
      });

      it('go page by page', async () => {
        for (let i = 0; i < 5; i++) await holding('failed', {});
        const later = opened().clock.wallTime() + 1000;
        const pages: number[] = [];
        for (let page = 0; page < 4; page++) pages.push((await remove(later, 2)).renders);
        expect(pages).toEqual([2, 2, 1, 0]);
      });

      it('tell no more who was served that long ago', async () => {
        const { store, clock } = opened();
        await jobIn(store, 'queued', newJob());
        await store.leases.claimNext();
        const at = clock.wallTime();
        expect(await remove(at)).toMatchObject({ served: 0 });
        expect(await remove(at + 1)).toMatchObject({ served: 2 });
        expect(await remove(at + 1)).toMatchObject({ served: 0 });
      });
    });
  });
};
