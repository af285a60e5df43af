import { describe, expect, it } from 'vitest';
import type { Submission } from '../../../src/app/renders.ts';
import { createLiveRooms } from '../../../src/chat/web/live-rooms.ts';
import { createWebMessages } from '../../../src/chat/web/web-messages.ts';
import { GramzoomError } from '../../../src/domain/errors.ts';
import type { BlobId } from '../../../src/domain/job.ts';
import {
  type BotProcess,
  codeOf,
  createWorld,
  photoBytes,
  smallFilm,
  someone,
  type World,
} from '../../support/app-world.ts';
import { createFakeRenderer } from '../../support/fake-renderer.ts';

const stuck = () => createFakeRenderer({ before: () => new Promise(() => {}) });
const stored = async ({ opened }: World): Promise<readonly BlobId[]> =>
  (await Array.fromAsync(opened.blobs.list())).map(({ id }) => id);

/** A world whose chat has the photos where the page has them: among the blobs. */
const createPage = async () => {
  const world = await createWorld();
  const page = createWebMessages(createLiveRooms(world.opened.roomLog), world.opened.blobs);
  const start = (changes: NonNullable<Parameters<World['start']>[0]>['changes'] = () => ({})) =>
    world.start({
      renderer: stuck(),
      changes: (deps) => ({
        chats: new Map([['web', { ...world.chat, openAttachment: page.openAttachment }]]),
        ...changes(deps),
      }),
    });
  const send = (bot: BotProcess, changes: Partial<Submission> = {}, bytes = photoBytes) => {
    const { origin = someone, options = smallFilm } = changes;
    const use = (photo: BlobId) => {
      const attachment = { platform: 'web', ref: photo, name: 'cat.jpg' } as const;
      return bot.renders.submit(world.submission({ origin, options, attachment }));
    };
    return bot.renders.keepPhoto(bytes, { origin, options, use });
  };
  return { world, start, send };
};

describe('a photo that comes with its submission', () => {
  it('is stored once and stays', async () => {
    const { world, start, send } = await createPage();
    const { id } = await send(start());
    expect(await stored(world)).toEqual([(await world.job(id)).photo]);
  });

  it.each<[string, Partial<Submission>, string]>([
    ['options are wrong', { options: { size: 65 } }, 'request-field'],
    ['network does not exist', { options: { network: 'vgg' } }, 'network-unknown'],
    ['network is not here yet', { options: { network: 'vgg19' } }, 'network-fetching'],
    ['depth is not offered', { options: { depth: 'scene' } }, 'depth-not-offered'],
    ['sender has reached their limit', {}, 'user-limit'],
    ['server has reached its limit', { origin: { ...someone, user: 'bob' } }, 'server-limit'],
  ])('is not even written to the disk where its %s', async (_what, changes, code) => {
    const { world, start, send } = await createPage();
    let puts = 0;
    const bot = start(({ blobs }) => ({
      limits: { perUser: 1, perServer: 1 },
      blobs: {
        ...blobs,
        put: (bytes) => {
          puts += 1;
          return blobs.put(bytes);
        },
      },
    }));
    if (code.endsWith('limit')) await world.rowIn('queued');
    const before = await stored(world);
    expect(await codeOf(send(bot, changes, new Uint8Array(99)))).toBe(code);
    expect(puts).toBe(0);
    expect(await stored(world)).toEqual(before);
  });

  it('is not even written to the disk while the bot stops', async () => {
    const { world, start, send } = await createPage();
    const bot = start();
    await bot.stop();
    expect(await codeOf(send(bot))).toBe('stopping');
    expect(await codeOf(bot.renders.admit(null))).toBe('stopping');
    expect(await stored(world)).toEqual([]);
  });

  it.each([
    new GramzoomError('photo-format', { found: null }),
    new GramzoomError('photo-damaged', {}),
    new GramzoomError('photo-too-heavy', { maxBytes: 1 }),
  ])('leaves nothing behind where it will not do (%s)', async (error) => {
    const { world, start, send } = await createPage();
    const bot = start(() => ({ inspectPhoto: () => Promise.reject(error) }));
    expect(await codeOf(send(bot))).toBe(error.code);
    expect(await stored(world)).toEqual([]);
  });

  it('leaves nothing behind where many are sent at once and only some are taken', async () => {
    const { world, start, send } = await createPage();
    const bot = start(() => ({ limits: { perUser: 2, perServer: 9 } }));
    const codes = await Promise.all(
      Array.from({ length: 6 }, (_, index) => codeOf(send(bot, {}, Uint8Array.of(index)))),
    );
    expect(codes.toSorted()).toEqual(['none', 'none', ...Array(4).fill('user-limit')]);
    expect(await stored(world)).toHaveLength(2);
  });

  it('stays where somebody else sent the same one, whoever is refused first or last', async () => {
    const { world, start, send } = await createPage();
    const bot = start(() => ({ limits: { perUser: 1, perServer: 9 } }));
    const users = ['ann', 'ann', 'bob', 'ann', 'cid'];
    const sent = users.map((user) => send(bot, { origin: { ...someone, user } }));
    const codes = await Promise.all(sent.map(codeOf));
    expect(codes.filter((code) => code === 'none')).toHaveLength(3);
    const rows = await world.opened.store.jobs.inState('queued', 'running');
    expect(rows.map(({ photo }) => photo)).toEqual(Array(3).fill((await stored(world))[0]));
    expect(await codeOf(send(bot))).toBe('user-limit');
    expect(await stored(world)).toHaveLength(1);
  });
});

describe('a photo that is fetched', () => {
  it.each([
    ['user-limit', someone],
    ['server-limit', { ...someone, user: 'bob' }],
  ] as const)('is not asked for beyond a limit (%s)', async (code, origin) => {
    const world = await createWorld();
    const bot = world.start({ renderer: stuck(), changes: () => ({ limits: { perUser: 1, perServer: 1 } }) });
    await bot.renders.submit(world.submission());
    const asked = world.chat.calls.length;
    const refused = bot.renders.submit(world.submission({ origin, answersFirst: true }));
    expect(await codeOf(refused)).toBe(code);
    expect(world.chat.calls.slice(asked).filter(({ operation }) => operation === 'openAttachment')).toEqual(
      [],
    );
  });

  it('leaves nothing behind where somebody cancels while it is stored', async () => {
    const world = await createWorld();
    let cancelNow = async (): Promise<void> => {};
    const bot = world.start({
      renderer: stuck(),
      changes: ({ blobs }) => ({
        blobs: {
          ...blobs,
          put: async (bytes) => {
            const id = await blobs.put(bytes);
            await cancelNow();
            return id;
          },
        },
      }),
    });
    cancelNow = async () => {
      const [row] = await world.opened.store.jobs.inState('fetching');
      await world.opened.store.jobs.move(row!.id, 'fetching', 'cancelled');
    };
    expect(await codeOf(bot.renders.submit(world.submission()))).toBe('cancelled');
    expect(await stored(world)).toEqual([]);
  });

  it('is one of four in memory at most, however many are sent', async () => {
    const world = await createWorld();
    let open = 0;
    let most = 0;
    const areFour = Promise.withResolvers<void>();
    const bot = world.start({
      renderer: stuck(),
      changes: () => ({
        inspectPhoto: async () => {
          open += 1;
          most = Math.max(most, open);
          if (open === 4) areFour.resolve();
          await areFour.promise;
          await new Promise((resolve) => setImmediate(resolve));
          open -= 1;
        },
      }),
    });
    const submissions = Array.from({ length: 12 }, () => world.submission());
    await Promise.all(submissions.map((submission) => bot.renders.submit(submission)));
    expect(most).toBe(4);
  });
});
