import { describe, expect, it } from 'vitest';
import { GramzoomError } from '../../../src/domain/errors.ts';
import type { JobId } from '../../../src/domain/job.ts';
import { createWorld, messageWith, someone, type World } from '../../support/app-world.ts';
import { says } from '../../support/fake-chat.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { createFakeRenderer } from '../../support/fake-renderer.ts';

const unreachable = () => new GramzoomError('chat-unreachable', { platform: 'web', reason: 'no answer' });

/** Everything that can happen without waiting for anything outside has happened. */
const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
};

const answerOf = (world: World, id: JobId) => says(messageWith(world.chat, `${id}:answer`));
const lengthOf = (world: World, key: string): number => messageWith(world.chat, key)?.history.length ?? 0;

/** A render that computes a frame whenever it is told to. */
const stepwise = () => {
  const gates: PromiseWithResolvers<void>[] = [];
  let arrived = Promise.withResolvers<void>();
  const renderer = createFakeRenderer({
    before: async () => {
      const gate = Promise.withResolvers<void>();
      gates.push(gate);
      arrived.resolve();
      await gate.promise;
    },
  });
  return {
    renderer,
    /** Resolves when a frame is about to be computed. */
    arrival: () => arrived.promise,
    step: async (): Promise<void> => {
      await arrived.promise;
      arrived = Promise.withResolvers<void>();
      gates.shift()?.resolve();
    },
  };
};

describe('the messages of a render that runs', () => {
  it('show the picture so far in a thread, one message that is edited, at most every 3 s', async () => {
    const world = await createWorld();
    const clock = createFakeClock();
    const steps = stepwise();
    const bot = world.start({ renderer: steps.renderer, clock });
    const { id } = await bot.renders.submit(world.submission());
    await world.chat.until(() => answerOf(world, id)?.body.kind === 'running');
    // Six seconds: a picture after the third and after the sixth.
    for (const pictures of [0, 0, 1, 1, 1, 2]) {
      await steps.step();
      await steps.arrival();
      clock.advance(1000);
      await world.chat.until(() => lengthOf(world, `${id}:progress`) >= pictures);
      await settled();
      expect(lengthOf(world, `${id}:progress`)).toBe(pictures);
    }
    const progress = messageWith(world.chat, `${id}:progress`);
    expect(progress?.target).toBe(`thread:${messageWith(world.chat, `${id}:answer`)?.id}`);
    expect(progress?.history.map(({ body }) => body)).toMatchObject([
      {
        kind: 'progress',
        renderKind: 'zoom',
        progress: { done: 3, total: 8, unit: 'frame' },
        seed: 7,
        network: 'pocket',
        parent: null,
      },
      {
        kind: 'progress',
        renderKind: 'zoom',
        progress: { done: 6, total: 8, unit: 'frame' },
        seed: 7,
        network: 'pocket',
        parent: null,
      },
    ]);
    const names = progress?.history.map(({ attachments }) => attachments[0]?.name) ?? [];
    expect(new Set(names).size).toBe(2);
    const blob = says(progress)?.attachments[0]?.blob;
    expect(blob && (await world.opened.blobs.has(blob))).toBe(true);
  });

  it('stores only the pictures that are shown', async () => {
    const world = await createWorld();
    const bot = world.start();
    const { id } = await bot.renders.submit(world.submission());
    await bot.finished(id);
    const stored = [];
    for await (const { id: blob } of world.opened.blobs.list()) stored.push(blob);
    const { photo, result, poster } = await world.job(id);
    expect(stored.toSorted()).toEqual([photo, result, poster].toSorted());
  });

  it('end with the film, and the picture so far goes', async () => {
    const world = await createWorld();
    const clock = createFakeClock();
    const bot = world.start({ clock, renderer: createFakeRenderer({ before: () => clock.advance(3000) }) });
    const { id } = await bot.renders.submit(world.submission());
    await bot.finished(id);
    await bot.stop();
    expect(world.chat.messages.map(({ key }) => key)).toEqual([`${id}:answer`, `${id}:final`]);
    expect(answerOf(world, id)?.body.kind).toBe('result');
  });

  it('do not stop the render where the chat cannot be reached', async () => {
    const world = await createWorld();
    for (const operation of ['send', 'edit', 'openThread', 'find'] as const) {
      world.chat.failNext(operation, unreachable(), { times: 2 });
    }
    const clock = createFakeClock();
    const bot = world.start({
      clock,
      renderer: createFakeRenderer({ before: () => clock.advance(5000) }),
      changes: ({ observe }) => ({
        observe: (event) => {
          observe(event);
          // The pause begins right after the event.
          if (event.kind === 'chat-retried') setImmediate(() => clock.advance(60_000));
        },
      }),
    });
    const { id } = await bot.renders.submit(world.submission());
    expect(await bot.finished(id)).toMatchObject({ state: 'done' });
    expect(bot.events.filter(({ kind }) => kind === 'chat-retried').length).toBeGreaterThan(3);
    expect(answerOf(world, id)?.body.kind).toBe('result');
  });
});

describe('an answer that is lost on its way', () => {
  it.each(['send', 'edit', 'openThread'] as const)('is not given twice (%s)', async (operation) => {
    const world = await createWorld();
    world.chat.loseAnswer(operation, unreachable());
    const clock = createFakeClock();
    const bot = world.start({ clock });
    const { id } = await bot.renders.submit(world.submission());
    await bot.event(({ kind }) => kind === 'chat-retried');
    await settled();
    clock.advance(1000);
    expect(await bot.finished(id)).toMatchObject({ state: 'done' });
    expect(world.chat.messages.map(({ key }) => key)).toEqual([`${id}:answer`, `${id}:final`]);
  });

  it('is counted as a duplicate that was kept back', async () => {
    const world = await createWorld();
    world.chat.loseAnswer('send', unreachable());
    const clock = createFakeClock();
    const bot = world.start({ clock });
    const { id } = await bot.renders.submit(world.submission());
    await bot.event(({ kind }) => kind === 'chat-retried');
    await settled();
    clock.advance(1000);
    await bot.finished(id);
    expect(bot.events).toContainEqual({ kind: 'duplicate-suppressed', subject: id, key: `${id}:answer` });
  });
});

describe('a film whose place', () => {
  it('cannot be reached waits, with growing pauses, and is not lost', async () => {
    const world = await createWorld();
    world.chat.failNext('openThread', unreachable(), { times: 3 });
    const clock = createFakeClock();
    const bot = world.start({ clock });
    const { id } = await bot.renders.submit(world.submission());
    const tries = () => world.chat.calls.filter(({ operation }) => operation === 'openThread').length;
    for (const [attempt, pauseMs] of [1000, 2000, 4000].entries()) {
      await world.chat.until(() => tries() === attempt + 1);
      await settled();
      clock.advance(pauseMs - 1);
      await settled();
      expect(tries()).toBe(attempt + 1);
      expect(await world.job(id)).toMatchObject({ state: 'delivering' });
      clock.advance(1);
    }
    expect(await bot.finished(id)).toMatchObject({ state: 'done' });
  });

  it('cannot be reached does not hold up the next render', async () => {
    const world = await createWorld();
    world.chat.failNext('openThread', unreachable());
    const bot = world.start({ clock: createFakeClock() });
    const first = await bot.renders.submit(world.submission());
    await bot.event(({ kind }) => kind === 'chat-retried');
    const second = await bot.renders.submit(world.submission());
    expect(await bot.finished(second.id)).toMatchObject({ state: 'done' });
    expect(await world.job(first.id)).toMatchObject({ state: 'delivering' });
  });
});

describe('a film that the platform takes no longer', () => {
  it('is a failure with a sentence, and a re-roll is offered', async () => {
    const world = await createWorld();
    const bot = world.start({
      changes: ({ chats }) => {
        const chat = chats.get('web')!;
        const send: typeof chat.send = async (target, content, options) => {
          if (content.body.kind === 'result' && content.attachments.length > 0) {
            throw new GramzoomError('file-too-large', { bytes: content.body.bytes });
          }
          return chat.send(target, content, options);
        };
        return { chats: new Map([['web', { ...chat, send }]]) };
      },
    });
    const { id } = await bot.renders.submit(world.submission());
    expect(await bot.finished(id)).toMatchObject({ state: 'failed', code: 'file-too-large' });
    await world.chat.until((chat) => messageWith(chat, `${id}:final`) !== undefined);
    expect(says(messageWith(world.chat, `${id}:final`))).toMatchObject({
      body: { kind: 'failed', failure: { code: 'file-too-large' } },
      actions: ['reroll', 'delete'],
    });
    await bot.renders.stop({ graceMs: 1 });
    bot.bury();
    expect(await world.opened.store.outbox.unfinished()).toEqual([]);
    expect(await world.opened.checkpoints.list()).toEqual([]);
  });
});

describe('a render that ends before it begins', () => {
  it('says so in the answer, with no thread, and owes nothing more', async () => {
    const world = await createWorld();
    const bot = world.start({ renderer: createFakeRenderer({ before: () => new Promise(() => {}) }) });
    await bot.renders.submit(world.submission());
    await bot.event(({ kind }) => kind === 'started');
    const { id } = await bot.renders.submit(world.submission());
    await world.chat.until(() => answerOf(world, id)?.body.kind === 'waiting');
    await bot.renders.cancel(id, { actor: someone });
    await world.chat.until(() => answerOf(world, id)?.body.kind === 'cancelled');
    await settled();
    expect(answerOf(world, id)).toMatchObject({ actions: ['reroll', 'delete'], mentionsRequester: false });
    expect(messageWith(world.chat, `${id}:final`)).toBeUndefined();
    expect(world.chat.calls.filter(({ operation }) => operation === 'openThread')).toEqual([]);
    const { outbox } = world.opened.store;
    expect(await outbox.get(`${id}:final`)).toEqual(await outbox.get(`${id}:answer`));
    expect((await outbox.unfinished()).filter(({ subject }) => subject.id === id)).toEqual([]);
    await bot.renders.remove(id, { actor: someone });
    expect(messageWith(world.chat, `${id}:answer`)).toBeUndefined();
    expect(world.chat.calls.filter(({ operation }) => operation === 'remove')).toHaveLength(1);
  });
});

describe('those who wait', () => {
  /** A line behind a render that is held, with everybody told. */
  const createQueueSnapshots = async (length: number) => {
    const world = await createWorld();
    const clock = createFakeClock();
    const renderer = createFakeRenderer({ before: () => new Promise(() => {}) });
    const bot = world.start({ renderer, clock });
    const running = await bot.renders.submit(world.submission());
    await bot.event(({ kind }) => kind === 'started');
    const waiting: JobId[] = [];
    for (let i = 0; i < length; i++) waiting.push((await bot.renders.submit(world.submission())).id);
    await world.chat.until(() => waiting.every((id) => answerOf(world, id) !== undefined));
    await settled();
    clock.advance(3000);
    await settled();
    return { world, clock, bot, running: running.id, waiting };
  };
  const positions = (world: World, ids: readonly JobId[]) =>
    ids.map((id) => {
      const body = answerOf(world, id)?.body;
      return body?.kind === 'waiting' ? body.position : body?.kind;
    });

  it('are told their place at once', async () => {
    const { world, waiting } = await createQueueSnapshots(5);
    expect(positions(world, waiting)).toEqual([1, 2, 3, 4, 5]);
  });

  it('are told when they move up into the next three, and the others after a minute', async () => {
    const { world, clock, bot, running, waiting } = await createQueueSnapshots(6);
    await bot.renders.cancel(running, { actor: someone });
    await world.chat.until(() => answerOf(world, waiting[0]!)?.body.kind === 'running');
    await settled();
    clock.advance(3000);
    await settled();
    expect(positions(world, waiting)).toEqual(['running', 1, 2, 3, 5, 6]);
    clock.advance(60_000);
    await settled();
    expect(positions(world, waiting)).toEqual(['running', 1, 2, 3, 4, 5]);
  });

  it('are left alone while nothing changes for them', async () => {
    const { world, clock } = await createQueueSnapshots(4);
    const edits = () => world.chat.calls.filter(({ operation }) => operation === 'edit').length;
    // Within a minute everybody knows how many wait.
    clock.advance(60_000);
    await settled();
    const before = edits();
    for (let minute = 0; minute < 5; minute++) {
      clock.advance(60_000);
      await settled();
    }
    expect(edits()).toBe(before);
  });
});
