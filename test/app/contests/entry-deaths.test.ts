import { describe, expect, it } from 'vitest';
import type { ContestActor } from '../../../src/app/contests.ts';
import { type ContestId, type Entry, personUnknown } from '../../../src/domain/contest/contest.ts';
import { type BotProcess, createWorld, type World } from '../../support/app-world.ts';
import { contestRules } from '../../support/contest-facts.ts';
import { createFakeChat } from '../../support/fake-chat.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { createMortal, type Death, type Mortal } from '../../support/mortal.ts';

const dayMs = 24 * 60 * 60 * 1000;
const never: Death = { call: Number.POSITIVE_INFINITY, when: 'before' };

const contestIn = (server: string) => `contest-${server}` as ContestId;

/** A contest in a server of its own, in which a moderator lets films in. */
const openContest = async (world: World, server: string): Promise<ContestId> => {
  const { contests } = world.opened.store;
  const id = contestIn(server);
  const moment = (days: number) => ({ at: world.storeClock.wallTime() + days * dayMs, wall: '' });
  await contests.insert({
    id,
    origin: { platform: 'web', server, user: 'host' },
    hostName: 'Hana',
    home: { platform: 'web', ref: server },
    rules: contestRules({ needsApproval: true }),
    zone: 'UTC',
    ...{ enterFrom: moment(0), enterUntil: moment(9), voteUntil: moment(19), event: null },
  });
  await contests.update(id, 1, { phase: 'entering' });
  return id;
};

const person = (server: string, user: string): ContestActor => ({
  actor: { platform: 'web', server, user },
  isModerator: user === 'mod',
  person: personUnknown(user),
  replyTarget: { platform: 'web', ref: server },
});

type Life = { readonly bot: BotProcess; readonly mortal: Mortal };

/** Every life has a clock of its own: the dead have no timers. */
const startLife = (world: World, death: Death): Life => {
  let mortal: Mortal | undefined;
  const clock = createFakeClock();
  clock.advance(world.storeClock.now());
  const bot = world.start({
    clock,
    changes: (deps) => {
      mortal = createMortal(deps, death);
      return mortal.changes;
    },
  });
  return { bot, mortal: mortal! };
};

const entriesIn = (world: World, id: ContestId): Promise<readonly Entry[]> =>
  world.opened.store.contests.entries(id);

/** The entry that ann has, in one of these states. */
const entryIn = async (
  world: World,
  id: ContestId,
  { states, mortal }: { readonly states: readonly string[]; readonly mortal: Mortal },
): Promise<Entry> => {
  let isDead = false;
  void mortal.died.then(() => {
    isDead = true;
  });
  while (!isDead) {
    const entry = (await entriesIn(world, id)).find(({ state }) => states.includes(state));
    if (entry) return entry;
    await new Promise((resolve) => setImmediate(resolve));
  }
  return await new Promise(() => {});
};

const isTold = (world: World, key: string) =>
  world.chat.until(({ messages }) => messages.some((message) => message.key === key));

/** From a film to a vote; what has been done before is not done again, as by people who try once more. */
const story = async (world: World, { bot, mortal }: Life, server: string): Promise<void> => {
  const id = contestIn(server);
  const ann = person(server, 'ann');
  const { store } = world.opened;
  const [render] = await store.jobs.ofUser(ann.actor, { limit: 1 });
  if (!render) {
    const { actor: origin, replyTarget } = ann;
    await bot.renders.submit(world.submission({ origin, replyTarget, entrant: ann }));
  } else if ((await entriesIn(world, id)).length === 0) {
    await bot.renders.contests.enter(render.id, ann);
  }
  const { id: entry } = await entryIn(world, id, { states: ['waiting', 'in'], mortal });
  await bot.renders.contests.take({ kind: 'approve', contest: id, entry }, person(server, 'mod'));
  await isTold(world, `entry.${entry}:in`);
  const { phase, version } = (await store.contests.get(id))!;
  if (phase === 'entering') await store.contests.update(id, version, { phase: 'voting' });
  const rank = { kind: 'rank', contest: id, entry, rank: 1, page: 0 } as const;
  await bot.renders.contests.take(rank, person(server, 'zoe'));
};

const checkEnd = async (world: World, id: ContestId): Promise<void> => {
  const [entry, ...others] = await entriesIn(world, id);
  expect(others).toEqual([]);
  expect(entry).toMatchObject({ user: 'ann', state: 'in' });
  const said = world.chat.messages
    .map(({ key }) => key)
    .filter((key) => key.startsWith(`entry.${entry!.id}:`));
  expect(said.filter((key) => key.endsWith(':in'))).toHaveLength(1);
  expect(new Set(said).size).toBe(said.length);
  expect(await world.opened.store.contests.ballots(id)).toMatchObject([
    { voter: 'zoe', ranks: [entry!.id], changes: 0 },
  ]);
};

describe('an entry', () => {
  it('comes in once, is told of once and voted for once, wherever its process dies', async () => {
    const world = await createWorld({ chat: createFakeChat({ isForgetful: true }) });
    const whole = startLife(world, never);
    const first = await openContest(world, 'hall-0');
    await story(world, whole, 'hall-0');
    await whole.bot.stop();
    await checkEnd(world, first);
    const { calls } = whole.mortal;
    expect(calls).toBeGreaterThan(60);
    for (let call = 1; call <= calls; call += 8) {
      const server = `hall-${call}`;
      const id = await openContest(world, server);
      const dying = startLife(world, { call, when: 'after' });
      await Promise.race([story(world, dying, server), dying.mortal.died]);
      dying.bot.bury();
      // By then the calendar has something to do.
      world.storeClock.advance(5 * 60_000);
      const next = startLife(world, never);
      await next.bot.renders.resume();
      await story(world, next, server);
      await next.bot.renders.sweep();
      await next.bot.stop();
      await checkEnd(world, id);
      // Later lives have nothing to do for it.
      const { version } = (await world.opened.store.contests.get(id))!;
      await world.opened.store.contests.update(id, version, { phase: 'cancelled' });
    }
  });
});
