import { describe, expect, it } from 'vitest';
import { changesFrom } from '../../src/domain/frame-change.ts';
import { fromRgbImage, type Picture, toRgbImage } from '../../src/domain/picture.ts';
import { median } from '../../src/domain/statistics.ts';
import { createLoopClosure, type LoopMemory, type LoopOptions } from '../../src/engine/zoom/loop-closure.ts';
import { type Film, filmOf, type Optimise, type Setup, side, zoomed } from '../support/looped-film.ts';
import { angleBetween, turned } from '../support/slerps.ts';
import { flatPicture, wavyPicture } from '../support/test-pictures.ts';

/** Goes back on three tenths of what the closure did. */
const goBack: Optimise = ({ before, begun }) => turned(begun, before, 0.3);
/** Goes on by as much. */
const goOn: Optimise = ({ before, begun }) => turned(begun, before, -0.3);

/** Slow waves, of which a zoom loses nothing, so that angles are what the closure made them. */
const slowWaves = (down: number, across: number): Picture => {
  const picture = flatPicture(side, side, 0.5);
  for (let i = 0; i < picture.data.length; i++) {
    const [x, y] = [i % side, Math.floor(i / side) % side];
    picture.data[i]! += 0.2 * Math.sin((2 * Math.PI * (down * y + across * x)) / side);
  }
  return picture;
};

const withoutOptimiser: Optimise = ({ begun }) => begun;

/** Turns without anything else that happens, from one picture into another that was there before it. */
const bareTurn = (optimise: Optimise, how: Pick<Setup, 'interrupt'> = {}): Film =>
  filmOf({
    frames: 20,
    loopFrames: 10,
    zoom: 1.002,
    optimise,
    begin: slowWaves(2, 1),
    instead: slowWaves(-1, 3),
    ...how,
  });

describe('the turn', () => {
  it('goes in nearly even steps, slower in the middle, the one over the seam nearly one of them', () => {
    const { angles } = bareTurn(withoutOptimiser);
    const whole = angles[0]!.before;
    // Nothing in common, but for the bytes.
    expect(Math.abs(whole - Math.PI / 2)).toBeLessThan(0.1);
    const left = [whole, ...angles.slice(0, -1).map(({ done }) => done)];
    for (const [k, angle] of left.entries()) {
      // Ten steps and nine tenths for the seam. The guides zoom too, and are bytes.
      expect(Math.abs(angle - whole * (1 - k / 10.9))).toBeLessThan(0.02);
    }
    const steps = left.slice(1).map((angle, k) => left[k]! - angle);
    for (const edge of [steps[0]!, steps.at(-1)!]) {
      expect(steps[5]! / edge).toBeLessThan(0.97);
      expect(steps[5]! / edge).toBeGreaterThan(0.88);
    }
    expect(Math.max(...steps) / median(steps)).toBeLessThan(1.1);
    expect(Math.min(...steps) / median(steps)).toBeGreaterThan(0.9);
    // The last frame's own step, and what there is for the seam: at most as large as the steps at the beginning.
    expect(left.at(-1)! / median(steps)).toBeGreaterThan(1);
    expect(left.at(-1)! / median(steps)).toBeLessThan(2.1);
  });

  it('leads each frame into the one as long before frame 0 as it is before the end', () => {
    const guides = [5, 6, 7, 8].map((seed) => toRgbImage(wavyPicture(side, side, seed)));
    const frame0 = toRgbImage(wavyPicture(side, side, 9));
    const closure = createLoopClosure({ guides, frame0, frames: 12, zoom: 1.05 });
    const picture = wavyPicture(side, side, 1);
    for (const [k, own] of guides.entries()) {
      const begun = closure.blendIn(8 + k, picture);
      for (const guide of guides) {
        const goal = fromRgbImage(guide);
        const nearer = angleBetween(picture, goal) - angleBetween(begun, goal);
        // Towards its own guide by a fifth of a right angle at least; the others have next to nothing of it.
        if (guide === own) expect(nearer).toBeGreaterThan(0.25);
        else expect(nearer).toBeLessThan(0.05);
      }
      closure.finalise(8 + k, { previous: picture, picture: begun });
    }
  });

  it.each([
    ['back', goBack],
    ['on by itself', goOn],
  ])('goes as far with an optimiser that goes %s as with none', (_, optimise) => {
    const [held, free] = [bareTurn(optimise), bareTurn(withoutOptimiser)];
    expect(held.angles).toHaveLength(free.angles.length);
    for (const [k, { done }] of held.angles.entries()) {
      // Clamped pictures and bytes lie a little off the way.
      expect(Math.abs(done - free.angles[k]!.done)).toBeLessThan(0.01);
    }
  });

  it('is not held by turning away what is at its guide already', () => {
    const guides = [5, 6].map((seed) => toRgbImage(wavyPicture(side, side, seed)));
    const frame0 = toRgbImage(wavyPicture(side, side, 9));
    const closure = createLoopClosure({ guides, frame0, frames: 8, zoom: 1.05 });
    closure.blendIn(6, wavyPicture(side, side, 1));
    const guide = fromRgbImage(guides[0]!);
    const there = turned(wavyPicture(side, side, 1), guide, 0.9);
    const away = angleBetween(there, guide);
    // Nowhere near the angle that was planned: that far away lies the negative of what the optimiser made.
    expect(closure.memory().left).toBeGreaterThan(3 * away);
    expect(angleBetween(closure.constrain(6, there), guide)).toBeLessThan(2.2 * away);
  });
});

describe('the last frame', () => {
  const guide = wavyPicture(side, side, 5);
  const frame0 = zoomed(guide, 1.05);
  const usual = 0.06;
  const options: LoopOptions = {
    guides: [toRgbImage(guide)],
    frame0: toRgbImage(frame0),
    frames: 12,
    zoom: 1.05,
  };
  const memory: LoopMemory = { changes: Array<number>(10).fill(usual), left: 0 };
  /** A picture so far from the guide, and the frame that its zoom alone would make it of. */
  const startAt = (share: number): { readonly previous: Picture; readonly picture: Picture } => {
    const picture = turned(guide, wavyPicture(side, side, 6), share);
    return { previous: zoomed(picture, 1 / 1.05), picture };
  };
  const seamOf = (picture: Picture): number => changesFrom(picture, 1.05)(frame0);

  it.each([0.1, 0.3])('is moved to where the seam is as large as a usual step: from %f', (share) => {
    const start = startAt(share);
    const before = seamOf(start.picture);
    const after = seamOf(createLoopClosure(options, memory).finalise(11, start));
    // Too near to the guide it is turned away, as far as that helps; too far, into it.
    if (before < usual) expect(after).toBeGreaterThan(before);
    else expect(after).toBeLessThan(before);
    // To a few halvings.
    expect(Math.abs(after / usual - 1)).toBeLessThan(0.05);
  });

  it('is moved into its guide until the step into it is as large as the seam, or 1.6 usual ones', () => {
    const start = startAt(0.9);
    const settled = createLoopClosure(options, memory).finalise(11, start);
    expect(seamOf(settled)).toBeLessThan(seamOf(start.picture));
    expect(seamOf(settled)).toBeGreaterThan(usual);
    const before = changesFrom(start.previous, 1.05)(settled);
    // To a few halvings of the whole way.
    expect(before / Math.max(seamOf(settled), 1.6 * usual)).toBeCloseTo(1, 1);
  });
});
