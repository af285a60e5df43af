import { describe, expect, it } from 'vitest';
import { createWorld, someone } from '../../support/app-world.ts';
import { createFakeRenderer } from '../../support/fake-renderer.ts';

describe('the messages of a render', () => {
  it('are the answer first, and the one with its film once there is one', async () => {
    const world = await createWorld();
    const reached = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    const renderer = createFakeRenderer({
      before: () => {
        reached.resolve();
        return goOn.promise;
      },
    });
    const bot = world.start({ renderer });
    const { id } = await bot.renders.submit(world.submission());
    await reached.promise;
    const { outbox } = world.opened.store;
    const answer = await outbox.get(`${id}:answer`);
    expect(answer).toBeDefined();
    expect(await bot.renders.shownAt(id)).toEqual(answer);
    goOn.resolve();
    await bot.finished(id);
    const film = await outbox.get(`${id}:final`);
    expect(film?.ref).not.toBe(answer?.ref);
    expect(await bot.renders.shownAt(id)).toEqual(film);
    // With what only the adapter reads.
    expect(await bot.renders.sentMessage({ platform: film!.platform, ref: film!.ref })).toEqual(film);
    expect(await bot.renders.sentMessage({ platform: 'web', ref: 'somebody’s' })).toBeUndefined();
    await bot.renders.remove(id, { actor: someone });
    expect(await bot.renders.shownAt(id)).toBeUndefined();
  });

  it('are known as soon as people can see them, while they are still being noted', async () => {
    const world = await createWorld();
    const posted = Promise.withResolvers<string>();
    const goOn = Promise.withResolvers<void>();
    const { send } = world.chat;
    world.chat.send = async (target, content, options) => {
      const message = await send.call(world.chat, target, content, options);
      if (options.key.endsWith(':final')) {
        posted.resolve(message.ref);
        await goOn.promise;
      }
      return message;
    };
    const bot = world.start();
    const { id } = await bot.renders.submit(world.submission());
    const ref = await posted.promise;
    const asked = bot.renders.sentMessage({ platform: 'web', ref });
    goOn.resolve();
    expect(await asked).toMatchObject({ ref });
    await bot.finished(id);
  });
});
