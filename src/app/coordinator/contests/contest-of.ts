import {
  type Contest,
  type ContestId,
  type ContestRole,
  type Entry,
  isCounted,
} from '../../../domain/contest/contest.ts';
import { isOpen } from '../../../domain/contest/phase.ts';
import { type ContestRight, hasRight, rolesWithRight } from '../../../domain/contest/rights.ts';
import { GramzoomError } from '../../../domain/errors.ts';
import { isSamePerson, type Origin } from '../../../domain/job.ts';
import type { Actor } from '../../renders.ts';
import type { Coordinator } from '../coordinator.ts';
import { advance } from './phases.ts';

/** So many of a server's newest contests are looked through for one that is over. */
const mostContests = 20;

/** Whether a contest is one of the server that somebody acts in. */
const isIn = ({ origin }: Contest, { platform, server }: Origin): boolean =>
  origin.platform === platform && origin.server === server;

/** The contest of a server that is in an open phase, once whatever is due has been done to it. */
export const openContestIn = async (
  coordinator: Coordinator,
  { platform, server }: Pick<Origin, 'platform' | 'server'>,
): Promise<Contest | undefined> => {
  const { contests } = coordinator.deps.store;
  const found = await contests.openIn(platform, server);
  const now = found && (await advance(coordinator, found));
  return now && isOpen(now.phase) ? now : undefined;
};

/** @throws GramzoomError `contest-none` where none is open */
export const openContest = async (coordinator: Coordinator, { actor }: Actor): Promise<Contest> => {
  const contest = await openContestIn(coordinator, actor);
  if (!contest) throw new GramzoomError('contest-none', {});
  return contest;
};

const closedLast = async (
  { deps }: Coordinator,
  { platform, server }: Origin,
): Promise<Contest | undefined> => {
  const all = await deps.store.contests.ofServer(platform, server, { limit: mostContests });
  return all.find(({ phase }) => phase === 'closed');
};

/** The open contest of a server, else the one that ended last. @throws GramzoomError `contest-none` */
export const latestContest = async (coordinator: Coordinator, { actor }: Actor): Promise<Contest> => {
  const contest = (await openContestIn(coordinator, actor)) ?? (await closedLast(coordinator, actor));
  if (!contest) throw new GramzoomError('contest-none', {});
  return contest;
};

/** The contest of a server that ended last, else the open one. @throws GramzoomError `contest-none` */
export const lastResult = async (coordinator: Coordinator, { actor }: Actor): Promise<Contest> => {
  const open = await openContestIn(coordinator, actor);
  const contest = (await closedLast(coordinator, actor)) ?? open;
  if (!contest) throw new GramzoomError('contest-none', {});
  return contest;
};

/**
 * A contest by its id, for somebody of its server, once whatever is due has been done to it.
 * @throws GramzoomError `not-found`, also for one of another server
 */
export const contestById = async (
  coordinator: Coordinator,
  id: ContestId,
  { actor }: Actor,
): Promise<Contest> => {
  const contest = await coordinator.deps.store.contests.get(id);
  if (!contest || !isIn(contest, actor)) throw new GramzoomError('not-found', {});
  return await advance(coordinator, contest);
};

const isOperator = ({ deps }: Coordinator, { platform, user }: Origin): boolean =>
  deps.operators.some((operator) => operator.platform === platform && operator.user === user);

/** All that somebody is in a contest, the least first; without one what they are in the server. */
export const rolesOf = (
  coordinator: Coordinator,
  contest: Contest | null,
  { by, entries }: { readonly by: Actor; readonly entries: readonly Pick<Entry, 'user' | 'state'>[] },
): readonly ContestRole[] => {
  const { actor, isModerator = false } = by;
  const isEntrant = entries.some((entry) => entry.user === actor.user && isCounted(entry));
  const isHere = contest === null || isIn(contest, actor);
  return [
    'everyone',
    ...(isEntrant ? (['entrant'] as const) : []),
    ...(contest && isSamePerson(contest.origin, actor) ? (['host'] as const) : []),
    ...(isModerator && isHere ? (['moderator'] as const) : []),
    ...(isOperator(coordinator, actor) ? (['operator'] as const) : []),
  ];
};

/** Lets whoever has a right pass. @throws GramzoomError `contest-right` */
export const requireRight = async (
  coordinator: Coordinator,
  right: ContestRight,
  { contest, by }: { readonly contest: Contest | null; readonly by: Actor },
): Promise<void> => {
  const allowed = rolesWithRight[right];
  // Of what everybody may do, and of what entrants may not, nobody's entries have to be known.
  const isForEntrants = allowed.includes('entrant') && !allowed.includes('everyone');
  const entries = contest && isForEntrants ? await coordinator.deps.store.contests.entries(contest.id) : [];
  const roles = rolesOf(coordinator, contest, { by, entries });
  if (!hasRight(roles, right)) {
    const needs = allowed.includes('host') ? 'host' : 'moderator';
    throw new GramzoomError('contest-right', { needs });
  }
};
