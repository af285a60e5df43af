import type { GramzoomError } from '../../domain/errors.ts';
import type { Platform, ReplyTarget } from '../../domain/job.ts';
import type { MessageContent } from '../../domain/message.ts';
import type { Chat, MessageRef } from '../../ports/chat.ts';
import type { CoordinatorDeps } from '../deps.ts';
import { isGone, isRefused } from '../retry.ts';

/** Stands for a message that nobody is left to read, so that no start tries to send it again. */
export const noRecipient = (platform: Platform): MessageRef => ({ platform, ref: '' });
export const hasNoRecipient = ({ ref }: MessageRef): boolean => ref === '';

/** What is refused before the last message is tried again so long afterwards, since permissions come and go. */
const refusedForMs = 60_000;

/** One pass over the messages of a subject. */
export type MessagePass = {
  readonly deps: Pick<CoordinatorDeps, 'store' | 'observe' | 'clock' | 'log'>;
  readonly chat: Chat;
  /** See `subjectText`. */
  readonly subject: string;
  /** Where it was asked for. */
  readonly home: ReplyTarget;
  /** Whether this says the last there is to say. */
  readonly isFinal: boolean;
  /** Whether the subject is still what it was when the pass began. */
  readonly isCurrent: () => Promise<boolean>;
  /** What each message says now, as far as this process wrote it. */
  readonly written: Map<string, string>;
  /** When which message was refused: it is left alone for a while. By key. */
  readonly refused: Map<string, number>;
  /** Aborts where something more urgent waits; undefined where nothing is. */
  readonly signal?: AbortSignal | undefined;
};

type Message = {
  readonly key: string;
  readonly content: MessageContent;
  /** Whether sending it can be broken off: where it stands is then unknown. */
  readonly canBeLeft?: boolean;
};

/** The subject is no longer what the pass began with: what the pass has to say may be wrong by now. */
export class StaleSubject extends Error {}

/** The place that a subject was asked for in is gone, so that nobody can be told anything. */
export class Deserted extends Error {}

/** The fence in front of every message and edit. @throws StaleSubject */
const checkFence = async ({ isCurrent, subject }: MessagePass): Promise<void> => {
  if (!(await isCurrent())) throw new StaleSubject(`${subject} has moved on`);
};

/** @throws Deserted where nothing can be said any more where the subject was asked for */
export const checkHome = async ({ chat, home, subject }: MessagePass): Promise<void> => {
  if (!(await chat.isThere(home))) throw new Deserted(`the place of ${subject} is gone`);
};

/** Makes an existing message say something; what it says already is not written again. */
export const rewrite = async (pass: MessagePass, message: MessageRef, options: Message): Promise<void> => {
  if (hasNoRecipient(message)) return;
  const text = JSON.stringify(options.content);
  if (pass.written.get(options.key) === text) return;
  await checkFence(pass);
  await pass.chat.edit(message, options.content, { signal: pass.signal });
  pass.written.set(options.key, text);
};

/** The message that a process sent which died before it could note it, in whichever of these places. */
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

/** Sends a new message into the first place that takes it. @throws what the first of them says where none does */
const sendInto = async (
  { chat, signal }: MessagePass,
  places: readonly ReplyTarget[],
  { key, content, canBeLeft = false }: Message,
): Promise<MessageRef> => {
  const refused: GramzoomError[] = [];
  for (const place of places) {
    try {
      return await chat.send(place, content, { key, signal: canBeLeft ? signal : undefined });
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
 * @throws StaleSubject, GramzoomError `chat-unreachable`, and those of `isRefused` where no place takes it
 */
export const sayOnce = async (
  pass: MessagePass,
  places: readonly ReplyTarget[],
  options: Message,
): Promise<MessageRef> => {
  const { deps, chat } = pass;
  const { key } = options;
  const { outbox } = deps.store;
  const begun = await outbox.begin(key);
  let message = begun.message;
  if (!message && begun.begunBefore) {
    message = await findIn(chat, places, key);
    if (message) {
      deps.observe({ kind: 'duplicate-suppressed', subject: pass.subject, key });
      await outbox.finish(key, message);
    }
  }
  if (message) {
    await rewrite(pass, message, options);
    return message;
  }
  await checkFence(pass);
  const sent = await sendInto(pass, places, options);
  pass.written.set(key, JSON.stringify(options.content));
  await outbox.finish(key, sent);
  return sent;
};

/**
 * Says something that the subject can continue without where it is refused for good.
 * @returns null where it is refused, or was not long ago
 * @throws Deserted
 */
export const sayIfAllowed = async <T>(
  pass: MessagePass,
  key: string,
  say: () => Promise<T>,
): Promise<T | null> => {
  const { deps, refused, isFinal } = pass;
  const since = deps.clock.now() - (refused.get(key) ?? Number.NEGATIVE_INFINITY);
  if (!isFinal && since < refusedForMs) return null;
  try {
    return await say();
  } catch (error) {
    if (!isRefused(error)) throw error;
    deps.log.forJob(pass.subject).warn('message: refused by the chat, continuing without it', { key, error });
    refused.set(key, deps.clock.now());
    if (isGone(error) && !isFinal) await checkHome(pass);
    return null;
  }
};
