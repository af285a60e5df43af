import { type Contest, contestSubject } from '../../../domain/contest/contest.ts';
import { phaseEnd } from '../../../domain/contest/moments.ts';
import type { Coordinator } from '../coordinator.ts';
import { note } from './ledger.ts';

/** What a role in the outbox may consist of. */
const inRole = (event: string): string => Buffer.from(event).toString('hex');

/** How a contest stands, as far as a host changes it. */
const standOf = (contest: Contest): string =>
  `${contest.phase}-${contest.round}-${phaseEnd(contest) ?? 'over'}`;

/**
 * Whether an event has changed a contest before: a process may die after the change and before its answer, and what the
 * next one finds is dealt with again. It is noted before the change what it is meant for; once that is not so any more it
 * is done. Without it an event that ends entering would end voting the second time.
 * @param event undefined where nothing repeats events
 */
export const wasDone = async (
  coordinator: Coordinator,
  contest: Contest,
  event: string | undefined,
): Promise<boolean> => {
  if (event === undefined) return false;
  const asked = `asked-${inRole(event)}-`;
  const role = asked + standOf(contest);
  const posts = await coordinator.deps.store.outbox.ofSubject(contestSubject(contest.id));
  const before = posts.find((post) => post.role.startsWith(asked));
  if (before) return before.role !== role;
  await note(coordinator, contest, role);
  return false;
};
