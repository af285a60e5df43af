import { describe, expect, it } from 'vitest';
import type { JobId } from '../../src/domain/job.ts';
import type { MessageRef } from '../../src/ports/chat.ts';
import type { Store } from '../../src/ports/store.ts';
import { jobIn } from '../support/jobs.ts';

const message: MessageRef = { platform: 'web', ref: 'message-1' };

/** What every outbox does; part of the store's contract. */
export const describePosts = (opened: () => Store): void => {
  describe('the outbox', () => {
    it('says that something is new, that it was begun, and that it was said', async () => {
      const { posts } = opened();
      const job = await jobIn(opened(), 'running');
      expect(await posts.begin('film', job)).toEqual({ message: null, begunBefore: false });
      expect(await posts.get('film')).toBeUndefined();
      expect(await posts.begin('film', job)).toEqual({ message: null, begunBefore: true });
      await posts.finish('film', message);
      expect(await posts.begin('film', job)).toEqual({ message, begunBefore: true });
      expect(await posts.get('film')).toEqual(message);
    });

    it('lets one of two begin at the same moment', async () => {
      const { posts } = opened();
      const job = await jobIn(opened(), 'running');
      const begun = await Promise.all([posts.begin('film', job), posts.begin('film', job)]);
      expect(begun.map(({ begunBefore }) => begunBefore).sort()).toEqual([false, true]);
    });

    it('lists what was said about one render, in the order in which it was begun', async () => {
      const { posts } = opened();
      const [job, other] = [await jobIn(opened(), 'running'), await jobIn(opened(), 'running')];
      await posts.begin('z', job);
      await posts.begin('other', other);
      await posts.begin('a', job);
      await posts.finish('z', message);
      expect(await posts.ofJob(job)).toEqual([
        { key: 'z', message },
        { key: 'a', message: null },
      ]);
    });

    it('lists what was begun and never finished', async () => {
      const { posts } = opened();
      const [job, other] = [await jobIn(opened(), 'running'), await jobIn(opened(), 'done')];
      await posts.begin('b', job);
      await posts.begin('said', job);
      await posts.begin('a', other);
      await posts.finish('said', message);
      expect(await posts.unfinished()).toEqual([
        { key: 'b', job },
        { key: 'a', job: other },
      ]);
    });

    it('does not know what nobody began', async () => {
      const { posts } = opened();
      expect(await posts.get('nothing')).toBeUndefined();
      await expect(posts.finish('nothing', message)).rejects.toMatchObject({ code: 'not-found' });
    });

    it('begins nothing for a render that is gone', async () => {
      await expect(opened().posts.begin('film', 'nobody' as JobId)).rejects.toMatchObject({
        code: 'not-found',
      });
    });
  });
};
