import { commands } from '../../commands/index.ts';
import type { Renders } from '../../src/app/renders.ts';
import type { ChatPlatform } from '../../src/chat/platform.ts';
import { GramzoomError } from '../../src/domain/errors.ts';
import type { AttachmentRef } from '../../src/domain/job.ts';
import type { MessageContent } from '../../src/domain/message.ts';

const platform = 'memory';
const at = (ref: string) => ({ platform, ref });
const gone = (): GramzoomError => new GramzoomError('chat-gone', { platform });

/** A chat platform in memory, the smallest that there can be: a pattern for others. */
export const createMemoryPlatform = () => {
  /** By place and key; a thread is named by the message above it. */
  const messages = new Map<string, MessageContent>();
  const renders = Promise.withResolvers<Renders>();
  const watchers = new Set<() => void>();
  const write = (ref: string, content: MessageContent): void => {
    messages.set(ref, content);
    for (const look of watchers) look();
  };
  const isOpen = (ref: string): boolean => !ref.startsWith('[') || messages.has(ref);
  const attach = (bytes: Uint8Array): AttachmentRef => ({
    ...at(Buffer.from(bytes).toString('base64')),
    name: 'photo.png',
  });
  const self: ChatPlatform = {
    name: 'Memory',
    chat: {
      platform,
      maxFileBytes: () => null,
      rerollTarget: (target) => target,
      send: async (target, content, { key }) => {
        const ref = JSON.stringify([target.ref, key]);
        if (!isOpen(target.ref)) throw gone();
        if (!messages.has(ref)) write(ref, content);
        return at(ref);
      },
      edit: async ({ ref }, content) => {
        if (!messages.has(ref)) throw gone();
        write(ref, content);
      },
      privately: async (user) => at(`alone with ${user}`),
      find: async (target, key) =>
        [at(JSON.stringify([target.ref, key]))].find(({ ref }) => messages.has(ref)),
      openThread: async ({ ref }) => {
        if (!messages.has(ref)) throw gone();
        return at(ref);
      },
      outside: ({ ref }) => (ref.startsWith('[') ? at(JSON.parse(ref)[0]) : null),
      isThere: async ({ ref }) => isOpen(ref),
      pin: async () => {},
      giveRole: async () => {
        throw new GramzoomError('chat-refused', { platform, reason: 'other' });
      },
      isMember: async () => true,
      remove: async ({ ref }) => void messages.delete(ref),
      forget: async () => [],
      openAttachment: async ({ ref }, { signal, maxBytes }) => {
        signal.throwIfAborted();
        const bytes = Buffer.from(ref, 'base64');
        if (bytes.length > maxBytes)
          throw new GramzoomError('photo-too-many-bytes', { bytes: bytes.length, maxBytes });
        return bytes;
      },
    },
    listen: async (given) => renders.resolve(given),
    handle: async (request) => (new URL(request.url).pathname === '/memory' ? new Response('hello') : null),
    health: () => null,
    close: async () => {},
  };
  return {
    platform: self,
    messages,
    attach,
    /** Somebody asks for a film of a photo in a room. */
    ask: async (room: string, photo: Uint8Array, options: object) =>
      await commands.gramzoom.run(options, {
        ...{ renders: await renders.promise, attachment: attach(photo), replyTarget: at(room) },
        actor: { platform, server: room, user: 'ann' },
      }),
    /** The first message that is of this kind, as soon as there is one. */
    said: (kind: MessageContent['body']['kind']) =>
      new Promise<MessageContent>((resolve) => {
        const look = (): void => {
          const found = [...messages.values()].find(({ body }) => body.kind === kind);
          if (found) resolve(found);
        };
        watchers.add(look);
        look();
      }),
  };
};
