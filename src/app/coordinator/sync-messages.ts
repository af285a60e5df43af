import { type GramzoomError, toGramzoomError } from '../../domain/errors.ts';
import { parseSubject } from '../../domain/subject.ts';
import type { CoordinatorDeps } from '../deps.ts';
import { isGone, isTransient } from '../retry.ts';
import { Deserted, type MessagePass, StaleSubject } from './outbox.ts';
import type { SubjectHandlers } from './subject-handler.ts';

/**
 * What a pass came to. `said`: the messages say how it stands. `gone`: there is nobody to say it to, or it cannot
 * be said. `deserted`: the place is gone, and all that could have been said there. `absent`: this process does not
 * talk to that platform. `stale`: the subject changed meanwhile. An error: nobody takes the last message, for this
 * reason.
 */
export type PassResult = 'said' | 'gone' | 'deserted' | 'absent' | 'stale' | GramzoomError;

export type PassParts = Pick<MessagePass, 'written' | 'refused'> & {
  readonly deps: MessagePass['deps'] & Pick<CoordinatorDeps, 'chats'>;
  readonly subjects: SubjectHandlers;
  /** Aborts where a last message waits for what this pass says. */
  readonly signal: AbortSignal;
};

/**
 * Makes a subject's messages say how it stands: whatever happened before, and however often it is called, they end
 * up the same.
 * @param subject see `subjectText`
 * @throws GramzoomError `chat-unreachable` and whatever else is transient
 */
export const syncMessages = async (subject: string, parts: PassParts): Promise<PassResult> => {
  const { deps, subjects, written, refused } = parts;
  const { kind, id } = parseSubject(subject);
  const handler = subjects.get(kind);
  const snapshot = await handler?.open(id);
  if (!snapshot) return 'gone';
  const { home, isFinal, isCurrent } = snapshot;
  const chat = deps.chats.get(home.platform);
  if (!chat) return 'absent';
  try {
    const signal = isFinal ? undefined : parts.signal;
    await snapshot.sync({ deps, chat, subject, home, isFinal, isCurrent, written, refused, signal });
    return 'said';
  } catch (error) {
    if (error instanceof StaleSubject) return 'stale';
    if (!(await handler?.open(id))) return 'gone';
    if (error instanceof Deserted) {
      await snapshot.giveUp();
      return 'deserted';
    }
    const failure = toGramzoomError(error);
    if (isTransient(failure)) throw error;
    if (snapshot.reportsRefusal) return failure;
    await snapshot.giveUp();
    if (isGone(error)) return 'gone';
    throw error;
  }
};
