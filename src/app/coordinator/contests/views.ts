import {
  type Contest,
  type Entry,
  type EntryId,
  isExtensible,
  isLive,
  mostRanks,
} from '../../../domain/contest/contest.ts';
import { isOpen, isRunning } from '../../../domain/contest/phase.ts';
import { type ContestRight, contestRights, hasRight } from '../../../domain/contest/rights.ts';
import type { ContestView, FilmChoice } from '../../../domain/contest/view.ts';
import { inVoterOrder } from '../../../domain/contest/voter-order.ts';
import { GramzoomError } from '../../../domain/errors.ts';
import type { Job } from '../../../domain/job.ts';
import type { ContestActor } from '../../contests.ts';
import { resultOf } from '../content.ts';
import type { Coordinator } from '../coordinator.ts';
import { isOwnEntry, requireVoter } from './ballots.ts';
import { factsOf } from './contest-facts.ts';
import { rolesOf } from './contest-of.ts';
import { entriesLeft, isEnterable } from './entries.ts';
import { entryView, type Looker, rankOf } from './entry-views.ts';
import { requireEligible, requirePhase } from './requirements.ts';

/** Entries on a page of the ballot, each with its film. */
const entriesPerPage = 4;
/** So many of somebody's latest films are offered, out of so many renders. */
const mostFilms = 10;
const rendersLookedAt = 50;

const isTime = (right: ContestRight, contest: Contest, own: readonly Entry[]): boolean => {
  const { phase } = contest;
  switch (right) {
    case 'start':
      return !isOpen(phase);
    case 'status':
    case 'hall':
      return true;
    case 'enter':
      return phase === 'entering';
    case 'withdraw':
      return isRunning(phase) && own.some(isLive);
    case 'vote':
      return phase === 'voting';
    case 'follow':
    case 'cancel':
      return isOpen(phase);
    case 'close':
    case 'report':
    case 'review':
    case 'disqualify':
    case 'ban':
      return isRunning(phase);
    case 'extend':
      return isExtensible(contest);
    case 'export':
      return phase === 'closed';
    default:
      return right satisfies never;
  }
};

/** How a contest stands for somebody: their entries, their ballot and what they may do now. */
export const statusView = async (
  coordinator: Coordinator,
  contest: Contest,
  {
    by,
    what = null,
  }: {
    readonly by: ContestActor;
    readonly what?: Extract<ContestView, { readonly kind: 'status' }>['what'];
  },
): Promise<ContestView> => {
  const { contests } = coordinator.deps.store;
  const { user } = by.actor;
  const entries = await contests.entries(contest.id);
  const own = entries.filter((entry) => entry.user === user && entry.state !== 'withdrawn');
  const ballot = await contests.ballotOf(contest.id, user);
  const roles = rolesOf(coordinator, contest, { by, entries });
  const looker: Looker = { user, ballot, isReviewing: false };
  return {
    kind: 'status',
    contest: contest.id,
    facts: await factsOf(coordinator, contest),
    what,
    entries: await Promise.all(own.map((entry) => entryView(coordinator, entry, { contest, looker }))),
    ballot: ballot.flatMap(
      (id) => entries.find((entry) => entry.id === id && entry.state === 'in')?.number ?? [],
    ),
    isFollowing: await contests.isFollowing(contest.id, user),
    rights: contestRights.filter((right) => hasRight(roles, right) && isTime(right, contest, own)),
    role: roles.at(-1) ?? 'everyone',
  };
};

/** See `Contests.view`. */
export const contestView = (
  coordinator: Coordinator,
  contest: Contest,
  by: ContestActor,
): Promise<ContestView> => statusView(coordinator, contest, { by });

const choiceOf = (job: Job, own: readonly Entry[]): FilmChoice => {
  const { id: render, attachment, request, createdAt, result } = job;
  return {
    ...{ render, name: attachment.name, seed: request.seed, createdAt },
    picture: result && resultOf(job, result),
    number: own.find((entry) => entry.render === render && isLive(entry))?.number ?? null,
  };
};

/** Whether a moderator decided against a film: it cannot be entered a second time. */
const isRefused = ({ id }: Job, own: readonly Entry[]): boolean =>
  own.some(({ render, state }) => render === id && (state === 'rejected' || state === 'disqualified'));

/**
 * Somebody's latest films that can be entered, the newest first.
 * @throws GramzoomError `contest-phase`, `contest-not-eligible`
 */
export const chooseView = async (
  coordinator: Coordinator,
  contest: Contest,
  by: ContestActor,
): Promise<ContestView> => {
  requirePhase(contest, 'entering');
  await requireEligible(coordinator, contest, by);
  const { contests, jobs } = coordinator.deps.store;
  const own = (await contests.entries(contest.id)).filter(({ user }) => user === by.actor.user);
  const latest = await jobs.ofUser(by.actor, { limit: rendersLookedAt });
  return {
    kind: 'choose',
    contest: contest.id,
    facts: await factsOf(coordinator, contest),
    films: latest
      .filter((job) => job.state === 'done' && isEnterable(contest, job) && !isRefused(job, own))
      .slice(0, mostFilms)
      .map((job) => choiceOf(job, own)),
    left: entriesLeft(contest, own),
  };
};

/** What somebody has entered just now. */
export const enteredView = async (
  coordinator: Coordinator,
  contest: Contest,
  { entry, isNew, by }: { readonly entry: Entry; readonly isNew: boolean; readonly by: ContestActor },
): Promise<ContestView> => ({
  kind: 'entered',
  contest: contest.id,
  facts: await factsOf(coordinator, contest),
  entry: await entryView(coordinator, entry, {
    contest,
    looker: { user: by.actor.user, ballot: [], isReviewing: false },
  }),
  isNew,
});

/**
 * A page of the entries in the voter's own order, with their ballot. A page after the last one is the last one.
 * @throws GramzoomError `contest-phase`, `contest-not-eligible`
 */
export const ballotView = async (
  coordinator: Coordinator,
  contest: Contest,
  {
    page: asked,
    by,
    isChanged = false,
    perPage = entriesPerPage,
  }: {
    readonly page: number;
    readonly by: ContestActor;
    readonly isChanged?: boolean;
    readonly perPage?: number;
  },
): Promise<ContestView> => {
  await requireVoter(coordinator, contest, by);
  const { contests } = coordinator.deps.store;
  const { user } = by.actor;
  const votable = (await contests.entries(contest.id)).filter(({ state }) => state === 'in');
  const ordered = inVoterOrder(votable, { contest: contest.id, voter: user });
  const ballot = await contests.ballotOf(contest.id, user);
  const pages = Math.max(1, Math.ceil(ordered.length / perPage));
  const page = Math.min(asked, pages - 1);
  const looker: Looker = { user, ballot, isReviewing: false };
  const shown = ordered.slice(page * perPage, (page + 1) * perPage);
  const numberOf = (id: EntryId | undefined): number | null =>
    votable.find((entry) => entry.id === id)?.number ?? null;
  return {
    kind: 'ballot',
    contest: contest.id,
    facts: await factsOf(coordinator, contest),
    entries: await Promise.all(shown.map((entry) => entryView(coordinator, entry, { contest, looker }))),
    ...{ page, pages, isChanged },
    all: ordered.map((entry) => ({
      id: entry.id,
      number: entry.number,
      isOwn: isOwnEntry(entry, user),
      rank: rankOf(ballot, entry),
    })),
    ranks: Array.from({ length: mostRanks }, (_, index) => numberOf(ballot[index])),
  };
};

/**
 * The film of an entry that is in the contest, or of one's own.
 * @throws GramzoomError `contest-not-in`
 */
export const showView = async (
  coordinator: Coordinator,
  contest: Contest,
  { entry: id, by }: { readonly entry: EntryId; readonly by: ContestActor },
): Promise<ContestView> => {
  const { contests } = coordinator.deps.store;
  const { user } = by.actor;
  const entry = await contests.entry(id);
  const isVisible = entry?.contest === contest.id && (entry.state === 'in' || entry.user === user);
  if (!isVisible) throw new GramzoomError('contest-not-in', {});
  const ballot = await contests.ballotOf(contest.id, user);
  return {
    kind: 'show',
    contest: contest.id,
    facts: await factsOf(coordinator, contest),
    entry: await entryView(coordinator, entry, { contest, looker: { user, ballot, isReviewing: false } }),
    canReport: isRunning(contest.phase) && entry.state === 'in' && entry.user !== user,
  };
};
