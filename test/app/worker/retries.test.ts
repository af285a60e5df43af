import { describe, expect, it } from 'vitest';
import { GramzoomError } from '../../../src/domain/errors.ts';
import { type BlobId, maxAttempts } from '../../../src/domain/job.ts';
import { createWorld, messageWith, photoBytes } from '../../support/app-world.ts';
import { says } from '../../support/fake-chat.ts';
import { createFakeRenderer, fakeFilm } from '../../support/fake-renderer.ts';

const crash = () => new GramzoomError('render-crashed', { how: 'SIGKILL' });
const full = () => new GramzoomError('disk-full', { folder: 'data' });

describe('a renderer that dies', () => {
  it.each([
    ['crashes', crash()],
    ['falls silent', new GramzoomError('render-stalled', { silentSeconds: 30 })],
    ['runs out of memory', new GramzoomError('out-of-memory', { size: 64 })],
  ])('a renderer that %s once resumes from its checkpoint and gives the same film', async (_what, error) => {
    const world = await createWorld();
    let isDue = true;
    const renderer = createFakeRenderer({
      before: ({ frame }) => {
        if (frame !== 5 || !isDue) return;
        isDue = false;
        throw error;
      },
    });
    const bot = world.start({ renderer });
    const { id } = await bot.renders.submit(world.submission());
    expect(await bot.finished(id)).toMatchObject({ state: 'done' });
    const { request, failure } = await world.job(id);
    expect([...(await bot.renders.result(id)).bytes]).toEqual([...fakeFilm(request, photoBytes)]);
    expect(renderer.computed).toEqual(Array.from({ length: 8 }, (_, frame) => `7:${frame}`));
    expect(failure).toBeNull();
    expect(bot.events.filter(({ kind }) => kind === 'retried')).toHaveLength(1);
  });

  it('still finishes the film where it dies at every frame, since it gets further', async () => {
    const world = await createWorld();
    const crashed = new Set<number>();
    const renderer = createFakeRenderer({
      before: ({ frame }) => {
        if (crashed.has(frame)) return;
        crashed.add(frame);
        throw crash();
      },
    });
    const bot = world.start({ renderer });
    const { id } = await bot.renders.submit(world.submission());
    expect(await bot.finished(id)).toMatchObject({ state: 'done' });
    expect(renderer.computed).toHaveLength(8);
  });

  it('fails the render where it dies twice at the same place, and tells why', async () => {
    const world = await createWorld();
    const renderer = createFakeRenderer({
      before: ({ frame }) => {
        if (frame === 5) throw crash();
      },
    });
    const bot = world.start({ renderer });
    const { id } = await bot.renders.submit(world.submission());
    expect(await bot.finished(id)).toMatchObject({ state: 'failed', code: 'render-crashed' });
    expect(renderer.begun).toBe(2);
    await world.chat.until((chat) => says(messageWith(chat, `${id}:final`)) !== undefined);
    expect(says(messageWith(world.chat, `${id}:final`))).toMatchObject({
      body: { kind: 'failed', failure: { code: 'render-crashed', data: { how: 'SIGKILL' } } },
      actions: ['reroll', 'delete'],
    });
    await bot.stop();
    expect(await world.opened.checkpoints.list()).toEqual([]);
  });

  it('a render that dies with the whole process is not started for ever', async () => {
    const world = await createWorld();
    const id = await world.rowIn('running');
    const { jobs } = world.opened.store;
    await jobs.update(id, { attempt: maxAttempts });
    const renderer = createFakeRenderer();
    const bot = world.start({ renderer });
    await bot.renders.resume();
    expect(await bot.finished(id)).toMatchObject({ state: 'failed', code: 'render-crashed' });
    expect(renderer.begun).toBe(0);
  });

  it('a death of the renderer counts no more once the render has got further', async () => {
    const world = await createWorld();
    const id = await world.rowIn('running');
    await world.opened.store.jobs.update(id, { attempt: maxAttempts - 1 });
    const renderer = createFakeRenderer({
      before: ({ frame }) => (frame === 4 ? new Promise(() => {}) : undefined),
    });
    const bot = world.start({ renderer });
    await bot.renders.resume();
    await bot.event((event) => event.kind === 'progress' && event.progress.done === 4);
    await bot.stop();
    expect(await world.job(id)).toMatchObject({ state: 'queued', attempt: 0 });
  });

  it('does not stop the renders behind it', async () => {
    const world = await createWorld();
    const renderer = createFakeRenderer({
      before: ({ request }) => {
        if (request.seed === 7) throw new GramzoomError('render-diverged', {});
      },
    });
    const bot = world.start({ renderer });
    const bad = await bot.renders.submit(world.submission());
    const good = await bot.renders.submit(world.submission({ options: { size: 64, frames: 8, seed: 8 } }));
    expect(await bot.finished(bad.id)).toMatchObject({ state: 'failed', code: 'render-diverged' });
    expect(await bot.finished(good.id)).toMatchObject({ state: 'done' });
  });
});

describe('a failure that would come again', () => {
  it('fails the render at once', async () => {
    const world = await createWorld();
    const renderer = createFakeRenderer({
      before: () => {
        throw new GramzoomError('engine-unavailable', { engine: 'onnx:cpu', reason: 'none' });
      },
    });
    const bot = world.start({ renderer });
    const { id } = await bot.renders.submit(world.submission());
    expect(await bot.finished(id)).toMatchObject({ state: 'failed', code: 'engine-unavailable' });
    expect(renderer.begun).toBe(1);
  });

  it.each([
    ['is gone', 'photo-expired'],
    ['is damaged', 'blob-damaged'],
  ] as const)('fails the render whose photo %s', async (what, code) => {
    const world = await createWorld();
    const { blobs } = world.opened;
    const bot = world.start({
      changes: () => ({
        blobs: {
          ...blobs,
          get: async (blob: BlobId) => {
            if (what === 'is gone') return undefined;
            throw new GramzoomError('blob-damaged', { blob });
          },
        },
      }),
    });
    const { id } = await bot.renders.submit(world.submission());
    expect(await bot.finished(id)).toMatchObject({ state: 'failed', code });
  });
});

describe('a checkpoint', () => {
  it('is dropped where another engine made it: the film starts anew, at no attempt', async () => {
    const world = await createWorld();
    const old = world.start({
      renderer: createFakeRenderer({
        engine: 'other',
        before: ({ frame }) => (frame === 4 ? new Promise(() => {}) : undefined),
      }),
    });
    const { id } = await old.renders.submit(world.submission());
    await old.event((event) => event.kind === 'progress' && event.progress.done === 4);
    await old.stop();
    expect(await world.opened.checkpoints.list()).toEqual([id]);
    const renderer = createFakeRenderer();
    const bot = world.start({ renderer });
    await bot.renders.resume();
    expect(await bot.finished(id)).toMatchObject({ state: 'done' });
    expect(renderer.computed).toHaveLength(8);
    expect(bot.events.filter(({ kind }) => kind === 'retried')).toEqual([]);
  });

  it('does not stop the render where it cannot be saved', async () => {
    const world = await createWorld();
    const bot = world.start({
      changes: ({ checkpoints }) => ({
        checkpoints: {
          ...checkpoints,
          save: async () => {
            throw full();
          },
        },
      }),
    });
    const { id } = await bot.renders.submit(world.submission());
    expect(await bot.finished(id)).toMatchObject({ state: 'done' });
  });
});

describe('a film for which the disk has no room', () => {
  it('waits until there is room', async () => {
    const world = await createWorld();
    const { blobs } = world.opened;
    let refused = 0;
    const waits = Promise.withResolvers<void>();
    const bot = world.start({
      changes: () => ({
        blobs: {
          ...blobs,
          put: async (bytes) => {
            if (bytes.length > 200 && refused < 2) {
              if (++refused === 2) waits.resolve();
              throw full();
            }
            return blobs.put(bytes);
          },
        },
        log: loud(() => bot.clock.advance(60_000)),
      }),
    });
    const { id } = await bot.renders.submit(world.submission());
    await waits.promise;
    expect(await bot.finished(id)).toMatchObject({ state: 'done' });
    expect(refused).toBe(2);
  });

  it('can still be cancelled', async () => {
    const world = await createWorld();
    const { blobs } = world.opened;
    const waits = Promise.withResolvers<void>();
    const bot = world.start({
      changes: () => ({
        blobs: {
          ...blobs,
          put: async (bytes) => {
            if (bytes.length <= 200) return blobs.put(bytes);
            waits.resolve();
            throw full();
          },
        },
      }),
    });
    const { id, origin } = await bot.renders.submit(world.submission());
    await waits.promise;
    await bot.renders.cancel(id, { actor: origin });
    await bot.stop();
    expect(await world.job(id)).toMatchObject({ state: 'cancelled' });
    expect(await world.opened.checkpoints.list()).toEqual([]);
  });
});

/** A log that lets time pass once somebody waits for room. */
const loud = (onError: () => void) => {
  const log = {
    info: () => {},
    warn: () => {},
    // The pause begins after the log has been told.
    error: () => void setImmediate(onError),
    forJob: () => log,
  };
  return log;
};
