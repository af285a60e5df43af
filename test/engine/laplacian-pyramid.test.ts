import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/domain/random.ts';
import { createPyramid } from '../../src/engine/synthesis/laplacian-pyramid.ts';

const noise = (length: number, seed: number): Float32Array => {
  const random = createRandom(seed);
  return Float32Array.from({ length }, () => random.normal());
};

const dot = (a: Float32Array, b: Float32Array): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0);

const largest = (a: Float32Array, b: Float32Array): number =>
  Math.max(...a.map((value, i) => Math.abs(value - b[i]!)));

const sizes = [
  { width: 32, height: 32 },
  { width: 48, height: 32 },
  { width: 16, height: 64 },
  // Can be halved twice.
  { width: 12, height: 20 },
  { width: 7, height: 5 },
];

/** Only the band `index` of so many. */
const only = (index: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, band) => (band === index ? 1 : 0));

describe.each(sizes)('a pyramid of $width x $height', (size) => {
  const area = size.width * size.height;
  const pyramid = createPyramid(size);
  const bands = pyramid.counts.length;

  it('gives the plane back where nothing is scaled', () => {
    const plane = noise(area, 1);
    pyramid.split(plane);
    // Sums of a few float32 values near 1.
    expect(largest(pyramid.join(new Array<number>(bands).fill(1)), plane)).toBeLessThan(1e-5);
  });

  it('leaves the plane that it takes apart as it is', () => {
    const plane = noise(area, 2);
    pyramid.split(plane);
    expect(plane).toEqual(noise(area, 2));
  });

  it('is a symmetric map whatever its scales, and turns no gradient around', () => {
    const gains = Array.from({ length: bands }, (_, band) => 0.3 + ((band * 7) % 5));
    const scaled = (plane: Float32Array): Float32Array => {
      pyramid.split(plane);
      return pyramid.join(gains).slice();
    };
    const [a, b] = [noise(area, 3), noise(area, 4)];
    // Sums of at most 1536 products of float32 values.
    expect(Math.abs(dot(scaled(a), b) - dot(a, scaled(b)))).toBeLessThan(1e-3 * area ** 0.5);
    expect(dot(scaled(a), a)).toBeGreaterThan(0);
  });

  it('has bands that add up to the plane, and whose mean squares are what it says', () => {
    const plane = noise(area, 5);
    const sum = new Float32Array(area);
    for (let band = 0; band < bands; band++) {
      const squares = pyramid.split(plane);
      expect(squares).toHaveLength(bands);
      const part = pyramid.join(only(band, bands));
      for (let i = 0; i < area; i++) sum[i]! += part[i]!;
      // The finest band is as large as the plane; the others are smaller and lose by being enlarged.
      if (band === 0 && bands > 2) expect(dot(part, part) / area).toBeCloseTo(squares[0]!, 5);
      if (band === bands - 1) expect(part[0]! ** 2).toBeCloseTo(squares.at(-1)!, 8);
    }
    expect(largest(sum, plane)).toBeLessThan(1e-5);
  });

  it('keeps the mean in its last band, and nothing else of a flat plane anywhere', () => {
    const squares = pyramid.split(new Float32Array(area).fill(-0.5));
    expect(squares.at(-1)).toBeCloseTo(0.25, 6);
    for (const square of squares.slice(0, -1)) expect(square).toBeLessThan(1e-10);
  });

  it('counts the values of each band, a mean being one', () => {
    expect(pyramid.counts[0]).toBe(area);
    expect(pyramid.counts.at(-1)).toBe(1);
  });
});

describe('the bands of a pyramid', () => {
  it('are octaves: waves of two, four, eight pixels are each strongest in the next', () => {
    const [width, height] = [64, 64];
    const pyramid = createPyramid({ width, height });
    const strongest = [2, 4, 8, 16].map((period) => {
      const wave = Float32Array.from({ length: width * height }, (_, i) =>
        Math.cos((2 * Math.PI * (i % width) + 1) / period),
      );
      const squares = pyramid.split(wave);
      return squares.indexOf(Math.max(...squares));
    });
    expect(strongest).toEqual([...strongest].sort((a, b) => a - b));
    expect(strongest[0]).toBe(0);
    expect(new Set(strongest).size).toBeGreaterThan(2);
  });

  it('are four octaves, a rest and a mean at the sizes of films', () => {
    expect(createPyramid({ width: 64, height: 64 }).counts).toEqual([4096, 1024, 256, 64, 16, 1]);
  });
});
