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

    it('lists what ends alike, of any render, and forgets what is removed', async () => {
      const { posts } = opened();
      const [job, other] = [await jobIn(opened(), 'running'), await jobIn(opened(), 'running')];
      await posts.begin('b:notice', job);
      await posts.begin('a:notice', other);
      await posts.begin('a:film', other);
      await posts.finish('b:notice', message);
      const both = [
        { key: 'b:notice', message },
        { key: 'a:notice', message: null },
      ];
      expect(await posts.ending(':notice')).toEqual(both);
      await posts.remove('b:notice');
      await posts.remove('b:notice');
      expect(await posts.ending(':notice')).toEqual(both.slice(1));
      expect(await posts.begin('b:notice', job)).toEqual({ message: null, begunBefore: false });
    });

    it('keeps what else the adapter needs to write a message', async () => {
      const { posts } = opened();
      const job = await jobIn(opened(), 'running');
      const granted = { ...message, grant: '{"token":"abc"}' };
      await posts.begin('film', job);
      await posts.finish('film', granted);
      expect(await posts.get('film')).toEqual(granted);
      expect(await posts.of(message)).toEqual({ key: 'film', job });
    });

    it('knows whose message it is, by platform and reference', async () => {
      const { posts } = opened();
      const job = await jobIn(opened(), 'running');
      await posts.begin('answer', job);
      await posts.finish('answer', message);
      await posts.begin('nowhere', job);
      await posts.finish('nowhere', { platform: 'web', ref: '' });
      expect(await posts.of(message)).toEqual({ key: 'answer', job });
      expect(await posts.of({ ...message, platform: 'discord' })).toBeUndefined();
      expect(await posts.of({ ...message, ref: 'message-2' })).toBeUndefined();
      expect(await posts.of({ platform: 'web', ref: '' })).toBeUndefined();
      await opened().jobs.remove(job);
      expect(await posts.of(message)).toBeUndefined();
    });

    it('names what was begun last where one message stands for two', async () => {
      const { posts } = opened();
      const job = await jobIn(opened(), 'failed');
      for (const key of ['z:answer', 'a:final']) {
        await posts.begin(key, job);
        await posts.finish(key, message);
      }
      expect(await posts.of(message)).toEqual({ key: 'a:final', job });
    });

    it('lists the newest messages of a kind and a platform that were said, and no more than wanted', async () => {
      const { posts } = opened();
      const job = await jobIn(opened(), 'done');
      const say = async (key: string, ref: string, platform: 'web' | 'discord' = 'discord') => {
        await posts.begin(key, job);
        await posts.finish(key, { platform, ref });
      };
      await say('1:final', 'first');
      await say('2:final', 'second');
      await say('2:answer', 'an answer');
      await say('3:final', 'elsewhere', 'web');
      await say('4:final', '');
      await say('5:finalx', 'longer');
      await posts.begin('6:final', job);
      await say('7:final', 'third');
      const latest = async (keyEnding: string, limit: number) =>
        (await posts.latest('discord', { keyEnding, limit })).map(({ ref }) => ref);
      expect(await latest(':final', 9)).toEqual(['third', 'second', 'first']);
      expect(await latest(':final', 2)).toEqual(['third', 'second']);
      expect(await latest('_final', 9)).toEqual([]);
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
