import { describe, expect, it } from 'vitest';
import { by, createFilm, queued, reactionTo } from '../../support/reacted-film.ts';

describe('a reaction that asks for a re-roll', () => {
  it('counts once in two forms, and is taken back with the last of them', async () => {
    const { world, bot, id, react, unreact, again } = await createFilm();
    await react({ user: 'cid' });
    const reaction = { ...reactionTo(world, id), isSuper: true };
    const made = queued(await react());
    expect(await bot.renders.react(reaction, by('bob'))).toEqual({ kind: 'ignored' });
    expect(await again()).toHaveLength(2);
    await unreact();
    expect(await world.job(made)).toMatchObject({ state: 'queued' });
    expect((await bot.renders.reactable('discord', { limit: 1 }))[0]?.reactions).toContainEqual({
      ...{ kind: 'reroll', user: 'bob', isSuper: true },
    });
    await bot.renders.unreact(reaction);
    expect(await world.job(made)).toMatchObject({ state: 'cancelled' });
  });

  it('a moderator who clears reactions cancels the re-rolls of everybody that wait or are on their way', async () => {
    const { world, bot, id, react, again } = await createFilm();
    await react({ user: 'cid' });
    await bot.event((event) => event.kind === 'started' && event.job !== 'render-1');
    await react();
    const { message } = reactionTo(world, id);
    await Promise.all([
      react({ user: 'dan' }),
      react({ kind: 'send' }),
      bot.renders.clearReactions(message, 'reroll'),
    ]);
    expect((await again()).map(({ origin, state }) => [origin.user, state])).toEqual([
      ['cid', 'running'],
      ['bob', 'cancelled'],
      ['dan', 'cancelled'],
    ]);
    expect(await world.opened.store.reactions.on(message)).toMatchObject([{ kind: 'send' }]);
    await bot.renders.clearReactions(message, null);
    expect(await world.opened.store.reactions.on(message)).toEqual([]);
  });
});
