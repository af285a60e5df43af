import { GramzoomError } from '../../src/domain/errors.ts';
import type { AttachmentRef, BlobId, Platform } from '../../src/domain/job.ts';
import type { MessageContent } from '../../src/domain/message.ts';
import type { Chat } from '../../src/ports/chat.ts';

export type FakeMessage = {
  readonly id: string;
  /** The room, or `thread:` and the id of the message above. */
  readonly target: string;
  readonly key: string;
  /** Everything it has said, the newest last. */
  readonly history: readonly MessageContent[];
};

export type ChatOperation =
  | 'send'
  | 'edit'
  | 'find'
  | 'openThread'
  | 'isThere'
  | 'pin'
  | 'giveRole'
  | 'isMember'
  | 'privately'
  | 'remove'
  | 'forget'
  | 'openAttachment';

export type FakeChat = Chat & {
  /** What a reader sees now, in the order of sending. */
  readonly messages: readonly FakeMessage[];
  /** Every operation that came, failed ones too. */
  readonly calls: readonly { readonly operation: ChatOperation; readonly key: string | null }[];
  /** A photo that somebody attached. */
  attach(bytes: Uint8Array, options?: { readonly name?: string; readonly ref?: string }): AttachmentRef;
  /** The next operations of this kind throw. */
  failNext(operation: ChatOperation, error: GramzoomError, options?: { readonly times?: number }): void;
  /** The next operation of this kind does its work, and then throws: the answer was lost. */
  loseAnswer(operation: ChatOperation, error: GramzoomError): void;
  /** It shows photos by this file, until it is asked to forget one. */
  preview(blob: BlobId): void;
  /** Nothing can be sent there any more. */
  close(target: string): void;
  /** What is answered there is out of sight, and so are its re-rolls: their target ends with `:hidden`. */
  hide(target: string): void;
  /** Messages that are pinned, in the order of pinning. */
  readonly pinned: readonly string[];
  /** Roles that people have been given. */
  readonly roles: readonly { readonly user: string; readonly role: string }[];
  /** Somebody is in the server no more. */
  leave(user: string): void;
  /** A role that the bot may not give. */
  denyRole(role: string): void;
  /** Resolves once the messages are so; asked again after each change. */
  until(isSo: (chat: FakeChat) => boolean): Promise<void>;
};

/** What a message says now. */
export const says = (message: FakeMessage | undefined): MessageContent | undefined => message?.history.at(-1);

const threadOf = (id: string): string => `thread:${id}`;

/** A chat in memory that keeps its messages, whatever happens to those who talk through it. */
export const createFakeChat = ({
  platform = 'web',
  maxFileBytes = null,
  isForgetful = false,
}: {
  readonly platform?: Platform;
  readonly maxFileBytes?: number | null;
  /** Sends again what was sent with the same key before, as platforms do after some minutes. */
  readonly isForgetful?: boolean;
} = {}): FakeChat => {
  const messages: (FakeMessage & { history: MessageContent[] })[] = [];
  const calls: { operation: ChatOperation; key: string | null }[] = [];
  const photos = new Map<string, Uint8Array>();
  const previews: BlobId[] = [];
  const closed = new Set<string>();
  const hidden = new Set<string>();
  const pinned: string[] = [];
  const roles: { readonly user: string; readonly role: string }[] = [];
  const left = new Set<string>();
  const denied = new Set<string>();
  const failures: { operation: ChatOperation; error: GramzoomError; isAfter: boolean }[] = [];
  const waiters = new Set<() => void>();
  let made = 0;

  const gone = (): GramzoomError => new GramzoomError('chat-gone', { platform });
  const byId = (id: string) => messages.find((message) => message.id === id);
  const isOpen = (target: string): boolean =>
    !closed.has(target) &&
    (!target.startsWith('thread:') || byId(target.slice('thread:'.length)) !== undefined);
  const found = (target: string, key: string) =>
    messages.find((message) => message.target === target && message.key === key);
  const changed = (): void => {
    for (const waiter of waiters) waiter();
  };

  const perform = async <T>(operation: ChatOperation, key: string | null, work: () => T): Promise<T> => {
    calls.push({ operation, key });
    const planned = failures.findIndex((failure) => failure.operation === operation);
    const [failure] = planned < 0 ? [] : failures.splice(planned, 1);
    try {
      if (failure && !failure.isAfter) throw failure.error;
      const result = work();
      if (failure) throw failure.error;
      return result;
    } finally {
      changed();
    }
  };

  const chat: FakeChat = {
    platform,
    maxFileBytes: () => maxFileBytes,
    rerollTarget: (target, parent) =>
      hidden.has(parent.ref) ? { ...target, ref: `${target.ref}:hidden` } : target,
    messages,
    calls,
    attach: (bytes, { name = 'cat.jpg', ref = `photo-${++made}` } = {}) => {
      photos.set(ref, bytes);
      return { platform, ref, name };
    },
    failNext: (operation, error, { times = 1 } = {}) => {
      for (let i = 0; i < times; i++) failures.push({ operation, error, isAfter: false });
    },
    loseAnswer: (operation, error) => {
      failures.push({ operation, error, isAfter: true });
    },
    close: (target) => {
      closed.add(target);
    },
    hide: (target) => {
      hidden.add(target);
    },
    until: (isSo) =>
      new Promise((resolve) => {
        const look = (): void => {
          if (!isSo(chat)) return;
          waiters.delete(look);
          resolve();
        };
        waiters.add(look);
        look();
      }),

    pinned,
    roles,
    leave: (user) => void left.add(user),
    denyRole: (role) => void denied.add(role),
    pin: (message) => {
      const known = byId(message.ref);
      return perform('pin', known?.key ?? null, () => {
        if (!known) throw gone();
        if (!pinned.includes(message.ref)) pinned.push(message.ref);
      });
    },
    giveRole: (_, { user, role }) =>
      perform('giveRole', null, () => {
        if (left.has(user)) throw gone();
        if (denied.has(role)) {
          throw new GramzoomError('permissions-missing', { permissions: ['manage-roles'] });
        }
        if (!roles.some((given) => given.user === user && given.role === role)) roles.push({ user, role });
      }),
    isMember: (_, user) => perform('isMember', null, () => !left.has(user)),
    send: (target, content, { key }) =>
      perform('send', key, () => {
        if (!isOpen(target.ref)) throw gone();
        const before = isForgetful ? undefined : found(target.ref, key);
        if (before) return { platform, ref: before.id };
        const message = { id: `message-${++made}`, target: target.ref, key, history: [content] };
        messages.push(message);
        return { platform, ref: message.id };
      }),
    edit: (message, content) => {
      const known = byId(message.ref);
      return perform('edit', known?.key ?? null, () => {
        const current = byId(message.ref);
        if (!current) throw gone();
        current.history.push(content);
      });
    },
    find: (target, key) =>
      perform('find', key, () => {
        const message = found(target.ref, key);
        return message && { platform, ref: message.id };
      }),
    openThread: async (message) => {
      const above = byId(message.ref);
      try {
        return await perform('openThread', null, () => {
          if (!byId(message.ref)) throw gone();
          return { platform, ref: threadOf(message.ref) };
        });
      } catch (error) {
        // Where there cannot be one it goes on in place.
        if (!above || !(error instanceof GramzoomError) || error.code !== 'chat-refused') throw error;
        return { platform, ref: above.target };
      }
    },
    privately: (user) => perform('privately', null, () => ({ platform, ref: `alone:${user}` })),
    outside: (thread) => {
      const above = thread.ref.startsWith('thread:') ? byId(thread.ref.slice('thread:'.length)) : undefined;
      return above ? { platform, ref: above.target } : null;
    },
    isThere: (target) => perform('isThere', null, () => isOpen(target.ref)),
    remove: (message) =>
      perform('remove', null, () => {
        const kept = messages.filter(
          ({ id, target }) => id !== message.ref && target !== threadOf(message.ref),
        );
        messages.splice(0, messages.length, ...kept);
      }),
    forget: (what) =>
      perform('forget', what.kind === 'person' ? what.person.user : what.photo, () =>
        what.kind === 'photo' ? previews.splice(0) : [],
      ),
    preview: (blob) => {
      previews.push(blob);
    },
    openAttachment: (attachment, { signal, maxBytes }) =>
      perform('openAttachment', attachment.ref, () => {
        if (signal.aborted) throw new GramzoomError('cancelled', {});
        const bytes = photos.get(attachment.ref);
        if (!bytes) throw gone();
        if (bytes.length > maxBytes) {
          throw new GramzoomError('photo-too-many-bytes', { bytes: bytes.length, maxBytes });
        }
        return bytes;
      }),
  };
  return chat;
};
