import type { AttachmentRef, BlobId, Origin, Platform, ReplyTarget } from '../domain/job.ts';
import type { MessageContent } from '../domain/message.ts';

/** A message that was sent. */
export type MessageRef = {
  readonly platform: Platform;
  /** Which one it is: the same message has the same text for ever. */
  readonly ref: string;
  /** What else the adapter needs to write it, as text that only the adapter reads. */
  readonly grant?: string;
};

/** Something that may be left where something more urgent waits. */
export type Leavable = {
  /**
   * Once it aborts nobody waits for it any more: it throws `chat-unreachable`. What was asked may still happen, but
   * does not outlast what the same message is made to say later.
   */
  readonly signal?: AbortSignal | undefined;
};

export type ForgottenHere =
  | { readonly kind: 'person'; readonly person: Origin }
  /** `saidBy`: only where they said it, since others have the same picture; null: wherever it is shown. */
  | { readonly kind: 'photo'; readonly photo: BlobId; readonly saidBy: Origin | null };

/**
 * A place where people talk. Everything that is handed in or out is data that survives a restart.
 * @throws GramzoomError `chat-unreachable` for whatever may pass (retry later). For what does not, since the platform
 * itself says so: `chat-gone` where place, message or person is not there (any more), `permissions-missing`,
 * `file-too-large`, and `chat-refused` for all else.
 */
export interface Chat {
  readonly platform: Platform;
  /** The largest file that can be attached to an answer there; null without a limit. Throws nothing. */
  maxFileBytes(target: ReplyTarget): number | null;
  /**
   * Where a re-roll is answered that was asked for at `target`, of a render that was answered at `parent`: what was
   * kept out of sight there stays so. Throws nothing.
   */
  rerollTarget(target: ReplyTarget, parent: ReplyTarget): ReplyTarget;
  /** Says something once: the same key to the same target again gives the message that was sent before. */
  send(
    target: ReplyTarget,
    content: MessageContent,
    options: Leavable & { readonly key: string },
  ): Promise<MessageRef>;
  /** Replaces a message as a whole. */
  edit(message: MessageRef, content: MessageContent, options?: Leavable): Promise<void>;
  /**
   * Where somebody is told something alone, about what was said at `about`: what was kept out of sight there stays so.
   * @throws GramzoomError `messages-closed`, and `chat-gone` where nobody can be told anything alone
   */
  privately(user: string, about: ReplyTarget): Promise<ReplyTarget>;
  /** The message that `send` made with this key, if it did: how a restart finds out. */
  find(target: ReplyTarget, key: string): Promise<MessageRef | undefined>;
  /**
   * A thread under a message, opened at the first call. Where there cannot be one, whatever the reason, a place to go
   * on in; `chat-gone` where the message is gone and no thread is left of it.
   */
  openThread(message: MessageRef, name: string): Promise<ReplyTarget>;
  /** What is around a thread that `openThread` gave; null where that is no place of its own. Throws nothing. */
  outside(thread: ReplyTarget): ReplyTarget | null;
  /** Whether anything can still be said there, as far as the platform tells. */
  isThere(target: ReplyTarget): Promise<boolean>;
  /**
   * Pins a message in its channel; harmless where it is pinned already, and where the platform has no pins.
   * @throws GramzoomError `permissions-missing` and the others where the bot may not
   */
  pin(message: MessageRef): Promise<void>;
  /**
   * Gives somebody a role in the server of a place; harmless where they have it.
   * @throws GramzoomError `permissions-missing` where the bot may not, `chat-gone` where the person or the role is gone
   */
  giveRole(place: ReplyTarget, options: { readonly user: string; readonly role: string }): Promise<void>;
  /** Whether somebody is still in the server of a place. */
  isMember(place: ReplyTarget, user: string): Promise<boolean>;
  /** Takes a message away; harmless where it is gone already. */
  remove(message: MessageRef): Promise<void>;
  /**
   * Takes away what is kept here, and not by the platform, of what a person said, or shows a photo; it is no failure
   * where that is nothing. Gives files that it had made to show the photo.
   */
  forget(what: ForgottenHere): Promise<readonly BlobId[]>;
  /** The bytes of what a person attached. */
  openAttachment(
    attachment: AttachmentRef,
    options: { readonly signal: AbortSignal; readonly maxBytes: number },
  ): Promise<Uint8Array>;
}
