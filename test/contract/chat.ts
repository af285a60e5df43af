import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AttachmentRef, BlobId, JobId, ReplyTarget } from '../../src/domain/job.ts';
import type { MessageContent } from '../../src/domain/message.ts';
import { renderSubject } from '../../src/domain/subject.ts';
import type { Chat, MessageRef } from '../../src/ports/chat.ts';

/** A chat on its own, and what a person would do in it. */
export type ChatHarness = {
  readonly chat: Chat;
  /** Where a person has asked for something. */
  readonly target: ReplyTarget;
  /** A place that was there once. */
  goneTarget(): Promise<ReplyTarget>;
  attach(bytes: Uint8Array): Promise<AttachmentRef>;
  /** A file that can be attached. */
  storeFile(bytes: Uint8Array): Promise<BlobId>;
  /**
   * The platform answers the next request of this kind so, in its own way: refused for good, or something that passes.
   * Null where nothing stands between the chat and its readers.
   */
  readonly refuseNext: ((what: 'send' | 'edit' | 'openThread', how: 'lasting' | 'passing') => void) | null;
  /** Whether a message stands among those that are pinned; null where the platform has no pins. */
  readonly isPinned: ((message: MessageRef) => Promise<boolean>) | null;
  /** Somebody who is in the server of the target, and somebody who is not; null where whoever is there belongs there. */
  readonly people: { readonly member: string; readonly stranger: string } | null;
  /**
   * Roles of the server of the target: one that the bot may give, one that it may not, and whether the member above has
   * the first; null where the platform has no roles.
   */
  readonly roles: { readonly free: string; readonly closed: string; isGiven(): Promise<boolean> } | null;
  /** What readers see of a message; undefined where they see none. */
  read(message: MessageRef): Promise<MessageContent | undefined>;
  close(): Promise<void>;
};

const never = new AbortController().signal;
const render = 'a-render' as JobId;

const frame = (framesDone: number): MessageContent => ({
  subject: renderSubject(render),
  body: {
    kind: 'running',
    renderKind: 'zoom',
    progress: { done: framesDone, total: 8, unit: 'frame' },
    share: 0.5,
    etaSeconds: 5,
  },
  attachments: [],
  actions: ['cancel'],
  mentionsRequester: false,
});

/** What every chat does. */
export const describeChat = (name: string, open: () => Promise<ChatHarness>): void => {
  describe(name, () => {
    let harness: ChatHarness;
    beforeEach(async () => {
      harness = await open();
    });
    afterEach(() => harness.close());

    const send = (content: MessageContent, key: string, target = harness.target): Promise<MessageRef> =>
      harness.chat.send(target, content, { key });

    it('shows what was sent', async () => {
      expect(await harness.read(await send(frame(1), 'answer'))).toEqual(frame(1));
    });

    it('shows an attached file', async () => {
      const blob = await harness.storeFile(Uint8Array.of(71, 73, 70));
      const still = await harness.storeFile(Uint8Array.of(80, 78, 71));
      const film: MessageContent = {
        subject: renderSubject(render),
        body: {
          kind: 'result',
          renderKind: 'zoom',
          seed: 7,
          network: 'pocket',
          depth: 'style',
          quality: 'draft',
          sides: { width: 64, height: 48 },
          parent: null,
          bytes: 3,
          renderSeconds: 2,
        },
        attachments: [{ blob, name: 'gramzoom-7.gif', format: 'gif', still, alt: 'cat.jpg' }],
        actions: ['reroll', 'larger', 'download', 'delete'],
        mentionsRequester: true,
      };
      expect(await harness.read(await send(film, 'final'))).toEqual(film);
    });

    it('sends once for a key, however often it is asked', async () => {
      const first = await send(frame(1), 'answer');
      expect(await send(frame(2), 'answer')).toEqual(first);
      expect(await harness.read(first)).toEqual(frame(1));
    });

    it('sends another message for another key', async () => {
      expect(await send(frame(1), 'answer')).not.toEqual(await send(frame(1), 'final'));
    });

    it('replaces a message as a whole', async () => {
      const message = await send(frame(1), 'answer');
      const cancelled: MessageContent = {
        subject: renderSubject(render),
        body: { kind: 'cancelled' },
        attachments: [],
        actions: ['delete'],
        mentionsRequester: false,
      };
      await harness.chat.edit(message, cancelled);
      expect(await harness.read(message)).toEqual(cancelled);
    });

    it('finds a message by its key and place, and nothing that was not sent', async () => {
      expect(await harness.chat.find(harness.target, 'answer')).toBeUndefined();
      const message = await send(frame(1), 'answer');
      expect(await harness.chat.find(harness.target, 'answer')).toEqual(message);
      expect(await harness.chat.find(harness.target, 'final')).toBeUndefined();
      const thread = await harness.chat.openThread(message, 'cat.jpg');
      expect(await harness.chat.find(thread, 'answer')).toBeUndefined();
    });

    it('opens one thread under a message, and keys count within it', async () => {
      const message = await send(frame(1), 'answer');
      const thread = await harness.chat.openThread(message, 'cat.jpg');
      expect(await harness.chat.openThread(message, 'cat.jpg')).toEqual(thread);
      const reply = await send(frame(2), 'answer', thread);
      expect(reply).not.toEqual(message);
      expect(await harness.chat.find(thread, 'answer')).toEqual(reply);
      expect(await harness.read(reply)).toEqual(frame(2));
    });

    it('pins a message, and does not mind when it is pinned already', async () => {
      const message = await send(frame(1), 'answer');
      await harness.chat.pin(message);
      await harness.chat.pin(message);
      expect(await harness.read(message)).toEqual(frame(1));
      if (harness.isPinned) expect(await harness.isPinned(message)).toBe(true);
    });

    it('tells who is in the server of a place and who is not', async () => {
      const { chat, target, people } = harness;
      if (!people) return expect(await chat.isMember(target, 'anybody')).toBe(true);
      expect(await chat.isMember(target, people.member)).toBe(true);
      expect(await chat.isMember(target, people.stranger)).toBe(false);
    });

    it('gives a role to a member, and does not mind when they have it already', async () => {
      const { chat, target, people, roles } = harness;
      const giving = (user: string, role: string): Promise<void> => chat.giveRole(target, { user, role });
      if (!roles || !people) {
        return await expect(giving('anybody', 'a role')).rejects.toMatchObject({ code: 'chat-refused' });
      }
      await giving(people.member, roles.free);
      await giving(people.member, roles.free);
      expect(await roles.isGiven()).toBe(true);
    });

    it('says why a role cannot be given', async () => {
      const { chat, target, people, roles } = harness;
      if (!roles || !people) return;
      const giving = (user: string, role: string): Promise<void> => chat.giveRole(target, { user, role });
      await expect(giving(people.member, roles.closed)).rejects.toMatchObject({
        code: 'permissions-missing',
      });
      await expect(giving(people.stranger, roles.free)).rejects.toMatchObject({ code: 'chat-gone' });
    });

    it('takes a message away, and does not mind when it is gone', async () => {
      const message = await send(frame(1), 'answer');
      await harness.chat.remove(message);
      await harness.chat.remove(message);
      expect(await harness.read(message)).toBeUndefined();
    });

    it('says that a message is gone when it is to be changed or answered', async () => {
      const message = await send(frame(1), 'answer');
      await harness.chat.remove(message);
      await expect(harness.chat.edit(message, frame(2))).rejects.toMatchObject({ code: 'chat-gone' });
      await expect(harness.chat.openThread(message, 'cat.jpg')).rejects.toMatchObject({ code: 'chat-gone' });
    });

    it('says what is around a thread, where a message is found again', async () => {
      const { chat, target } = harness;
      const message = await send(frame(1), 'answer');
      const around = chat.outside(await chat.openThread(message, 'cat.jpg'));
      if (around === null) return expect(chat.outside(target)).toBeNull();
      const sent = await send(frame(2), 'final', around);
      expect(await harness.read(sent)).toEqual(frame(2));
      expect(await chat.find(around, 'final')).toEqual(sent);
      expect(chat.outside(around)).toBeNull();
    });

    it('says whether a place is there', async () => {
      expect(await harness.chat.isThere(harness.target)).toBe(true);
      expect(await harness.chat.isThere(await harness.goneTarget())).toBe(false);
    });

    it.each(['send', 'edit'] as const)(
      'tells a %s that is refused for good from one that may work the next time',
      async (what) => {
        if (!harness.refuseNext) return;
        const message = await send(frame(1), 'answer');
        const attempt = () =>
          what === 'send' ? send(frame(2), 'final') : harness.chat.edit(message, frame(2));
        harness.refuseNext(what, 'lasting');
        await expect(attempt()).rejects.toMatchObject({ code: 'chat-refused', retry: 'never' });
        harness.refuseNext(what, 'passing');
        await expect(attempt()).rejects.toMatchObject({ code: 'chat-unreachable', retry: 'later' });
        const again = await attempt();
        expect(await harness.read(again ?? message)).toEqual(frame(2));
      },
    );

    it('goes on in place where a thread is refused for good, and asks again where that passes', async () => {
      if (!harness.refuseNext) return;
      const message = await send(frame(1), 'answer');
      harness.refuseNext('openThread', 'passing');
      const opening = harness.chat.openThread(message, 'cat.jpg');
      // Where there are no threads nobody is asked for one.
      await opening.catch((error: unknown) => expect(error).toMatchObject({ code: 'chat-unreachable' }));
      harness.refuseNext('openThread', 'lasting');
      const place = await harness.chat.openThread(message, 'cat.jpg');
      expect(await harness.read(await send(frame(2), 'final', place))).toEqual(frame(2));
    });

    it('says that a place is gone', async () => {
      const target = await harness.goneTarget();
      await expect(send(frame(1), 'answer', target)).rejects.toMatchObject({ code: 'chat-gone' });
    });

    it('hands out targets and messages that survive as text', async () => {
      const message = JSON.parse(JSON.stringify(await send(frame(1), 'answer'))) as MessageRef;
      const thread = JSON.parse(
        JSON.stringify(await harness.chat.openThread(message, 'cat.jpg')),
      ) as ReplyTarget;
      expect(await harness.read(await send(frame(2), 'final', thread))).toEqual(frame(2));
    });

    it('opens what a person attached, again and again', async () => {
      const attachment = await harness.attach(Uint8Array.of(1, 2, 3));
      const openIt = () => harness.chat.openAttachment(attachment, { signal: never, maxBytes: 3 });
      expect([...(await openIt())]).toEqual([1, 2, 3]);
      expect([...(await openIt())]).toEqual([1, 2, 3]);
    });

    it('says how large a file may be there, or that nothing limits it', () => {
      const most = harness.chat.maxFileBytes(harness.target);
      if (most !== null) expect(most).toBeGreaterThan(1_000_000);
    });

    it('answers a re-roll where it was asked for', () => {
      const { chat, target } = harness;
      expect(chat.rerollTarget(target, target)).toEqual(target);
    });

    it('refuses an attachment with too many bytes', async () => {
      const attachment = await harness.attach(Uint8Array.of(1, 2, 3));
      await expect(
        harness.chat.openAttachment(attachment, { signal: never, maxBytes: 2 }),
      ).rejects.toMatchObject({ code: 'photo-too-many-bytes', data: { maxBytes: 2 } });
    });

    it('opens nothing for a signal that is aborted already', async () => {
      const attachment = await harness.attach(Uint8Array.of(1, 2, 3));
      const options = { signal: AbortSignal.abort(), maxBytes: 3 };
      await expect(harness.chat.openAttachment(attachment, options)).rejects.toThrow();
    });
  });
};
