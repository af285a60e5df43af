import { describe, expect, it } from 'vitest';
import { GramzoomError } from '../../../src/domain/errors.ts';
import type { ReplyTarget } from '../../../src/domain/job.ts';
import { renderSubject } from '../../../src/domain/subject.ts';
import { createWorld, messageWith, photoBytes } from '../../support/app-world.ts';
import { says } from '../../support/fake-chat.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { createFakeRenderer, fakeFilm } from '../../support/fake-renderer.ts';
import { noted } from '../../support/reacted-film.ts';

describe('a start after a death', () => {
  it('says what it took up', async () => {
    const world = await createWorld();
    await world.rowIn('fetching');
    for (const state of ['queued', 'running', 'queued'] as const) await world.rowIn(state);
    await world.rowIn('delivering');
    const bot = world.start();
    expect(await bot.renders.resume()).toEqual({ fetching: 1, rendering: 3, delivering: 1 });
  });

  it.each(['fetching', 'queued', 'running', 'delivering'] as const)(
    'brings a row that was %s to its film',
    async (state) => {
      const world = await createWorld();
      const id = await world.rowIn(state);
      const bot = world.start();
      await bot.renders.resume();
      expect(await bot.finished(id)).toMatchObject({ state: 'done' });
      const { bytes } = await bot.renders.result(id);
      expect([...bytes]).toEqual([...fakeFilm((await world.job(id)).request, photoBytes)]);
    },
  );

  it.each(['it was noted', 'nobody knew of it'])(
    'takes away the picture of a life before, where %s',
    async (how) => {
      const world = await createWorld();
      const id = await world.rowIn('running');
      const { replyTarget } = await world.job(id);
      const { outbox } = world.opened.store;
      const say = async (target: ReplyTarget, key: string, { isNoted }: { readonly isNoted: boolean }) => {
        await outbox.begin(key);
        const body = { kind: 'fetching' } as const;
        const content = {
          subject: renderSubject(id),
          body,
          attachments: [],
          actions: [],
          mentionsRequester: false,
        };
        const sent = await world.chat.send(target, content, { key });
        if (isNoted) await outbox.finish(key, sent);
        return sent;
      };
      const answer = await say(replyTarget, `${id}:answer`, { isNoted: true });
      const thread = await world.chat.openThread(answer, 'cat.jpg');
      await say(thread, `${id}:progress`, { isNoted: how === 'it was noted' });
      const bot = world.start();
      await bot.renders.resume();
      await bot.finished(id);
      expect(world.chat.messages.map(({ key }) => key)).toEqual([`${id}:answer`, `${id}:final`]);
    },
  );

  it('fetches a photo until the place where it lies can be reached', async () => {
    const world = await createWorld();
    const id = await world.rowIn('fetching');
    const unreachable = new GramzoomError('chat-unreachable', { platform: 'web', reason: 'no answer' });
    world.chat.failNext('openAttachment', unreachable, { times: 3 });
    const bot = world.start();
    await bot.renders.resume();
    for (let tries = 1; tries <= 3; tries++) {
      await world.chat.until(
        ({ calls }) => calls.filter(({ operation }) => operation === 'openAttachment').length >= tries,
      );
      await new Promise((resolve) => setImmediate(resolve));
      bot.clock.advance(60_000);
    }
    expect(await bot.finished(id)).toMatchObject({ state: 'done' });
  });

  it('tells the person where the photo is gone by now', async () => {
    const world = await createWorld();
    const attachment = { platform: 'web', ref: 'gone', name: 'cat.jpg' } as const;
    const id = await world.rowIn('fetching', { attachment });
    const bot = world.start();
    await bot.renders.resume();
    expect(await bot.finished(id)).toMatchObject({ state: 'failed', code: 'photo-expired' });
    await world.chat.until((chat) => says(messageWith(chat, `${id}:answer`))?.body.kind === 'failed');
  });

  it('renders again what was lost before it was posted', async () => {
    const world = await createWorld();
    const first = world.start();
    world.chat.failNext('openThread', new GramzoomError('chat-unreachable', { platform: 'web', reason: '' }));
    const { id } = await first.renders.submit(world.submission());
    await first.event(({ kind }) => kind === 'chat-retried');
    await first.stop();
    const { result } = await world.job(id);
    await world.opened.blobs.remove(result!);
    const renderer = createFakeRenderer();
    const second = world.start({ renderer });
    expect(await second.renders.resume()).toMatchObject({ delivering: 1 });
    expect(await second.finished(id)).toMatchObject({ state: 'done' });
    // From the last checkpoint: the file is written again, no frame is computed again.
    expect(renderer.computed).toEqual([]);
    expect(messageWith(world.chat, `${id}:final`)?.history).toHaveLength(1);
  });

  it('posts the final messages that the dead process had not posted', async () => {
    const world = await createWorld();
    const id = await world.rowIn('queued');
    const { outbox, jobs } = world.opened.store;
    await outbox.begin(`${id}:final`);
    await jobs.move(id, 'queued', 'cancelled');
    const bot = world.start();
    await bot.renders.resume();
    await world.chat.until((chat) => says(messageWith(chat, `${id}:answer`))?.body.kind === 'cancelled');
    await bot.renders.stop({ graceMs: 1 });
    bot.bury();
    expect(await outbox.unfinished()).toEqual([]);
  });

  it('pays the last words of a render that had begun in its answer', async () => {
    const world = await createWorld();
    const id = await world.rowIn('running');
    const { outbox, jobs } = world.opened.store;
    await outbox.begin(`${id}:final`);
    await jobs.move(id, 'running', 'cancelled');
    const bot = world.start();
    await bot.renders.resume();
    await noted(world, `${id}:final`);
    expect(says(messageWith(world.chat, `${id}:answer`))?.body.kind).toBe('cancelled');
    expect(messageWith(world.chat, `${id}:final`)).toBeUndefined();
  });

  it('owes nobody anything whose place is gone, and does not try again', async () => {
    const world = await createWorld();
    const id = await world.rowIn('queued');
    world.chat.close('lounge');
    const bot = world.start();
    await bot.renders.resume();
    expect(await bot.finished(id)).toMatchObject({ state: 'cancelled' });
    await bot.renders.stop({ graceMs: 1 });
    bot.bury();
    expect((await world.opened.store.outbox.unfinished()).map(({ key }) => key)).toEqual([`${id}:answer`]);
  });

  it('gives up last words that nobody is left to hear', async () => {
    const world = await createWorld();
    const id = await world.rowIn('queued');
    const { outbox, jobs } = world.opened.store;
    await outbox.begin(`${id}:final`);
    await jobs.move(id, 'queued', 'cancelled');
    world.chat.close('lounge');
    const bot = world.start();
    await bot.renders.resume();
    // The clock stands still: it has all the time it needs.
    await bot.renders.stop({ graceMs: 1 });
    bot.bury();
    expect((await outbox.unfinished()).map(({ key }) => key)).toEqual([`${id}:answer`]);
  });

  it('leaves alone what it cannot speak to', async () => {
    const world = await createWorld();
    const id = await world.rowIn('delivering');
    const bot = world.start({ changes: () => ({ chats: new Map() }) });
    await bot.renders.resume();
    await bot.stop();
    expect(['delivering', 'queued']).toContain((await world.job(id)).state);
  });

  it('measures the speed once when nobody waits, and not before somebody has rendered', async () => {
    const world = await createWorld();
    const probed = Promise.withResolvers<number>();
    const renderer = createFakeRenderer({ probe: () => probed.promise });
    const bot = world.start({ renderer });
    await bot.renders.resume();
    probed.resolve(0.25);
    const { id } = await bot.renders.submit(world.submission());
    await bot.finished(id);
    await bot.stop();
    expect(renderer.probes).toBe(1);
  });
});

describe('stopping', () => {
  it('lets the render reach its next checkpoint, and the next start goes on from there', async () => {
    const world = await createWorld();
    const reached = Promise.withResolvers<void>();
    const go = Promise.withResolvers<void>();
    const first = createFakeRenderer({
      before: ({ frame }) => {
        if (frame !== 3) return undefined;
        reached.resolve();
        return go.promise;
      },
    });
    const bot = world.start({ renderer: first });
    const { id } = await bot.renders.submit(world.submission());
    await reached.promise;
    const stopped = bot.renders.stop({ graceMs: 10_000 });
    go.resolve();
    await stopped;
    bot.bury();
    expect(await world.job(id)).toMatchObject({ state: 'queued', attempt: 0, unitsDone: 4 });
    const second = createFakeRenderer();
    const next = world.start({ renderer: second });
    await next.renders.resume();
    await next.finished(id);
    const { bytes } = await next.renders.result(id);
    expect([...bytes]).toEqual([...fakeFilm((await world.job(id)).request, photoBytes)]);
    expect([...first.computed, ...second.computed]).toEqual(
      Array.from({ length: 8 }, (_, frame) => `7:${frame}`),
    );
  });

  it('gives up a render that reaches no checkpoint within the grace time', async () => {
    const world = await createWorld();
    const reached = Promise.withResolvers<void>();
    const renderer = createFakeRenderer({
      before: ({ frame }) => {
        if (frame !== 3) return undefined;
        reached.resolve();
        return new Promise(() => {});
      },
    });
    const bot = world.start({ renderer, clock: createFakeClock() });
    const { id } = await bot.renders.submit(world.submission());
    await reached.promise;
    const stopped = bot.renders.stop({ graceMs: 10_000 });
    bot.clock.advance(9_999);
    expect(await world.job(id)).toMatchObject({ state: 'running' });
    bot.clock.advance(1);
    await stopped;
    bot.bury();
    expect(await world.job(id)).toMatchObject({ state: 'queued', unitsDone: 3 });
    expect(await world.opened.checkpoints.list()).toEqual([id]);
  });

  it('does not use up attempts, however often it happens before the first checkpoint', async () => {
    const world = await createWorld();
    const id = await world.rowIn('queued');
    for (let i = 0; i < 5; i++) {
      const bot = world.start({ renderer: createFakeRenderer({ before: () => new Promise(() => {}) }) });
      await bot.renders.resume();
      await bot.event(({ kind }) => kind === 'started');
      await bot.stop();
    }
    const bot = world.start();
    await bot.renders.resume();
    expect(await bot.finished(id)).toMatchObject({ state: 'done' });
  });

  it('takes nothing new', async () => {
    const world = await createWorld();
    const bot = world.start();
    const { id } = await bot.renders.submit(world.submission());
    await bot.finished(id);
    await bot.stop();
    const replyTarget = { platform: 'web', ref: 'lounge' } as const;
    await expect(bot.renders.submit(world.submission())).rejects.toMatchObject({ code: 'stopping' });
    const actor = world.submission().origin;
    await expect(bot.renders.reroll(id, { actor, replyTarget })).rejects.toMatchObject({ code: 'stopping' });
  });

  it('leaves a photo that does not arrive in time to the next start', async () => {
    const world = await createWorld();
    const asked = Promise.withResolvers<void>();
    const never = {
      ...world.chat,
      openAttachment: (_: unknown, { signal }: { signal: AbortSignal }) =>
        new Promise<Uint8Array>((_resolve, reject) => {
          asked.resolve();
          signal.addEventListener('abort', () => reject(new GramzoomError('cancelled', {})));
        }),
    };
    const bot = world.start({
      clock: createFakeClock(),
      changes: () => ({ chats: new Map([['web', never]]) }),
    });
    const submitted = bot.renders.submit(world.submission());
    await asked.promise;
    const stopped = bot.renders.stop({ graceMs: 1000 });
    // The line closes first, then the photo has the rest of the time.
    await new Promise((resolve) => setImmediate(resolve));
    bot.clock.advance(1000);
    await stopped;
    bot.bury();
    const view = await submitted;
    expect(view.state).toBe('fetching');
    const next = world.start();
    expect(await next.renders.resume()).toMatchObject({ fetching: 1 });
    expect(await next.finished(view.id)).toMatchObject({ state: 'done' });
  });

  it('can be asked for twice', async () => {
    const world = await createWorld();
    const bot = world.start();
    await Promise.all([bot.renders.stop({ graceMs: 10 }), bot.renders.stop({ graceMs: 10 })]);
    bot.bury();
  });
});

describe('a sweep', () => {
  it('takes up a row that nobody works on', async () => {
    const world = await createWorld();
    const bot = world.start();
    await bot.renders.resume();
    const ids = [];
    for (const state of ['fetching', 'queued', 'running', 'delivering'] as const) {
      ids.push(await world.rowIn(state));
    }
    await bot.renders.sweep();
    for (const id of ids) expect(await bot.finished(id)).toMatchObject({ state: 'done' });
  });

  it('does not fetch a photo that is being fetched', async () => {
    const world = await createWorld();
    const asked = Promise.withResolvers<void>();
    const arrival = Promise.withResolvers<Uint8Array>();
    let times = 0;
    const slow = {
      ...world.chat,
      openAttachment: () => {
        times++;
        asked.resolve();
        return arrival.promise;
      },
    };
    const bot = world.start({ changes: () => ({ chats: new Map([['web', slow]]) }) });
    const submitted = bot.renders.submit(world.submission());
    await asked.promise;
    await bot.renders.sweep();
    arrival.resolve(photoBytes);
    const { id } = await submitted;
    await bot.finished(id);
    expect(times).toBe(1);
  });

  it('takes up a row that no worker holds, while the worker runs another', async () => {
    const world = await createWorld();
    const held = Promise.withResolvers<void>();
    const renderer = createFakeRenderer({ before: () => held.promise });
    const bot = world.start({ renderer });
    const { id } = await bot.renders.submit(world.submission());
    await bot.event(({ kind }) => kind === 'started');
    const stuck = await world.rowIn('running');
    await bot.renders.sweep();
    expect(await world.job(stuck)).toMatchObject({ state: 'queued' });
    expect(await world.job(id)).toMatchObject({ state: 'running' });
    held.resolve();
    await bot.finished(id);
    expect(await bot.finished(stuck)).toMatchObject({ state: 'done' });
  });

  it('leaves alone what is worked on', async () => {
    const world = await createWorld();
    const held = Promise.withResolvers<void>();
    const renderer = createFakeRenderer({ before: () => held.promise });
    const bot = world.start({ renderer });
    const { id } = await bot.renders.submit(world.submission());
    await bot.event(({ kind }) => kind === 'started');
    await bot.renders.sweep();
    expect(await world.job(id)).toMatchObject({ state: 'running' });
    held.resolve();
    await bot.finished(id);
    expect(renderer.begun).toBe(1);
  });
});
