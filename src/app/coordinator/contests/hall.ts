import type { Contest } from '../../../domain/contest/contest.ts';
import { winnersAmong } from '../../../domain/contest/count-votes.ts';
import type { ContestView, HallLine } from '../../../domain/contest/view.ts';
import type { Actor } from '../../renders.ts';
import type { Coordinator } from '../coordinator.ts';
import { requireRight } from './contest-of.ts';
import { posterPicture } from './posts.ts';
import { namedTable } from './winners.ts';

/** So many contests of a server are looked through. */
const mostContests = 50;

const lineOf = async (coordinator: Coordinator, contest: Contest): Promise<HallLine> => {
  const { id, rules, finishedAt, createdAt, zone, outcome } = contest;
  return {
    contest: id,
    theme: rules.theme,
    finishedAt: finishedAt ?? createdAt,
    zone,
    voters: outcome?.voters ?? 0,
    winners: winnersAmong(await namedTable(coordinator, contest)),
    picture: posterPicture(contest),
  };
};

/** See `Contests.hall`: those that have a winner, newest first. */
export const hallOf = async (coordinator: Coordinator, by: Actor): Promise<ContestView> => {
  await requireRight(coordinator, 'hall', { contest: null, by });
  const { platform, server } = by.actor;
  const all = await coordinator.deps.store.contests.ofServer(platform, server, { limit: mostContests });
  const won = all.filter(({ phase, outcome }) => phase === 'closed' && outcome?.kind === 'winners');
  const contests: HallLine[] = [];
  for (const contest of won) contests.push(await lineOf(coordinator, contest));
  return { kind: 'hall', contests };
};
