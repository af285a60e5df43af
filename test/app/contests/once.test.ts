import { describe, expect, it } from 'vitest';
import { type ContestId, contestSubject, type EntryId } from '../../../src/domain/contest/contest.ts';
import type { JobId } from '../../../src/domain/job.ts';
import { messageKey } from '../../../src/domain/subject.ts';
import { createWorld, smallFilm, someone, type World } from '../../support/app-world.ts';
import { clockAt, dayMs, postOf, until } from '../../support/contest-course.ts';
import { contestRules } from '../../support/contest-facts.ts';
import { createFakeChat } from '../../support/fake-chat.ts';
import { createFakeRenderer } from '../../support/fake-renderer.ts';
import { createMortal, type Death, type Mortal } from '../../support/mortal.ts';

const never: Death = { call: Number.POSITIVE_INFINITY, when: 'before' };
/** Every call would take minutes; no step is as short as that many calls in a row. */
const stride = 7;
const people = ['ann', 'bob', 'cem'] as const;
const prize = { id: 'role-1', name: 'Champion' };

/** Films of three people, for contests of any server. */
const createFilms = async (world: World): Promise<readonly JobId[]> => {
  const bot = world.start();
  const films: JobId[] = [];
  for (const user of people) {
    const attachment = world.chat.attach(new TextEncoder().encode(`a photo of ${user}'s`));
    const { id } = await bot.renders.submit(
      world.submission({ origin: { ...someone, user }, options: smallFilm, attachment }),
    );
    await bot.finished(id);
    films.push(id);
  }
  await bot.stop();
  return films;
};

/** A contest whose voting is over, as a process has left it that nothing more came of. */
const createVoted = async (world: World, films: readonly JobId[], name: string): Promise<ContestId> => {
  const { contests } = world.opened.store;
  const id = name as ContestId;
  const moment = { at: world.storeClock.wallTime(), wall: '2026-10-31T18:00' };
  const origin = { ...someone, server: name, user: 'host' };
  const home = { platform: someone.platform, ref: name };
  const moments = { enterFrom: moment, enterUntil: moment, voteUntil: moment };
  const rules = contestRules({ prize });
  const row = { id, origin, home, rules, ...moments, hostName: 'Hana', zone: 'Europe/Berlin', event: null };
  await contests.insert(row);
  const entering = await contests.update(id, 1, { phase: 'entering' });
  const entries = people.map((user) => `${name}-${user}` as EntryId);
  for (const [index, user] of people.entries()) {
    const entry = { id: entries[index]!, contest: id, user, userName: user, photoOwner: user };
    const entered = {
      ...entry,
      render: films[index]!,
      state: 'in',
      mostPerPerson: 1,
      replaces: null,
    } as const;
    expect((await contests.enter(entered)).kind).toBe('entered');
  }
  await contests.update(id, entering!.version, { phase: 'voting' });
  const [ann, bob, cem] = entries as [EntryId, EntryId, EntryId];
  for (const [voter, ranks] of Object.entries({ xia: [ann, bob], yan: [ann], zoe: [bob, cem] }))
    await contests.vote(id, { voter, voterName: voter, ranks, doubts: [] });
  return id;
};

/** A process that dies at some moment. Every life has a clock of its own: the dead have no timers. */
const startLife = (world: World, death: Death) => {
  let mortal: Mortal | undefined;
  const clock = clockAt(world.storeClock.wallTime());
  const changes: NonNullable<Parameters<World['start']>[0]>['changes'] = (deps) => {
    mortal = createMortal(deps, death);
    return { ...mortal.changes, drawPoster: async () => new TextEncoder().encode('a poster') };
  };
  // The reel is ordered here; how a film is made and posted once is asked elsewhere.
  const renderer = createFakeRenderer({ before: () => new Promise(() => {}) });
  const bot = world.start({ clock, changes, renderer });
  return { bot, mortal: mortal! };
};

const rolesOf = (world: World, id: ContestId): readonly string[] => {
  const prefix = messageKey(contestSubject(id), '');
  return world.chat.messages.flatMap(({ key }) => (key.startsWith(prefix) ? [key.slice(prefix.length)] : []));
};

const reelsOf = async (world: World, id: ContestId): Promise<readonly JobId[]> =>
  (await world.opened.store.jobs.ofUser({ ...someone, server: id, user: 'host' }, { limit: 1000 }))
    .filter(({ origin }) => origin.server === id)
    .map((job) => job.id);

/** Whether nothing is left to do. */
const isOver = async (world: World, id: ContestId): Promise<boolean> => {
  const contest = await world.opened.store.contests.get(id);
  return contest?.reel !== null && contest?.phase === 'closed' && rolesOf(world, id).includes('winner-3');
};

const checkEnd = async (world: World, id: ContestId): Promise<void> => {
  expect(rolesOf(world, id)).toEqual(['announcement', 'results', 'winner-1', 'winner-2', 'winner-3']);
  const { store } = world.opened;
  const contest = (await store.contests.get(id))!;
  expect(contest.outcome?.table.map(({ number, points }) => [number, points])).toEqual([
    [1, 6],
    [2, 5],
    [3, 2],
  ]);
  expect(contest.poster).not.toBe(null);
  const results = world.chat.messages.find(({ key }) => key === messageKey(contestSubject(id), 'results'));
  expect(postOf(results)).toMatchObject({ prize: 'given', voters: 3 });
  expect(results?.history[0]?.attachments).toHaveLength(1);
  expect(await reelsOf(world, id)).toEqual([contest.reel]);
};

describe('the end of a contest', () => {
  it('comes once, whenever its process dies', async () => {
    const world = await createWorld({
      chat: createFakeChat({ isForgetful: true }),
      clock: clockAt(Date.UTC(2026, 9, 20)),
    });
    const films = await createFilms(world);
    const whole = startLife(world, never);
    const first = await createVoted(world, films, 'contest-0');
    await whole.bot.renders.resume();
    await until(() => isOver(world, first));
    const { calls } = whole.mortal;
    await whole.bot.stop();
    await checkEnd(world, first);
    expect(calls).toBeGreaterThan(60);
    for (let call = 1; call <= calls; call += stride) {
      const id = await createVoted(world, films, `contest-${call}`);
      const dying = startLife(world, { call, when: 'after' });
      void dying.bot.renders.resume();
      await Promise.race([dying.mortal.died, until(() => isOver(world, id))]);
      dying.bot.bury();
      // What that process had noted to be looked after is due by now.
      world.storeClock.advance(dayMs);
      const next = startLife(world, never);
      await next.bot.renders.resume();
      await until(() => isOver(world, id));
      const [reel] = await reelsOf(world, id);
      await next.bot.renders.cancel(reel!, { actor: { ...someone, user: 'host' } });
      await next.bot.stop();
      await checkEnd(world, id);
    }
  }, 120_000);
});
