import type { Contest, ContestScore, Entry } from '../../../domain/contest/contest.ts';
import { winnersAmong } from '../../../domain/contest/count-votes.ts';
import type { NamedPerson, NamedScore } from '../../../domain/contest/post.ts';
import type { Job } from '../../../domain/job.ts';
import type { Coordinator } from '../coordinator.ts';

/** Nobody where the entry, or whoever entered it, was deleted since. */
const personOf = (entry: Entry | undefined): NamedPerson | null =>
  entry === undefined || entry.user === '' ? null : { user: entry.user, name: entry.userName };

/** The table of a contest that is over, with the names of all. */
export const namedTable = async (
  { deps }: Pick<Coordinator, 'deps'>,
  { id, outcome }: Contest,
): Promise<readonly NamedScore[]> => {
  const entries = new Map((await deps.store.contests.entries(id)).map((entry) => [entry.id, entry]));
  return (outcome?.table ?? []).map((score) => ({ ...score, by: personOf(entries.get(score.entry)) }));
};

/** A score with the entry and the render that it is of, as far as they are still there. */
export type ScoredFilm = {
  readonly score: ContestScore;
  readonly entry: Entry | undefined;
  readonly job: Job | undefined;
};

/** Films of those on the first three places, best first; none where nobody has won. */
export const winningFilms = async (
  { deps }: Pick<Coordinator, 'deps'>,
  { outcome }: Contest,
): Promise<readonly ScoredFilm[]> => {
  if (outcome?.kind !== 'winners') return [];
  const films: ScoredFilm[] = [];
  for (const score of winnersAmong(outcome.table)) {
    const entry = await deps.store.contests.entry(score.entry);
    films.push({ score, entry, job: entry && (await deps.store.jobs.get(entry.render)) });
  }
  return films;
};
