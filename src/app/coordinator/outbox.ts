import type { GramzoomError } from '../../domain/errors.ts';
import type { Job, Platform, ReplyTarget } from '../../domain/job.ts';
import type { MessageContent } from '../../domain/message.ts';
import type { Chat, MessageRef } from '../../ports/chat.ts';
import type { CoordinatorDeps } from '../deps.ts';
import { isGone, isRefused } from '../retry.ts';

/** Stands for last words that nobody is left to hear, so that no start tries to say them again. */
export const nowhere = (platform: Platform): MessageRef => ({ platform, ref: '' });
export const isNowhere = ({ ref }: MessageRef): boolean => ref === '';

/** What a pass over a render's messages works with. */
export type Speaker = {
  readonly deps: Pick<CoordinatorDeps, 'store' | 'observe' | 'clock' | 'log'>;
  readonly chat: Chat;
  /** The row as it was when the pass began. */
  readonly job: Job;
  /** What each message says now, as far as this process wrote it. */
  readonly written: Map<string, string>;
  /** When what of the words on the way was refused: it is left alone for a while. By key. */
  readonly refused: Map<string, number>;
  /** Aborts where something more urgent waits; undefined where nothing is. */
  readonly signal?: AbortSignal | undefined;
};

type Saying = { readonly key: string; readonly content: MessageContent };

/** The row is no longer what the pass began with: what it has to say may be wrong by now. */
export class StaleRow extends Error {}

/** The fence in front of every post and edit. @throws StaleRow */
const checkFence = async ({ deps, job }: Speaker): Promise<void> => {
  const now = await deps.store.jobs.get(job.id);
  if (!now || now.state !== job.state || now.attempt !== job.attempt || now.claim !== job.claim) {
    throw new StaleRow(`render ${job.id} has moved on`);
  }
};

/** Makes an existing message say something; what it says already is not written again. */
export const rewrite = async (speaker: Speaker, message: MessageRef, options: Saying): Promise<void> => {
  if (isNowhere(message)) return;
  const text = JSON.stringify(options.content);
  if (speaker.written.get(options.key) === text) return;
  await checkFence(speaker);
  await speaker.chat.edit(message, options.content, { signal: speaker.signal });
  speaker.written.set(options.key, text);
};

/** The message that a process posted which died before it could note it, in whichever of these places. */
export const findIn = async (
  chat: Chat,
  places: readonly ReplyTarget[],
  key: string,
): Promise<MessageRef | null> => {
  for (const place of places) {
    const found = await chat.find(place, key);
    if (found) return found;
  }
  return null;
};

/** Says something new in the first place that takes it. @throws what the first of them says where none does */
const sendInto = async (
  { chat, signal }: Speaker,
  places: readonly ReplyTarget[],
  { key, content }: Saying,
): Promise<MessageRef> => {
  const refused: GramzoomError[] = [];
  for (const place of places) {
    try {
      // Of an answer that is left it would not be known which message it is.
      const leavable = content.body.kind === 'progress' ? signal : undefined;
      return await chat.send(place, content, { key, signal: leavable });
    } catch (error) {
      // What one place of a server finds too large, the next one does, too.
      if (!isRefused(error) || error.code === 'file-too-large') throw error;
      refused.push(error);
    }
  }
  // Why it is not taken where there is something says more than that there is nothing elsewhere.
  throw refused.find((error) => !isGone(error)) ?? refused[0];
};

/**
 * Says something once, whatever died in between: the outbox knows what was begun, the chat knows what was
 * said. A message that is there already is brought up to date.
 * @param places where it may be said, best first
 * @throws StaleRow, GramzoomError `chat-unreachable`, and those of `isRefused` where no place takes it
 */
export const sayOnce = async (
  speaker: Speaker,
  places: readonly ReplyTarget[],
  options: Saying,
): Promise<MessageRef> => {
  const { deps, chat, job } = speaker;
  const { key } = options;
  const { outbox } = deps.store;
  const begun = await outbox.begin(key);
  let message = begun.message;
  if (!message && begun.begunBefore) {
    message = await findIn(chat, places, key);
    if (message) {
      deps.observe({ kind: 'duplicate-suppressed', job: job.id, key });
      await outbox.finish(key, message);
    }
  }
  if (message) {
    await rewrite(speaker, message, options);
    return message;
  }
  await checkFence(speaker);
  const sent = await sendInto(speaker, places, options);
  speaker.written.set(key, JSON.stringify(options.content));
  await outbox.finish(key, sent);
  return sent;
};
