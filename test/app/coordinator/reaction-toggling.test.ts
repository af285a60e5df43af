import { describe, expect, it } from 'vitest';
import { createCooldown } from '../../../src/app/coordinator/cooldown.ts';
import { GramzoomError } from '../../../src/domain/errors.ts';
import type { JobId } from '../../../src/domain/job.ts';
import { noticeMs, reactionCooldown } from '../../../src/domain/reaction-cooldown.ts';
import { renderSubject } from '../../../src/domain/subject.ts';
import { codeOf, messageWith } from '../../support/app-world.ts';
import { says } from '../../support/fake-chat.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { by, createFilm, noted, queued, reactionTo, replyTarget } from '../../support/reacted-film.ts';

/** A film, a re-roll of somebody else that keeps the renderer busy, and a clock that only the test moves. */
const scene = async () => {
  const made = await createFilm();
  const { bot, chat, react, id, world } = made;
  const { clock } = bot;
  await react({ user: 'cid' });
  await bot.event((event) => event.kind === 'started' && event.job !== 'render-1');
  const refuse = (user: string, error: unknown = new GramzoomError('user-limit', { limit: 2 })) =>
    bot.renders.refuse(reactionTo(world, id, { user }), { error, replyTarget });
  /** As a chat does: what is wrong is told. */
  const toggle = async (user: string) => {
    await react({ user }).catch((error: unknown) => refuse(user, error));
    await made.unreact({ user });
  };
  const notices = () => chat.messages.filter((message) => says(message)?.isNotice);
  /** Resolves once nothing of that is in the calendar any more. */
  const performed = async (what: string, render: string = id): Promise<void> => {
    const { calendar } = world.opened.store;
    while (await calendar.has({ subject: renderSubject(render), what })) {
      await new Promise((resolve) => setImmediate(resolve));
    }
  };
  return { ...made, clock, refuse, toggle, notices, performed };
};

describe('a re-roll by reaction that is taken back', () => {
  it('says nothing where nobody has seen an answer, else how it ended, for a minute', async () => {
    const { world, chat, clock, react, unreact, performed } = await scene();
    const seen = queued(await react());
    await noted(world, `${seen}:answer`);
    await unreact();
    await noted(world, `${seen}:final`);
    const answer = () => messageWith(chat, `${seen}:answer`);
    expect(says(answer())?.body.kind).toBe('cancelled');
    clock.advance(noticeMs);
    await chat.until(() => answer() === undefined);

    await performed('remove-withdrawn', seen);
    const before = chat.messages.length;
    const unseen = queued(await react({ user: 'dan' }));
    await unreact({ user: 'dan' });
    await noted(world, `${unseen}:final`);
    // An answer that was on its way says what became of it; none is begun for that.
    for (const message of chat.messages.slice(before)) expect(message.history[0]?.body.kind).toBe('waiting');
  });

  it.each([true, false])(
    'goes in its time where the process died, whichever takes it away (its answer was there: %s)',
    async (isSeen) => {
      const { world, chat, bot, clock, startBot, react, unreact, performed } = await scene();
      const id = queued(await react());
      if (isSeen) await noted(world, `${id}:answer`);
      await unreact();
      bot.bury();
      const next = startBot();
      await next.renders.resume();
      await noted(world, `${id}:final`);
      clock.advance(noticeMs);
      await performed('remove-withdrawn', id);
      expect(messageWith(chat, `${id}:answer`)).toBeUndefined();
    },
  );

  it('toggling a reaction a hundred times costs at most two answers and one notice, which are taken away', async () => {
    const { world, chat, bot, clock, toggle, notices, performed, again } = await scene();
    const sends = () => chat.calls.filter(({ operation }) => operation === 'send').length;
    const before = sends();
    for (let count = 0; count < 100; count += 1) await toggle('bob');
    const own = (await again()).filter(({ origin }) => origin.user === 'bob');
    expect(own.map(({ state }) => state)).toEqual(['cancelled', 'cancelled']);
    for (const { id } of own) {
      await noted(world, `${id}:final`);
    }
    expect(sends() - before).toBeLessThanOrEqual(3);
    expect(notices()).toHaveLength(1);
    expect(says(notices()[0])?.body).toMatchObject({ failure: { code: 'reaction-too-soon' } });
    // A reaction to a notice stands for nothing.
    const message = { platform: 'discord', ref: notices()[0]!.id } as const;
    expect(await bot.renders.react({ message, kind: 'end', user: 'ann' }, by('ann'))).toEqual({
      kind: 'ignored',
    });
    clock.advance(noticeMs);
    await chat.until(() => notices().length === 0);
    await chat.until(() => own.every(({ id }) => !messageWith(chat, `${id}:answer`)));
    await performed('remove:notice');
    await toggle('bob');
    expect((await again()).filter(({ origin }) => origin.user === 'bob')).toHaveLength(3);
  });

  it('leaves nothing where it was cancelled before anybody saw its answer', async () => {
    const { world, chat, bot, react } = await scene();
    const id = queued(await react());
    await bot.renders.cancel(id, by('bob'));
    await noted(world, `${id}:final`);
    const answer = messageWith(chat, `${id}:answer`);
    // Where the answer was quicker, it says what became of it.
    expect(answer === undefined || says(answer)?.body.kind === 'cancelled').toBe(true);
    expect(answer?.history[0]?.body.kind).not.toBe('cancelled');
  });
});

describe('reactions of one person', () => {
  it('are followed twice a minute per film and meaning', async () => {
    const { clock, bot, id, react, unreact } = await scene();
    const send = { kind: 'send' } as const;
    for (let count = 0; count < 2; count += 1) {
      expect((await react(send)).kind).toBe('sent');
      await unreact(send);
      expect((await react()).kind).toBe('queued');
      await unreact();
    }
    expect(await codeOf(react(send))).toBe('reaction-too-soon');
    expect(await codeOf(react())).toBe('reaction-too-soon');
    // By other means, and to others, it is as before.
    const { id: again } = await bot.renders.reroll(id, by('bob'));
    await bot.renders.cancel(again, by('bob'));
    expect((await react({ ...send, user: 'eve' })).kind).toBe('sent');
    clock.advance(reactionCooldown.filmMs);
    await unreact();
    expect((await react()).kind).toBe('queued');
  });

  it('are followed so often in five minutes, to whatever films', () => {
    const clock = createFakeClock();
    const { check, note } = createCooldown(clock, reactionCooldown);
    const ask = (user: string, film: string) => {
      const person = { platform: 'discord', server: film, user } as const;
      check(person, 'reroll', film as JobId);
      note(person, 'reroll', film as JobId);
    };
    for (let film = 0; film < reactionCooldown.mostPerPerson; film += 1) ask('bob', `film-${film}`);
    expect(() => ask('bob', 'another')).toThrow(/reaction-too-soon.*300/);
    ask('dan', 'another');
    clock.advance(reactionCooldown.personMs);
    ask('bob', 'another');
  });
});

describe('a notice about a reaction', () => {
  it('is one per film, whoever reacts', async () => {
    const { refuse, notices } = await scene();
    await refuse('bob', new GramzoomError('stopping', {}));
    expect(notices()).toEqual([]);
    await Promise.all(['bob', 'dan', 'eve'].map((user) => refuse(user)));
    await refuse('bob');
    expect(notices()).toHaveLength(1);
  });

  it.each(['before it was sent', 'after it was sent', 'once it was noted'])(
    'goes in its time where the process died %s, whichever takes it away',
    async (when) => {
      const { world, chat, bot, clock, startBot, id, refuse, notices, performed } = await scene();
      if (when === 'once it was noted') await refuse('bob');
      else {
        const { store } = world.opened;
        const key = `${id}:notice`;
        await store.calendar.schedule(
          { subject: renderSubject(id), what: 'remove:notice' },
          { dueAt: clock.wallTime() + noticeMs },
        );
        await store.outbox.begin(key);
        await store.outbox.finish(key, { platform: 'discord', ref: '', grant: replyTarget.ref });
        const film = says(messageWith(chat, `${id}:final`))!;
        if (when === 'after it was sent') {
          await chat.send(replyTarget, { ...film, isNotice: true }, { key });
        }
      }
      bot.bury();
      const next = startBot();
      await next.renders.resume();
      clock.advance(noticeMs);
      await performed('remove:notice');
      expect(notices()).toEqual([]);
      expect(await world.opened.store.jobs.get(id as JobId)).toMatchObject({ state: 'done' });
    },
  );
});
