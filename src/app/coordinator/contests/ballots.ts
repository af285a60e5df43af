import { isSameBallot, withRank } from '../../../domain/contest/ballot.ts';
import { cleanName } from '../../../domain/contest/clean-text.ts';
import type { Ballot, Contest, Entry, EntryId, VoteDoubt } from '../../../domain/contest/contest.ts';
import { doubtsOf } from '../../../domain/contest/eligibility.ts';
import type { ContestStep } from '../../../domain/contest/step.ts';
import { GramzoomError } from '../../../domain/errors.ts';
import type { StoredBallot } from '../../../ports/contests.ts';
import type { ContestActor } from '../../contests.ts';
import type { Coordinator } from '../coordinator.ts';
import { contestChanged } from './change-entry.ts';
import { noteHost } from './owed-notices.ts';
import { phaseError, requireEligible, requirePhase } from './requirements.ts';

/** Whether an entry, or the photo in it, is somebody's own: they may not vote for it. */
export const isOwnEntry = (
  { user, photoOwner }: Pick<Entry, 'user' | 'photoOwner'>,
  voter: string,
): boolean => user === voter || photoOwner === voter;

/** Returns where somebody may vote now. @throws GramzoomError `contest-phase`, `contest-not-eligible` */
export const requireVoter = async (
  coordinator: Coordinator,
  contest: Contest,
  by: ContestActor,
): Promise<void> => {
  requirePhase(contest, 'voting');
  await requireEligible(coordinator, contest, by);
};

/** @throws GramzoomError `contest-not-in`, `contest-own-vote` */
const requireVotable = (entry: Entry | undefined, voter: string): void => {
  if (entry?.state !== 'in') throw new GramzoomError('contest-not-in', {});
  if (isOwnEntry(entry, voter)) throw new GramzoomError('contest-own-vote', {});
};

/** Why a ballot may not be honest, with what shows only once it is cast. */
export const doubtsAbout = (
  { rules, createdAt }: Pick<Contest, 'rules' | 'createdAt'>,
  { doubts, changes }: Pick<StoredBallot, 'doubts' | 'changes'>,
): readonly VoteDoubt[] => {
  const unknown = { accountSince: null, memberSince: null };
  const ofChanges = doubtsOf(rules, unknown, { now: createdAt, announcedAt: createdAt, changes });
  return [...new Set([...doubts, ...ofChanges])];
};

/** How often a ballot is made anew because entries go while it is cast. */
const mostTries = 5;

const cast = async (
  coordinator: Coordinator,
  contest: Contest,
  { ranks, by }: { readonly ranks: Ballot; readonly by: ContestActor },
): Promise<'cast' | 'not-in'> => {
  const { clock, store } = coordinator.deps;
  const { user: voter } = by.actor;
  // How often it was changed is in the store.
  const context = { now: clock.wallTime(), announcedAt: contest.createdAt, changes: 0 };
  const doubts = doubtsOf(contest.rules, by.person, context);
  const voterName = cleanName(by.person.name, { otherwise: voter });
  const voted = await store.contests.vote(contest.id, { voter, voterName, ranks, doubts });
  switch (voted.kind) {
    case 'cast':
      if (doubtsAbout(contest, { doubts, changes: voted.changes }).length > 0)
        await noteHost(coordinator, contest.id);
      return 'cast';
    case 'not-in':
      return 'not-in';
    case 'not-voting':
      throw await phaseError(coordinator, contest.id);
    case 'banned':
      throw new GramzoomError('contest-not-eligible', { reason: 'banned', needs: '' });
    case 'own':
      throw new GramzoomError('contest-own-vote', {});
    default:
      return voted satisfies never;
  }
};

/**
 * Puts an entry on a rank of somebody's ballot, or takes it off. Clicks of the same person come one after another, so
 * that each changes the ballot that the one before has left.
 * @returns whether the ballot says something else now
 * @throws GramzoomError `contest-phase`, `contest-not-eligible`, `contest-not-in`, `contest-own-vote`
 */
export const rankEntry = async (
  coordinator: Coordinator,
  contest: Contest,
  {
    step: { entry: id, rank },
    by,
  }: {
    readonly step: Pick<Extract<ContestStep, { readonly kind: 'rank' }>, 'entry' | 'rank'>;
    readonly by: ContestActor;
  },
): Promise<boolean> => {
  await requireVoter(coordinator, contest, by);
  const { contests } = coordinator.deps.store;
  const { user } = by.actor;
  return await coordinator.participantLock.run(`${contest.id} ${user}`, async () => {
    for (let tries = 1; ; tries++) {
      const entries = new Map<EntryId, Entry>(
        (await contests.entries(contest.id)).map((entry) => [entry.id, entry]),
      );
      if (rank > 0) requireVotable(entries.get(id), user);
      const canBeRanked = (other: EntryId): boolean => {
        const entry = entries.get(other);
        return entry?.state === 'in' && !isOwnEntry(entry, user);
      };
      const before = await contests.ballotOf(contest.id, user);
      const ranks = withRank(before, { entry: id, rank, canBeRanked });
      if (isSameBallot(before, ranks)) return false;
      const came = await cast(coordinator, contest, { ranks, by });
      if (came === 'cast') break;
      if (tries === mostTries) throw new GramzoomError('contest-not-in', {});
    }
    contestChanged(coordinator, contest.id);
    return true;
  });
};
