import { beforeEach, describe, expect, it } from 'vitest';
import type { JobId, Origin } from '../../src/domain/job.ts';
import type { RenderRequest } from '../../src/domain/kinds.ts';
import { renderSubject } from '../../src/domain/subject.ts';
import type { Store } from '../../src/ports/store.ts';
import { blobNamed, jobIn, newJob, originOf } from '../support/jobs.ts';

/** What deleting for good means, whatever the database. */
export const describeErasures = (opened: () => Store): void => {
  describe('deleting for good', () => {
    let store: Store;
    beforeEach(() => {
      store = opened();
    });

    const [ann, bob] = [originOf('room', 'ann'), originOf('kitchen', 'bob')];
    const of = (origin: Origin, changes: Partial<Parameters<typeof newJob>[0]> = {}) =>
      newJob({ origin, ...changes });
    const photo = (root: JobId) => ({ kind: 'photo', root }) as const;
    const everything = (person: Origin) => ({ kind: 'person', person }) as const;

    it('hides what is marked from everything else, and cancels what was under way', async () => {
      const states = ['fetching', 'queued', 'running', 'delivering', 'done', 'failed'] as const;
      const root = newJob({ origin: ann, event: 'interaction:1' });
      const source = { root: root.id, owner: ann };
      const ids = [await jobIn(store, 'done', root)];
      for (const state of states) ids.push(await jobIn(store, state, of(bob, { source })));
      const begun = await store.erasures.begin(photo(root.id));
      expect(begun.map(({ id, state }) => [id, state])).toEqual(
        ids.map((id, index) => [id, index === 0 ? 'done' : states[index - 1]]),
      );
      for (const id of ids) expect(await store.jobs.get(id)).toBeUndefined();
      expect(await store.jobs.ofUser(bob, { limit: 9 })).toEqual([]);
      expect(await store.jobs.inState(...states, 'cancelled')).toEqual([]);
      expect(await store.jobs.waiting()).toEqual([]);
      expect(await store.leases.claimNext()).toBeUndefined();
      expect(await store.jobs.reachedLimit(bob, { perUser: 1, perServer: 1 })).toBeNull();
      expect(await store.jobs.ofEvent('web', 'interaction:1')).toBeUndefined();
      expect(
        await store.jobs.insert(of(ann, { event: 'interaction:1' }), { perUser: 9, perServer: 9 }),
      ).toMatchObject({
        kind: 'inserted',
      });
      expect((await store.erasures.pending()).map(({ id }) => id)).toEqual(ids);
      expect(await store.erasures.begin(photo(root.id))).toEqual([]);
      await store.jobs.remove(ids[0]!);
      expect((await store.erasures.pending()).map(({ id }) => id)).toEqual(ids.slice(1));
    });

    it('knows whose photo a film was made of that comes back as a photo, and what somebody sends again', async () => {
      const [a, b] = [blobNamed('a'), blobNamed('b')];
      const first = await jobIn(store, 'done', of(ann, { photo: a }));
      await jobIn(store, 'done', of(bob, { photo: a }));
      await store.jobs.update(first, { result: b });
      expect(await store.erasures.sourceOf(a, ann)).toEqual({ root: first, owner: ann });
      expect(await store.erasures.sourceOf(a, originOf('room', 'cid'))).toBeUndefined();
      expect(await store.erasures.sourceOf(b, bob)).toEqual({ root: first, owner: ann });
      expect(await store.erasures.sourceOf(blobNamed('c'), ann)).toBeUndefined();
      await store.erasures.begin(photo(first));
      expect(await store.erasures.sourceOf(b, bob)).toBeUndefined();
      await store.erasures.dropFiles(first);
      expect([...(await store.retention.uses([a, b])).keys()]).toEqual([a]);
    });

    it('counts and marks of a person their photos with all that is of them, and their renders', async () => {
      const own = await jobIn(store, 'done', of(ann));
      const again = await jobIn(store, 'done', of(bob, { source: { root: own, owner: ann } }));
      const bobs = await jobIn(store, 'done', of(bob));
      const ofBobs = await jobIn(store, 'done', of(ann, { source: { root: bobs, owner: bob } }));
      const elsewhere = await jobIn(store, 'done', of(originOf('attic', 'ann')));
      expect(await store.erasures.count(everything(ann))).toEqual({ photos: 2, renders: 4, ofOthers: 1 });
      const begun = await store.erasures.begin(everything(ann));
      expect(begun.map(({ id }) => id)).toEqual([own, again, ofBobs, elsewhere]);
      expect(await store.jobs.get(bobs)).toBeDefined();
      expect(await store.erasures.people()).toEqual([ann]);
      await store.erasures.forgotten(ann);
      expect(await store.erasures.people()).toEqual([]);
    });

    it('counts films of others that go through a photo, and only those', async () => {
      const own = await jobIn(store, 'done', of(ann));
      const bobs = await jobIn(store, 'done', of(bob));
      const { request } = newJob();
      const past = (root: JobId) =>
        of(bob, {
          source: { root: bobs, owner: bob },
          request: { ...request, through: [{ photo: blobNamed('a'), root }] } as RenderRequest,
        });
      await jobIn(store, 'running', past(own));
      await jobIn(store, 'done', past(bobs));
      for (const erasure of [photo(own), everything(ann)])
        expect(await store.erasures.count(erasure)).toEqual({ photos: 1, renders: 2, ofOthers: 1 });
    });

    it('takes a person out of the outbox of films of others that were sent to them', async () => {
      const bobs = await jobIn(store, 'done', of(bob));
      const send = async (key: string, user: string): Promise<void> => {
        await store.outbox.begin(key);
        const grant = JSON.stringify({ place: { user } });
        await store.outbox.finish(key, { platform: 'web', ref: `${key} alone`, grant });
      };
      await send(`${bobs}:copy-1`, 'ann');
      await send(`${bobs}:copy-2`, 'annabel');
      await store.erasures.begin(everything(ann));
      expect((await store.outbox.ofSubject(renderSubject(bobs))).map(({ key }) => key)).toEqual([
        `${bobs}:copy-2`,
      ]);
    });

    it('keeps apart people of the same id on two platforms', async () => {
      const at = (server: string, platform: string) => ({ platform, server, user: 'U1' });
      const here = await jobIn(store, 'done', of(at('one', 'slack')));
      const there = await jobIn(store, 'done', of(at('two', 'slack')));
      const other = await jobIn(store, 'done', of(at('one', 'discord')));
      const deleted = await store.erasures.begin(everything(at('one', 'slack')));
      expect(deleted.map(({ id }) => id)).toEqual([here, there]);
      expect(await store.jobs.get(other)).toBeDefined();
    });
  });
};
