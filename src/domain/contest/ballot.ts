/** What becomes of a ballot as its voter changes it. */
import { type Ballot, type EntryId, mostRanks } from './contest.ts';

export type RankChange = {
  readonly entry: EntryId;
  /** 1 to 3; 0 takes it off the ballot. */
  readonly rank: 0 | 1 | 2 | 3;
  /** Whether an entry can (still) be voted for: what cannot gives its rank up. */
  readonly canBeRanked: (id: EntryId) => boolean;
};

/**
 * A ballot with an entry on another rank. What stood there takes the rank that the entry had, else the next free one
 * under it, so that who fills a ballot from the last rank up loses nothing; it goes where there is none. A rank without an
 * entry is filled by those under it: the voter sees where they end up.
 */
export const withRank = (ballot: Ballot, { entry, rank, canBeRanked }: RankChange): Ballot => {
  const places = Array.from({ length: mostRanks }, (_, index) => {
    const id = ballot[index];
    return id !== undefined && canBeRanked(id) ? id : null;
  });
  const before = places.indexOf(entry);
  if (before >= 0) places[before] = null;
  if (rank > 0) {
    const displaced = places[rank - 1] ?? null;
    places[rank - 1] = entry;
    const free = before >= 0 ? before : places.indexOf(null, rank);
    if (free >= 0 && displaced !== null) places[free] = displaced;
  }
  return places.filter((id) => id !== null);
};

/** Whether two ballots say the same. */
export const isSameBallot = (a: Ballot, b: Ballot): boolean =>
  a.length === b.length && a.every((id, index) => id === b[index]);
