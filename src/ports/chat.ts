import type { AttachmentRef, Platform, ReplyTarget } from '../domain/job.ts';
import type { MessageContent } from '../domain/message.ts';

/** A message that was sent, as text that only the adapter reads. */
export type MessageRef = { readonly platform: Platform; readonly ref: string };

export type ChatCapabilities = {
  readonly threads: boolean;
  readonly reactions: boolean;
  /** Largest file that can be attached. */
  readonly maxFileBytes: number;
};

/**
 * A place where people talk. Everything that is handed in or out is data that survives a restart.
 * @throws GramzoomError `chat-unreachable` (retry later), `chat-gone` where the target no longer exists
 */
export interface Chat {
  readonly platform: Platform;
  readonly capabilities: ChatCapabilities;
  /** Says something once: the same key to the same target again gives the message that was sent before. */
  send(target: ReplyTarget, content: MessageContent, options: { readonly key: string }): Promise<MessageRef>;
  /** Replaces a message as a whole. */
  edit(message: MessageRef, content: MessageContent): Promise<void>;
  /** The message that `send` made with this key, if it did: how a restart finds out. */
  find(target: ReplyTarget, key: string): Promise<MessageRef | undefined>;
  /** A thread under a message, opened at the first call; the target itself where there are no threads. */
  openThread(message: MessageRef, name: string): Promise<ReplyTarget>;
  /** Takes a message away; harmless where it is gone already. */
  remove(message: MessageRef): Promise<void>;
  /** The bytes of what a person attached. */
  openAttachment(
    attachment: AttachmentRef,
    options: { readonly signal: AbortSignal; readonly maxBytes: number },
  ): Promise<Uint8Array>;
}
