import { createHash } from 'node:crypto';
import { GramzoomError } from '../../../src/domain/errors.ts';
import type { BlobId } from '../../../src/domain/job.ts';
import { describeChat } from '../../contract/chat.ts';
import { createFakeChat, says } from '../../support/fake-chat.ts';

describeChat('the chat in memory', async () => {
  const chat = createFakeChat();
  chat.leave('zoe');
  chat.denyRole('queen');
  return {
    chat,
    target: { platform: 'web', ref: 'lounge' },
    goneTarget: async () => {
      chat.close('a room that was');
      return { platform: 'web', ref: 'a room that was' };
    },
    attach: async (bytes) => chat.attach(bytes),
    storeFile: async (bytes) => createHash('sha256').update(bytes).digest('hex') as BlobId,
    refuseNext: (what, how) =>
      chat.failNext(
        what,
        how === 'lasting'
          ? new GramzoomError('chat-refused', { platform: 'web', reason: 'other' })
          : new GramzoomError('chat-unreachable', { platform: 'web', reason: 'a page' }),
      ),
    isPinned: async ({ ref }) => chat.pinned.includes(ref),
    people: { member: 'ann', stranger: 'zoe' },
    roles: {
      ...{ free: 'champion', closed: 'queen' },
      isGiven: async () => JSON.stringify(chat.roles) === '[{"user":"ann","role":"champion"}]',
    },
    read: async (message) => says(chat.messages.find(({ id }) => id === message.ref)),
    close: async () => {},
  };
});
