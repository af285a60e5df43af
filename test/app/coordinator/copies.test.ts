import { describe, expect, it } from 'vitest';
import type { RenderDeps } from '../../../src/app/deps.ts';
import { GramzoomError } from '../../../src/domain/errors.ts';
import type { Platform } from '../../../src/domain/job.ts';
import type { Chat } from '../../../src/ports/chat.ts';
import type { Reaction } from '../../../src/ports/reactions.ts';
import { type BotProcess, codeOf, createWorld, messageWith } from '../../support/app-world.ts';
import { createFakeChat, says } from '../../support/fake-chat.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { createHurriedClock } from '../../support/hurried-clock.ts';
import { createMortal, type Mortal } from '../../support/mortal.ts';

const platform = 'discord';
const origin = { platform, server: 'guild', user: 'ann' } as const;
const replyTarget = { platform, ref: 'channel' } as const;

/** A film on a platform that reactions come from. */
const createFilm = async () => {
  const chat = createFakeChat({ platform, isForgetful: true });
  const world = await createWorld({ chat });
  const start = (
    changes?: (deps: RenderDeps) => Partial<RenderDeps>,
    clock = createFakeClock(),
  ): BotProcess =>
    world.start({
      clock,
      changes: (deps) => {
        const ours = { chats: new Map<Platform, Chat>([[platform, chat]]) };
        return { ...ours, ...changes?.({ ...deps, ...ours }) };
      },
    });
  const bot = start();
  const { id } = await bot.renders.submit(world.submission({ origin, replyTarget }));
  await bot.finished(id);
  await bot.stop();
  const reaction = (user: string): Reaction => ({
    message: { platform, ref: messageWith(chat, `${id}:final`)!.id },
    kind: 'send',
    user,
  });
  const ask = (on: BotProcess, user: string) =>
    on.renders.react(reaction(user), { actor: { ...origin, user }, replyTarget });
  const copies = (user: string) => chat.messages.filter(({ target }) => target === `alone:${user}`);
  return { world, chat, id, start, ask, copies, reaction };
};

describe('a film that somebody asks to be sent', () => {
  it('is sent to them alone, once, and found in the outbox', async () => {
    const { world, id, start, ask, copies } = await createFilm();
    const bot = start();
    expect(await ask(bot, 'bob')).toEqual({ kind: 'sent' });
    expect(await ask(bot, 'bob')).toEqual({ kind: 'ignored' });
    expect(copies('bob').map(says)).toMatchObject([
      { body: { kind: 'copy' }, attachments: [{ format: 'gif' }] },
    ]);
    expect(await world.opened.store.outbox.unfinished()).toEqual([]);
    await bot.renders.remove(id, { actor: origin });
    expect(copies('bob')).toEqual([]);
  });

  it('comes once, whichever call to the outside its process dies in', async () => {
    const { world, start, ask, copies, reaction } = await createFilm();
    let mortal: Mortal | undefined;
    const die = (call: number) => (deps: RenderDeps) => {
      mortal = createMortal(deps, { call, when: 'after' });
      return mortal.changes;
    };
    const whole = start(die(Number.POSITIVE_INFINITY));
    await ask(whole, 'nobody dies');
    await whole.stop();
    const { calls } = mortal!;
    expect(calls).toBeGreaterThan(8);
    for (let call = 1; call <= calls; call++) {
      const user = `user-${call}`;
      const dead = start(die(call));
      await Promise.race([ask(dead, user), mortal!.died]);
      dead.bury();
      const next = start();
      await next.renders.resume();
      const { reactions } = world.opened.store;
      const isNoted = (await reactions.on(reaction(user).message)).some((each) => each.user === user);
      // What was not noted is asked for again by whoever sees it.
      if (!isNoted) await ask(next, user);
      while ((await reactions.unsettled('send')).length > 0)
        await new Promise((resolve) => setImmediate(resolve));
      await next.stop();
      expect([call, copies(user).length]).toEqual([call, 1]);
    }
  });

  it('waits for a platform that cannot be reached', async () => {
    const { chat, start, ask, copies } = await createFilm();
    const unreachable = new GramzoomError('chat-unreachable', { platform, reason: 'a page' });
    chat.failNext('privately', unreachable, { times: 2 });
    chat.failNext('send', unreachable);
    expect(await ask(start(undefined, createHurriedClock()), 'bob')).toEqual({ kind: 'sent' });
    expect(copies('bob')).toHaveLength(1);
  });

  it('says that they take no messages, and owes nothing', async () => {
    const { world, chat, start, ask } = await createFilm();
    chat.failNext('send', new GramzoomError('chat-gone', { platform }));
    const bot = start();
    expect(await codeOf(ask(bot, 'bob'))).toBe('messages-closed');
    expect(await world.opened.store.reactions.unsettled('send')).toEqual([]);
    await bot.stop();
    const before = chat.calls.length;
    const next = start();
    await next.renders.resume();
    await next.stop();
    expect(chat.calls).toHaveLength(before);
  });

  it('asking for a film that is no longer kept is an error', async () => {
    const { world, id, start, ask } = await createFilm();
    await world.opened.store.jobs.update(id, { result: null });
    expect(await codeOf(ask(start(), 'bob'))).toBe('result-expired');
  });
});
