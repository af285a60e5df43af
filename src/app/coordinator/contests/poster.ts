import { type Contest, contestSubject } from '../../../domain/contest/contest.ts';
import type { PosterSpec } from '../../../domain/contest/poster.ts';
import { subjectText } from '../../../domain/subject.ts';
import type { Coordinator } from '../coordinator.ts';
import { changeContest } from './change-contest.ts';
import { namedTable, winningFilms } from './winners.ts';

const specOf = async (coordinator: Coordinator, contest: Contest): Promise<PosterSpec> => {
  const { blobs } = coordinator.deps;
  const names = new Map(
    (await namedTable(coordinator, contest)).map(({ entry, by }) => [entry, by?.name ?? null]),
  );
  const winners: PosterSpec['winners'][number][] = [];
  for (const { score, job } of await winningFilms(coordinator, contest)) {
    const { entry, place, points, number } = score;
    const file = job?.poster ?? job?.result ?? null;
    const still = file === null ? null : ((await blobs.get(file)) ?? null);
    winners.push({ place, points, number, name: names.get(entry) ?? null, still });
  }
  const { rules, voteUntil, outcome } = contest;
  return { theme: rules.theme, day: voteUntil.wall.slice(0, 10), voters: outcome?.voters ?? 0, winners };
};

/** Draws the picture of the result and keeps it. Where that fails, the results have to do without. */
export const makePoster = async (coordinator: Coordinator, contest: Contest): Promise<void> => {
  const { deps, blobLock, deadline } = coordinator;
  if (contest.poster !== null || !deps.drawPoster) return;
  const log = deps.log.forJob(subjectText(contestSubject(contest.id)));
  try {
    const picture = await deps.drawPoster(await specOf(coordinator, contest), { signal: deadline.signal });
    await blobLock.run(async () => {
      const poster = await deps.blobs.put(picture);
      await changeContest(coordinator, contest.id, (now) => (now.poster === null ? { poster } : null));
    });
  } catch (error) {
    if (deadline.signal.aborted) throw error;
    log.error('contest: failed to draw the poster', { error });
  }
};
