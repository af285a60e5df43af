import type { Contest } from '../../../domain/contest/contest.ts';
import type { ReplyTarget } from '../../../domain/job.ts';
import { isRefused } from '../../retry.ts';
import type { Coordinator } from '../coordinator.ts';
import { hasNoRecipient } from '../outbox.ts';
import { announcementRole, contestKey } from './post-keys.ts';

/**
 * Where it goes on: the thread under the announcement, and where there is none, where the contest was announced.
 * @throws GramzoomError `chat-unreachable`
 */
export const threadOf = async (
  { deps }: Pick<Coordinator, 'deps'>,
  contest: Contest,
): Promise<readonly ReplyTarget[]> => {
  const { home, rules } = contest;
  const chat = deps.chats.get(home.platform);
  const announcement = await deps.store.outbox.get(contestKey(contest, announcementRole));
  if (!chat || !announcement || hasNoRecipient(announcement)) return [home];
  try {
    return [await chat.openThread(announcement, rules.theme), home];
  } catch (error) {
    if (!isRefused(error)) throw error;
    return [home];
  }
};
