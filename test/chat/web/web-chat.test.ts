import { placeRef } from '../../../src/chat/web/room-ref.ts';
import type { JobId, ReplyTarget } from '../../../src/domain/job.ts';
import { renderSubject } from '../../../src/domain/subject.ts';
import { describeChat } from '../../contract/chat.ts';
import { openWebChat, photoBytes } from '../../support/web-chat.ts';

const targetIn = (room: string, thread: string | null = null): ReplyTarget => ({
  platform: 'web',
  ref: placeRef({ room, thread }),
});

describeChat('the local page as a chat', async () => {
  const { web, store } = await openWebChat();
  const { chat } = web;
  const room = 'cats / dogs %';
  return {
    chat,
    target: targetIn(room),
    refuseNext: null,
    goneTarget: async () => {
      const content = {
        subject: renderSubject('another' as JobId),
        body: { kind: 'fetching' },
        attachments: [],
        actions: [],
        mentionsRequester: false,
      } as const;
      const message = await chat.send(targetIn(room), content, { key: 'gone' });
      const thread = await chat.openThread(message, 'cat.png');
      await chat.remove(message);
      return thread;
    },
    attach: async (bytes) => ({ platform: 'web', ref: await store.blobs.put(bytes), name: 'cat.png' }),
    storeFile: (bytes) => store.blobs.put(photoBytes(...bytes)),
    ...{ isPinned: null, people: null, roles: null },
    read: async ({ ref }) => {
      const said = (await store.roomLog.get(ref))?.said;
      return said?.kind === 'render' ? said.content : undefined;
    },
    close: async () => {},
  };
});
