import type { Contest, ContestId } from '../../../domain/contest/contest.ts';
import { GramzoomError } from '../../../domain/errors.ts';
import type { ContestChanges } from '../../../ports/contests.ts';
import type { Coordinator } from '../coordinator.ts';
import { scheduleFollowUp } from './moments.ts';

/**
 * Changes a contest as it stands by then, whatever others change at the same moment.
 * @param changesOf what to write; null: nothing. May throw; is asked again where somebody was faster
 * @returns the contest as it is then
 * @throws GramzoomError `not-found`
 */
export const changeContest = async (
  coordinator: Coordinator,
  id: ContestId,
  changesOf: (contest: Contest) => ContestChanges | null,
): Promise<Contest> => {
  const { contests } = coordinator.deps.store;
  for (;;) {
    const contest = await contests.get(id);
    if (!contest) throw new GramzoomError('not-found', {});
    const changes = changesOf(contest);
    if (changes === null) return contest;
    await scheduleFollowUp(coordinator, id);
    const changed = await contests.update(id, contest.version, changes);
    if (changed) return changed;
  }
};
