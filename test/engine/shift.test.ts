import { describe, expect, it } from 'vitest';
import { createPicture, type Picture } from '../../src/domain/picture.ts';
import { createRandom } from '../../src/domain/random.ts';
import { drawOffsets, type Offset, shift, unshift } from '../../src/engine/synthesis/shift.ts';
import { flatPicture, wavyPicture } from '../support/test-pictures.ts';

const dot = (a: Picture, b: Picture): number => a.data.reduce((sum, value, i) => sum + value * b.data[i]!, 0);

const offsets: readonly Offset[] = [
  { x: 0, y: 0 },
  { x: 1, y: 0 },
  { x: 0, y: 3 },
  { x: 3, y: 2 },
  { x: 7, y: 5 },
  { x: -1, y: 0 },
  { x: -2, y: 1 },
  { x: 3, y: -5 },
];

/** A picture of one row in red; the other planes are black. */
const row = (...values: readonly number[]): Picture => {
  const picture = createPicture(values.length, 1);
  picture.data.set(values);
  return picture;
};

describe('the offsets of a frame', () => {
  it('see each phase of two poolings once in four steps, wherever they begin', () => {
    const random = createRandom(1);
    const phaseOf = (place: number, period: number): number => ((place % period) + period) % period;
    const begun = new Set<string>();
    for (let frame = 0; frame < 40; frame++) {
      const offsets = drawOffsets(random, 4);
      expect(new Set(offsets.map(({ x, y }) => `${phaseOf(x, 2)} ${phaseOf(y, 2)}`)).size).toBe(4);
      expect(new Set(offsets.map(({ x }) => phaseOf(x, 4))).size).toBe(4);
      expect(new Set(offsets.map(({ y }) => phaseOf(y, 4))).size).toBe(4);
      begun.add(`${offsets[0]!.x} ${offsets[0]!.y}`);
    }
    expect(begun.size).toBeGreaterThan(10);
  });

  it('lie within two pixels, and to neither side more than to the other', () => {
    const offsets = drawOffsets(createRandom(2), 4000);
    for (const side of ['x', 'y'] as const) {
      const places = offsets.map((offset) => offset[side]);
      expect(new Set(places)).toEqual(new Set([-2, -1, 0, 1, 2]));
      const mean = places.reduce((sum, place) => sum + place, 0) / places.length;
      // The mean of 1000 turns' sides, each off by a half, is within 0.016 two times of three.
      expect(Math.abs(mean)).toBeLessThan(0.06);
    }
  });

  it('are as many as the steps, and the same for the same seed', () => {
    expect(drawOffsets(createRandom(3), 7)).toHaveLength(7);
    expect(drawOffsets(createRandom(3), 7)).toEqual(drawOffsets(createRandom(3), 7));
  });
});

describe('looking from an offset', () => {
  it('moves the picture and mirrors what is missing, without its last pixel twice', () => {
    expect([...shift(row(1, 2, 3, 4), { x: 1, y: 0 }).data.subarray(0, 4)]).toEqual([2, 3, 4, 3]);
    expect([...shift(row(1, 2, 3, 4), { x: 2, y: 0 }).data.subarray(0, 4)]).toEqual([3, 4, 3, 2]);
    expect([...shift(row(1, 2, 3, 4), { x: -1, y: 0 }).data.subarray(0, 4)]).toEqual([2, 1, 2, 3]);
    expect([...shift(row(1, 2, 3, 4), { x: -2, y: 0 }).data.subarray(0, 4)]).toEqual([3, 2, 1, 2]);
  });

  it('gives back to each pixel all that was made of it', () => {
    expect([...unshift(row(1, 10, 100, 1000), { x: 2, y: 0 }).data.subarray(0, 4)]).toEqual([
      0, 1000, 101, 10,
    ]);
  });

  it.each(offsets)('is undone by its adjoint at $x, $y', (offset) => {
    const [a, b] = [wavyPicture(8, 6, 1), wavyPicture(8, 6, 2)];
    // Sums of 144 products, each with seven digits.
    expect(dot(shift(a, offset), b)).toBeCloseTo(dot(a, unshift(b, offset)), 4);
  });

  it.each(offsets)('loses nothing of a gradient at $x, $y', (offset) => {
    const gradient = wavyPicture(8, 6, 3);
    const ones = flatPicture(8, 6, 1);
    expect(dot(unshift(gradient, offset), ones)).toBeCloseTo(dot(gradient, ones), 4);
  });

  it('keeps size, planes and the picture it was given', () => {
    const picture = wavyPicture(8, 6, 4);
    const before = picture.data.slice();
    const shifted = shift(picture, { x: 2, y: 1 });
    expect([shifted.width, shifted.height]).toEqual([8, 6]);
    for (let plane = 0; plane < 3; plane++) {
      expect(shifted.data[plane * 48]).toBe(picture.data[plane * 48 + 8 + 2]);
    }
    unshift(picture, { x: 2, y: 1 });
    expect(picture.data).toEqual(before);
  });
});
