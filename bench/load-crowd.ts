import { createRandom } from '../src/domain/random.ts';
import type { LoadCommand, LoadSite, Member, Server } from './load-site.ts';

/** One of many who use a command at some moment. */
export type Wish = {
  readonly atMs: number;
  readonly member: Member;
  readonly command: LoadCommand;
};

const peoplePerServer = 5;
/** Every so manyth only asks how it goes. */
const queueEvery = 10;

/** Servers with people. */
export const createCrowd = (site: LoadSite, servers: number): readonly Server[] =>
  Array.from({ length: servers }, (_, server) =>
    site.createServer(
      `server ${server}`,
      Array.from({ length: peoplePerServer }, (_, index) => ({
        name: `p${server}-${index}`,
        locale: (server + index) % 4 === 0 ? 'de' : 'en-US',
      })),
    ),
  );

/**
 * Who uses which command when, in order: at any moment rather than one after the other. One server asks for a fifth,
 * in every third server one person asks for everything, all others ask occasionally.
 */
export const wishesOf = (
  crowd: readonly Server[],
  { count, seconds }: { readonly count: number; readonly seconds: number },
): readonly Wish[] => {
  const random = createRandom(1);
  const below = (bound: number): number => Math.floor(bound * random.uniform());
  const wishes = Array.from({ length: count }, (_, index): Wish => {
    const server = index < crowd.length ? index : index % 5 === 0 ? 0 : below(crowd.length);
    const members = crowd[server]!;
    const member = members[server % 3 === 1 ? 0 : below(members.length)]!;
    const command = index % queueEvery === queueEvery - 1 ? 'queue' : 'gramzoom';
    return { atMs: 1000 * seconds * random.uniform(), member, command };
  });
  return wishes.toSorted((a, b) => a.atMs - b.atMs);
};

/** Who asked for a render, where: everybody on one server only. */
export type Asker = Pick<Member, 'user' | 'server'>;

/**
 * How many renders are taken where none ends meanwhile, in whichever order they are asked for: of each user and each
 * server no more than so many.
 */
export const takenOf = (
  asks: readonly Asker[],
  limits: { readonly perUser: number; readonly perServer: number },
): number => {
  const byServer = new Map<string, Map<string, number>>();
  for (const { user, server } of asks) {
    const users = byServer.get(server) ?? new Map<string, number>();
    byServer.set(server, users.set(user, (users.get(user) ?? 0) + 1));
  }
  const taken = (users: ReadonlyMap<string, number>): number =>
    [...users.values()].reduce((sum, asked) => sum + Math.min(asked, limits.perUser), 0);
  return [...byServer.values()].reduce((sum, users) => sum + Math.min(taken(users), limits.perServer), 0);
};
