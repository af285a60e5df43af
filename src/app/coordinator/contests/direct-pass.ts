import { type Contest, contestSubject } from '../../../domain/contest/contest.ts';
import { GramzoomError } from '../../../domain/errors.ts';
import { subjectText } from '../../../domain/subject.ts';
import type { Coordinator } from '../coordinator.ts';
import type { MessagePass } from '../outbox.ts';

/**
 * Says one message about a contest outside of the passes over its other messages, for what is due at a time.
 * @param isCurrent whether it is still to be said
 * @throws GramzoomError `chat-unreachable` where nobody talks with that platform
 */
export const directPass = (
  { deps }: Pick<Coordinator, 'deps'>,
  { id, home }: Contest,
  isCurrent: () => Promise<boolean>,
): MessagePass => {
  const chat = deps.chats.get(home.platform);
  if (!chat) throw new GramzoomError('chat-unreachable', { platform: home.platform, reason: null });
  return {
    ...{ deps, chat, home, isCurrent },
    subject: subjectText(contestSubject(id)),
    isFinal: true,
    written: new Map(),
    refused: new Map(),
  };
};
