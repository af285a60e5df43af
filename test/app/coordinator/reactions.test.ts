import { describe, expect, it } from 'vitest';
import type { RenderDeps } from '../../../src/app/deps.ts';
import { GramzoomError } from '../../../src/domain/errors.ts';
import { renderSubject } from '../../../src/domain/subject.ts';
import type { Chat } from '../../../src/ports/chat.ts';
import { codeOf, messageWith, smallFilm } from '../../support/app-world.ts';
import { says } from '../../support/fake-chat.ts';
import { ann, by, createFilm, noted, queued, reactionTo, replyTarget } from '../../support/reacted-film.ts';

describe('a reaction that asks for a re-roll', () => {
  it('is one for whoever reacts, of the film, with a new seed', async () => {
    const { world, id, react } = await createFilm();
    const job = await world.job(queued(await react()));
    expect(job).toMatchObject({ parent: id, origin: { user: 'bob' }, replyTarget, attachment: { ref: '' } });
    expect(job.request.seed).not.toBe(smallFilm.seed);
  });

  it('counts once, however often it comes', async () => {
    const { bot, startBot, react, again } = await createFilm();
    await react();
    expect(await react()).toEqual({ kind: 'ignored' });
    await bot.stop();
    expect(await react({}, startBot())).toEqual({ kind: 'ignored' });
    expect(await again()).toHaveLength(1);
  });

  it('counts once when it comes twice at the same moment', async () => {
    const { react, again } = await createFilm();
    const kinds = (await Promise.all([react(), react(), react()])).map(({ kind }) => kind);
    expect(kinds.toSorted()).toEqual(['ignored', 'ignored', 'queued']);
    expect(await again()).toHaveLength(1);
  });

  it('leads to one that waits or runs per person, and to another seed once that is over', async () => {
    const { world, bot, react, unreact } = await createFilm();
    const first = queued(await react());
    expect((await react({ user: 'cid' })).kind).toBe('queued');
    // The answer and the film are messages about one film.
    const both = await Promise.all([react({ on: 'answer' }), react({ on: 'answer' })]);
    expect(both.map(({ kind }) => kind)).toEqual(['ignored', 'ignored']);
    await bot.renders.cancel(first, by('bob'));
    expect((await react()).kind).toBe('ignored');
    await unreact();
    const second = queued(await react());
    expect((await world.job(second)).request.seed).not.toBe((await world.job(first)).request.seed);
  });

  it('is not held up by a larger film of theirs, and a re-roll by other means counts', async () => {
    const { bot, id, react } = await createFilm();
    await bot.renders.enlarge(id, by('bob'));
    expect((await react()).kind).toBe('queued');
    await bot.renders.reroll(id, by('cid'));
    expect((await react({ user: 'cid' })).kind).toBe('ignored');
  });

  it('cancels its re-roll when it is taken back while that waits', async () => {
    const { world, bot, chat, react, unreact } = await createFilm();
    queued(await react({ user: 'cid' }));
    await bot.event((event) => event.kind === 'started' && event.job !== 'render-1');
    const id = queued(await react());
    await unreact();
    expect(await world.job(id)).toMatchObject({ state: 'cancelled' });
    await noted(world, `${id}:final`);
    const answer = messageWith(chat, `${id}:answer`);
    expect(answer === undefined || says(answer)?.body.kind === 'cancelled').toBe(true);
    expect((await react()).kind).toBe('queued');
  });

  it('leaves a running re-roll alone when it is taken back, and taking it back twice changes nothing', async () => {
    const { world, bot, react, unreact } = await createFilm();
    const id = queued(await react());
    await bot.event((event) => event.kind === 'started' && event.job === id);
    await unreact();
    await unreact();
    expect(await world.job(id)).toMatchObject({ state: 'running' });
    // It is there again: still one at a time.
    expect((await react()).kind).toBe('ignored');
  });

  it('cancels its re-roll all the same when it is taken back while it is handled', async () => {
    const { react, unreact, again } = await createFilm();
    await react({ user: 'cid' });
    await Promise.all([react(), unreact()]);
    expect((await again()).map(({ origin, state }) => [origin.user, state])).toEqual([
      ['cid', 'running'],
      ['bob', 'cancelled'],
    ]);
  });

  it('is not tried again after an error until it is taken back and made again', async () => {
    const limits = { perUser: 0, perServer: 9 };
    const { react, unreact, startBot, bot } = await createFilm();
    await bot.stop();
    const strict = startBot(() => ({ limits }));
    expect(await codeOf(react({}, strict))).toBe('user-limit');
    expect((await react({}, strict)).kind).toBe('ignored');
    await strict.stop();
    const next = startBot();
    expect((await react({}, next)).kind).toBe('ignored');
    await unreact();
    expect((await react({}, next)).kind).toBe('queued');
  });

  it('is taken up by the next start where this process was stopping', async () => {
    const { bot, startBot, react } = await createFilm();
    await bot.stop();
    expect(await codeOf(react())).toBe('stopping');
    expect((await react({}, startBot())).kind).toBe('queued');
  });

  it('waits for a film that people see before it is known which message it is', async () => {
    const { world, chat, bot, startBot } = await createFilm();
    await bot.stop();
    const [posted, answered] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const slow: Chat = {
      ...chat,
      send: async (...all) => {
        const sent = await chat.send(...all);
        if (!all[2].key.endsWith(':final')) return sent;
        posted.resolve();
        await answered.promise;
        return sent;
      },
    };
    const next = startBot(() => ({ chats: new Map([['discord', slow]]) }));
    const { id } = await next.renders.submit(world.submission({ origin: ann, replyTarget }));
    await posted.promise;
    const ignored = { kind: 'ignored' } as const;
    const strange = {
      message: { platform: 'discord', ref: "somebody's" },
      kind: 'send',
      user: 'bob',
    } as const;
    const early = [
      next.renders.react(reactionTo(world, id), by('bob')),
      next.renders.react(reactionTo(world, id, { kind: 'send' }), by('bob')),
      next.renders.react(strange, by('bob')),
    ];
    const films = next.renders.reactable('discord', { limit: 9 });
    answered.resolve();
    expect(await Promise.all(early)).toMatchObject([{ kind: 'queued' }, { kind: 'sent' }, ignored]);
    expect((await films).map(({ message }) => message.ref)).toContain(messageWith(chat, `${id}:final`)?.id);
  });

  it('is nothing on the picture so far, on a render without a film, and on strange messages', async () => {
    const { world, bot, id, react, again } = await createFilm();
    const { store } = world.opened;
    await store.outbox.begin(`${id}:progress`);
    const strange = { platform: 'discord', ref: 'somewhere' } as const;
    await store.outbox.finish(`${id}:progress`, strange);
    for (const kind of ['reroll', 'send'] as const) {
      expect(await bot.renders.react({ message: strange, kind, user: 'bob' }, by('bob'))).toEqual({
        kind: 'ignored',
      });
    }
    const other = { ...strange, ref: "somebody's" };
    expect(await bot.renders.react({ message: other, kind: 'end', user: 'ann' }, by('ann'))).toEqual({
      kind: 'ignored',
    });
    const running = queued(await react());
    await noted(world, `${running}:answer`);
    for (const kind of ['reroll', 'send'] as const) {
      const early = reactionTo(world, running, { on: 'answer', kind, user: 'cid' });
      expect(await bot.renders.react(early, by('cid'))).toEqual({ kind: 'ignored' });
    }
    expect(await again()).toHaveLength(1);
  });
});

describe('a process that dies over a reaction', () => {
  /** Dies right before or after a call: nothing it does afterwards has an effect. */
  const dying = (call: 'insert' | 'settle', when: 'before' | 'after') => {
    const died = Promise.withResolvers<void>();
    const stop = async <T>(work: () => Promise<T>): Promise<T> => {
      if (when === 'after') await work();
      died.resolve();
      return new Promise(() => {});
    };
    const changes = ({ store }: RenderDeps): Partial<RenderDeps> => ({
      store: {
        ...store,
        jobs: {
          ...store.jobs,
          ...(call === 'insert' && { insert: (...all) => stop(() => store.jobs.insert(...all)) }),
        },
        reactions: {
          ...store.reactions,
          ...(call === 'settle' && { settle: (...all) => stop(() => store.reactions.settle(...all)) }),
        },
      },
    });
    return { changes, died: died.promise };
  };

  it.each([
    ['insert', 'before'],
    ['insert', 'after'],
    ['settle', 'before'],
    ['settle', 'after'],
  ] as const)('leaves one re-roll to the next start (%s, %s)', async (call, when) => {
    const { world, bot, startBot, id, react, again } = await createFilm();
    await bot.stop();
    const { changes, died } = dying(call, when);
    const dead = startBot(changes);
    void react({}, dead);
    await died;
    dead.bury();

    const next = startBot();
    await next.renders.resume();
    // It looks at the films, and hands in what is not known.
    const [film] = await next.renders.reactable('discord', { limit: 9 });
    const isKnown = film?.reactions.some(({ kind, user }) => kind === 'reroll' && user === 'bob');
    expect(isKnown).toBe(!(call === 'insert' && when === 'before'));
    if (!isKnown) expect((await react({}, next)).kind).toBe('queued');
    expect((await react({}, next)).kind).toBe('ignored');
    const made = await again();
    expect(made.map(({ origin }) => origin.user)).toEqual(['bob']);
    expect(await world.opened.store.reactions.take(reactionTo(world, id))).toEqual({
      ledTo: renderSubject(made[0]!.id),
    });
  });

  it.each([
    ['insert', 'after'],
    ['settle', 'before'],
  ] as const)('finds its re-roll where the platform repeats the event (%s, %s)', async (call, when) => {
    const { bot, startBot, react, unreact, again } = await createFilm();
    await bot.stop();
    const { changes, died } = dying(call, when);
    const dead = startBot(changes);
    void react({}, dead);
    await died;
    dead.bury();
    const next = startBot();
    await next.renders.resume();
    const reacted = await react({}, next);
    const made = await again();
    expect(made.map(({ id }) => id)).toEqual([queued(reacted)]);
    expect((await react({}, next)).kind).toBe('ignored');
    await next.event((event) => event.kind === 'started' && event.job === made[0]?.id);
    await unreact();
    expect(await again()).toMatchObject([{ state: 'running' }]);
  });
});

describe('a reaction that asks for an end', () => {
  it('takes a finished render of theirs away', async () => {
    const { world, chat, id, react } = await createFilm();
    expect(await react({ kind: 'end', user: 'ann' })).toEqual({ kind: 'removed' });
    expect(await world.opened.store.jobs.get(id)).toBeUndefined();
    expect(chat.messages).toEqual([]);
  });

  it.each(['answer', 'progress'])('cancels a render that is not finished, on its %s', async (on) => {
    const { world, chat, bot, react } = await createFilm();
    const id = queued(await react());
    await noted(world, `${id}:answer`);
    if (on === 'progress') {
      const { outbox } = world.opened.store;
      await outbox.begin(`${id}:progress`);
      const content = says(messageWith(chat, `${id}:answer`))!;
      const sent = await chat.send(replyTarget, content, { key: `${id}:progress` });
      await outbox.finish(`${id}:progress`, sent);
    }
    const reaction = reactionTo(world, id, { kind: 'end', on });
    expect(await bot.renders.react(reaction, by('bob'))).toMatchObject({
      kind: 'cancelled',
      render: { id, state: 'cancelled' },
    });
    expect(await bot.renders.react(reaction, by('bob'))).toEqual({ kind: 'ignored' });
  });

  it('is for whoever asked and who keeps order there, and for others nothing happens', async () => {
    const { world, bot, id, react } = await createFilm();
    expect(await react({ kind: 'end' })).toEqual({ kind: 'ignored' });
    const reaction = reactionTo(world, id, { kind: 'end', user: 'mod' });
    const elsewhere = by('mod', { server: 'other guild', isModerator: true });
    expect(await bot.renders.react(reaction, elsewhere)).toEqual({ kind: 'ignored' });
    expect(await bot.renders.view(id)).toMatchObject({ state: 'done' });
    expect(await bot.renders.react(reaction, by('mod', { isModerator: true }))).toEqual({ kind: 'removed' });
  });

  it('is tried again when it is seen again where the chat could not be reached', async () => {
    const { chat, react } = await createFilm();
    chat.failNext('remove', new GramzoomError('chat-unreachable', { platform: 'discord', reason: '' }));
    expect(await codeOf(react({ kind: 'end', user: 'ann' }))).toBe('chat-unreachable');
    expect(await react({ kind: 'end', user: 'ann' })).toEqual({ kind: 'removed' });
  });
});

describe('a reaction that comes twice at the same moment', () => {
  it.each([
    ['end', 'removed'],
    ['send', 'sent'],
  ] as const)('counts once (%s)', async (kind, reacted) => {
    const { react } = await createFilm();
    const both = await Promise.all([react({ kind, user: 'ann' }), react({ kind, user: 'ann' })]);
    expect(both.map((each) => each.kind).toSorted()).toEqual(['ignored', reacted].toSorted());
  });
});

describe('a reaction that asks for the film', () => {
  it('gets it once, on the film and on the answer', async () => {
    const { react } = await createFilm();
    expect(await react({ kind: 'send' })).toEqual({ kind: 'sent' });
    expect(await react({ kind: 'send' })).toEqual({ kind: 'ignored' });
    expect((await react({ kind: 'send', on: 'answer' })).kind).toBe('sent');
    expect((await react({ kind: 'send', user: 'cid' })).kind).toBe('sent');
  });
});

describe('the films that people may have reacted to', () => {
  it('are listed with what is known, newest first, with no render that has none', async () => {
    const { world, bot, id, react } = await createFilm();
    await react({ kind: 'send' });
    const other = await bot.renders.submit(world.submission({ origin: ann, replyTarget }));
    await bot.finished(other.id);
    const failing = { platform: 'discord', ref: 'gone', name: 'cat.jpg' } as const;
    const failed = world.submission({ origin: ann, replyTarget, attachment: failing, answersFirst: true });
    const { id: without } = await bot.renders.submit(failed);
    await noted(world, `${without}:final`);
    const films = await bot.renders.reactable('discord', { limit: 9 });
    const finals = [other.id, id].map((render) => messageWith(world.chat, `${render}:final`)?.id);
    expect(films.map(({ message }) => message.ref)).toEqual(finals);
    expect(films.map(({ reactions }) => reactions)).toEqual([[], [{ kind: 'send', user: 'bob' }]]);
    // The newest of all says why there is no film.
    expect(await bot.renders.reactable('discord', { limit: 2 })).toHaveLength(1);
    expect(await bot.renders.reactable('slack', { limit: 9 })).toEqual([]);
  });
});
