import { renderSubject } from '../../domain/subject.ts';
import { postKeys, withdrawalOf } from '../deps.ts';
import { isNowhere, type Speaker } from './outbox.ts';

/**
 * Whether there is nothing to say about a render that was cancelled before it began: it was asked for by a reaction,
 * and nobody has seen an answer.
 */
export const leavesNothing = async ({ deps, chat, job }: Speaker): Promise<boolean> => {
  if (job.state !== 'cancelled') return false;
  const { calendar, outbox, reactions } = deps.store;
  const keys = postKeys(job.id);
  const begun = await outbox.ofSubject(renderSubject(job.id));
  const isTakenBack = await calendar.has(withdrawalOf(job.id));
  if (!isTakenBack && !(await reactions.haveLedTo(renderSubject(job.id)))) return false;
  const answered = begun.find(({ key }) => key === keys.answer);
  const answer = answered && (answered.message ?? (await chat.find(job.replyTarget, keys.answer)));
  return answer === undefined || isNowhere(answer);
};
