import { GramzoomError } from '../../../domain/errors.ts';
import type { ReplyTarget } from '../../../domain/job.ts';
import type { Chat } from '../../../ports/chat.ts';
import { isRefused } from '../../retry.ts';

/**
 * Where somebody is told something alone; null where they cannot be, or do not want to be.
 * @throws GramzoomError `chat-unreachable`
 */
export const privatePlace = async (
  chat: Chat,
  user: string,
  about: ReplyTarget,
): Promise<ReplyTarget | null> => {
  try {
    return await chat.privately(user, about);
  } catch (error) {
    const isClosed = error instanceof GramzoomError && error.code === 'messages-closed';
    if (!isClosed && !isRefused(error)) throw error;
    return null;
  }
};

/** Whether it is refused for good to say something to somebody alone. */
export const isUnwelcome = (error: unknown): error is GramzoomError =>
  isRefused(error) || (error instanceof GramzoomError && error.code === 'messages-closed');
