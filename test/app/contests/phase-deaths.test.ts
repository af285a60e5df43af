import { describe, expect, it } from 'vitest';
import {
  type Contest,
  type ContestId,
  contestSubject,
  type EntryId,
} from '../../../src/domain/contest/contest.ts';
import type { JobId } from '../../../src/domain/job.ts';
import { messageKey } from '../../../src/domain/subject.ts';
import { createWorld, smallFilm, someone, type World } from '../../support/app-world.ts';
import { clockAt, dayMs, person, postOf, until } from '../../support/contest-course.ts';
import { contestRules } from '../../support/contest-facts.ts';
import { createFakeChat, type FakeMessage, says } from '../../support/fake-chat.ts';
import { createMortal, type Death, type Mortal } from '../../support/mortal.ts';

const never: Death = { call: Number.POSITIVE_INFINITY, when: 'before' };
/** Every other call: no step is as short, and all of them would take twice as long. */
const stride = 2;
/** By then whatever a process had noted is due again, and no reminder is late. */
const laterMs = 5 * 60_000;

const createDyingWorld = () =>
  createWorld({
    chat: createFakeChat({ isForgetful: true }),
    clock: clockAt(Date.UTC(2026, 9, 20)),
  });

/** A process that dies at some moment. Every life has a clock of its own: the dead have no timers. */
const startLife = (world: World, death: Death) => {
  let mortal: Mortal | undefined;
  const bot = world.start({
    clock: clockAt(world.storeClock.wallTime()),
    changes: (deps) => {
      mortal = createMortal(deps, death);
      return mortal.changes;
    },
  });
  return { bot, mortal: mortal! };
};

const messageOf = (world: World, id: ContestId, role: string): FakeMessage | undefined =>
  world.chat.messages.find(({ key }) => key === messageKey(contestSubject(id), role));

/** Names of its messages; those of reminders without the moment. */
const rolesOf = (world: World, id: ContestId): readonly string[] => {
  const prefix = messageKey(contestSubject(id), '');
  return world.chat.messages
    .flatMap(({ key }) => (key.startsWith(prefix) ? [key.slice(prefix.length)] : []))
    .map((role) => role.replace(/^(remind-\w+-\w+)-.*/, '$1'))
    .toSorted();
};

/** Later lives have nothing to do for it. */
const setAside = async (world: World, id: ContestId): Promise<void> => {
  const { contests } = world.opened.store;
  await contests.update(id, (await contests.get(id))!.version, { phase: 'cancelled' });
};

describe('the start of a contest', () => {
  const contestsIn = (world: World, server: string): Promise<readonly Contest[]> =>
    world.opened.store.contests.ofServer(someone.platform, server, { limit: 9 });

  /** As a platform does that repeats what was not acknowledged. */
  const start = (bot: ReturnType<typeof startLife>['bot'], server: string) =>
    bot.renders.contests.start(
      { theme: 'Cats', enterUntil: '3 days' },
      { ...person('mod', server), event: `start-${server}` },
    );

  const isAnnounced = async (world: World, server: string): Promise<boolean> => {
    const [contest] = await contestsIn(world, server);
    const message = contest && messageOf(world, contest.id, 'announcement');
    const post = postOf(message);
    const isPinned = message !== undefined && world.chat.pinned.includes(message.id);
    return post?.kind === 'announcement' && post.contest.phase === 'entering' && isPinned;
  };

  const check = async (world: World, server: string): Promise<ContestId> => {
    const all = await contestsIn(world, server);
    expect(all).toMatchObject([{ phase: 'entering', rules: { theme: 'Cats' } }]);
    const { id } = all[0]!;
    expect(rolesOf(world, id)).toEqual(['announcement']);
    const { calendar } = world.opened.store;
    expect(await calendar.has({ subject: contestSubject(id), what: 'phase' })).toBe(true);
    return id;
  };

  it('comes once, is announced once and has its end in the calendar, whenever its process dies', async () => {
    const world = await createDyingWorld();
    const whole = startLife(world, never);
    await start(whole.bot, 'hall-0');
    await until(() => isAnnounced(world, 'hall-0'));
    const { calls } = whole.mortal;
    await whole.bot.stop();
    await setAside(world, await check(world, 'hall-0'));
    expect(calls).toBeGreaterThan(20);
    for (let call = 1; call <= calls; call += stride) {
      const server = `hall-${call}`;
      const dying = startLife(world, { call, when: 'after' });
      void start(dying.bot, server);
      await Promise.race([dying.mortal.died, until(() => isAnnounced(world, server))]);
      dying.bot.bury();
      world.storeClock.advance(laterMs);
      const next = startLife(world, never);
      await next.bot.renders.resume();
      await start(next.bot, server);
      await until(() => isAnnounced(world, server));
      await next.bot.stop();
      await setAside(world, await check(world, server));
    }
  }, 60_000);
});

describe('the beginning of a vote', () => {
  const people = ['ann', 'bob'] as const;

  const createFilms = async (world: World): Promise<readonly JobId[]> => {
    const bot = world.start();
    const films: JobId[] = [];
    for (const user of people) {
      const { id } = await bot.renders.submit(
        world.submission({ origin: { ...someone, user }, options: smallFilm }),
      );
      await bot.finished(id);
      films.push(id);
    }
    await bot.stop();
    return films;
  };

  /** A contest that nobody can enter any more, as a process has left it that nothing more came of. */
  const createEntered = async (world: World, films: readonly JobId[], name: string): Promise<ContestId> => {
    const { contests } = world.opened.store;
    const id = name as ContestId;
    const now = world.storeClock.wallTime();
    const [over, later] = [now, now + dayMs].map((at) => ({ at, wall: '2026-10-31T18:00' }));
    await contests.insert({
      ...{ id, origin: { ...someone, server: name, user: 'host' }, hostName: 'Hana' },
      ...{ home: { platform: someone.platform, ref: name }, rules: contestRules(), zone: 'Europe/Berlin' },
      ...{ enterFrom: over!, enterUntil: over!, voteUntil: later!, event: null },
    });
    await contests.update(id, 1, { phase: 'entering' });
    for (const [index, user] of people.entries()) {
      const entry = { id: `${name}-${user}` as EntryId, contest: id, user, userName: user, photoOwner: user };
      const counted = { state: 'in', mostPerPerson: 1, replaces: null } as const;
      await contests.enter({ ...entry, ...counted, render: films[index]! });
    }
    return id;
  };

  const isOpen = async (world: World, id: ContestId): Promise<boolean> =>
    rolesOf(world, id).length === 3 &&
    (says(messageOf(world, id, 'announcement'))?.actions.includes('vote') ?? false);

  const check = async (world: World, id: ContestId): Promise<void> => {
    expect(rolesOf(world, id)).toEqual(['announcement', 'gallery-1', 'remind-voting-begins']);
    expect(postOf(messageOf(world, id, 'gallery-1'))).toMatchObject({ numbers: [1, 2] });
    // One move, and no more.
    expect(await world.opened.store.contests.get(id)).toMatchObject({ phase: 'voting', version: 3 });
  };

  it('is told once with one gallery, whenever its process dies', async () => {
    const world = await createDyingWorld();
    const films = await createFilms(world);
    const first = await createEntered(world, films, 'hall-0');
    const whole = startLife(world, never);
    await whole.bot.renders.resume();
    await until(() => isOpen(world, first));
    const { calls } = whole.mortal;
    await whole.bot.stop();
    await check(world, first);
    await setAside(world, first);
    expect(calls).toBeGreaterThan(30);
    for (let call = 1; call <= calls; call += stride) {
      const id = await createEntered(world, films, `hall-${call}`);
      const dying = startLife(world, { call, when: 'after' });
      void dying.bot.renders.resume();
      await Promise.race([dying.mortal.died, until(() => isOpen(world, id))]);
      dying.bot.bury();
      world.storeClock.advance(laterMs);
      const next = startLife(world, never);
      await next.bot.renders.resume();
      await until(() => isOpen(world, id));
      await next.bot.stop();
      await check(world, id);
      await setAside(world, id);
    }
  }, 60_000);
});
