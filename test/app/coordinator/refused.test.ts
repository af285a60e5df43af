import { describe, expect, it } from 'vitest';
import { GramzoomError } from '../../../src/domain/errors.ts';
import type { JobId } from '../../../src/domain/job.ts';
import type { MessageContent } from '../../../src/domain/message.ts';
import type { Chat } from '../../../src/ports/chat.ts';
import { type BotProcess, createWorld, messageWith, type World } from '../../support/app-world.ts';
import { createFakeChat, says } from '../../support/fake-chat.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { createFakeRenderer } from '../../support/fake-renderer.ts';

const platform = 'web';
const refused = () => new GramzoomError('chat-refused', { platform, reason: 'content' });
const forbidden = () => new GramzoomError('permissions-missing', { permissions: ['send-messages'] });
const gone = () => new GramzoomError('chat-gone', { platform });

type Place = 'thread' | 'room' | 'answer';

const placeOf = (ref: string): Place => (ref.startsWith('thread:') ? 'thread' : 'room');
const hasFilm = ({ attachments, body }: MessageContent): boolean =>
  body.kind === 'result' && attachments.length > 0;

/** A bot in a chat that refuses what is so in some places. */
const startIn = (
  world: World,
  refusals: Partial<Record<Place, () => GramzoomError>>,
  {
    isMet = hasFilm,
    ...life
  }: Pick<NonNullable<Parameters<World['start']>[0]>, 'renderer' | 'clock'> & {
    readonly isMet?: (content: MessageContent) => boolean;
  } = {},
): BotProcess =>
  world.start({
    ...life,
    changes: ({ chats }) => {
      const chat = chats.get('web')!;
      const check = (place: Place, content: MessageContent): void => {
        const refusal = refusals[place];
        if (refusal && isMet(content)) throw refusal();
      };
      const send: Chat['send'] = async (target, content, options) => {
        check(placeOf(target.ref), content);
        return chat.send(target, content, options);
      };
      const edit: Chat['edit'] = async (message, content, options) => {
        check('answer', content);
        return chat.edit(message, content, options);
      };
      return { chats: new Map([['web', { ...chat, send, edit }]]) };
    },
  });

const answerOf = (world: World, id: JobId) => says(messageWith(world.chat, `${id}:answer`));
const finalOf = (world: World, id: JobId) => messageWith(world.chat, `${id}:final`);

/** Everything that can happen without waiting for anything outside has happened. */
const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
};

describe('a film that is refused for good', () => {
  it.each([refused, forbidden, gone])(
    'a film refused by its thread comes in the channel (%s)',
    async (why) => {
      const world = await createWorld();
      const bot = startIn(world, { thread: why });
      const { id } = await bot.renders.submit(world.submission());
      expect(await bot.finished(id)).toMatchObject({ state: 'done' });
      expect(finalOf(world, id)?.target).toBe('lounge');
      expect(answerOf(world, id)?.body.kind).toBe('result');
    },
  );

  it('comes in the answer, with its buttons, where thread and channel refuse it', async () => {
    const world = await createWorld();
    const bot = startIn(world, { thread: refused, room: forbidden });
    const { id } = await bot.renders.submit(world.submission());
    expect(await bot.finished(id)).toMatchObject({ state: 'done' });
    await settled();
    const answer = answerOf(world, id)!;
    expect(hasFilm(answer)).toBe(true);
    expect(answer.actions).toContain('reroll');
    const { outbox } = world.opened.store;
    expect(await outbox.get(`${id}:final`)).toEqual(await outbox.get(`${id}:answer`));
    await bot.renders.remove(id, { actor: (await world.job(id)).origin });
    expect(world.chat.messages).toEqual([]);
  });

  it.each([
    [refused, 'chat-refused'],
    [forbidden, 'permissions-missing'],
  ] as const)(
    'a film that is refused everywhere is a failure that the answer tells, and is never said to be ready (%s)',
    async (why, code) => {
      const world = await createWorld();
      const bot = startIn(world, { thread: why, room: why, answer: why });
      const { id } = await bot.renders.submit(world.submission());
      expect(await bot.finished(id)).toMatchObject({ state: 'failed', code });
      await world.chat.until(() => answerOf(world, id)?.body.kind === 'failed');
      expect(answerOf(world, id)).toMatchObject({
        body: { failure: { code } },
        actions: ['reroll', 'delete'],
      });
      const said = world.chat.messages.flatMap(({ history }) => history.map(({ body }) => body.kind));
      expect(said).not.toContain('result');
      await bot.renders.stop({ graceMs: 1 });
      bot.bury();
      expect(await world.opened.store.outbox.unfinished()).toEqual([]);
    },
  );

  it('a film refused like every other new message is a failure that only the answer tells', async () => {
    const world = await createWorld();
    const isEnd = (content: MessageContent): boolean =>
      content.body.kind === 'failed' ? content.mentionsRequester : hasFilm(content);
    const bot = startIn(world, { thread: forbidden, room: forbidden, answer: forbidden }, { isMet: isEnd });
    const { id } = await bot.renders.submit(world.submission());
    expect(await bot.finished(id)).toMatchObject({ state: 'failed' });
    const { outbox } = world.opened.store;
    while (!(await outbox.get(`${id}:final`))) await settled();
    expect(await outbox.get(`${id}:final`)).toEqual(await outbox.get(`${id}:answer`));
    expect(answerOf(world, id)).toMatchObject({ body: { kind: 'failed' }, actions: ['reroll', 'delete'] });
  });

  it('is looked for in all places by the next process before it is posted again', async () => {
    const world = await createWorld({ chat: createFakeChat({ isForgetful: true }) });
    const bot = startIn(world, { thread: refused });
    const noted = bot.event(({ kind }) => kind === 'finished');
    const { id } = await bot.renders.submit(world.submission());
    await noted;
    await bot.stop();
    // As a process leaves it that dies between saying and noting.
    const { jobs, outbox } = world.opened.store;
    expect(await outbox.get(`${id}:final`)).toBeDefined();
    const other = await world.rowIn('delivering');
    await jobs.update(other, { result: (await world.job(id)).result });
    const target = { platform, ref: 'lounge' } as const;
    const answer = await world.chat.send(target, answerOf(world, id)!, { key: `${other}:answer` });
    await outbox.begin(`${other}:answer`);
    await outbox.finish(`${other}:answer`, answer);
    await outbox.begin(`${other}:final`);
    await world.chat.send(target, says(finalOf(world, id))!, { key: `${other}:final` });
    const next = world.start();
    await next.renders.resume();
    expect(await next.finished(other)).toMatchObject({ state: 'done' });
    expect(world.chat.messages.filter(({ key }) => key === `${other}:final`)).toHaveLength(1);
  });
});

describe('"ready"', () => {
  it('is said only once the film is posted', async () => {
    const world = await createWorld();
    const posting = Promise.withResolvers<void>();
    const arrived = Promise.withResolvers<void>();
    const bot = world.start({
      changes: ({ chats }) => {
        const chat = chats.get('web')!;
        const send: Chat['send'] = async (target, content, options) => {
          if (hasFilm(content)) {
            arrived.resolve();
            await posting.promise;
          }
          return chat.send(target, content, options);
        };
        return { chats: new Map([['web', { ...chat, send }]]) };
      },
    });
    const { id } = await bot.renders.submit(world.submission());
    await arrived.promise;
    await settled();
    expect(answerOf(world, id)?.body.kind).not.toBe('result');
    posting.resolve();
    await bot.finished(id);
    expect(answerOf(world, id)?.body.kind).toBe('result');
  });
});

describe('an answer that is gone while its render runs', () => {
  /** A render that goes on frame by frame, three seconds each. */
  const running = async () => {
    const world = await createWorld();
    const clock = createFakeClock();
    const gate = Promise.withResolvers<void>();
    const bot = world.start({
      clock,
      renderer: createFakeRenderer({
        before: async ({ frame }) => {
          clock.advance(3000);
          await settled();
          if (frame === 4) await gate.promise;
        },
      }),
    });
    const { id } = await bot.renders.submit(world.submission());
    await world.chat.until(() => messageWith(world.chat, `${id}:answer`) !== undefined);
    return { world, bot, clock, id, goOn: gate.resolve };
  };
  const edits = ({ chat }: World): number =>
    chat.calls.filter(({ operation }) => operation === 'edit').length;

  it('is not written again all the time, and the film comes in the channel', async () => {
    const { world, bot, id, goOn, clock } = await running();
    await world.chat.remove({ platform, ref: messageWith(world.chat, `${id}:answer`)!.id });
    const before = edits(world);
    for (let update = 0; update < 5; update++) {
      clock.advance(3000);
      await settled();
    }
    goOn();
    expect(await bot.finished(id)).toMatchObject({ state: 'done' });
    expect(edits(world) - before).toBeLessThan(4);
    expect(finalOf(world, id)?.target).toBe('lounge');
  });

  it('ends the render where its channel is gone, too', async () => {
    const { world, bot, id, goOn } = await running();
    world.chat.close('lounge');
    await world.chat.remove({ platform, ref: messageWith(world.chat, `${id}:answer`)!.id });
    goOn();
    expect(await bot.finished(id)).toMatchObject({ state: 'cancelled' });
    await bot.renders.stop({ graceMs: 1 });
    bot.bury();
    expect(bot.events.filter(({ kind }) => kind === 'progress').length).toBeLessThan(8);
    expect(await world.opened.checkpoints.list()).toEqual([]);
    expect(
      (await world.opened.store.outbox.unfinished()).filter(({ key }) => key.endsWith(':final')),
    ).toEqual([]);
  });
});

describe('a place that is gone when the film is done', () => {
  it('ends the render as cancelled, and nothing is owed', async () => {
    const world = await createWorld();
    const bot = startIn(world, { thread: gone, room: gone, answer: gone });
    world.chat.close('lounge');
    const id = await world.rowIn('queued');
    await bot.renders.resume();
    expect(await bot.finished(id)).toMatchObject({ state: 'cancelled' });
  });
});

describe('a picture that is refused for good', () => {
  it('is let go, and the film comes all the same', async () => {
    const world = await createWorld();
    const clock = createFakeClock();
    let tries = 0;
    const isPicture = ({ body }: MessageContent): boolean => {
      if (body.kind === 'progress') tries += 1;
      return body.kind === 'progress';
    };
    const renderer = createFakeRenderer({
      before: async () => {
        clock.advance(3000);
        await settled();
      },
    });
    const bot = startIn(world, { thread: refused }, { isMet: isPicture, renderer, clock });
    const { id } = await bot.renders.submit(world.submission());
    expect(await bot.finished(id)).toMatchObject({ state: 'done' });
    expect(world.chat.messages.map(({ key }) => key)).toEqual([`${id}:answer`, `${id}:final`]);
    expect(tries).toBe(1);
  });
});
