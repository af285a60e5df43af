import type { Contest } from '../../../domain/contest/contest.ts';
import type { ContestFacts } from '../../../domain/contest/post.ts';
import type { Coordinator } from '../coordinator.ts';

/** What people are told of a contest wherever it is shown. */
export const factsOf = async ({ deps }: Coordinator, contest: Contest): Promise<ContestFacts> => {
  const { rules, phase, hostName, zone, enterFrom, enterUntil, voteUntil, outcome } = contest;
  const entries = await deps.store.contests.entries(contest.id);
  return {
    ...{ rules, phase, hostName, zone, enterFrom, enterUntil, voteUntil },
    entries: entries.filter(({ state }) => state === 'in').length,
    voters: outcome?.voters ?? (await deps.store.contests.voters(contest.id)),
  };
};
