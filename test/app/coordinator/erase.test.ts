import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { GramzoomError } from '../../../src/domain/errors.ts';
import type { Origin } from '../../../src/domain/job.ts';
import { type BotProcess, codeOf, createWorld, someone, type World } from '../../support/app-world.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { createFakeRenderer } from '../../support/fake-renderer.ts';

const ann: Origin = { ...someone, user: 'ann-1234567' };
const bob: Origin = { ...someone, server: 'kitchen', user: 'bob-7654321' };
const target = { platform: 'web', ref: 'lounge' } as const;
const unreachable = new GramzoomError('chat-unreachable', { platform: 'web', reason: 'no answer' });
const other = new TextEncoder().encode('a photo of a dog');

const filmOf = async (bot: BotProcess, world: World, origin: Origin, photo?: Uint8Array) => {
  const attachment = photo && { attachment: world.chat.attach(photo) };
  const { id } = await bot.renders.submit(world.submission({ origin, ...attachment }));
  await bot.finished(id);
  return id;
};
const rerollBy = async (
  bot: BotProcess,
  actor: Origin,
  id: Parameters<BotProcess['renders']['reroll']>[0],
) => {
  const again = await bot.renders.reroll(id, { actor, replyTarget: target });
  await bot.finished(again.id);
  return again.id;
};
const erased = (world: World): Promise<void> => world.chat.until(({ messages }) => messages.length === 0);
const filesOf = async (world: World) => (await Array.fromAsync(world.opened.blobs.list())).length;
/** All that is in the database and its log, as bytes. */
const database = async (world: World): Promise<string> => {
  const files = ['gramzoom.db', 'gramzoom.db-wal'].map((name) =>
    readFile(join(world.folder, name), 'latin1'),
  );
  return (await Promise.all(files)).join('');
};

describe('a photo that its owner deletes', () => {
  it('goes with every film made of it, those of others too, and their messages', async () => {
    const world = await createWorld();
    const bot = world.start();
    const id = await filmOf(bot, world, ann);
    const again = await rerollBy(bot, bob, id);
    world.chat.preview(await world.opened.blobs.put(new TextEncoder().encode('a preview of it')));
    const larger = await bot.renders.enlarge(again, { actor: bob, replyTarget: target });
    await bot.finished(larger.id);
    expect(await bot.renders.erase({ photoOf: again }, ann)).toEqual({ photos: 1, renders: 3, ofOthers: 2 });
    expect(await bot.renders.mine(bob)).toEqual([]);
    expect(await codeOf(bot.renders.reroll(again, { actor: bob, replyTarget: target }))).toBe('not-found');
    await erased(world);
    await bot.renders.sweep();
    expect(await filesOf(world)).toBe(0);
  });

  it('stays where somebody else asks, and where it is another photo', async () => {
    const world = await createWorld();
    const bot = world.start();
    const id = await filmOf(bot, world, ann);
    const again = await rerollBy(bot, bob, id);
    const another = await filmOf(bot, world, ann, other);
    expect(await codeOf(bot.renders.erase({ photoOf: again }, bob))).toBe('not-your-photo');
    expect(await codeOf(bot.renders.erasable({ photoOf: id }, bob))).toBe('not-your-photo');
    await bot.renders.erase({ photoOf: id }, ann);
    await world.chat.until(({ messages }) => messages.every(({ key }) => key.startsWith(another)));
    expect(await bot.renders.view(another)).toMatchObject({ state: 'done' });
    expect(await bot.renders.result(another)).toMatchObject({ format: 'gif' });
  });

  it('is the photo of whoever wrote the message that it came in, and so is a film that comes back', async () => {
    const world = await createWorld();
    const bot = world.start();
    const { id } = await bot.renders.submit(world.submission({ origin: bob, photoOwner: ann }));
    await bot.finished(id);
    const ofFilm = await filmOf(bot, world, bob, (await bot.renders.result(id)).bytes);
    for (const each of [id, ofFilm]) expect(await bot.renders.view(each)).toMatchObject({ photoOwner: ann });
    expect(await codeOf(bot.renders.erase({ photoOf: ofFilm }, bob))).toBe('not-your-photo');
    expect(await bot.renders.erase({ photoOf: ofFilm }, ann)).toMatchObject({ renders: 2, ofOthers: 2 });
    await erased(world);
  });

  it('is the same one where its owner sends it again', async () => {
    const world = await createWorld();
    const bot = world.start();
    const ids = [await filmOf(bot, world, ann), await filmOf(bot, world, ann)];
    expect(await bot.renders.erase({ photoOf: ids[1]! }, ann)).toEqual({
      photos: 1,
      renders: 2,
      ofOthers: 0,
    });
  });

  it('stays a photo of somebody else who sent the same picture', async () => {
    const world = await createWorld();
    const bot = world.start();
    const [anns, bobs] = [await filmOf(bot, world, ann), await filmOf(bot, world, bob)];
    expect(await bot.renders.erase({ photoOf: anns }, ann)).toEqual({ photos: 1, renders: 1, ofOthers: 0 });
    await world.chat.until(({ messages }) => messages.every(({ key }) => key.startsWith(bobs)));
    await bot.renders.sweep();
    await rerollBy(bot, bob, bobs);
    expect(await bot.renders.erase({ photoOf: bobs }, bob)).toMatchObject({ renders: 2 });
    await erased(world);
    await bot.renders.sweep();
    expect(await filesOf(world)).toBe(0);
  });

  it('cancels the render that runs and those that wait, and says nothing more', async () => {
    const world = await createWorld();
    const reached = Promise.withResolvers<void>();
    const renderer = createFakeRenderer({
      before: ({ frame }) => {
        if (frame < 3) return undefined;
        reached.resolve();
        return new Promise(() => {});
      },
    });
    const bot = world.start({ renderer });
    const { id } = await bot.renders.submit(world.submission({ origin: ann }));
    await reached.promise;
    await bot.renders.reroll(id, { actor: bob, replyTarget: target });
    await bot.renders.erase({ photoOf: id }, ann);
    expect(await bot.renders.queue()).toMatchObject({ waiting: [] });
    await erased(world);
    await bot.renders.sweep();
    expect(await world.opened.checkpoints.list()).toEqual([]);
    expect(await world.opened.store.erasures.pending()).toEqual([]);
    await bot.stop();
    expect(world.chat.messages).toEqual([]);
  });

  it('loses its files although the chat cannot be reached, and its messages with a later sweep', async () => {
    const world = await createWorld();
    const bot = world.start();
    const id = await filmOf(bot, world, ann);
    world.chat.failNext('remove', unreachable, { times: 1 });
    await bot.renders.erase({ photoOf: id }, ann);
    await world.chat.until(({ calls }) => calls.some(({ operation }) => operation === 'remove'));
    expect(await filesOf(world)).toBe(0);
    expect(world.chat.messages).not.toEqual([]);
    await bot.renders.sweep();
    await erased(world);
  });

  it('takes along a film that was sent by a process that died before it could note it', async () => {
    const world = await createWorld();
    const sent = Promise.withResolvers<void>();
    const bot = world.start({
      changes: ({ store }) => ({
        store: {
          ...store,
          outbox: {
            ...store.outbox,
            finish: async (key, message) => {
              if (!key.endsWith(':final')) return await store.outbox.finish(key, message);
              sent.resolve();
              return await new Promise(() => {});
            },
          },
        },
      }),
    });
    const { id } = await bot.renders.submit(world.submission({ origin: ann }));
    await sent.promise;
    bot.bury();
    const next = world.start();
    await next.renders.erase({ photoOf: id }, ann);
    await erased(world);
  });

  it('goes on going after the process has died in between', async () => {
    const world = await createWorld();
    const bot = world.start({
      changes: ({ chats }) => ({
        chats: new Map(
          [...chats].map(([name, chat]) => [name, { ...chat, remove: () => new Promise(() => {}) }]),
        ),
      }),
    });
    const id = await filmOf(bot, world, ann);
    await bot.renders.erase({ photoOf: id }, ann);
    bot.bury();
    const next = world.start();
    await next.renders.resume();
    await erased(world);
  });
});

describe('/forget', () => {
  it('deletes photos, films and own renders of somebody, and leaves what is others’', async () => {
    const world = await createWorld();
    const bot = world.start();
    const own = await filmOf(bot, world, ann);
    await rerollBy(bot, bob, own);
    const bobs = await filmOf(bot, world, bob, other);
    await rerollBy(bot, ann, bobs);
    expect(await bot.renders.erasable('everything', ann)).toEqual({ photos: 1, renders: 3, ofOthers: 1 });
    await bot.renders.erase('everything', ann);
    await world.chat.until(({ messages }) => messages.every(({ key }) => key.startsWith(bobs)));
    expect((await bot.renders.mine(bob)).map(({ id }) => id)).toEqual([bobs]);
    expect(await bot.renders.view(bobs)).toMatchObject({ state: 'done' });
    expect(await bot.renders.reroll(bobs, { actor: bob, replyTarget: target })).toMatchObject({
      parent: bobs,
    });
  });

  it('takes their id out of the database’s files', async () => {
    const world = await createWorld();
    const bot = world.start();
    await rerollBy(bot, bob, await filmOf(bot, world, ann));
    const bobs = await filmOf(bot, world, bob, other);
    const message = (await world.opened.store.outbox.get(`${bobs}:final`))!;
    await bot.renders.react({ message, kind: 'send', user: ann.user }, { actor: ann, replyTarget: target });
    expect((await database(world)).includes(ann.user)).toBe(true);
    await bot.renders.erase('everything', ann);
    await world.chat.until(({ messages }) => messages.every(({ key }) => key.startsWith(bobs)));
    await bot.renders.sweep();
    await bot.stop();
    expect(await world.opened.store.erasures.people()).toEqual([]);
    const left = await database(world);
    expect([left.includes(bob.user), left.includes(ann.user)]).toEqual([true, false]);
  });

  it('does not take an old reaction of theirs for a new one', async () => {
    const world = await createWorld();
    const bot = world.start();
    const bobs = await filmOf(bot, world, bob, other);
    const message = (await world.opened.store.outbox.get(`${bobs}:final`))!;
    const reaction = { message, kind: 'reroll', user: ann.user } as const;
    const reacted = await bot.renders.react(reaction, { actor: ann, replyTarget: target });
    expect(reacted.kind).toBe('queued');
    await bot.renders.erase('everything', ann);
    expect(await bot.renders.reactable('web', { limit: 9 })).toMatchObject([{ reactions: [] }]);
    const again = await bot.renders.react(reaction, { actor: ann, replyTarget: target });
    expect(again.kind).toBe('ignored');
    await bot.renders.unreact(reaction);
    expect((await bot.renders.react(reaction, { actor: ann, replyTarget: target })).kind).toBe('queued');
  });
});

describe('after its age', () => {
  it('nobody’s id or name is left in the database', async () => {
    const clock = createFakeClock();
    const world = await createWorld({ clock });
    const bot = world.start({
      clock,
      changes: () => ({ retention: { photoDays: 7, resultDays: 30, rowDays: 60, maxDataBytes: null } }),
    });
    const id = await filmOf(bot, world, ann);
    await rerollBy(bot, bob, id);
    const message = (await world.opened.store.outbox.get(`${id}:final`))!;
    await bot.renders.react({ message, kind: 'send', user: bob.user }, { actor: bob, replyTarget: target });
    for (const name of [ann.user, bob.user]) {
      const said = { kind: 'person', name, text: `I am ${name}`, photo: null, preview: null } as const;
      await world.opened.roomLog.append({ room: 'lounge', thread: null, key: null, said });
    }
    const left = async () => {
      const bytes = await database(world);
      return [ann.user, bob.user].map((user) => bytes.includes(user));
    };
    clock.advance(59 * 24 * 60 * 60 * 1000);
    await bot.renders.sweep();
    expect(await left()).toEqual([true, true]);
    clock.advance(2 * 24 * 60 * 60 * 1000);
    await bot.renders.sweep();
    expect(await left()).toEqual([false, false]);
  });
});
