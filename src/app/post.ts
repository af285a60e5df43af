import type { Job, Platform, ReplyTarget } from '../domain/job.ts';
import type { MessageContent } from '../domain/message.ts';
import type { Chat, MessageRef } from '../ports/chat.ts';
import type { RenderDeps } from './deps.ts';

/** Stands for last words that nobody is left to hear, so that no start tries to say them again. */
export const nowhere = (platform: Platform): MessageRef => ({ platform, ref: '' });
export const isNowhere = ({ ref }: MessageRef): boolean => ref === '';

/** What a pass over a render's messages works with. */
export type Speaker = {
  readonly deps: Pick<RenderDeps, 'store' | 'observe' | 'bootId' | 'clock'>;
  readonly chat: Chat;
  /** The row as it was when the pass began. */
  readonly job: Job;
  /** What each message says now, as far as this process wrote it. */
  readonly written: Map<string, string>;
  /** Aborts where something more urgent waits; undefined where nothing is. */
  readonly signal?: AbortSignal | undefined;
};

/** The row is no longer what the pass began with: what it has to say may be wrong by now. */
export class StaleRow extends Error {}

/** The fence in front of every post and edit. @throws StaleRow */
const checkFence = async ({ deps, job }: Speaker): Promise<void> => {
  const now = await deps.store.jobs.get(job.id);
  if (!now || now.state !== job.state || now.attempt !== job.attempt || now.bootId !== job.bootId) {
    throw new StaleRow(`render ${job.id} has moved on`);
  }
};

/** Makes an existing message say something; what it says already is not written again. */
export const rewrite = async (
  speaker: Speaker,
  message: MessageRef,
  options: { readonly key: string; readonly content: MessageContent },
): Promise<void> => {
  if (isNowhere(message)) return;
  const text = JSON.stringify(options.content);
  if (speaker.written.get(options.key) === text) return;
  await checkFence(speaker);
  await speaker.chat.edit(message, options.content, { signal: speaker.signal });
  speaker.written.set(options.key, text);
};

/**
 * Says something once, whatever died in between: the outbox knows what was begun, the chat knows what was
 * said. A message that is there already is brought up to date.
 * @throws StaleRow, GramzoomError `chat-unreachable`, `chat-gone`
 */
export const sayOnce = async (
  speaker: Speaker,
  target: ReplyTarget,
  options: { readonly key: string; readonly content: MessageContent },
): Promise<MessageRef> => {
  const { deps, chat, job } = speaker;
  const { key, content } = options;
  const { posts } = deps.store;
  const begun = await posts.begin(key, job.id);
  let message = begun.message;
  if (!message && begun.begunBefore) {
    message = (await chat.find(target, key)) ?? null;
    if (message) {
      deps.observe({ kind: 'duplicate-suppressed', job: job.id, key });
      await posts.finish(key, message);
    }
  }
  if (message) {
    await rewrite(speaker, message, options);
    return message;
  }
  await checkFence(speaker);
  // Of an answer that is left it would not be known which message it is.
  const signal = content.body.kind === 'progress' ? speaker.signal : undefined;
  const sent = await chat.send(target, content, { key, signal });
  speaker.written.set(key, JSON.stringify(content));
  await posts.finish(key, sent);
  return sent;
};
