import { describe, expect, it } from 'vitest';
import { createPicture, type Picture } from '../../src/domain/picture.ts';
import { type Kernel, resample } from '../../src/engine/zoom/resample.ts';
import { flatPicture, wavyPicture } from '../support/test-pictures.ts';

const kernels: readonly Kernel[] = ['bilinear', 'bicubic', 'band-limited'];

/** The same function of x and y in each plane. */
const drawn = (width: number, height: number, value: (x: number, y: number, plane: number) => number) => {
  const picture = createPicture(width, height);
  for (let plane = 0; plane < 3; plane++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) picture.data[(plane * height + y) * width + x] = value(x, y, plane);
    }
  }
  return picture;
};

/** A picture of one row, the same in each plane. */
const row = (...values: readonly number[]): Picture => drawn(values.length, 1, (x) => values[x]!);

const firstRow = ({ width, data }: Picture): readonly number[] => [...data.subarray(0, width)];

const expectClose = (actual: ArrayLike<number>, expected: readonly number[], digits = 5): void => {
  expect(actual.length).toBe(expected.length);
  for (const [i, value] of expected.entries()) expect(actual[i]).toBeCloseTo(value, digits);
};

describe('resampling against hand values', () => {
  it('puts pixels at half-pixel centres', () => {
    // Twice as long, positions 0..3 lie at -0.25, 0.25, 0.75 and 1.25 of the source.
    expectClose(firstRow(resample(row(0, 8), { width: 4, height: 1, kernel: 'bilinear' })), [0, 2, 6, 8]);
    // Catmull-Rom at a quarter: -9/128, 111/128, 29/128, -3/128; at the borders the source goes on as it ends.
    const cubic = firstRow(resample(row(0, 8), { width: 4, height: 1, kernel: 'bicubic' }));
    expectClose(cubic, [(8 * -9) / 128, (8 * 26) / 128, (8 * 102) / 128, (8 * 137) / 128]);
  });

  it('enlarges a 4 x 4 picture about its centre bilinearly', () => {
    const values = [
      [0, 4, 8, 12],
      [16, 0, 0, 20],
      [24, 8, 16, 28],
      [4, 40, 0, 8],
    ];
    const picture = drawn(4, 4, (x, y, plane) => values[y]![x]! + 100 * plane);
    const enlarged = resample(picture, { width: 4, height: 4, kernel: 'bilinear', scale: 1 / 2 });
    // Both axes show 0.75, 1.25, 1.75 and 2.25: a quarter and three quarters of two neighbours.
    const across = [
      [3, 5, 7, 9],
      [4, 0, 0, 5],
      [12, 10, 14, 19],
      [31, 30, 10, 2],
    ];
    const mixed = (upper: number, lower: number, share: number): readonly number[] =>
      across[upper]!.map((value, x) => value * (1 - share) + across[lower]![x]! * share);
    const plane = [mixed(0, 1, 0.75), mixed(1, 2, 0.25), mixed(1, 2, 0.75), mixed(2, 3, 0.25)].flat();
    expect(plane[0]).toBe(3.75);
    expectClose(enlarged.data, [
      ...plane,
      ...plane.map((value) => value + 100),
      ...plane.map((v) => v + 200),
    ]);
  });

  it('widens its kernel where the picture shrinks', () => {
    // At half the size each pixel takes 1/8, 3/8, 3/8 and 1/8 of four; the border counts for what lies beyond.
    const shrunk = resample(row(0, 8, 16, 40), { width: 2, height: 1, kernel: 'bilinear' });
    expectClose(firstRow(shrunk), [(0 + 3 * 0 + 3 * 8 + 16) / 8, (8 + 3 * 16 + 3 * 40 + 40) / 8]);
  });

  it('does not clamp values', () => {
    const edge = firstRow(resample(row(0, 0, 1, 1), { width: 8, height: 1, kernel: 'bicubic' }));
    expect(Math.min(...edge)).toBeLessThan(-0.01);
    expect(Math.max(...edge)).toBeGreaterThan(1.01);
  });

  it('takes rows like columns', () => {
    const picture = wavyPicture(12, 12, 5);
    const transposed = drawn(12, 12, (x, y, plane) => picture.data[(plane * 12 + x) * 12 + y]!);
    for (const kernel of kernels) {
      const options = { width: 12, height: 12, kernel, scale: 0.8 };
      const once = resample(picture, options).data;
      const turned = resample(transposed, options).data;
      // The order of float32 sums differs.
      for (let i = 0; i < 144; i++)
        expect(turned[(i % 12) * 12 + Math.floor(i / 12)]).toBeCloseTo(once[i]!, 5);
    }
  });

  it('resizes pictures that are not square, each side by itself', () => {
    const picture = drawn(6, 2, (x, y) => x + 10 * y);
    const { width, height, data } = resample(picture, { width: 3, height: 4, kernel: 'bilinear' });
    expect([width, height, data.length]).toEqual([3, 4, 36]);
    // Column 1 lies between columns 2 and 3; rows lie at -0.25, 0.25, 0.75 and 1.25.
    expectClose(
      [1, 4, 7, 10].map((i) => data[i]!),
      [2.5, 5, 10, 12.5],
    );
  });
});

describe.each(kernels)('the %s kernel', (kernel) => {
  it.each([1, 1.03, 1.7, 0.5, 0.13])('sums to 1 at zoom %f: a constant stays, borders too', (zoom) => {
    const { data } = resample(flatPicture(20, 20, 0.7), { width: 20, height: 20, kernel, scale: 1 / zoom });
    // Float32 weights: seven digits.
    expect(Math.max(...data.map((value) => Math.abs(value - 0.7)))).toBeLessThan(1e-6);
  });

  it('keeps a ramp a ramp, scaled about the centre', () => {
    const [side, zoom, slope] = [48, 1.25, 0.5];
    const ramp = drawn(side, side, (x, y) => slope * (x - y));
    const { data } = resample(ramp, { width: side, height: side, kernel, scale: 1 / zoom });
    // Bilinear and cubic are exact for ramps; the windowed sinc strays by thousandths of a step. Within its six
    // pixels of the border the source no longer is a ramp.
    const tolerance = slope * (kernel === 'band-limited' ? 0.01 : 1e-4);
    for (let y = 8; y < side - 8; y++) {
      for (let x = 8; x < side - 8; x++) {
        expect(Math.abs(data[y * side + x]! - (slope * (x - y)) / zoom)).toBeLessThan(tolerance);
      }
    }
  });

  it('is the same from the left and from the right', () => {
    const picture = wavyPicture(16, 16, 9);
    const mirrored = drawn(16, 16, (x, y, plane) => picture.data[(plane * 16 + y) * 16 + 15 - x]!);
    const options = { width: 16, height: 16, kernel, scale: 1 / 1.07 };
    const once = resample(picture, options).data;
    const turned = resample(mirrored, options).data;
    for (let i = 0; i < 256; i++) expect(turned[i]).toBeCloseTo(once[16 * (i >> 4) + 15 - (i % 16)]!, 5);
  });
});

/**
 * How much of a wave is left after the zoom of one frame, pixel by pixel. The wave goes in as cosine (red) and
 * sine (green), so that its amplitude can be read off at every pixel.
 */
const amplitudes = (kernel: Kernel, cyclesPerPixel: number): readonly number[] => {
  const width = 128;
  const wave = drawn(width, 1, (x, _, plane) => {
    const angle = 2 * Math.PI * cyclesPerPixel * x;
    return plane === 0 ? Math.cos(angle) : plane === 1 ? Math.sin(angle) : 0;
  });
  const { data } = resample(wave, { width, height: 1, kernel, scale: 1 / 1.03 });
  return Array.from({ length: width - 16 }, (_, i) => Math.hypot(data[i + 8]!, data[i + 8 + width]!));
};

const spread = (values: readonly number[]): number => Math.max(...values) - Math.min(...values);

describe('what a zoom leaves of detail', () => {
  it('is the same at every phase of the pixel grid with the band-limited kernel, unlike the others', () => {
    const alike = spread(amplitudes('band-limited', 0.3));
    // Interpolating kernels keep everything on the grid and lose it half-way between.
    expect(alike).toBeLessThan(0.01);
    expect(spread(amplitudes('bicubic', 0.3))).toBeGreaterThan(10 * alike);
    expect(spread(amplitudes('bilinear', 0.3))).toBeGreaterThan(10 * alike);
  });

  it('is all of it at low frequencies and little near half the sampling rate, with the band-limited kernel', () => {
    for (const frequency of [0.05, 0.15, 0.25, 0.3]) {
      for (const amplitude of amplitudes('band-limited', frequency)) {
        expect(Math.abs(amplitude - 1)).toBeLessThan(0.02);
      }
    }
    // What is kept here folds back as its mirror image beyond 0.5; bicubic keeps all of it on the grid.
    expect(Math.max(...amplitudes('band-limited', 0.45))).toBeLessThan(0.4);
    expect(Math.max(...amplitudes('bicubic', 0.45))).toBeGreaterThan(0.9);
  });
});

describe('borders', () => {
  it('go on as they end, or as their own mirror image without the last pixel twice', () => {
    // At half the size about the centre, the first of four pixels lies at -1.5: 1/8, 3/8, 3/8, 1/8 of -3 to 0.
    const shrunk = (border: 'clamp' | 'mirror') =>
      firstRow(resample(row(0, 8, 16, 40), { width: 4, height: 1, kernel: 'bilinear', scale: 2, border }));
    expect(shrunk('clamp')[0]).toBeCloseTo(0, 5);
    expect(shrunk('mirror')[0]).toBeCloseTo((40 + 3 * 16 + 3 * 8 + 0) / 8, 5);
    // The second lies at 0.5 and reads -1 to 2.
    expect(shrunk('clamp')[1]).toBeCloseTo((0 + 3 * 0 + 3 * 8 + 16) / 8, 5);
    expect(shrunk('mirror')[1]).toBeCloseTo((8 + 3 * 0 + 3 * 8 + 16) / 8, 5);
  });

  it('are clamped unless asked otherwise', () => {
    const options = { width: 4, height: 1, kernel: 'bicubic', scale: 2 } as const;
    const picture = row(0, 8, 16, 40);
    expect(resample(picture, options)).toEqual(resample(picture, { ...options, border: 'clamp' }));
  });
});
