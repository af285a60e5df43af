import type { Contest, EntryId } from '../../../domain/contest/contest.ts';
import type { ContestView } from '../../../domain/contest/view.ts';
import type { ContestActor } from '../../contests.ts';
import type { Coordinator } from '../coordinator.ts';
import { doubtsAbout } from './ballots.ts';
import { factsOf } from './contest-facts.ts';
import { entryView } from './entry-views.ts';
import { reviewQueue } from './moderation.ts';

type Review = Extract<ContestView, { readonly kind: 'review' }>;

/** Where an entry stands in the queue of moderators; -1: nowhere. */
export const positionOf = async (
  { deps }: Coordinator,
  contest: Contest,
  entry: EntryId,
): Promise<number> => {
  const { contests } = deps.store;
  const reported = new Set((await contests.reports(contest.id)).map((report) => report.entry));
  return reviewQueue(await contests.entries(contest.id), reported).findIndex(({ id }) => id === entry);
};

/** An entry as moderators see it, and what else they should look at. A position after the last one is the last one. */
export const reviewView = async (
  coordinator: Coordinator,
  contest: Contest,
  {
    position: asked,
    done = null,
    by,
  }: { readonly position: number; readonly done?: Review['done']; readonly by: ContestActor },
): Promise<ContestView> => {
  const { contests } = coordinator.deps.store;
  const reports = await contests.reports(contest.id);
  const entries = await contests.entries(contest.id);
  const queue = reviewQueue(entries, new Set(reports.map(({ entry }) => entry)));
  const position = Math.max(0, Math.min(asked, queue.length - 1));
  const entry = queue[position];
  const looker = { user: by.actor.user, ballot: [], isReviewing: true };
  const ballots = await contests.ballots(contest.id);
  const bans = await contests.bans(contest.id);
  return {
    kind: 'review',
    contest: contest.id,
    facts: await factsOf(coordinator, contest),
    entry: entry ? await entryView(coordinator, entry, { contest, looker }) : null,
    ...{ position, total: queue.length, done },
    waiting: entries.filter(({ state }) => state === 'waiting').length,
    reports: reports.filter((report) => report.entry === entry?.id).map(({ reason }) => reason),
    isBanned: bans.some(({ user }) => user === entry?.user),
    doubts: ballots.flatMap((ballot) => {
      const doubts = doubtsAbout(contest, ballot);
      return doubts.length === 0 ? [] : [{ voter: { user: ballot.voter, name: ballot.voterName }, doubts }];
    }),
  };
};
