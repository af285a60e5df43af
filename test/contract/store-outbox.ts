import { beforeEach, describe, expect, it } from 'vitest';
import type { JobId } from '../../src/domain/job.ts';
import { renderSubject } from '../../src/domain/subject.ts';
import type { MessageRef } from '../../src/ports/chat.ts';
import type { Store } from '../../src/ports/store.ts';
import { jobIn } from '../support/jobs.ts';

const message: MessageRef = { platform: 'web', ref: 'message-1' };

/** What every outbox does; part of the store's contract. */
export const describeOutbox = (opened: () => Store): void => {
  describe('the outbox', () => {
    let outbox: Store['outbox'];
    let [job, other] = ['', ''] as JobId[];
    beforeEach(async () => {
      outbox = opened().outbox;
      [job, other] = [await jobIn(opened(), 'running'), await jobIn(opened(), 'running')];
    });
    const post = (id: JobId | undefined, role: string, sent: MessageRef | null = null) => ({
      key: `${id}:${role}`,
      subject: { kind: 'render', id },
      role,
      message: sent,
    });
    const say = async (key: string, sent: MessageRef): Promise<void> => {
      await outbox.begin(key);
      await outbox.finish(key, sent);
    };

    it('says that something is new, that it was begun, and that it was said', async () => {
      const film = `${job}:film`;
      expect(await outbox.begin(film)).toEqual({ message: null, begunBefore: false });
      expect(await outbox.get(film)).toBeUndefined();
      expect(await outbox.begin(film)).toEqual({ message: null, begunBefore: true });
      await outbox.finish(film, message);
      expect(await outbox.begin(film)).toEqual({ message, begunBefore: true });
      expect(await outbox.get(film)).toEqual(message);
    });

    it('lets one of two begin at the same moment', async () => {
      const begun = await Promise.all([outbox.begin(`${job}:film`), outbox.begin(`${job}:film`)]);
      expect(begun.map(({ begunBefore }) => begunBefore).sort()).toEqual([false, true]);
    });

    it('lists what was said about one subject, in the order in which it was begun', async () => {
      await outbox.begin(`${job}:z`);
      await outbox.begin(`${other}:other`);
      await outbox.begin(`${job}:a`);
      await outbox.finish(`${job}:z`, message);
      expect(await outbox.ofSubject(renderSubject(job!))).toEqual([post(job, 'z', message), post(job, 'a')]);
    });

    it('keeps subjects of different kinds apart, and needs no row for a kind without a table', async () => {
      await say(`poll.${job}:film`, message);
      await outbox.begin(`${job}:film`);
      const poll = { kind: 'poll', id: job! };
      const about = { key: `poll.${job}:film`, subject: poll, role: 'film', message };
      expect(await outbox.ofSubject(poll)).toEqual([about]);
      expect(await outbox.of(message)).toEqual(about);
      expect(await outbox.ofSubject(renderSubject(job!))).toEqual([post(job, 'film')]);
      expect(await outbox.latest('web', { kind: 'render', role: 'film', limit: 9 })).toEqual([]);
      expect(await outbox.latest('web', { kind: 'poll', role: 'film', limit: 9 })).toEqual([message]);
    });

    it('forgets what is removed', async () => {
      await say(`${job}:notice`, message);
      await outbox.remove(`${job}:notice`);
      await outbox.remove(`${job}:notice`);
      expect(await outbox.of(message)).toBeUndefined();
      expect(await outbox.begin(`${job}:notice`)).toEqual({ message: null, begunBefore: false });
    });

    it('keeps what else the adapter needs to write a message', async () => {
      const granted = { ...message, grant: '{"token":"abc"}' };
      await say(`${job}:film`, granted);
      expect(await outbox.get(`${job}:film`)).toEqual(granted);
      expect(await outbox.of(message)).toEqual(post(job, 'film', granted));
    });

    it('knows whose message it is, by platform and reference', async () => {
      await say(`${job}:answer`, message);
      await say(`${job}:nowhere`, { platform: 'web', ref: '' });
      expect(await outbox.of(message)).toEqual(post(job, 'answer', message));
      expect(await outbox.of({ ...message, platform: 'discord' })).toBeUndefined();
      expect(await outbox.of({ ...message, ref: 'message-2' })).toBeUndefined();
      expect(await outbox.of({ platform: 'web', ref: '' })).toBeUndefined();
      await opened().jobs.remove(job!);
      expect(await outbox.of(message)).toBeUndefined();
    });

    it('names what was begun last where one message stands for two', async () => {
      for (const role of ['z-answer', 'a-final']) await say(`${job}:${role}`, message);
      expect(await outbox.of(message)).toEqual(post(job, 'a-final', message));
    });

    it('lists the newest messages of a role and a platform that were said, and no more than wanted', async () => {
      const sayOn = async (role: string, ref: string, platform: 'web' | 'discord' = 'discord') =>
        say(`${await jobIn(opened(), 'done')}:${role}`, { platform, ref });
      await sayOn('final', 'first');
      await sayOn('final', 'second');
      await sayOn('answer', 'an answer');
      await sayOn('final', 'elsewhere', 'web');
      await sayOn('final', '');
      await sayOn('finalx', 'longer');
      await outbox.begin(`${job}:final`);
      await sayOn('final', 'third');
      const latest = async (role: string, limit: number) =>
        (await outbox.latest('discord', { kind: 'render', role, limit })).map(({ ref }) => ref);
      expect(await latest('final', 9)).toEqual(['third', 'second', 'first']);
      expect(await latest('final', 2)).toEqual(['third', 'second']);
      expect(await latest('_inal', 9)).toEqual([]);
    });

    it('lists what was begun and never finished', async () => {
      await outbox.begin(`${job}:b`);
      await say(`${job}:said`, message);
      await outbox.begin(`${other}:a`);
      expect(await outbox.unfinished()).toEqual([post(job, 'b'), post(other, 'a')]);
    });

    it('does not know what nobody began', async () => {
      expect(await outbox.get(`${job}:nothing`)).toBeUndefined();
      await expect(outbox.finish(`${job}:nothing`, message)).rejects.toMatchObject({ code: 'not-found' });
    });

    it.each(['nobody:film', 'film'])('begins nothing for a subject that is gone (%s)', async (key) => {
      await expect(outbox.begin(key)).rejects.toMatchObject({ code: 'not-found' });
    });
  });
};
