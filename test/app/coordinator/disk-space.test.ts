import { describe, expect, it } from 'vitest';
import { GramzoomError } from '../../../src/domain/errors.ts';
import type { BlobId } from '../../../src/domain/job.ts';
import { kindOf, parseRequest } from '../../../src/domain/kinds.ts';
import type { DiskSpace } from '../../../src/ports/disk.ts';
import { createLoudLog, createWorld, messageWith, photoBytes, someone } from '../../support/app-world.ts';
import { says } from '../../support/fake-chat.ts';
import { createFakeRenderer, fakeFilm } from '../../support/fake-renderer.ts';

const megabyte = 2 ** 20;
const totalBytes = 10_000 * megabyte;
const reserve = 64 * megabyte;
const noRoom = { code: 'disk-full', data: { folder: null } };

/** A bot on a disk whose room a test decides. */
const onDisk = async (freeBytes: number | null) => {
  const world = await createWorld();
  let space: DiskSpace | null = freeBytes === null ? null : { freeBytes, totalBytes };
  const stored: number[] = [];
  const { blobs } = world.opened;
  const bot = world.start({
    renderer: createFakeRenderer({
      before: async ({ request }) => {
        if (request.seed === 999) await new Promise(() => {});
        // Time for an update of the messages.
        bot.clock.advance(4000);
        for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
      },
    }),
    changes: () => ({
      disk: { space: async () => space },
      blobs: {
        ...blobs,
        put: async (bytes) => {
          stored.push(bytes.length);
          return blobs.put(bytes);
        },
      },
    }),
  });
  const free = (bytes: number): void => {
    space = { freeBytes: bytes, totalBytes };
  };
  return { world, bot, stored, free };
};

describe('a disk with little space', () => {
  it('is not filled any further: nothing is accepted, and nothing stored', async () => {
    const { world, bot, stored, free } = await onDisk(152_000);
    await expect(bot.renders.submit(world.submission())).rejects.toMatchObject(noRoom);
    expect(stored).toEqual([]);
    expect(await bot.renders.mine(someone)).toEqual([]);
    await expect(bot.renders.admit(someone)).rejects.toMatchObject(noRoom);
    const order = { origin: someone, options: {}, use: async () => stored.push(0) };
    await expect(bot.renders.keepPhoto(photoBytes, order)).rejects.toMatchObject(noRoom);
    expect(stored).toEqual([]);
    expect(await bot.renders.spaceProblem()).toBe('too little disk space for another render');
    free(10 * reserve);
    expect(await bot.renders.spaceProblem()).toBeNull();
    const { id } = await bot.renders.submit(world.submission());
    await bot.finished(id);
    free(152_000);
    const by = { actor: someone, replyTarget: { platform: 'web', ref: 'lounge' } } as const;
    await expect(bot.renders.reroll(id, by)).rejects.toMatchObject(noRoom);
    await expect(bot.renders.enlarge(id, by)).rejects.toMatchObject(noRoom);
    expect((await bot.renders.result(id)).bytes.length).toBeGreaterThan(0);
  });

  it('keeps what the render that runs and those that wait still need', async () => {
    const small = { size: 64, frames: 8, steps: 2 };
    const large = { size: 512, frames: 240, steps: 2 };
    const need = (request: typeof small): number => {
      const asked = parseRequest(request);
      const { checkpoint, result } = kindOf(asked).storageNeed(asked);
      return checkpoint + result;
    };
    const { world, bot, free } = await onDisk(reserve + need(large));
    const running = await bot.renders.submit(world.submission({ options: { ...large, seed: 999 } }));
    await bot.event((event) => event.kind === 'started' && event.job === running.id);
    await expect(bot.renders.submit(world.submission({ options: small }))).rejects.toMatchObject(noRoom);
    free(reserve + need(large) + need(small));
    await bot.renders.submit(world.submission({ options: small }));
    await expect(bot.renders.submit(world.submission({ options: small }))).rejects.toMatchObject(noRoom);
  });

  it('a disk that does not tell its free space is used until it is full', async () => {
    const { world, bot } = await onDisk(null);
    const { id } = await bot.renders.submit(world.submission());
    expect(await bot.finished(id)).toMatchObject({ state: 'done' });
  });
});

describe('the last space on a disk', () => {
  it('is left by pictures of progress', async () => {
    const { world, bot, stored, free } = await onDisk(10 * reserve);
    const looks = async (freeBytes: number): Promise<number> => {
      free(10 * reserve);
      const held = world.submission({ options: { size: 64, frames: 8, steps: 2, seed: stored.length } });
      const { id } = await bot.renders.submit(held);
      free(freeBytes);
      const before = stored.length;
      await bot.finished(id);
      return stored.length - before;
    };
    // The film and its still are stored whatever room there is.
    expect(await looks(megabyte)).toBe(2);
    expect(await looks(10 * reserve)).toBeGreaterThan(2);
  });
});

describe('a film that cannot be stored', () => {
  it.each([
    ['a full disk', new GramzoomError('disk-full', { folder: '/srv/secret' })],
    ['a disk that fails', new GramzoomError('storage-failed', {})],
    ['a disk that only reads', new GramzoomError('output-not-writable', { folder: '/srv/secret' })],
  ])('a film that cannot be stored for %s is shown as waiting, and comes by itself', async (_what, error) => {
    const world = await createWorld();
    const { blobs } = world.opened;
    const { log, lines } = createLoudLog();
    let isFull = true;
    const waits = Promise.withResolvers<void>();
    const renderer = createFakeRenderer();
    const bot = world.start({
      renderer,
      changes: () => ({
        log,
        blobs: {
          ...blobs,
          put: async (bytes): Promise<BlobId> => {
            if (!isFull || bytes.length <= photoBytes.length) return blobs.put(bytes);
            waits.resolve();
            throw error;
          },
        },
      }),
    });
    const { id } = await bot.renders.submit(world.submission());
    await waits.promise;
    await world.chat.until((chat) => says(messageWith(chat, `${id}:answer`))?.body.kind === 'no-room');
    expect(says(messageWith(world.chat, `${id}:answer`))).toMatchObject({
      body: { kind: 'no-room', renderKind: 'zoom', progress: { done: 8, total: 8, unit: 'frame' } },
      actions: ['cancel'],
    });
    expect(await bot.renders.spaceProblem()).toBe('waiting for disk space: 1 render');
    expect((await bot.renders.queue()).running).toMatchObject({ id, waitsForSpace: true });
    expect(await bot.renders.mine(someone)).toMatchObject([{ id, waitsForSpace: true }]);
    isFull = false;
    bot.clock.advance(10_000);
    expect(await bot.finished(id)).toMatchObject({ state: 'done' });
    expect([...(await bot.renders.result(id)).bytes]).toEqual([
      ...fakeFilm((await world.job(id)).request, photoBytes),
    ]);
    expect(renderer.begun).toBe(1);
    expect(await bot.renders.mine(someone)).toMatchObject([{ id, waitsForSpace: false }]);
    expect(lines.map(({ line }) => line)).toContain('info render: no longer waits for disk space');
  });

  it('is known of also where only a checkpoint could not be stored, until the next one is', async () => {
    const world = await createWorld();
    const { checkpoints } = world.opened;
    const rooms: (string | null)[] = [];
    let saves = 0;
    const bot = world.start({
      renderer: createFakeRenderer({
        before: async () => void rooms.push(await bot.renders.spaceProblem()),
      }),
      changes: () => ({
        disk: { space: async () => null },
        checkpoints: {
          ...checkpoints,
          save: async () => {
            if (++saves === 3) throw new GramzoomError('disk-full', { folder: 'data' });
          },
        },
      }),
    });
    const { id } = await bot.renders.submit(world.submission());
    expect(await bot.finished(id)).toMatchObject({ state: 'done' });
    expect(rooms.filter((room) => room !== null)).toEqual(['waiting for disk space: 1 render']);
  });

  it('tells people nothing of where files lie', async () => {
    const world = await createWorld();
    const { blobs } = world.opened;
    const fail = (error: GramzoomError) =>
      world.start({
        changes: () => ({
          blobs: {
            ...blobs,
            put: async () => {
              throw error;
            },
          },
        }),
      });
    const folder = '/srv/secret';
    const full = fail(new GramzoomError('disk-full', { folder }));
    await expect(full.renders.submit(world.submission())).rejects.toMatchObject(noRoom);
    const readOnly = fail(new GramzoomError('output-not-writable', { folder }));
    await expect(readOnly.renders.submit(world.submission())).rejects.toMatchObject({
      code: 'storage-failed',
      data: {},
    });
    const kept = (await world.opened.store.jobs.inState('failed')).map(({ failure }) => failure);
    expect(JSON.stringify(kept)).not.toContain('secret');
    expect(kept).toHaveLength(2);
  });
});
