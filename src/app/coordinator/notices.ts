import { type ErrorCode, type Failure, GramzoomError } from '../../domain/errors.ts';
import type { JobId, ReplyTarget } from '../../domain/job.ts';
import type { MessageContent } from '../../domain/message.ts';
import { noticeMs } from '../../domain/reaction-cooldown.ts';
import { messageKey, renderSubject } from '../../domain/subject.ts';
import type { CalendarEntry, DueEntry } from '../../ports/calendar.ts';
import type { Chat, MessageRef } from '../../ports/chat.ts';
import { postKeys, withdrawalOf } from '../deps.ts';
import type { Performed } from './calendar-sweep.ts';
import type { Coordinator } from './coordinator.ts';
import { isNowhere, nowhere } from './outbox.ts';

/** These are no answer: what was asked for is taken up again by itself. */
const passing: ReadonlySet<ErrorCode> = new Set(['stopping', 'chat-unreachable']);

/** In the calendar: a message of this role is taken away. */
const removalOf = (render: JobId, role: string): CalendarEntry => ({
  subject: renderSubject(render),
  what: `remove:${role}`,
});

const content = (render: JobId, failure: Failure): MessageContent => ({
  render,
  body: { kind: 'failed', failure },
  attachments: [],
  actions: [],
  calls: false,
  isNotice: true,
});

/** Until it is known which message it is, where it was to be sent to stands in its place. */
const toBeSent = (target: ReplyTarget): MessageRef => ({ ...nowhere(target.platform), grant: target.ref });

const sentAs = async (chat: Chat, key: string, noted: MessageRef): Promise<MessageRef | undefined> => {
  if (!isNowhere(noted)) return noted;
  return await chat.find({ platform: noted.platform, ref: noted.grant ?? '' }, key);
};

/** @throws GramzoomError where it may work later */
const removeIfPossible = async (chat: Chat, message: MessageRef): Promise<void> => {
  try {
    await chat.remove(message);
  } catch (error) {
    const isPassing =
      !(error instanceof GramzoomError) || error.retry === 'later' || error.code === 'internal';
    if (isPassing) throw error;
  }
};

/** Takes a message that was for a moment only away, and forgets that it was said. */
const removeMessage = async ({ deps }: Coordinator, key: string): Promise<Performed> => {
  const { outbox } = deps.store;
  const message = await outbox.get(key);
  const chat = message && deps.chats.get(message.platform);
  if (message && !chat) return 'later';
  const sent = message && chat && (await sentAs(chat, key, message));
  if (chat && sent) await removeIfPossible(chat, sent);
  await outbox.remove(key);
  return 'done';
};

/** Takes the answer to a render that was taken back away, once it has been said that it was. */
const removeWithdrawn = async ({ deps }: Coordinator, render: JobId): Promise<Performed> => {
  const { jobs, outbox } = deps.store;
  if ((await jobs.get(render))?.state !== 'cancelled') return 'done';
  const { answer, final } = postKeys(render);
  const [message, isTold] = [await outbox.get(answer), await outbox.get(final)];
  if (!isTold) return 'later';
  if (!message || isNowhere(message)) return 'done';
  const chat = deps.chats.get(message.platform);
  if (!chat) return 'later';
  await removeIfPossible(chat, message);
  return 'done';
};

/** Does what the calendar says. */
export const performDue = async (
  coordinator: Coordinator,
  { subject, what }: DueEntry,
): Promise<Performed> => {
  if (what === withdrawalOf(subject.id as JobId).what)
    return await removeWithdrawn(coordinator, subject.id as JobId);
  const [verb, role] = what.split(':');
  return verb === 'remove' && role ? await removeMessage(coordinator, messageKey(subject, role)) : 'done';
};

/**
 * Tells somebody under a film why their reaction leads to nothing, for a while: one notice per film at a time,
 * whoever reacts how often. That it goes is in the calendar before it is sent.
 */
export const giveNotice = async (
  coordinator: Coordinator,
  film: JobId,
  { failure, replyTarget }: { readonly failure: Failure; readonly replyTarget: ReplyTarget },
): Promise<void> => {
  const { deps, calendar } = coordinator;
  const { outbox } = deps.store;
  const chat = deps.chats.get(replyTarget.platform);
  const key = postKeys(film).notice;
  const removal = removalOf(film, 'notice');
  if (!chat || passing.has(failure.code) || coordinator.isStopping) return;
  if (await deps.store.calendar.has(removal)) return;
  try {
    // Longer than sending takes; from then on it stays for its time.
    await calendar.schedule(removal, { inMs: 2 * noticeMs });
    if ((await outbox.begin(key)).begunBefore) return;
    await outbox.finish(key, toBeSent(replyTarget));
    await outbox.finish(key, await chat.send(replyTarget, content(film, failure), { key }));
    await calendar.schedule(removal, { inMs: noticeMs });
  } catch (error) {
    deps.log.forJob(film).warn('a notice could not be given', { error });
  }
};
