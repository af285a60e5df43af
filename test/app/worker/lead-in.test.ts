import { describe, expect, it } from 'vitest';
import { GramzoomError } from '../../../src/domain/errors.ts';
import type { JobId } from '../../../src/domain/job.ts';
import type { AppLog } from '../../../src/ports/log.ts';
import { type BotProcess, createWorld, photoBytes, type World } from '../../support/app-world.ts';
import {
  createFakeRenderer,
  type FakeRenderer,
  type FakeScript,
  fakeFilm,
} from '../../support/fake-renderer.ts';

const leadIn = 3;
/** Those before the film are below 0. */
const everyFrame = Array.from({ length: leadIn + 8 }, (_, index) => `7:${index - leadIn}`);

const withLeadIn = (script: FakeScript = {}): FakeRenderer => createFakeRenderer({ leadIn, ...script });

/** Never gets beyond a frame. */
const stuckBefore = (stuck: number) => {
  const reached = Promise.withResolvers<void>();
  const renderer = withLeadIn({
    before: ({ frame }) => {
      if (frame !== stuck) return undefined;
      reached.resolve();
      return new Promise(() => {});
    },
  });
  return { renderer, reached: reached.promise };
};

const keptOf = async (world: World, id: JobId): Promise<number | undefined> =>
  (await world.opened.checkpoints.load(id))?.frames.length;

const expectFilm = async (world: World, bot: BotProcess, id: JobId): Promise<void> => {
  const film = fakeFilm((await world.job(id)).request, photoBytes, { leadIn });
  expect([...(await bot.renders.result(id)).bytes]).toEqual([...film]);
};

describe('frames that come before the film', () => {
  it.each([
    { before: -2, framesDone: 0, kept: 1 },
    { before: 0, framesDone: 0, kept: leadIn },
    { before: 1, framesDone: 1, kept: leadIn + 1 },
    { before: 6, framesDone: 6, kept: leadIn + 6 },
  ])(
    'are kept and not counted: stopped before frame $before, gone on with to the same film',
    async (stop) => {
      const world = await createWorld();
      const first = stuckBefore(stop.before);
      const bot = world.start({ renderer: first.renderer });
      const { id } = await bot.renders.submit(world.submission());
      await first.reached;
      expect(await bot.renders.view(id)).toMatchObject({ progress: { done: stop.framesDone, total: 8 } });
      await bot.stop();
      expect(await world.job(id)).toMatchObject({ state: 'queued', unitsDone: stop.framesDone });
      expect(await keptOf(world, id)).toBe(stop.kept);

      const renderer = withLeadIn();
      const said: unknown[] = [];
      const next = world.start({ renderer, changes: () => ({ log: noting(said) }) });
      await next.renders.resume();
      await next.finished(id);
      await expectFilm(world, next, id);
      expect([...first.renderer.computed, ...renderer.computed]).toEqual(everyFrame);
      expect(said).toContainEqual(
        expect.objectContaining({
          resumed: true,
          precision: 'float',
          precisionReason: null,
          framesBefore: stop.framesDone,
          width: 64,
        }),
      );
    },
  );

  it('are not told as frames of the film', async () => {
    const world = await createWorld();
    const bot = world.start({ renderer: withLeadIn() });
    const { id } = await bot.renders.submit(world.submission());
    await bot.finished(id);
    const told = bot.events.flatMap((event) => (event.kind === 'progress' ? [event.progress.done] : []));
    expect(told).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(await world.job(id)).toMatchObject({ state: 'done', unitsDone: 8 });
  });

  it('go with the checkpoint once the film is there', async () => {
    const world = await createWorld();
    const held = Promise.withResolvers<void>();
    const atTheEnd = Promise.withResolvers<void>();
    const before: FakeScript['before'] = ({ frame }) => {
      if (frame !== 8) return undefined;
      atTheEnd.resolve();
      return held.promise;
    };
    const bot = world.start({ renderer: withLeadIn({ before }) });
    const { id } = await bot.renders.submit(world.submission());
    await atTheEnd.promise;
    expect(await keptOf(world, id)).toBe(leadIn + 8);
    held.resolve();
    await bot.finished(id);
    await bot.stop();
    expect(await keptOf(world, id)).toBeUndefined();
    expect(await world.opened.checkpoints.list()).toEqual([]);
  });

  it('are progress: a renderer that dies at every one of them gets further each time', async () => {
    const world = await createWorld();
    const crashed = new Set<number>();
    const renderer = withLeadIn({
      before: ({ frame }) => {
        if (crashed.has(frame)) return;
        crashed.add(frame);
        throw new GramzoomError('render-crashed', { how: 'SIGKILL' });
      },
    });
    const bot = world.start({ renderer });
    const { id } = await bot.renders.submit(world.submission());
    expect(await bot.finished(id)).toMatchObject({ state: 'done' });
    expect(renderer.computed).toEqual(everyFrame);
    await expectFilm(world, bot, id);
  });
});

/** Collects what is said with details. */
const noting = (said: unknown[]): AppLog => {
  const note = (_message: string, details?: unknown): void => void said.push(details);
  const log: AppLog = { info: note, warn: note, error: note, forJob: () => log };
  return log;
};
