import { describe, expect, it } from 'vitest';
import { zoomSteps } from '../../src/domain/kinds/zoom.ts';
import { parseRequest } from '../../src/domain/kinds.ts';
import { sizeMultiple } from '../../src/domain/request.ts';
import { outputSides } from '../../src/engine/synthesis/levels.ts';
import { planZoom, totalSteps, tunings, type ZoomTuning, zoomWork } from '../../src/engine/zoom/plan.ts';

const photo = { width: 451, height: 300 };

const planOf = (input: object, tuning?: ZoomTuning) =>
  planZoom(parseRequest(input), photo, tuning && { tuning });

const everySize = Array.from({ length: 29 }, (_, i) => 64 + i * sizeMultiple);

describe('the plan of a render', () => {
  it.each([
    [64, [64]],
    [96, [96]],
    [112, [112]],
    [128, [128]],
    [144, [144]],
    [176, [144, 176]],
    [208, [128, 160, 208]],
    [256, [128, 160, 208, 256]],
    [512, [128, 160, 208, 256, 320, 400, 512]],
  ])('goes from coarse to fine: %i', (size, levels) => {
    expect(planOf({ size }).levels.map((level) => level.width)).toEqual(levels);
  });

  it.each(everySize)(
    'has levels that the network can halve, a third of an octave from each to the next: %i',
    (size) => {
      const { levels } = planOf({ size });
      expect(levels.at(-1)!.width).toBe(size);
      expect(levels[0]!.width).toBeGreaterThanOrEqual(Math.min(size, 112));
      expect(levels[0]!.width).toBeLessThan(160);
      for (const [i, level] of levels.entries()) {
        expect(level.width % sizeMultiple).toBe(0);
        expect(level.steps).toBeGreaterThan(0);
        const next = levels[i + 1];
        // Each of the two sides is rounded.
        if (next) expect(Math.abs(level.width - next.width / 2 ** (1 / 3))).toBeLessThan(sizeMultiple);
      }
    },
  );

  it('gives the coarsest level, which begins with noise, steps of its own', () => {
    const tuning = { ...tunings.standard, startSteps: { coarsest: 100, finer: 3 } };
    const zoomSteps = (size: number) => planOf({ size }, tuning).levels.map((level) => level.steps);
    expect(zoomSteps(64)).toEqual([100]);
    expect(zoomSteps(160)).toEqual([100, 3]);
    expect(zoomSteps(256)).toEqual([100, 3, 3, 3]);
  });

  it('takes over what was asked for', () => {
    const plan = planOf({ size: 64, frames: 20, zoom: 1.1, steps: 9 });
    expect(plan).toMatchObject({ zoom: 1.1, frames: 20, stepsPerFrame: 9 });
  });

  it('counts the steps of the start and of every frame, before the film and in it', () => {
    const tuning = {
      ...tunings.standard,
      startSteps: { coarsest: 5, finer: 3 },
      leastLeadInFrames: 3,
      mostLoopFrames: 2,
    };
    expect(totalSteps(planOf({ size: 256, frames: 10, steps: 4 }, tuning))).toBe(14 + (3 + 10) * 4);
    // As many come before the film as lead back, where those are more.
    const back = { ...tuning, mostLoopFrames: 4 };
    expect(totalSteps(planOf({ size: 256, frames: 10, steps: 4 }, back))).toBe(14 + (4 + 10) * 4);
    const bare = { ...tuning, leastLeadInFrames: 0, mostLoopFrames: 0 };
    expect(totalSteps(planOf({ size: 256, frames: 8, steps: 1 }, bare))).toBe(14 + 8);
  });

  it.each([
    [1, 0, 3],
    [8, 4, 4],
    [9, 4, 4],
    [48, 24, 24],
    [240, 24, 24],
  ])('leads at most half of the frames back, into as many before the film: %i frames', (...row) => {
    const [frames, loopFrames, leadInFrames] = row;
    const tuning = {
      ...tunings.standard,
      startSteps: { coarsest: 20, finer: 2 },
      leastLeadInFrames: 3,
      mostLoopFrames: 24,
    };
    // One frame is less than can be asked for; the engine's plan does not mind.
    const plan = planZoom({ ...parseRequest({ size: 64, steps: 5 }), frames }, photo, { tuning });
    expect(plan).toMatchObject({ frames, loopFrames, leadInFrames });
    expect(totalSteps(plan)).toBe(20 + (leadInFrames + frames) * 5);
  });

  it.each([
    [8, 2, 3, 2, 3],
    [8, 2, 0, 2, 2],
    [8, 12, 6, 4, 6],
    [48, 12, 3, 12, 12],
  ])('keeps to its tuning: %i frames, of which %i lead back, after %i or more', (...row) => {
    const [frames, mostLoopFrames, leastLeadInFrames, loopFrames, leadInFrames] = row;
    const tuning = { ...tunings.standard, mostLoopFrames, leastLeadInFrames };
    expect(planOf({ frames }, tuning)).toMatchObject({ loopFrames, leadInFrames });
  });

  it('injects detail as its tuning says, and none in drafts', () => {
    expect(planOf({}, { ...tunings.standard, detailAngle: 0.1 }).detailAngle).toBe(0.1);
    expect(planOf({ quality: 'draft' }).detailAngle).toBe(0);
    expect(planOf({}).detailAngle).toBeGreaterThan(0);
  });

  it('is plain data', () => {
    const plan = planOf({});
    expect(structuredClone(plan)).toEqual(plan);
  });
});

const everyQuality = Object.keys(tunings) as readonly (keyof typeof tunings)[];

describe('the sides of a film', () => {
  const sidesOf = (size: number, width: number, height: number) =>
    outputSides({ size, aspect: 'photo' }, { width, height });

  it('are its size both ways, whatever the photo, where nothing else is asked for', () => {
    expect(outputSides({ size: 144, aspect: 'square' }, { width: 900, height: 10 })).toEqual({
      width: 144,
      height: 144,
    });
  });

  it.each([
    [256, 3, 2, 320, 208],
    [256, 2, 3, 208, 320],
    [256, 4032, 3024, 288, 224],
    [256, 7, 7, 256, 256],
    [512, 16, 9, 688, 384],
    [64, 3, 2, 80, 64],
  ])('follow the photo at %i: %i x %i', (size, photoWidth, photoHeight, width, height) => {
    expect(sidesOf(size, photoWidth, photoHeight)).toEqual({ width, height });
  });

  it.each(everySize)('are multiples that can be halved, with about the same area: %i', (size) => {
    for (const ratio of [1 / 20, 1 / 3, 0.5, 0.75, 0.97, 1, 1.33, 1.5, 1.78, 2.4, 3, 20]) {
      const { width, height } = sidesOf(size, 1000 * ratio, 1000);
      expect([width % sizeMultiple, height % sizeMultiple]).toEqual([0, 0]);
      expect(Math.min(width, height)).toBeGreaterThanOrEqual(64);
      // No side is shorter than the smallest film's: that makes small slivers larger than they should be.
      const kept = Math.max(1, 64 / (size / Math.sqrt(Math.min(3, Math.max(ratio, 1 / ratio)))));
      // Each side is rounded by at most half a multiple.
      const rounding = (1 + sizeMultiple / 2 / width) * (1 + sizeMultiple / 2 / height) * 1.01;
      expect((width * height) / size ** 2).toBeLessThanOrEqual(kept * rounding);
      expect((width * height) / size ** 2).toBeGreaterThanOrEqual(1 / rounding - 0.02);
    }
  });

  it('have at most 3 to 1: of a sliver the film shows what fits', () => {
    expect(sidesOf(256, 5000, 250)).toEqual(sidesOf(256, 3, 1));
    expect(sidesOf(256, 250, 5000)).toEqual(sidesOf(256, 1, 3));
    expect(sidesOf(512, 20, 1)).toEqual({ width: 880, height: 288 });
  });
});

describe('the plan of a film in the shape of its photo', () => {
  it.each([
    [
      256,
      { width: 3, height: 2 },
      [
        [208, 128],
        [256, 160],
        [320, 208],
      ],
    ],
    [
      256,
      { width: 2, height: 3 },
      [
        [128, 208],
        [160, 256],
        [208, 320],
      ],
    ],
    [128, { width: 1, height: 9 }, [[80, 224]]],
    [64, { width: 3, height: 2 }, [[80, 64]]],
  ] as const)('goes from coarse to fine by its shorter side: %i', (size, shape, levels) => {
    const plan = planZoom(parseRequest({ size, aspect: 'photo' }), shape);
    expect(plan.levels.map(({ width, height }) => [width, height])).toEqual(levels);
    for (const { steps } of plan.levels) expect(steps).toBeGreaterThan(0);
  });
});

describe('the quality', () => {
  it.each(everyQuality)('makes a plan that can be carried out, for every size: %s', (quality) => {
    for (const size of everySize) {
      for (const aspect of ['square', 'photo'] as const) {
        const plan = planOf({ size, quality, aspect });
        expect(plan.stepsPerFrame).toBe(zoomSteps[quality]);
        expect(plan.leadInFrames).toBeGreaterThanOrEqual(plan.loopFrames);
        for (const { steps } of plan.levels) expect(steps).toBeGreaterThan(0);
        expect(plan.leadInFrames).toBeGreaterThanOrEqual(tunings[quality].leastLeadInFrames);
        expect(plan.loopFrames).toBeGreaterThan(0);
        expect(totalSteps(plan)).toBeGreaterThan(plan.frames);
      }
    }
  });

  it('lets its steps be overruled and nothing else', () => {
    const { stepsPerFrame, ...fine } = planOf({ quality: 'fine', steps: 3 });
    expect(stepsPerFrame).toBe(3);
    expect(planOf({ quality: 'fine' })).toMatchObject(fine);
  });
});

describe('the work of a render', () => {
  const workAt = (input: object): number => zoomWork(parseRequest(input));

  it('is less than half that of the standard for drafts and nearly twice for fine films; what else takes time is the same', () => {
    for (const size of [128, 256, 512]) {
      expect(workAt({ size, quality: 'draft' }) / workAt({ size })).toBeGreaterThan(0.3);
      expect(workAt({ size, quality: 'draft' }) / workAt({ size })).toBeLessThan(0.5);
      expect(workAt({ size, quality: 'fine' }) / workAt({ size })).toBeGreaterThan(1.7);
      expect(workAt({ size, quality: 'fine' }) / workAt({ size })).toBeLessThan(2);
    }
  });

  it('is nearly that of the plan in every shape, although no photo has been looked at yet', () => {
    // Smaller films may have a level less in one shape than in another.
    for (const size of [256, 384, 512]) {
      for (const shape of [photo, { width: 2, height: 3 }, { width: 16, height: 9 }]) {
        for (const quality of everyQuality) {
          const request = parseRequest({ size, quality, aspect: 'photo' });
          const plan = planZoom(request, shape);
          const film = plan.levels.at(-1)!;
          const start = plan.levels.reduce(
            (sum, { width, height, steps }) => sum + width * height * steps,
            0,
          );
          const frames = (plan.leadInFrames + plan.frames) * plan.stepsPerFrame;
          const exact = start + frames * film.width * film.height;
          // Sides are rounded to multiples and never below 64, which counts most for the smallest films.
          expect(Math.abs(zoomWork(request) / exact - 1)).toBeLessThan(0.15);
        }
      }
    }
  });
});
