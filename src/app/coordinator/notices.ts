import { type Failure, GramzoomError } from '../../domain/errors.ts';
import type { ReplyTarget } from '../../domain/job.ts';
import type { MessageContent } from '../../domain/message.ts';
import { noticeMs } from '../../domain/reaction-cooldown.ts';
import { messageKey, type Subject, subjectText } from '../../domain/subject.ts';
import type { CalendarEntry, DueEntry } from '../../ports/calendar.ts';
import type { Chat, MessageRef } from '../../ports/chat.ts';
import type { Performed } from './calendar-sweep.ts';
import type { Coordinator } from './coordinator.ts';
import { hasNoRecipient, noRecipient } from './outbox.ts';

/** About a reaction to one of a subject's messages: at most one at a time. */
export const noticeRole = 'notice';

/** In the calendar: a message of this role is taken away. */
const removalOf = (subject: Subject, role: string): CalendarEntry => ({ subject, what: `remove:${role}` });

const content = (subject: Subject, failure: Failure): MessageContent => ({
  subject,
  body: { kind: 'failed', failure },
  attachments: [],
  actions: [],
  mentionsRequester: false,
  isNotice: true,
});

/** Until it is known which message it is, where it was to be sent to stands in its place. */
const toBeSent = (target: ReplyTarget): MessageRef => ({
  ...noRecipient(target.platform),
  grant: target.ref,
});

const sentAs = async (chat: Chat, key: string, noted: MessageRef): Promise<MessageRef | undefined> => {
  if (!hasNoRecipient(noted)) return noted;
  return await chat.find({ platform: noted.platform, ref: noted.grant ?? '' }, key);
};

/** Takes a message away, or leaves it where that is refused for good. @throws GramzoomError where it may work later */
export const removeIfPossible = async (chat: Chat, message: MessageRef): Promise<void> => {
  try {
    await chat.remove(message);
  } catch (error) {
    const isTransient =
      !(error instanceof GramzoomError) || error.retry === 'later' || error.code === 'internal';
    if (isTransient) throw error;
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

/** Does what the calendar says: takes a message away, or lets the subject do what it is about. */
export const performDue = async (
  coordinator: Coordinator,
  { subject, what }: DueEntry,
): Promise<Performed> => {
  const [verb, role] = what.split(':');
  if (verb === 'remove' && role) return await removeMessage(coordinator, messageKey(subject, role));
  return (await coordinator.subjects.get(subject.kind)?.due?.(subject.id, what)) ?? 'done';
};

/**
 * Tells somebody under a message why their reaction leads to nothing, for a while: one notice per subject at a time,
 * whoever reacts how often. That it goes is in the calendar before it is sent.
 */
export const giveNotice = async (
  coordinator: Coordinator,
  subject: Subject,
  { failure, replyTarget }: { readonly failure: Failure; readonly replyTarget: ReplyTarget },
): Promise<void> => {
  const { deps, calendar } = coordinator;
  const { outbox } = deps.store;
  const chat = deps.chats.get(replyTarget.platform);
  const key = messageKey(subject, noticeRole);
  const removal = removalOf(subject, noticeRole);
  if (!chat || coordinator.isStopping || (await deps.store.calendar.has(removal))) return;
  try {
    // Longer than sending takes; from then on it stays for its time.
    await calendar.schedule(removal, { dueAt: deps.clock.wallTime() + 2 * noticeMs });
    if ((await outbox.begin(key)).begunBefore) return;
    await outbox.finish(key, toBeSent(replyTarget));
    await outbox.finish(key, await chat.send(replyTarget, content(subject, failure), { key }));
    await calendar.schedule(removal, { dueAt: deps.clock.wallTime() + noticeMs });
  } catch (error) {
    deps.log.forJob(subjectText(subject)).warn('notice: failed to send', { error });
  }
};
