import type { Contest } from '../../../domain/contest/contest.ts';
import type { Coordinator } from '../coordinator.ts';
import { isNoted, note } from './ledger.ts';
import { makePoster } from './poster.ts';
import { givePrize } from './prize.ts';

const finished = ({ round }: Contest): string => `finished-${round}`;

/** Whether all that the results tell of is there. */
export const hasResults = (coordinator: Coordinator, contest: Contest): Promise<boolean> =>
  isNoted(coordinator, contest, finished(contest));

/** Prepares the results of a contest that is closed: once, also where a process dies in the middle of it. */
export const finishContest = async (coordinator: Coordinator, contest: Contest): Promise<void> => {
  if (contest.phase !== 'closed' || (await hasResults(coordinator, contest))) return;
  if (contest.outcome?.kind === 'winners') {
    await givePrize(coordinator, contest);
    await makePoster(coordinator, contest);
  }
  await note(coordinator, contest, finished(contest));
};
