import { describe, expect, it } from 'vitest';
import { costKeyOf, createSpeed } from '../../../src/app/coordinator/speed.ts';
import { defaultFilm } from '../../../src/domain/work-limit.ts';
import { planWork, planZoom } from '../../../src/engine/zoom/plan.ts';
import type { Renderer } from '../../../src/ports/renderer.ts';
import { workOf } from '../../../src/render/kinds.ts';
import { createWorld } from '../../support/app-world.ts';
import { createFakeClock, type FakeClock } from '../../support/fake-clock.ts';
import { createFakeRenderer } from '../../support/fake-renderer.ts';
import { reportOn } from '../../support/fake-report.ts';
import { recordedSteps } from '../../support/recorded-steps.ts';

const bytes = Uint8Array.of(1);

type Look = { readonly stepsDone: number; readonly secondsLeft: number };

/** Takes for each step as long as was recorded, times `slower` of the step's side. */
const replaying = (
  clock: FakeClock,
  options: {
    readonly slower?: (size: number) => number;
    readonly probe?: Renderer['probe'];
    readonly look?: (look: Look) => Promise<void>;
  },
): Renderer => ({
  ...createFakeRenderer(),
  work: workOf,
  probe: options.probe ?? (async () => []),
  async *render(request) {
    if (request.kind !== 'zoom') throw new Error('a film is rendered here');
    const { size, frames } = request;
    const plan = planZoom(request, { width: 1, height: 1 });
    const stages = [
      ...plan.levels.map(({ width, steps }) => ({ side: width, steps })),
      ...Array.from({ length: plan.leadInFrames + frames }, () => ({ side: size, steps: request.steps })),
    ];
    const sides = stages.flatMap(({ side, steps }) => Array.from({ length: steps }, () => side));
    const recorded = recordedSteps[size as keyof typeof recordedSteps];
    const times = recorded.map((ms, step) => ms * (options.slower?.(sides[step] ?? size) ?? 1));
    yield {
      kind: 'started',
      engine: 'fake',
      engineVersion: '1',
      precision: 'float',
      precisionReason: null,
      threads: 1,
      width: size,
      height: size,
      ...{ done: 0, total: frames, unit: 'frame' },
    };
    let work = 0;
    for (const [step, side] of sides.entries()) {
      clock.advance(times[step]!);
      work += side * side;
      const done = Math.max(0, frames - Math.ceil((sides.length - step - 1) / request.steps));
      const stage = done > 0 ? 'frames' : 'start';
      const [stepsDone, share] = [step + 1, work / planWork(plan)];
      yield { kind: 'progress', stage, share, size: side, done, total: frames, unit: 'frame' };
      const secondsLeft = times.slice(stepsDone).reduce((sum, ms) => sum + ms / 1000, 0);
      await options.look?.({ stepsDone, secondsLeft });
    }
    clock.advance(times.at(-1)!);
    const files = { result: bytes, still: bytes };
    yield { kind: 'done', files, report: reportOn(request, 1, { engine: 'fake' }) };
  },
});

/** How far estimates were from the truth, as a factor, and how far the bar was, while a film of 512 px is rendered. */
const followLargeFilm = async (options: {
  readonly slower?: (size: number) => number;
  readonly probe?: Renderer['probe'];
  readonly smallFilms: number;
}) => {
  const world = await createWorld();
  const clock = createFakeClock();
  const looks: { readonly stepsDone: number; readonly factor: number; readonly share: number }[] = [];
  let isLarge = false;
  const renderer = replaying(clock, {
    ...options,
    look: async ({ stepsDone, secondsLeft }) => {
      if (!isLarge) return;
      const { running } = await bot.renders.queue();
      const factor = (running?.etaSeconds ?? Number.NaN) / secondsLeft;
      looks.push({ stepsDone, factor, share: running?.share ?? Number.NaN });
    },
  });
  const bot = world.start({ renderer, clock });
  if (options.probe) await bot.renders.resume();
  for (let film = 0; film < options.smallFilms; film++) {
    const { id } = await bot.renders.submit(world.submission({ options: { size: 64, frames: 8 } }));
    await bot.finished(id);
  }
  isLarge = true;
  const { id } = await bot.renders.submit(world.submission({ options: { size: 512, frames: 8 } }));
  await bot.finished(id);
  return looks;
};

describe('the estimate for a large film, with the times of a real one', () => {
  it.each([
    ['on a machine where nothing else was rendered', { smallFilms: 0 }],
    ['after small films', { smallFilms: 3 }],
    [
      'after small films on a machine where large pictures are dear',
      { smallFilms: 3, slower: (size: number) => Math.max(1, size / 64) ** 0.7 },
    ],
    [
      'after small films on a machine where small pictures are dear',
      { smallFilms: 3, slower: (size: number) => Math.max(1, size / 64) ** -0.7 },
    ],
    [
      'with a probe that found the machine idle',
      { smallFilms: 1, probe: async () => [{ size: 64, secondsPerWork: 0.7e-6 }] },
    ],
  ])('is never off by a factor of four, and soon by less than two: %s', async (_where, options) => {
    const looks = await followLargeFilm(options);
    expect(looks).toHaveLength(96);
    // The second step is the first one that is measured; at the end it is the encoding that counts.
    for (const { stepsDone, factor } of looks.slice(2, 85)) {
      const most = stepsDone < 40 ? 4 : 2;
      expect(factor, `after ${stepsDone} steps`).toBeGreaterThan(1 / most);
      expect(factor, `after ${stepsDone} steps`).toBeLessThan(most);
    }
  });

  it('goes with a bar that moves from the first step on, long before the first frame', async () => {
    const looks = await followLargeFilm({ smallFilms: 0 });
    const shares = looks.map(({ share }) => share);
    expect(shares[0]).toBeGreaterThan(0);
    expect(shares.every((share, index) => index === 0 || share > shares[index - 1]!)).toBe(true);
    // Twelve frames come before the eight of the film.
    expect(shares[37 + 36 - 1]).toBeCloseTo(0.62, 1);
    expect(shares.at(-1)).toBeCloseTo(1);
  });
});

describe('the pace of a size', () => {
  const at = (size: number) => costKeyOf({ ...defaultFilm, size });

  it('is its own once it was rendered, whatever other sizes take', () => {
    const speed = createSpeed();
    speed.add(at(64), 10, 100);
    speed.add(at(512), 10, 20);
    expect([64, 512].map((size) => speed.secondsPerUnit(at(size)))).toEqual([10, 2]);
    expect(speed.secondsPerUnit(at(181))).toBeCloseTo(Math.sqrt(20), 1);
  });

  it('follows the probe where nothing was rendered, and the probe corrected where something was', () => {
    const speed = createSpeed();
    speed.guess(at(64), 1);
    speed.guess(at(256), 4);
    expect([64, 128, 256, 512].map((size) => speed.secondsPerUnit(at(size)))).toEqual([1, 2, 4, 4]);
    speed.add(at(64), 10, 40);
    expect(speed.secondsPerUnit(at(64))).toBe(4);
    // Four times the probe, two octaves away: twice.
    expect(speed.secondsPerUnit(at(256))).toBe(8);
  });

  it('says nothing of another network or depth', () => {
    const speed = createSpeed();
    speed.add(at(64), 10, 40);
    expect(speed.secondsPerUnit(costKeyOf({ ...defaultFilm, network: 'vgg19' }))).toBeNull();
    expect(speed.secondsPerUnit(costKeyOf({ ...defaultFilm, depth: 'texture' }))).toBeNull();
  });
});
