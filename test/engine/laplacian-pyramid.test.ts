import { describe, expect, it } from 'vitest';
import type { Size } from '../../src/domain/picture.ts';
import { createRandom } from '../../src/domain/random.ts';
import { type ColourMatrix, createPyramid, scaled } from '../../src/engine/synthesis/laplacian-pyramid.ts';

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
const only = (index: number, count: number): readonly ColourMatrix[] =>
  Array.from({ length: count }, (_, band) => scaled(band === index ? 1 : 0));

/** B B^T of some B: symmetric, and no eigenvalue is negative. */
const symmetric = (seed: number): ColourMatrix => {
  const mix = noise(9, seed);
  return Array.from({ length: 9 }, (_, at) => {
    const [row, column] = [3 * Math.floor(at / 3), 3 * (at % 3)];
    return [0, 1, 2].reduce((sum, k) => sum + mix[row + k]! * mix[column + k]!, 0);
  });
};

/** A plane of a picture in double precision. */
type Plane = Size & { readonly at: (x: number, y: number) => number };

const clamp = (i: number, count: number): number => Math.min(count - 1, Math.max(0, i));

const planeOf = ({ width, height }: Size, valueAt: (x: number, y: number) => number): Plane => {
  const values = Array.from({ length: width * height }, (_, i) => valueAt(i % width, Math.floor(i / width)));
  return { width, height, at: (x, y) => values[clamp(y, height) * width + clamp(x, width)]! };
};

const half = ({ width, height, at }: Plane): Plane =>
  planeOf({ width: width / 2, height: height / 2 }, (x, y) => {
    let sum = 0;
    for (const [j, down] of [1, 3, 3, 1].entries()) {
      for (const [i, across] of [1, 3, 3, 1].entries()) {
        sum += (across * down * at(2 * x - 1 + i, 2 * y - 1 + j)) / 64;
      }
    }
    return sum;
  });

const double = ({ width, height, at }: Plane): Plane =>
  planeOf({ width: 2 * width, height: 2 * height }, (x, y) => {
    const [left, top] = [Math.floor((x - 1) / 2), Math.floor((y - 1) / 2)];
    const [right, bottom] = [x % 2 === 0 ? 0.75 : 0.25, y % 2 === 0 ? 0.75 : 0.25];
    const row = (line: number) => (1 - right) * at(left, line) + right * at(left + 1, line);
    return (1 - bottom) * row(top) + bottom * row(top + 1);
  });

/** The bands of a plane as they are defined, each at its own size, fine to coarse. */
const bandsOf = (plane: Plane, octaves: number): readonly Plane[] => {
  if (octaves === 0) {
    const { width, height, at } = plane;
    let mean = 0;
    for (let i = 0; i < width * height; i++) mean += at(i % width, Math.floor(i / width)) / (width * height);
    return [planeOf(plane, (x, y) => at(x, y) - mean), planeOf({ width: 1, height: 1 }, () => mean)];
  }
  const next = half(plane);
  const coarse = double(next);
  return [planeOf(plane, (x, y) => plane.at(x, y) - coarse.at(x, y)), ...bandsOf(next, octaves - 1)];
};

/** Adds bands up, from the coarsest on. */
const sumOf = ([band, ...coarser]: readonly Plane[]): Plane => {
  if (coarser.length === 0) return band!;
  const rest = sumOf(coarser);
  const below = rest.width === 1 && rest.height === 1 ? rest : double(rest);
  return planeOf(band!, (x, y) => band!.at(x, y) + below.at(x, y));
};

describe.each(sizes)('a pyramid of $width x $height', (size) => {
  const area = size.width * size.height;
  const pyramid = createPyramid(size);
  const bands = pyramid.counts.length;

  const joined = (picture: Float32Array, matrices: readonly ColourMatrix[]): Float32Array => {
    const copy = picture.slice();
    pyramid.split(copy);
    pyramid.join(matrices);
    return copy;
  };
  const momentsOf = (picture: Float32Array): readonly ColourMatrix[] => {
    pyramid.split(picture);
    return pyramid.moments();
  };
  const definedBands = (picture: Float32Array): readonly (readonly Plane[])[] =>
    [0, 1, 2].map((plane) =>
      bandsOf(
        planeOf(size, (x, y) => picture[plane * area + y * size.width + x]!),
        bands - 2,
      ),
    );

  it('gives the picture back where nothing is scaled', () => {
    const picture = noise(3 * area, 1);
    // Sums of a few float32 values near 1.
    expect(largest(joined(picture, new Array(bands).fill(scaled(1))), picture)).toBeLessThan(1e-5);
  });

  it('leaves the picture that it takes apart and measures as it is', () => {
    const picture = noise(3 * area, 2);
    momentsOf(picture);
    expect(picture).toEqual(noise(3 * area, 2));
  });

  it('joins what its bands are by definition, each with its colours mixed by its matrix', () => {
    const picture = noise(3 * area, 6);
    const matrices = Array.from({ length: bands }, (_, band) => noise(9, 20 + band));
    const actual = joined(
      picture,
      matrices.map((matrix) => [...matrix]),
    );
    const [red, green, blue] = definedBands(picture);
    for (let plane = 0; plane < 3; plane++) {
      const mixed = matrices.map((matrix, band) => {
        const [a, b, c] = matrix.subarray(3 * plane, 3 * plane + 3) as unknown as [number, number, number];
        const { width, height } = red![band]!;
        return planeOf(
          { width, height },
          (x, y) => a * red![band]!.at(x, y) + b * green![band]!.at(x, y) + c * blue![band]!.at(x, y),
        );
      });
      const expected = sumOf(mixed);
      const values = Float32Array.from({ length: area }, (_, i) =>
        expected.at(i % size.width, Math.floor(i / size.width)),
      );
      // A float32 rounding at each of six levels, of values up to 10.
      expect(largest(actual.subarray(plane * area, (plane + 1) * area), values)).toBeLessThan(1e-5);
    }
  });

  it('measures in each band how strong each colour is, and how alike each two are', () => {
    const picture = noise(3 * area, 7);
    const colours = definedBands(picture);
    const moments = momentsOf(picture);
    expect(moments).toHaveLength(bands);
    for (const [band, matrix] of moments.entries()) {
      const { width, height } = colours[0]![band]!;
      for (const [at, value] of matrix.entries()) {
        const [a, b] = [colours[Math.floor(at / 3)]![band]!, colours[at % 3]![band]!];
        let sum = 0;
        for (let y = 0; y < height; y++) for (let x = 0; x < width; x++) sum += a.at(x, y) * b.at(x, y);
        expect(value).toBeCloseTo(sum / (width * height), 6);
      }
    }
  });

  it('is a symmetric map whatever its symmetric matrices, and turns no gradient around', () => {
    const matrices = Array.from({ length: bands }, (_, band) => symmetric(30 + band));
    const [a, b] = [noise(3 * area, 3), noise(3 * area, 4)];
    // Sums of at most 4608 products of float32 values.
    expect(Math.abs(dot(joined(a, matrices), b) - dot(a, joined(b, matrices)))).toBeLessThan(
      5e-3 * area ** 0.5,
    );
    expect(dot(joined(a, matrices), a)).toBeGreaterThan(0);
  });

  it('has bands that add up to the picture', () => {
    const picture = noise(3 * area, 5);
    const sum = new Float32Array(3 * area);
    for (let band = 0; band < bands; band++) {
      const part = joined(picture, only(band, bands));
      for (let i = 0; i < sum.length; i++) sum[i]! += part[i]!;
    }
    expect(largest(sum, picture)).toBeLessThan(1e-5);
  });

  it('keeps the mean in its last band, and nothing else of a flat picture anywhere', () => {
    const moments = momentsOf(new Float32Array(3 * area).fill(-0.5));
    for (const value of moments.at(-1)!) expect(value).toBeCloseTo(0.25, 6);
    for (const value of moments.slice(0, -1).flat()) expect(Math.abs(value)).toBeLessThan(1e-10);
  });

  it('counts the pixels of each band, a mean being one', () => {
    expect(pyramid.counts[0]).toBe(area);
    expect(pyramid.counts.at(-1)).toBe(1);
  });
});

describe('the bands of a pyramid', () => {
  it('are octaves: waves of two, four, eight pixels are each strongest in the next', () => {
    const [width, height] = [64, 64];
    const pyramid = createPyramid({ width, height });
    const strongest = [2, 4, 8, 16].map((period) => {
      const wave = Float32Array.from({ length: 3 * width * height }, (_, i) =>
        Math.cos((2 * Math.PI * (i % width) + 1) / period),
      );
      pyramid.split(wave);
      const squares = pyramid.moments().map(([red]) => red!);
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
