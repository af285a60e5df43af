/** How a contest comes out. */
import {
  type CastBallot,
  type ContestOutcome,
  type ContestScore,
  type Entry,
  type EntryId,
  fewestVoters,
  mostRanks,
} from './contest.ts';

export type CountedVotes = {
  readonly entries: readonly Pick<Entry, 'id' | 'number' | 'state' | 'user' | 'photoOwner'>[];
  readonly ballots: readonly Pick<CastBallot, 'voter' | 'ranks'>[];
  /** People whose votes do not count. */
  readonly bans: readonly { readonly user: string }[];
};

/** Points of a first, second and third rank. */
export const pointsOfRanks = [3, 2, 1] as const;

/** The last place that is called a winner's. */
export const lastWinningPlace = 3;

type Tally = { readonly entry: CountedVotes['entries'][number]; readonly ranks: [number, number, number] };

const pointsOf = (ranks: ContestScore['ranks']): number =>
  ranks.reduce((sum, count, rank) => sum + count * (pointsOfRanks[rank] ?? 0), 0);

/** More points first, then more first ranks, then more second ranks; 0 is a tie. */
const compareScores = (
  a: Pick<ContestScore, 'points' | 'ranks'>,
  b: Pick<ContestScore, 'points' | 'ranks'>,
): number => b.points - a.points || b.ranks[0] - a.ranks[0] || b.ranks[1] - a.ranks[1];

/** Without a winner nothing is told of how few people voted: they would be known by it, and may be asked again. */
const unplaced = (tallies: readonly Tally[]): readonly ContestScore[] =>
  tallies.map(({ entry: { id, number } }) => ({ entry: id, number, place: 0, points: 0, ranks: [0, 0, 0] }));

const placed = (tallies: readonly Tally[]): readonly ContestScore[] => {
  const scores = tallies
    .map(({ entry: { id, number }, ranks }) => ({ entry: id, number, ranks, points: pointsOf(ranks) }))
    .toSorted((a, b) => compareScores(a, b) || a.number - b.number);
  return scores.map((score) => ({
    ...score,
    place: 1 + scores.findIndex((other) => compareScores(other, score) === 0),
  }));
};

/**
 * Counts a contest's votes: 3, 2 and 1 points for a first, second and third rank, and equal scores share a place.
 *
 * Only entries that are `in` count. A rank with another entry (withdrawn or disqualified since) is void, and the ranks
 * under it stay where they are: to move them up would be our vote and not the voter's. The same goes for a rank with an
 * entry or a photo of the voter's own. Whose ranks are all void has not voted.
 */
export const countVotes = ({ entries, ballots, bans }: CountedVotes): ContestOutcome => {
  const tallies = new Map<EntryId, Tally>(
    entries
      .filter(({ state }) => state === 'in')
      .toSorted((a, b) => a.number - b.number)
      .map((entry) => [entry.id, { entry, ranks: [0, 0, 0] }]),
  );
  const banned = new Set(bans.map(({ user }) => user));
  const voters = new Set<string>();
  for (const { voter, ranks } of ballots) {
    if (banned.has(voter)) continue;
    for (const [rank, id] of ranks.slice(0, mostRanks).entries()) {
      const tally = tallies.get(id);
      if (!tally || tally.entry.user === voter || tally.entry.photoOwner === voter) continue;
      tally.ranks[rank] = (tally.ranks[rank] ?? 0) + 1;
      voters.add(voter);
    }
  }
  const all = [...tallies.values()];
  if (all.length === 0) return { kind: 'no-entries', voters: 0, table: [] };
  const [kind, table] =
    voters.size < fewestVoters
      ? (['too-few-voters', unplaced(all)] as const)
      : (['winners', placed(all)] as const);
  return { kind, voters: voters.size, table };
};

/** The scores of those who won a first, second or third place with at least one point, best first. */
export const winnersAmong = <T extends Pick<ContestScore, 'place' | 'points'>>(
  table: readonly T[],
): readonly T[] => table.filter(({ place, points }) => points > 0 && place >= 1 && place <= lastWinningPlace);
