import { describe, expect, it } from 'vitest';
import { GramzoomError } from '../../../src/domain/errors.ts';
import type { JobId } from '../../../src/domain/job.ts';
import {
  codeOf,
  createWorld,
  messageWith,
  photoBytes,
  someone,
  type World,
} from '../../support/app-world.ts';
import { says } from '../../support/fake-chat.ts';
import { createFakeRenderer } from '../../support/fake-renderer.ts';

const stuck = () => createFakeRenderer({ before: () => new Promise(() => {}) });

const newest = async (world: World): Promise<JobId> => {
  const [row] = await world.opened.store.jobs.ofUser(someone, { limit: 1 });
  return row!.id;
};

const answerOf = (world: World, id: JobId) => messageWith(world.chat, `${id}:answer`);
const answerKinds = (world: World, id: JobId) => answerOf(world, id)?.history.map(({ body }) => body.kind);

/** A bot for which a photo called slow.jpg arrives when a test says so. */
const startSlow = async () => {
  const world = await createWorld();
  const arrival = Promise.withResolvers<void>();
  const { openAttachment } = world.chat;
  const bot = world.start({
    renderer: stuck(),
    changes: () => ({
      chats: new Map([
        [
          'web',
          {
            ...world.chat,
            openAttachment: async (attachment, options) => {
              if (attachment.name === 'slow.jpg') await arrival.promise;
              return openAttachment(attachment, options);
            },
          },
        ],
      ]),
    }),
  });
  const attachment = world.chat.attach(photoBytes, { name: 'slow.jpg' });
  const submission = world.submission({ attachment, answersFirst: true, event: 'interaction:1' });
  return { world, bot, submission, arrive: arrival.resolve };
};

describe('a submission that is answered first', () => {
  it('is answered before its photo is there, and told its place as soon as it joins the queue', async () => {
    const { world, bot, submission, arrive } = await startSlow();
    await bot.renders.submit(world.submission());
    await bot.event(({ kind }) => kind === 'started');
    // So many that only the next ones would be told at once when the queue moves.
    for (let i = 0; i < 5; i++) await bot.renders.submit(world.submission());
    const submitted = bot.renders.submit(submission);
    await world.chat.until((chat) =>
      chat.messages.some((message) => says(message)?.body.kind === 'fetching'),
    );
    const id = await newest(world);
    expect(says(answerOf(world, id))).toMatchObject({ body: { kind: 'fetching' }, actions: ['cancel'] });
    expect(await world.job(id)).toMatchObject({ state: 'fetching' });
    arrive();
    // The clock stands still: nothing that has to wait for a moment happens.
    expect(await submitted).toMatchObject({ id, state: 'queued', position: 6 });
    await world.chat.until(() => says(answerOf(world, id))?.body.kind === 'waiting');
    expect(says(answerOf(world, id))?.body).toMatchObject({ position: 6, total: 6 });
    expect(answerKinds(world, id)).toEqual(['fetching', 'waiting']);
  });

  it('is told in its answer that the photo will not do, and whoever asked gets the view', async () => {
    const world = await createWorld();
    const bot = world.start({
      changes: () => ({
        inspectPhoto: async () => {
          throw new GramzoomError('photo-heic', {});
        },
      }),
    });
    const view = await bot.renders.submit(world.submission({ answersFirst: true }));
    expect(view).toMatchObject({ state: 'failed', failure: { code: 'photo-heic' } });
    await world.chat.until(() => says(answerOf(world, view.id))?.body.kind === 'failed');
    expect(says(answerOf(world, view.id))).toMatchObject({ actions: ['delete'], mentionsRequester: false });
    // The clock stands still: it has all the time it needs.
    await bot.renders.stop({ graceMs: 1 });
    bot.bury();
    expect(world.chat.messages).toHaveLength(1);
    expect(await world.opened.store.outbox.unfinished()).toEqual([]);
  });

  it('can be cancelled while its photo is on its way', async () => {
    const { world, bot, submission } = await startSlow();
    const submitted = bot.renders.submit(submission);
    await world.chat.until((chat) => chat.messages.length > 0);
    const id = await newest(world);
    await bot.renders.cancel(id, { actor: someone });
    await world.chat.until(() => says(answerOf(world, id))?.body.kind === 'cancelled');
    bot.bury();
    expect(await world.job(id)).toMatchObject({ state: 'cancelled', photo: null });
    expect(await Promise.race([submitted, Promise.resolve('waits for the photo')])).toBe(
      'waits for the photo',
    );
  });

  it('waits for a photo that cannot be reached yet', async () => {
    const world = await createWorld();
    const unreachable = new GramzoomError('chat-unreachable', { platform: 'web', reason: 'no answer' });
    world.chat.failNext('openAttachment', unreachable, { times: 2 });
    const bot = world.start();
    const submitted = bot.renders.submit(world.submission({ answersFirst: true }));
    for (let tries = 1; tries <= 2; tries++) {
      await world.chat.until(
        ({ calls }) => calls.filter(({ operation }) => operation === 'openAttachment').length >= tries,
      );
      await new Promise((resolve) => setImmediate(resolve));
      bot.clock.advance(60_000);
    }
    const { id } = await submitted;
    expect(await bot.finished(id)).toMatchObject({ state: 'done' });
  });

  it('is refused with an error and no answer for what is wrong before there is a row', async () => {
    const world = await createWorld();
    const bot = world.start({ renderer: stuck(), changes: () => ({ limits: { perUser: 0, perServer: 0 } }) });
    const submit = (options: object) =>
      codeOf(bot.renders.submit(world.submission({ answersFirst: true, options })));
    expect(await submit({ size: 65 })).toBe('request-field');
    expect(await submit({ size: 64 })).toBe('user-limit');
    await bot.stop();
    expect(world.chat.messages).toEqual([]);
  });

  it('gets its answer from the next process where its own dies right after the row', async () => {
    const { world, bot, submission } = await startSlow();
    void bot.renders.submit(submission);
    await world.chat.until((chat) => chat.calls.some(({ operation }) => operation === 'send'));
    bot.bury();
    const id = await newest(world);
    const next = world.start();
    expect(await next.renders.resume()).toMatchObject({ fetching: 1 });
    expect(await next.finished(id)).toMatchObject({ state: 'done' });
    expect(world.chat.messages.map(({ key }) => key)).toEqual([`${id}:answer`, `${id}:final`]);
    expect(await next.renders.submit(submission)).toMatchObject({ id, state: 'done' });
  });
});
