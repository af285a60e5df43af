import type { Contest, ContestId } from '../../../domain/contest/contest.ts';
import { eligibilityProblem } from '../../../domain/contest/eligibility.ts';
import type { ContestPhase } from '../../../domain/contest/phase.ts';
import { GramzoomError } from '../../../domain/errors.ts';
import type { ContestActor } from '../../contests.ts';
import type { Coordinator } from '../coordinator.ts';

/** @throws GramzoomError `contest-phase` where the contest is in none of these phases */
export const requirePhase = ({ phase }: Pick<Contest, 'phase'>, ...phases: readonly ContestPhase[]): void => {
  if (!phases.includes(phase)) throw new GramzoomError('contest-phase', { phase });
};

/** What to tell whoever came too late: the contest has moved on since it was read. */
export const phaseError = async ({ deps }: Coordinator, id: ContestId): Promise<GramzoomError> => {
  const contest = await deps.store.contests.get(id);
  return new GramzoomError('contest-phase', { phase: contest?.phase ?? 'cancelled' });
};

/** @throws GramzoomError `contest-not-eligible` where the rules keep somebody from entering, or from voting once that is open */
export const requireEligible = async (
  { deps }: Coordinator,
  contest: Contest,
  { actor, person }: Pick<ContestActor, 'actor' | 'person'>,
): Promise<void> => {
  const { rules, phase, phaseSince } = contest;
  const bans = await deps.store.contests.bans(contest.id);
  const isBanned = bans.some(({ user }) => user === actor.user);
  const now = deps.clock.wallTime();
  const problem = eligibilityProblem(rules, person, { now, phase, phaseSince, isBanned });
  if (problem) throw new GramzoomError('contest-not-eligible', problem);
};
