import { type ErrorCode, type Failure, GramzoomError } from '../../domain/errors.ts';
import type { JobId, ReplyTarget } from '../../domain/job.ts';
import type { MessageContent } from '../../domain/message.ts';
import { noticeMs } from '../../domain/reaction-cooldown.ts';
import type { Chat, MessageRef } from '../../ports/chat.ts';
import { noticeEnding, postKeys, withdrawnEnding } from '../deps.ts';
import { type Coordinator, inBackground } from './coordinator.ts';
import { isNowhere, nowhere } from './outbox.ts';

/** These are no answer: what was asked for is taken up again by itself. */
const passing: ReadonlySet<ErrorCode> = new Set(['stopping', 'chat-unreachable']);

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

const sentAs = async (chat: Chat, key: string, noted: MessageRef | null): Promise<MessageRef | undefined> => {
  if (noted === null || !isNowhere(noted)) return noted ?? undefined;
  return await chat.find({ platform: noted.platform, ref: noted.grant ?? '' }, key);
};

/** Takes a notice away. What cannot be taken away now goes with the next sweep. */
const takeAway = async (coordinator: Coordinator, { key, message }: Noted): Promise<void> => {
  const { posts } = coordinator.deps.store;
  const chat = message && coordinator.deps.chats.get(message.platform);
  if (message && !chat) return;
  // What is to be taken away has not been said yet.
  if (message && isNowhere(message) && message.grant === undefined) return;
  try {
    const sent = chat && (await sentAs(chat, key, message));
    if (sent) await chat.remove(sent);
  } catch (error) {
    const isPassing =
      !(error instanceof GramzoomError) || error.retry === 'later' || error.code === 'internal';
    if (isPassing) throw error;
  }
  await posts.remove(key);
};

type Noted = { readonly key: string; readonly message: MessageRef | null };

/** Takes away those that nobody else will: at a start all, later what could not be taken away in its time. */
export const clearNotices = async (coordinator: Coordinator): Promise<void> => {
  const { log, store } = coordinator.deps;
  for (const ending of [noticeEnding, withdrawnEnding]) {
    for (const noted of await store.posts.ending(ending)) {
      if (coordinator.notices.has(noted.key)) continue;
      await takeAway(coordinator, noted).catch((error: unknown) =>
        log.warn('a notice could not be taken away yet', { error }),
      );
    }
  }
};

const end = async (coordinator: Coordinator, key: string): Promise<void> => {
  coordinator.notices.delete(key);
  const noted = (await coordinator.deps.store.posts.ending(key)).find((each) => each.key === key);
  if (noted) await takeAway(coordinator, noted);
};

/** Takes a message away in a while: one in the outbox that is for a moment only. */
export const removeLater = (coordinator: Coordinator, key: string): void => {
  if (coordinator.isStopping) return;
  const remove = () =>
    inBackground(coordinator, 'a notice could not be taken away yet', () => end(coordinator, key));
  coordinator.notices.set(key, coordinator.deps.clock.after(noticeMs, remove));
};

/**
 * Tells somebody under a film why their reaction leads to nothing, for a while: one notice per film at a time,
 * whoever reacts how often. It is noted before it is sent, so that it goes whatever process takes it away.
 */
export const giveNotice = async (
  coordinator: Coordinator,
  film: JobId,
  { failure, replyTarget }: { readonly failure: Failure; readonly replyTarget: ReplyTarget },
): Promise<void> => {
  const { deps, notices } = coordinator;
  const { posts } = deps.store;
  const chat = deps.chats.get(replyTarget.platform);
  const key = postKeys(film).notice;
  if (!chat || passing.has(failure.code) || coordinator.isStopping || notices.has(key)) return;
  notices.set(key, undefined);
  try {
    if ((await posts.begin(key, film)).begunBefore) return void notices.delete(key);
    await posts.finish(key, toBeSent(replyTarget));
    await posts.finish(key, await chat.send(replyTarget, content(film, failure), { key }));
  } catch (error) {
    deps.log.forJob(film).warn('a notice could not be given', { error });
  }
  removeLater(coordinator, key);
};
