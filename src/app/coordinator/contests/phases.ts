import { type Contest, contestSubject, isLive } from '../../../domain/contest/contest.ts';
import { countVotes } from '../../../domain/contest/count-votes.ts';
import { isDue } from '../../../domain/contest/moments.ts';
import { subjectText } from '../../../domain/subject.ts';
import type { ContestChanges } from '../../../ports/contests.ts';
import type { Coordinator } from '../coordinator.ts';
import { followUpSoon } from './follow-up.ts';
import { scheduleFollowUp, scheduleMoments } from './moments.ts';

const noOne: ContestChanges['outcome'] = { kind: 'no-entries', voters: 0, table: [] };

/** The next phase of a contest; undefined where its row has changed meanwhile, or where there is none. */
const moveOn = async (coordinator: Coordinator, contest: Contest): Promise<Contest | undefined> => {
  const { contests } = coordinator.deps.store;
  const { id, phase, version } = contest;
  switch (phase) {
    case 'draft':
      return await contests.update(id, version, { phase: 'entering' });
    case 'entering':
      return (await contests.entries(id)).some(isLive)
        ? await contests.update(id, version, { phase: 'voting' })
        : await contests.update(id, version, { phase: 'closed', outcome: noOne });
    case 'voting':
      // Counted in one transaction: no vote and no ban that was taken is left out.
      return await contests.closeVoting(id, version, countVotes);
    case 'closed':
    case 'cancelled':
      return undefined;
    default:
      return phase satisfies never;
  }
};

/** What follows from a change of a contest, once it is in its row: dates, and what everybody is told. */
export const follow = async (coordinator: Coordinator, { id }: Pick<Contest, 'id'>): Promise<void> => {
  await scheduleMoments(coordinator, id);
  followUpSoon(coordinator, id);
};

/**
 * Ends the phase that a contest is in, whatever the time is.
 * @returns the contest as it is by then; undefined where its row has changed meanwhile
 */
export const endPhase = async (coordinator: Coordinator, contest: Contest): Promise<Contest | undefined> => {
  const { deps } = coordinator;
  await scheduleFollowUp(coordinator, contest.id);
  const moved = await moveOn(coordinator, contest);
  if (!moved) return undefined;
  deps.log
    .forJob(subjectText(contestSubject(contest.id)))
    .info('contest: is in another phase', { from: contest.phase, to: moved.phase });
  return moved;
};

/**
 * Does whatever is due to a contest, in order: after an absence it may be several phases.
 * @returns the contest as it is by then
 */
export const advance = async (coordinator: Coordinator, contest: Contest): Promise<Contest> => {
  let now = contest;
  while (isDue(now, coordinator.deps.clock.wallTime())) {
    const moved = await endPhase(coordinator, now);
    const next = moved ?? (await coordinator.deps.store.contests.get(contest.id));
    if (!next) return now;
    now = next;
  }
  if (now !== contest) await follow(coordinator, now);
  return now;
};
