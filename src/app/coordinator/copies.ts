import { retryWithBackoff } from '../../concurrency/backoff.ts';
import { GramzoomError } from '../../domain/errors.ts';
import type { Job } from '../../domain/job.ts';
import { copyKey } from '../deps.ts';
import { isGone, mostFetches } from '../retry.ts';
import { copyContent } from './content.ts';
import type { Coordinator } from './coordinator.ts';
import { sayOnce } from './outbox.ts';
import { isUnchanged } from './render-messages.ts';

/**
 * Sends a film to one person alone, once for a reaction: through the outbox, so that a process which dies in between
 * leaves it to the next one. Tries for about an hour where the platform cannot be reached.
 * @param options.sequence of the reaction that asks for it
 * @throws GramzoomError `messages-closed`, `result-expired`, `stopping`, and whatever else the chat says
 */
export const sendCopy = async (
  coordinator: Coordinator,
  job: Job,
  { user, sequence }: { readonly user: string; readonly sequence: number },
): Promise<void> => {
  const { deps, deadline } = coordinator;
  const chat = deps.chats.get(job.replyTarget.platform);
  if (!chat) throw new GramzoomError('chat-gone', { platform: job.replyTarget.platform });
  const content = copyContent(job);
  const isCurrent = () => isUnchanged(job, deps);
  const pass = {
    deps,
    chat,
    subject: job.id,
    isFinal: true,
    isCurrent,
    written: new Map(),
    refused: new Map(),
  };
  let failures = 0;
  const send = async (): Promise<void> => {
    const place = await chat.privately(user, job.replyTarget);
    await sayOnce({ ...pass, home: place }, [place], { key: copyKey(job.id, sequence), content });
  };
  try {
    await retryWithBackoff(send, {
      clock: deps.clock,
      signal: deadline.signal,
      isTransient: (error) =>
        error instanceof GramzoomError && error.code === 'chat-unreachable' && ++failures < mostFetches,
      onFailure: (error) =>
        deps.log.forJob(job.id).warn('copy: failed to send, trying again', { error, failures }),
    });
  } catch (error) {
    if (deadline.signal.aborted) throw new GramzoomError('stopping', {}, { cause: error });
    if (isGone(error)) throw new GramzoomError('messages-closed', {}, { cause: error });
    throw error;
  }
};
