import { describe, expect, it } from 'vitest';
import { GramzoomError } from '../../../src/domain/errors.ts';
import type { JobId } from '../../../src/domain/job.ts';
import { codeOf, createWorld, messageWith, someone } from '../../support/app-world.ts';
import { says } from '../../support/fake-chat.ts';
import { createFakeRenderer } from '../../support/fake-renderer.ts';

const actor = { actor: someone };
const otherUser = { actor: { ...someone, user: 'bob' } };
const unreachable = new GramzoomError('chat-unreachable', { platform: 'web', reason: 'no answer' });

/** A renderer that stops for ever at a frame, and says when it is there. */
const heldAt = (frame: number) => {
  const reached = Promise.withResolvers<void>();
  const renderer = createFakeRenderer({
    before: (step) => {
      if (step.frame < frame) return undefined;
      reached.resolve();
      return new Promise(() => {});
    },
  });
  return { renderer, reached: reached.promise };
};

describe('cancelling', () => {
  it('stops the fetching of a photo', async () => {
    const world = await createWorld();
    const asked = Promise.withResolvers<AbortSignal>();
    const bot = world.start({
      changes: () => ({
        chats: new Map([
          [
            'web',
            {
              ...world.chat,
              openAttachment: (_, { signal }) =>
                new Promise((_resolve, reject) => {
                  asked.resolve(signal);
                  signal.addEventListener('abort', () => reject(new GramzoomError('cancelled', {})));
                }),
            },
          ],
        ]),
      }),
    });
    const submitted = codeOf(bot.renders.submit(world.submission()));
    const signal = await asked.promise;
    const [row] = await world.opened.store.jobs.inState('fetching');
    expect(await bot.renders.cancel(row!.id, actor)).toMatchObject({ state: 'cancelled' });
    expect(await submitted).toBe('cancelled');
    expect(signal.aborted).toBe(true);
    expect(await world.job(row!.id)).toMatchObject({ state: 'cancelled', photo: null });
  });

  it('takes a waiting render out of the line', async () => {
    const world = await createWorld();
    const { renderer, reached } = heldAt(0);
    const bot = world.start({ renderer });
    await bot.renders.submit(world.submission());
    await reached;
    const { id } = await bot.renders.submit(world.submission());
    expect(await bot.renders.cancel(id, actor)).toMatchObject({ state: 'cancelled', position: null });
    expect((await bot.renders.queue()).waiting).toEqual([]);
    await world.chat.until((chat) => says(messageWith(chat, `${id}:answer`))?.body.kind === 'cancelled');
    expect(renderer.begun).toBe(1);
  });

  it('stops the render that runs, removes its checkpoint and goes on with the next', async () => {
    const world = await createWorld();
    const { renderer, reached } = heldAt(3);
    const bot = world.start({ renderer });
    const { id } = await bot.renders.submit(world.submission());
    await reached;
    expect(await world.opened.checkpoints.list()).toEqual([id]);
    const next = await bot.renders.submit(world.submission());
    await bot.renders.cancel(id, actor);
    await bot.event((event) => event.kind === 'started' && event.job === next.id);
    expect(await world.job(id)).toMatchObject({ state: 'cancelled' });
    expect(await world.opened.checkpoints.list()).not.toContain(id);
    await world.chat.until((chat) => says(messageWith(chat, `${id}:answer`))?.body.kind === 'cancelled');
  });

  it('takes back a film that is being posted', async () => {
    const world = await createWorld();
    world.chat.failNext('openThread', unreachable, { times: 1 });
    const bot = world.start();
    const { id } = await bot.renders.submit(world.submission());
    await bot.event((event) => event.kind === 'chat-retried');
    expect(await bot.renders.view(id)).toMatchObject({ state: 'delivering' });
    await bot.renders.cancel(id, actor);
    bot.clock.advance(1000);
    await world.chat.until((chat) => says(messageWith(chat, `${id}:final`))?.body.kind === 'cancelled');
    expect(await world.job(id)).toMatchObject({ state: 'cancelled', result: null, poster: null });
    const final = messageWith(world.chat, `${id}:final`);
    expect(final?.history.map(({ body }) => body.kind)).toEqual(['cancelled']);
  });

  it('changes a film that was posted a moment ago into a note', async () => {
    const world = await createWorld();
    let cancelled: Promise<unknown> | undefined;
    const bot = world.start({
      changes: ({ store }) => ({
        store: {
          ...store,
          outbox: {
            ...store.outbox,
            finish: async (key, message) => {
              await store.outbox.finish(key, message);
              if (key.endsWith(':final')) cancelled ??= bot.renders.cancel(key.split(':')[0] as JobId, actor);
              await cancelled;
            },
          },
        },
      }),
    });
    const { id } = await bot.renders.submit(world.submission());
    await bot.finished(id);
    await world.chat.until((chat) => says(messageWith(chat, `${id}:final`))?.body.kind === 'cancelled');
    const final = messageWith(world.chat, `${id}:final`);
    expect(final?.history.map(({ body }) => body.kind)).toEqual(['result', 'cancelled']);
    expect(await world.job(id)).toMatchObject({ state: 'cancelled' });
  });

  it.each(['done', 'cancelled'] as const)('is too late for a render that is %s', async (state) => {
    const world = await createWorld();
    const bot = world.start();
    const { id } = await bot.renders.submit(world.submission());
    if (state === 'cancelled') await bot.renders.cancel(id, actor);
    await bot.finished(id);
    expect(await codeOf(bot.renders.cancel(id, actor))).toBe('already-finished');
  });

  it('is for the person who asked, in whatever state the render is', async () => {
    const world = await createWorld();
    const { renderer, reached } = heldAt(1);
    const bot = world.start({ renderer });
    const running = await bot.renders.submit(world.submission());
    const waiting = await bot.renders.submit(world.submission());
    await reached;
    for (const { id } of [running, waiting]) {
      const before = await world.job(id);
      expect(await codeOf(bot.renders.cancel(id, otherUser))).toBe('not-yours');
      expect(await world.job(id)).toEqual(before);
    }
    expect(await codeOf(bot.renders.cancel('nothing' as JobId, actor))).toBe('not-found');
  });

  it.each([
    ['keeps order where it was asked for', 'discord', 'guild', true, 'none'],
    ['keeps order somewhere else', 'discord', 'other guild', true, 'not-yours'],
    ['does not keep order', 'discord', 'guild', false, 'not-yours'],
  ] as const)(
    'cancelling and removing the render of another by somebody who %s (%s, %s, %s) gives: %s',
    async (_who, platform, server, isModerator, code) => {
      const world = await createWorld();
      const { renderer, reached } = heldAt(1);
      const bot = world.start({ renderer });
      const origin = { platform, server: 'guild', user: 'ann' };
      const running = await bot.renders.submit(world.submission({ origin }));
      await reached;
      const moderator = { actor: { platform, server, user: 'mod' }, isModerator };
      expect(await codeOf(bot.renders.cancel(running.id, moderator))).toBe(code);
      if (code !== 'none') await bot.renders.cancel(running.id, { actor: origin });
      expect(await codeOf(bot.renders.remove(running.id, moderator))).toBe(code);
    },
  );

  it('happens once when it is asked for twice at the same moment', async () => {
    const world = await createWorld();
    const { renderer, reached } = heldAt(2);
    const bot = world.start({ renderer });
    const { id } = await bot.renders.submit(world.submission());
    await reached;
    const codes = await Promise.all([1, 2, 3].map(() => codeOf(bot.renders.cancel(id, actor))));
    expect(codes.toSorted()).toEqual(['already-finished', 'already-finished', 'none']);
    expect(bot.events.filter(({ kind }) => kind === 'finished')).toHaveLength(1);
  });

  it('reaches a render in the moment in which it is claimed', async () => {
    const world = await createWorld();
    const renderer = createFakeRenderer();
    const bot = world.start({
      renderer,
      changes: ({ store }) => ({
        store: {
          ...store,
          leases: {
            ...store.leases,
            claimNext: async () => {
              const job = await store.leases.claimNext();
              if (job) await bot.renders.cancel(job.id, actor);
              return job;
            },
          },
        },
      }),
    });
    const { id } = await bot.renders.submit(world.submission());
    expect(await bot.finished(id)).toMatchObject({ state: 'cancelled' });
    await bot.stop();
    expect(renderer.begun).toBe(0);
  });
});
