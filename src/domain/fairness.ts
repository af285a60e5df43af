import type { Origin } from './job.ts';

/** A queued job as far as fairness looks at it. */
export type Candidate = {
  readonly sequence: number;
  readonly origin: Origin;
  /** Number of the claim that last served its server; 0 for never. Claims are numbered 1, 2, 3... */
  readonly serverServed: number;
  /** The same for its user, on whichever server that was. */
  readonly userServed: number;
};

type User<T> = { readonly key: string; readonly jobs: T[]; served: number };
/** Its users that have jobs: the one served longest ago first. */
type Server<T> = { served: number; readonly users: User<T>[] };

/** The smaller, the sooner: first by the first number, then by the second and so on. */
type Rank = readonly [number, number, number];

const compareRanks = (a: Rank, b: Rank): number => a[0] - b[0] || a[1] - b[1] || a[2] - b[2];

const rankOfUser = <T extends Candidate>({ served, jobs }: User<T>): Rank => [
  served,
  jobs[0]?.sequence ?? Number.POSITIVE_INFINITY,
  0,
];

/** A server has to wait as if it had been served when the user was whose turn it is there. */
const rankOfServer = <T extends Candidate>({ served, users }: Server<T>): Rank => {
  const [first] = users;
  if (!first) return [Number.POSITIVE_INFINITY, 0, 0];
  const [userServed, sequence] = rankOfUser(first);
  return [Math.max(served, userServed), userServed, sequence];
};

const keyOfUser = ({ origin }: Candidate): string => JSON.stringify([origin.platform, origin.user]);
const keyOfServer = ({ origin }: Candidate): string => JSON.stringify([origin.platform, origin.server]);

/** Servers with their users, each in the order of their turns. */
const arrange = <T extends Candidate>(jobs: readonly T[]): readonly Server<T>[] =>
  [...Map.groupBy(jobs, keyOfServer).values()].map((ofServer) => ({
    served: ofServer[0]!.serverServed,
    users: [...Map.groupBy(ofServer, keyOfUser)]
      .map(([key, ofUser]) => ({
        key,
        jobs: ofUser.toSorted((a, b) => a.sequence - b.sequence),
        served: ofUser[0]!.userServed,
      }))
      .toSorted((a, b) => compareRanks(rankOfUser(a), rankOfUser(b))),
  }));

/** Puts a server where it belongs among the others, which are in order. */
const insertByRank = <T extends Candidate>(line: Server<T>[], server: Server<T>): void => {
  const rank = rankOfServer(server);
  let [low, high] = [0, line.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareRanks(rankOfServer(line[middle]!), rank) <= 0) low = middle + 1;
    else high = middle;
  }
  line.splice(low, 0, server);
};

/**
 * The order in which jobs start if nothing else arrives. It is each time the turn of the server served longest ago,
 * and there of the user served longest ago, on that server or any other; of theirs the oldest job. A server where only
 * users wait who have been served since, elsewhere, waits as long as they: nobody gets more than one server's share,
 * however many they ask on. Servers with users of their own that have work all along never differ by more than one
 * start.
 */
export const fairOrder = <T extends Candidate>(jobs: readonly T[]): readonly T[] => {
  const servers = arrange(jobs);
  const serversOfUser = new Map<string, Server<T>[]>();
  for (const server of servers) {
    for (const { key } of server.users) serversOfUser.set(key, [...(serversOfUser.get(key) ?? []), server]);
  }
  const line = servers.toSorted((a, b) => compareRanks(rankOfServer(a), rankOfServer(b)));
  let claim = jobs.reduce((most, job) => Math.max(most, job.serverServed, job.userServed), 0);
  const order: T[] = [];
  while (order.length < jobs.length) {
    const server = line[0]!;
    const { key, jobs: theirs } = server.users[0]!;
    order.push(theirs.shift()!);
    claim++;
    const touched = (serversOfUser.get(key) ?? []).filter(({ users }) =>
      users.some((user) => user.key === key),
    );
    for (const other of touched) line.splice(line.indexOf(other), 1);
    server.served = claim;
    for (const { users } of touched) {
      // Whoever has just been served is the last one wherever they wait.
      const [user] = users.splice(
        users.findIndex((each) => each.key === key),
        1,
      );
      if (user && user.jobs.length > 0) users.push({ ...user, served: claim });
    }
    for (const other of touched) if (other.users.length > 0) insertByRank(line, other);
  }
  return order;
};
