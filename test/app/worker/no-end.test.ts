import { describe, expect, it } from 'vitest';
import { mostFetches, mostTries } from '../../../src/app/retry.ts';
import { GramzoomError } from '../../../src/domain/errors.ts';
import { type JobId, maxStarts } from '../../../src/domain/job.ts';
import type { Renderer } from '../../../src/ports/renderer.ts';
import { codeOf, createWorld, messageWith, type World, writeColumn } from '../../support/app-world.ts';
import { says } from '../../support/fake-chat.ts';
import { createFakeRenderer } from '../../support/fake-renderer.ts';
import { createHurriedClock } from '../../support/hurried-clock.ts';

const crash = () => new GramzoomError('render-crashed', { how: 'SIGKILL' });

/** Writes what no version reads into a row. */
const poison = (
  world: World,
  id: JobId,
  { column = 'request', value = '{"size":' as unknown } = {},
): Promise<void> => writeColumn(world.folder, id, column, value);

const told = (world: World, id: JobId, role: 'answer' | 'final') =>
  says(messageWith(world.chat, `${id}:${role}`));

const damaged = { body: { kind: 'failed', failure: { code: 'record-damaged' } } };

describe('a row that cannot be read', () => {
  it.each(['fetching', 'queued'] as const)(
    'a row that cannot be read ends from state %s: its owner is told, and its place is free for others',
    async (state) => {
      const world = await createWorld();
      const bad = await world.rowIn(state);
      const good = await world.rowIn('queued');
      await poison(world, bad);
      const bot = world.start({ changes: () => ({ limits: { perUser: 2, perServer: 2 } }) });
      await bot.renders.resume();
      expect(await bot.finished(bad)).toMatchObject({ state: 'failed', code: 'record-damaged' });
      await world.chat.until(() => told(world, bad, 'answer') !== undefined);
      expect(told(world, bad, 'answer')).toMatchObject(damaged);
      const { id } = await bot.renders.submit(world.submission());
      for (const each of [good, id]) expect(await bot.finished(each)).toMatchObject({ state: 'done' });
      for (let sweep = 0; sweep < 3; sweep++) await bot.renders.sweep();
      await bot.stop();
      expect(bot.events.filter((event) => event.kind === 'finished' && event.job === bad)).toHaveLength(1);
      expect(messageWith(world.chat, `${bad}:answer`)?.history).toHaveLength(1);
    },
  );

  it('a damaged row of a render that was begun is told of in its thread', async () => {
    const world = await createWorld();
    const id = await world.rowIn('running');
    await poison(world, id, { column: 'report', value: '{}' });
    const bot = world.start();
    await bot.renders.resume();
    await world.chat.until(() => told(world, id, 'final') !== undefined);
    expect(told(world, id, 'final')).toMatchObject(damaged);
  });

  it('is told of by the next process where this one dies before', async () => {
    const world = await createWorld();
    const id = await world.rowIn('queued');
    await poison(world, id);
    expect(await world.opened.store.jobs.get(id)).toMatchObject({ state: 'failed' });
    const bot = world.start();
    await bot.renders.resume();
    await world.chat.until(() => told(world, id, 'answer') !== undefined);
    await bot.stop();
    const next = world.start();
    await next.renders.resume();
    await next.stop();
    expect(messageWith(world.chat, `${id}:answer`)?.history).toHaveLength(1);
  });

  it('goes in silence where it is not known whom to tell, and its checkpoint with it', async () => {
    const world = await createWorld();
    const [lost, nobody] = [await world.rowIn('queued'), await world.rowIn('running')];
    await world.opened.checkpoints.save(nobody, new Uint8Array(9), { frame: null });
    await poison(world, lost, { column: 'reply_target', value: 'nowhere' });
    await poison(world, nobody, { column: 'platform', value: '' });
    const bot = world.start();
    await bot.renders.resume();
    expect(await bot.finished(lost)).toMatchObject({ code: 'record-damaged' });
    await bot.renders.sweep();
    expect(await world.opened.checkpoints.list()).toEqual([]);
    const { id } = await bot.renders.submit(world.submission());
    expect(await bot.finished(id)).toMatchObject({ state: 'done' });
  });

  it('is found by the next sweep where it becomes unreadable while the bot runs', async () => {
    const world = await createWorld();
    const held = Promise.withResolvers<void>();
    const bot = world.start({ renderer: createFakeRenderer({ before: () => held.promise }) });
    const ahead = await bot.renders.submit(world.submission());
    const { id } = await bot.renders.submit(world.submission());
    await poison(world, id);
    await bot.renders.sweep();
    expect(await bot.finished(id)).toMatchObject({ code: 'record-damaged' });
    held.resolve();
    expect(await bot.finished(ahead.id)).toMatchObject({ state: 'done' });
  });
});

describe('a render', () => {
  it('ends where it dies again and again, although it saves a checkpoint each time', async () => {
    const world = await createWorld();
    const renderer = createFakeRenderer();
    const inCircles: Renderer = {
      ...renderer,
      async *render(...args) {
        for await (const event of renderer.render(args[0], args[1], args[2])) {
          yield event;
          if (event.kind === 'checkpoint') throw crash();
        }
      },
    };
    const bot = world.start({ renderer: inCircles });
    const { id } = await bot.renders.submit(world.submission());
    expect(await bot.finished(id)).toMatchObject({ state: 'failed', code: 'render-crashed' });
    expect(renderer.begun).toBeLessThan(5);
  });

  it('ends where its process dies with it each time, however far it got', async () => {
    const world = await createWorld();
    const id = await world.rowIn('running');
    const { tries } = world.opened.store;
    await tries.add(id, 'start', maxStarts - 1);
    const dies = createFakeRenderer({
      before: ({ frame }) => (frame === 1 ? new Promise(() => {}) : undefined),
    });
    const bot = world.start({ renderer: dies });
    await bot.renders.resume();
    await bot.event(({ kind }) => kind === 'progress');
    expect(await tries.count(id, 'start')).toBe(maxStarts);
    // What the last process leaves: nothing was handed back.
    await bot.stop();
    await tries.add(id, 'start');
    const renderer = createFakeRenderer();
    const next = world.start({ renderer });
    await next.renders.resume();
    expect(await next.finished(id)).toMatchObject({ state: 'failed', code: 'render-crashed' });
    expect(renderer.begun).toBe(0);
  });

  it('may start any number of times after orderly stops', async () => {
    const world = await createWorld();
    const id = await world.rowIn('queued');
    const bot = world.start({ renderer: createFakeRenderer({ before: () => new Promise(() => {}) }) });
    await bot.renders.resume();
    await bot.event(({ kind }) => kind === 'started');
    await bot.stop();
    expect(await world.opened.store.tries.count(id, 'start')).toBe(0);
  });
});

describe('a message that a bug keeps from being said', () => {
  const bug = new GramzoomError('internal', { reason: 'x is not a function' });

  it('is tried again, and said where it was chance', async () => {
    const world = await createWorld();
    world.chat.failNext('send', bug, { times: mostTries('internal') - 1 });
    const bot = world.start({ clock: createHurriedClock() });
    const { id } = await bot.renders.submit(world.submission());
    expect(await bot.finished(id)).toMatchObject({ state: 'done' });
    expect(told(world, id, 'final')).toMatchObject({ body: { kind: 'result' } });
    expect(await world.opened.store.tries.count(id, 'say')).toBe(0);
  });

  it('is given up after some tries, and the row says that the film never arrived', async () => {
    const world = await createWorld();
    world.chat.failNext('send', bug, { times: 1000 });
    const bot = world.start({ clock: createHurriedClock() });
    const { id } = await bot.renders.submit(world.submission());
    expect(await bot.finished(id)).toMatchObject({ state: 'failed', code: 'internal' });
    await bot.renders.stop({ graceMs: 1 });
    bot.bury();
    expect(world.chat.calls.filter(({ operation }) => operation === 'send').length).toBeLessThan(12);
    const before = world.chat.calls.length;
    const next = world.start({ clock: createHurriedClock() });
    await next.renders.resume();
    await next.renders.sweep();
    await next.stop();
    expect(world.chat.calls).toHaveLength(before);
  });

  it('is given up although each try ends its process', async () => {
    const world = await createWorld();
    const id = await world.rowIn('delivering');
    const { jobs, tries } = world.opened.store;
    const film = await world.opened.blobs.put(new Uint8Array([1]));
    await jobs.update(id, { result: film });
    for (let life = 1; life < mostTries('internal'); life++) await tries.add(id, 'say');
    world.chat.failNext('send', bug, { times: 1000 });
    const bot = world.start({ clock: createHurriedClock() });
    await bot.renders.resume();
    expect(await bot.finished(id)).toMatchObject({ state: 'failed', code: 'internal' });
    await bot.renders.stop({ graceMs: 1 });
    bot.bury();
    // Once more for the film, and once for the words that there is none.
    expect(world.chat.calls.filter(({ operation }) => operation === 'send')).toHaveLength(2);
  });
});

describe('what holds a place in the queue', () => {
  it('is no photo that cannot be fetched for an hour, in however many processes', async () => {
    const world = await createWorld();
    const id = await world.rowIn('fetching');
    for (let minute = 2; minute < mostFetches; minute++) await world.opened.store.tries.add(id, 'fetch');
    const unreachable = new GramzoomError('chat-unreachable', { platform: 'web', reason: 'no answer' });
    world.chat.failNext('openAttachment', unreachable, { times: 1000 });
    const bot = world.start({ clock: createHurriedClock() });
    await bot.renders.resume();
    expect(await bot.finished(id)).toMatchObject({ state: 'failed', code: 'chat-unreachable' });
    expect(await codeOf(bot.renders.submit(world.submission()))).toBe('chat-unreachable');
  });
});

describe('a film that cannot be read for its post', () => {
  it('is tried at some sweeps, and fails with a sentence then', async () => {
    const world = await createWorld();
    const id = await world.rowIn('delivering');
    await world.opened.store.jobs.update(id, { result: await world.opened.blobs.put(new Uint8Array([1])) });
    let tries = 0;
    const bot = world.start({
      changes: ({ blobs }) => ({
        blobs: {
          ...blobs,
          get: async () => {
            tries += 1;
            throw new Error('EIO: i/o error');
          },
        },
      }),
    });
    await bot.renders.resume();
    let isOver = false;
    const end = bot.finished(id).finally(() => {
      isOver = true;
    });
    while (!isOver) await bot.renders.sweep();
    expect(await end).toMatchObject({ state: 'failed', code: 'internal' });
    expect(tries).toBeGreaterThan(1);
    await world.chat.until(() => told(world, id, 'final') !== undefined);
  });
});
