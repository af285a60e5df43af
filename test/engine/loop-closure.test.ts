import { describe, expect, it } from 'vitest';
import { median } from '../../src/domain/median.ts';
import type { Picture } from '../../src/domain/picture.ts';
import { createRandom, type Random } from '../../src/domain/random.ts';
import { changeBetween } from '../../src/engine/zoom/guide.ts';
import { createLoopClosure, type LoopPlan } from '../../src/engine/zoom/loop-closure.ts';
import { clampPicture, enlarge } from '../../src/engine/zoom/warp.ts';
import { flatPicture, wavyPicture } from '../support/test-pictures.ts';

const plan: LoopPlan = { frames: 24, loopFrames: 12, zoom: 1.04, stepsPerFrame: 3 };
const side = 48;

/** Stands in for the optimiser: what was enlarged gets new detail of the same strength in every step. */
const addDetail = (picture: Picture, random: Random): Picture =>
  clampPicture({
    ...picture,
    data: picture.data.map((value) => 0.5 + 0.97 * (value - 0.5) + 0.04 * random.normal()),
  });

type Film = { readonly frames: readonly Picture[]; readonly changes: readonly number[] };

/** A film as `renderZoom` makes it, with or without the loop closed; the last change leads to frame 0. */
const filmOf = (frame0: Picture, { closed, ...options }: LoopPlan & { closed: boolean }): Film => {
  const random = createRandom(1);
  const closure = createLoopClosure(frame0, options);
  const frames = [frame0];
  for (let index = 1; index < options.frames; index++) {
    const previous = frames.at(-1)!;
    let picture = enlarge(previous, options.zoom, { kernel: 'band-limited' });
    const draw = closed ? closure.draw(index, picture) : undefined;
    for (let step = 0; step < options.stepsPerFrame; step++) {
      draw?.(picture);
      picture = addDetail(picture, random);
    }
    frames.push(closed ? closure.settle(index, { previous, picture }) : picture);
  }
  const changes = frames.map((frame, k) =>
    changeBetween(frame, frames[(k + 1) % frames.length]!, options.zoom),
  );
  return { frames, changes };
};

const settled = (): Picture => {
  const random = createRandom(2);
  let picture = wavyPicture(side, side, 3);
  for (let i = 0; i < 40; i++) {
    const enlarged =
      i % plan.stepsPerFrame ? picture : enlarge(picture, plan.zoom, { kernel: 'band-limited' });
    picture = addDetail(enlarged, random);
  }
  return picture;
};

describe('closing the loop', () => {
  const frame0 = settled();
  const open = filmOf(frame0, { ...plan, closed: false });
  const closed = filmOf(frame0, { ...plan, closed: true });
  const ratio = ({ changes }: Film): number => changes.at(-1)! / median(changes.slice(0, -1));

  it('makes the last step as large as the others', () => {
    expect(ratio(open)).toBeGreaterThan(1.5);
    expect(ratio(closed)).toBeGreaterThan(0.85);
    expect(ratio(closed)).toBeLessThan(1.15);
  });

  it('does not pay for it with a jump before the seam', () => {
    const usual = median(closed.changes);
    for (const change of closed.changes) expect(change / usual).toBeLessThan(1.5);
  });

  it('leaves the first part of the film alone', () => {
    const first = plan.frames - plan.loopFrames;
    for (let k = 0; k < first; k++) expect(closed.frames[k]).toEqual(open.frames[k]);
    expect(closed.frames[first]).not.toEqual(open.frames[first]);
  });

  it('keeps every value within 0..1', () => {
    for (const { data } of closed.frames) {
      expect(data.every((value) => value >= 0 && value <= 1)).toBe(true);
    }
  });

  it('gives the same film for the same pictures', () => {
    expect(filmOf(frame0, { ...plan, closed: true })).toEqual(closed);
  });
});

describe('closing the loop of an odd film', () => {
  it.each<[string, LoopPlan]>([
    ['8 frames at zoom 1.2 and a step each', { frames: 8, loopFrames: 4, zoom: 1.2, stepsPerFrame: 1 }],
    ['a zoom that hardly moves', { frames: 8, loopFrames: 4, zoom: 1.005, stepsPerFrame: 1 }],
    ['one frame that leads back', { frames: 8, loopFrames: 1, zoom: 1.1, stepsPerFrame: 2 }],
  ])('stays finite and within 0..1: %s', (_, options) => {
    const { frames } = filmOf(wavyPicture(24, 24, 5), { ...options, closed: true });
    expect(frames).toHaveLength(options.frames);
    for (const { data } of frames) expect(data.every((value) => value >= 0 && value <= 1)).toBe(true);
  });

  it.each([0, 0.5, 1])('stays as it is where nothing ever changes, at %f', (value) => {
    const still = flatPicture(16, 16, value);
    const closure = createLoopClosure(still, { frames: 8, loopFrames: 4, zoom: 1.1, stepsPerFrame: 2 });
    for (let index = 1; index < 8; index++) {
      const draw = closure.draw(index, still);
      draw?.(still);
      const { data } = closure.settle(index, { previous: still, picture: still });
      // Float32 resampling.
      expect(Math.max(...data.map((actual) => Math.abs(actual - value)))).toBeLessThan(1e-5);
    }
  });

  it('draws in equal shares, step by step, and leaves more than half to the optimiser', () => {
    const options: LoopPlan = { frames: 8, loopFrames: 1, zoom: 1.05, stepsPerFrame: 4 };
    const [black, white] = [flatPicture(32, 32, 0), flatPicture(32, 32, 1)];
    const draw = createLoopClosure(white, options).draw(7, black)!;
    for (let step = 1; step <= 4; step++) {
      draw(black);
      expect(black.data[16 * 32 + 16]).toBeCloseTo(1 - 0.55 ** (step / 4), 5);
    }
  });
});

describe('the median', () => {
  it('is the value in the middle, or the mean of two', () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([10, 1, 2, 4])).toBe(3);
    expect(median([])).toBe(0);
  });
});
