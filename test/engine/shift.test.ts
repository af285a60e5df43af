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

/** How many of a period's phases are between one place and the next, around it, in their order. */
const gapsOf = (places: readonly number[], period: number): readonly number[] => {
  const phases = places.map((place) => ((place % period) + period) % period).toSorted((a, b) => a - b);
  return phases.map((phase, i) => (i === 0 ? phase + period - phases.at(-1)! : phase - phases[i - 1]!));
};

const manyPoolings = [0, 1, 2, 3, 4] as const;

describe('the offsets of a frame', () => {
  it.each(manyPoolings)(
    'see each phase of the first two of %i poolings once in four steps, wherever they begin',
    (poolings) => {
      const random = createRandom(1);
      const phaseOf = (place: number, period: number): number => ((place % period) + period) % period;
      const begun = new Set<string>();
      for (let frame = 0; frame < 40; frame++) {
        const offsets = drawOffsets(random, 4, { poolings });
        expect(new Set(offsets.map(({ x, y }) => `${phaseOf(x, 2)} ${phaseOf(y, 2)}`)).size).toBe(4);
        expect(new Set(offsets.map(({ x }) => phaseOf(x, 4))).size).toBe(4);
        expect(new Set(offsets.map(({ y }) => phaseOf(y, 4))).size).toBe(4);
        begun.add(`${offsets[0]!.x} ${offsets[0]!.y}`);
      }
      expect(begun.size).toBeGreaterThan(10);
    },
  );

  it.each([
    [3, 8, 3],
    [4, 16, 6],
  ])(
    'are spread over the %i poolings’ grid in every four steps, and see all of its phases alike',
    (poolings, period, widest) => {
      const offsets = drawOffsets(createRandom(4), 16_000, { poolings });
      for (const side of ['x', 'y'] as const) {
        const places = offsets.map((offset) => offset[side]);
        for (let turn = 0; turn < 400; turn += 4) {
          expect(Math.max(...gapsOf(places.slice(turn, turn + 4), period))).toBeLessThanOrEqual(widest);
        }
        const seen = Map.groupBy(places, (place) => (place + period) % period);
        expect(seen.size).toBe(period);
        for (const each of seen.values()) {
          // Of 4000 turns; with 16 phases the deviation is 4 % of each one's share.
          expect(Math.abs((each.length * period) / places.length - 1)).toBeLessThan(0.15);
        }
      }
    },
  );

  it.each([
    [0, 2],
    [2, 2],
    [3, 4],
    [4, 8],
  ])('lie with %i poolings within %i pixels, to neither side more than to the other', (poolings, most) => {
    const offsets = drawOffsets(createRandom(2), 4000, { poolings });
    for (const side of ['x', 'y'] as const) {
      const places = offsets.map((offset) => offset[side]);
      const within = Array.from({ length: 2 * most + 1 }, (_, i) => i - most);
      expect(new Set(places)).toEqual(new Set(within));
      const mean = places.reduce((sum, place) => sum + place, 0) / places.length;
      // The mean of 1000 turns, each off by a quarter of the reach, is within 0.008 of it two times of three.
      expect(Math.abs(mean)).toBeLessThan(0.03 * most);
    }
  });

  it('are those of films from before deeper networks', () => {
    const places = drawOffsets(createRandom(7), 8, { poolings: 2 }).map(({ x, y }) => [x, y]);
    expect(places).toEqual([
      [-1, 2],
      [2, -1],
      [0, 0],
      [1, 1],
      [0, 1],
      [-1, 2],
      [1, -1],
      [-2, 0],
    ]);
  });

  it('are as many as the steps, and the same for the same seed', () => {
    const draw = () => drawOffsets(createRandom(3), 7, { poolings: 3 });
    expect(draw()).toHaveLength(7);
    expect(draw()).toEqual(draw());
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
