import type { Origin } from './job.ts';

/** A queued job as far as fairness looks at it. */
export type Candidate = {
  readonly sequence: number;
  readonly origin: Origin;
  /** Number of the claim that last served its server; 0 for never. Claims are numbered 1, 2, 3... */
  readonly serverServed: number;
  /** The same for its user on that server. */
  readonly userServed: number;
};

type Group<T> = { readonly served: number; readonly oldest: number; readonly jobs: readonly T[] };

const grouped = <T extends Candidate>(
  jobs: readonly T[],
  keyOf: (job: T) => string,
  servedOf: (job: T) => number,
): readonly Group<T>[] => {
  const groups = new Map<string, T[]>();
  for (const job of jobs) {
    const key = keyOf(job);
    const group = groups.get(key);
    if (group) group.push(job);
    else groups.set(key, [job]);
  }
  return [...groups.values()].map((group) => ({
    served: servedOf(group[0]!),
    oldest: group.reduce((least, { sequence }) => Math.min(least, sequence), Number.POSITIVE_INFINITY),
    jobs: group,
  }));
};

/** Those never served all have 0: among them the one with the oldest job comes first. */
const servedLongestAgo = <T>(a: Group<T>, b: Group<T>): number => a.served - b.served || a.oldest - b.oldest;

/** First of each list, then the second of each... */
const inRounds = <T>(lists: readonly (readonly T[])[]): readonly T[] => {
  const order: T[] = [];
  let left = lists;
  for (let round = 0; left.length > 0; round++) {
    for (const list of left) order.push(list[round]!);
    left = left.filter((list) => list.length > round + 1);
  }
  return order;
};

/**
 * The order in which jobs start if nothing else arrives: each time the server served longest ago, of its users
 * the one served longest ago, of their jobs the oldest. Whoever has just been served stands at the end, so
 * after one sort the rest is going round: O(n log n). Servers that have work all along never differ by more
 * than one start.
 */
export const fairOrder = <T extends Candidate>(jobs: readonly T[]): readonly T[] => {
  const ofUser = (group: Group<T>): readonly T[] => group.jobs.toSorted((a, b) => a.sequence - b.sequence);
  const ofServer = (group: Group<T>): readonly T[] =>
    inRounds(
      grouped(
        group.jobs,
        ({ origin }) => origin.user,
        ({ userServed }) => userServed,
      )
        .toSorted(servedLongestAgo)
        .map(ofUser),
    );
  return inRounds(
    grouped(
      jobs,
      ({ origin }) => JSON.stringify([origin.platform, origin.server]),
      ({ serverServed }) => serverServed,
    )
      .toSorted(servedLongestAgo)
      .map(ofServer),
  );
};
