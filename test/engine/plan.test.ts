import { describe, expect, it } from 'vitest';
import { parseRequest, sizeMultiple } from '../../src/domain/request.ts';
import { defaultTuning, planZoom, totalSteps, type ZoomTuning } from '../../src/engine/zoom/plan.ts';

const planOf = (input: object, tuning?: ZoomTuning) => planZoom(parseRequest(input), tuning);

const everySize = Array.from({ length: 29 }, (_, i) => 64 + i * sizeMultiple);

describe('the plan of a render', () => {
  it.each([
    [64, [64]],
    [96, [96]],
    [112, [112]],
    [128, [64, 128]],
    [208, [112, 208]],
    [256, [64, 128, 256]],
    [512, [64, 128, 256, 512]],
  ])('goes from coarse to fine: %i', (size, levels) => {
    expect(planOf({ size }).levels.map((level) => level.size)).toEqual(levels);
  });

  it.each(everySize)('has levels that the network can halve, each about half of the next: %i', (size) => {
    const { levels } = planOf({ size });
    expect(levels.at(-1)!.size).toBe(size);
    expect(levels[0]!.size).toBeGreaterThanOrEqual(64);
    expect(levels[0]!.size).toBeLessThan(128);
    for (const [i, level] of levels.entries()) {
      expect(level.size % sizeMultiple).toBe(0);
      expect(level.steps).toBeGreaterThan(0);
      const next = levels[i + 1];
      if (next) expect(Math.abs(level.size - next.size / 2)).toBeLessThanOrEqual(sizeMultiple / 2);
    }
  });

  it('gives the finest level the last of the start steps, however many levels there are', () => {
    const tuning = { ...defaultTuning, startSteps: [1, 2, 3, 4] };
    const stepsOf = (size: number) => planOf({ size }, tuning).levels.map((level) => level.steps);
    expect(stepsOf(64)).toEqual([4]);
    expect(stepsOf(128)).toEqual([3, 4]);
    expect(stepsOf(512)).toEqual([1, 2, 3, 4]);
  });

  it('takes over what was asked for', () => {
    const plan = planOf({ size: 64, frames: 20, zoom: 1.1, steps: 9 });
    expect(plan).toMatchObject({ zoom: 1.1, frames: 20, stepsPerFrame: 9 });
  });

  it('counts the steps of the start, of the burn-in and of every frame but the first', () => {
    const tuning = { ...defaultTuning, startSteps: [5, 6, 7, 8], burnInFrames: 3 };
    expect(totalSteps(planOf({ size: 128, frames: 10, steps: 4 }, tuning))).toBe(7 + 8 + (3 + 9) * 4);
    // Frame 0 is the last of the burn-in, or the end of the start where there is none.
    const bare = { ...tuning, burnInFrames: 0 };
    expect(totalSteps(planOf({ size: 64, frames: 8, steps: 1 }, bare))).toBe(8 + 7);
  });

  it('leads at most half of the frames back', () => {
    for (const frames of [8, 9, 30, 48, 240]) {
      const { loopFrames } = planOf({ frames });
      expect(loopFrames).toBeGreaterThan(0);
      expect(loopFrames).toBeLessThanOrEqual(frames / 2);
    }
    expect(planOf({}).loopFrames).toBe(24);
  });

  it('begins to lead back when frame 0 is large enough to be seen, however fast and long the film', () => {
    for (const size of [64, 512]) {
      for (const frames of [8, 60, 120, 240]) {
        for (const zoom of [1.005, 1.03, 1.1, 1.2]) {
          const { loopFrames } = planOf({ size, frames, zoom });
          expect(loopFrames).toBeGreaterThanOrEqual(4);
          // The side of frame 0 as it is first drawn, in pixels.
          expect(size / zoom ** loopFrames).toBeGreaterThanOrEqual(8);
        }
      }
    }
  });

  it('is plain data', () => {
    const plan = planOf({});
    expect(structuredClone(plan)).toEqual(plan);
  });
});
