import { describe, expect, it } from 'vitest';
import type { JobId } from '../../../src/domain/job.ts';
import { createWorld, messageWith, someone } from '../../support/app-world.ts';
import { createFakeRenderer } from '../../support/fake-renderer.ts';

const elsewhere = { ...someone, server: 'attic' };

describe('a server that the bot has left', () => {
  it('renders of a server that the bot has left are cancelled without a word, and those of another server stay', async () => {
    const world = await createWorld();
    const reached = Promise.withResolvers<void>();
    const renderer = createFakeRenderer({
      before: () => {
        reached.resolve();
        return new Promise(() => {});
      },
    });
    const bot = world.start({ renderer });
    const running = await bot.renders.submit(world.submission());
    await reached.promise;
    const waiting = await bot.renders.submit(world.submission());
    const other = await bot.renders.submit(world.submission({ origin: elsewhere }));
    expect(new Set(await bot.renders.busyServers('web'))).toEqual(new Set(['lounge', 'attic']));
    const said = JSON.stringify(world.chat.messages.filter(({ key }) => !key.startsWith(other.id)));

    expect(await bot.renders.leave('web', 'lounge')).toBe(2);
    for (const { id } of [running, waiting]) expect((await world.job(id)).state).toBe('cancelled');
    await bot.stop();
    expect(JSON.stringify(world.chat.messages.filter(({ key }) => !key.startsWith(other.id)))).toBe(said);
    // The next process owes them nothing either.
    const next = world.start();
    await next.renders.resume();
    await next.finished(other.id);
    await next.stop();
    for (const { id } of [running, waiting]) expect(messageWith(world.chat, `${id}:final`)).toBeUndefined();
    expect((await world.job(other.id)).state).toBe('done');
  });

  it('a film that is about to be posted on a server that the bot has left is not posted', async () => {
    const world = await createWorld();
    const id = await world.rowIn('delivering');
    const bot = world.start();
    expect(await bot.renders.leave('web', 'lounge')).toBe(1);
    await bot.renders.resume();
    await bot.stop();
    expect(messageWith(world.chat, `${id}:final`)).toBeUndefined();
  });
});

describe('a film whose message somebody deleted', () => {
  const made = async () => {
    const world = await createWorld();
    const bot = world.start();
    const { id } = await bot.renders.submit(world.submission());
    await bot.finished(id);
    const message = await world.opened.store.outbox.get(`${id}:final`);
    return { world, bot, id, message: message! };
  };
  const codeOf = (work: Promise<unknown>) =>
    work.then(
      () => 'none',
      ({ code }) => code,
    );

  it('is noted in its row, its files go, and the list says so', async () => {
    const { world, bot, id, message } = await made();
    const { result, photo } = await world.job(id);
    await bot.renders.filmGone({ platform: message.platform, ref: message.ref });
    expect(await world.job(id)).toMatchObject({ state: 'done', result: null, poster: null, photo });
    expect(await world.opened.blobs.has(result!)).toBe(false);
    expect((await bot.renders.mine(someone))[0]).toMatchObject({
      state: 'done',
      failure: { code: 'film-deleted' },
    });
    expect(await codeOf(bot.renders.film(id))).toBe('film-deleted');
    expect(await bot.renders.filmMessages('web')).not.toContainEqual(message);
    // Told again, or about anything else, it changes nothing.
    await bot.renders.filmGone(message);
    await bot.renders.filmGone({ platform: 'web', ref: 'somebody’s' });
    const { id: again } = await bot.renders.reroll(id, {
      actor: someone,
      replyTarget: world.submission().replyTarget,
    });
    await bot.finished(again as JobId);
    expect((await world.job(again)).result).not.toBeNull();
  });

  it('keeps the files that another film needs', async () => {
    const { world, bot, id, message } = await made();
    const { result } = await world.job(id);
    const same = await bot.renders.submit(world.submission());
    await bot.finished(same.id);
    expect((await world.job(same.id)).result).toBe(result);
    await bot.renders.filmGone(message);
    expect(await world.opened.blobs.has(result!)).toBe(true);
  });

  it('is that film alone: an answer that went changes nothing', async () => {
    const { world, bot, id } = await made();
    const answer = await world.opened.store.outbox.get(`${id}:answer`);
    await bot.renders.filmGone(answer!);
    expect((await world.job(id)).result).not.toBeNull();
  });
});
