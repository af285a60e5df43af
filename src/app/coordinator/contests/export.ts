import type { Contest } from '../../../domain/contest/contest.ts';
import type { ContestExport, ContestView } from '../../../domain/contest/view.ts';
import { GramzoomError } from '../../../domain/errors.ts';
import type { MessageAttachment } from '../../../domain/message.ts';
import type { Actor } from '../../renders.ts';
import { resultOf } from '../content.ts';
import type { Coordinator } from '../coordinator.ts';
import { changeContest } from './change-contest.ts';
import { factsOf } from './contest-facts.ts';
import { lastResult, requireRight } from './contest-of.ts';
import { entryFilm } from './entry-pictures.ts';
import { posterPicture } from './posts.ts';
import { namedTable } from './winners.ts';

const tableOf = async (coordinator: Coordinator, contest: Contest): Promise<ContestExport['table']> => {
  const { contests, jobs } = coordinator.deps.store;
  const table: ContestExport['table'][number][] = [];
  for (const line of await namedTable(coordinator, contest)) {
    const entry = await contests.entry(line.entry);
    const picture = entry ? entryFilm(entry, await jobs.get(entry.render)) : null;
    table.push({ ...line, picture });
  }
  return table;
};

const reelOf = async ({ deps }: Coordinator, { reel }: Contest): Promise<MessageAttachment | null> => {
  const job = reel === null ? undefined : await deps.store.jobs.get(reel);
  return job?.result ? resultOf(job, job.result) : null;
};

/** See `Contests.results`. @throws GramzoomError `contest-phase` before the end */
export const resultsOf = async (coordinator: Coordinator, contest: Contest): Promise<ContestExport> => {
  const { phase, finishedAt } = contest;
  if (phase !== 'closed') throw new GramzoomError('contest-phase', { phase });
  return {
    facts: await factsOf(coordinator, contest),
    ...{ finishedAt, poster: posterPicture(contest) },
    table: await tableOf(coordinator, contest),
    reel: await reelOf(coordinator, contest),
  };
};

/** See `Contests.export`: from then on the files of the contest may go for their age. */
export const exportContest = async (coordinator: Coordinator, by: Actor): Promise<ContestView> => {
  const contest = await lastResult(coordinator, by);
  await requireRight(coordinator, 'export', { contest, by });
  const content = await resultsOf(coordinator, contest);
  const exportedAt = coordinator.deps.clock.wallTime();
  await changeContest(coordinator, contest.id, (now) => (now.exportedAt === null ? { exportedAt } : null));
  return { kind: 'export', contest: contest.id, facts: content.facts, content };
};
