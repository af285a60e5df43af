import { describe, expect, it } from 'vitest';
import { createPicture, type Picture } from '../../src/domain/picture.ts';
import {
  type Kernel,
  type ResampleOptions,
  resample,
  resamplerFor,
} from '../../src/engine/synthesis/resample.ts';
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
  it('are repeated beyond the picture', () => {
    // At half the size about the centre, the first of four pixels lies at -1.5: 1/8, 3/8, 3/8, 1/8 of -3 to 0.
    const shrunk = firstRow(
      resample(row(0, 8, 16, 40), { width: 4, height: 1, kernel: 'bilinear', scale: 2 }),
    );
    expect(shrunk[0]).toBeCloseTo(0, 5);
    // The second lies at 0.5 and reads -1 to 2.
    expect(shrunk[1]).toBeCloseTo((0 + 3 * 0 + 3 * 8 + 16) / 8, 5);
  });
});

/** The kernels as they are described, and how far they reach. */
const described: Readonly<Record<Kernel, { readonly reach: number; readonly weigh: (x: number) => number }>> =
  {
    bilinear: { reach: 1, weigh: (x) => 1 - Math.abs(x) },
    bicubic: {
      reach: 2,
      // Keys 1981 with a = -1/2.
      weigh: (x) => {
        const t = Math.abs(x);
        return t < 1 ? 1 - 2.5 * t ** 2 + 1.5 * t ** 3 : 2 - 4 * t + 2.5 * t ** 2 - 0.5 * t ** 3;
      },
    },
    'band-limited': {
      reach: 6,
      weigh: (x) => {
        const angle = 2 * Math.PI * 0.42 * x;
        return (x === 0 ? 1 : Math.sin(angle) / angle) * ((1 + Math.cos((Math.PI * x) / 6)) / 2);
      },
    },
  };

const shownAt = (position: number, size: number): number => Math.min(size - 1, Math.max(0, position));

/** How much of each source pixel an output pixel holds, along one axis. */
const sharesOf = (
  [size, output]: readonly [number, number],
  options: ResampleOptions,
  axis: 'x' | 'y',
): readonly (readonly number[])[] => {
  const { kernel, scale = size / output } = options;
  const fixed = axis === 'x' ? (options.about?.x ?? 0) : (options.about?.y ?? 0);
  const { reach, weigh } = described[kernel];
  const stretch = Math.max(1, scale);
  return Array.from({ length: output }, (_, x) => {
    // From the fixed point everything is `scale` times as far in the source as in the output.
    const centre = size / 2 - 0.5 + fixed + scale * (x - (output / 2 - 0.5 + fixed));
    const shares = Array<number>(size).fill(0);
    const [from, to] = [Math.floor(centre - reach * stretch), Math.ceil(centre + reach * stretch)];
    for (let position = from; position <= to; position++) {
      const off = (position - centre) / stretch;
      if (Math.abs(off) < reach) shares[shownAt(position, size)]! += weigh(off);
    }
    const sum = shares.reduce((total, share) => total + share, 0);
    return shares.map((share) => share / sum);
  });
};

/** Every output pixel as the sum over all source pixels, in double precision. */
const resampledPlainly = (picture: Picture, options: ResampleOptions): readonly number[] => {
  const { width, height, data } = picture;
  const across = sharesOf([width, options.width], options, 'x');
  const down = sharesOf([height, options.height], options, 'y');
  const output: number[] = [];
  for (let plane = 0; plane < 3; plane++) {
    for (const rows of down) {
      for (const columns of across) {
        let value = 0;
        for (const [y, ofRow] of rows.entries()) {
          if (ofRow === 0) continue;
          for (const [x, ofColumn] of columns.entries()) {
            value += ofRow * ofColumn * data[(plane * height + y) * width + x]!;
          }
        }
        output.push(value);
      }
    }
  }
  return output;
};

const square = (side: number) => ({ width: side, height: side });

describe('resampling against a plain loop in double precision', () => {
  it.each<[string, readonly [number, number], ResampleOptions]>([
    ['2 taps, a zoom', [17, 17], { ...square(17), kernel: 'bilinear', scale: 1 / 1.07 }],
    ['2 taps, each side by itself', [9, 14], { width: 21, height: 15, kernel: 'bilinear' }],
    ['2 taps of more, a source of 2 pixels', [2, 2], { ...square(7), kernel: 'bicubic' }],
    ['12 taps, a zoom', [26, 26], { ...square(26), kernel: 'band-limited', scale: 1 / 1.03 }],
    [
      '12 taps, about another point',
      [26, 26],
      { ...square(26), kernel: 'band-limited', scale: 1 / 1.03, about: { x: 5, y: -7.5 } },
    ],
    [
      '2 taps, about another point',
      [20, 14],
      { width: 20, height: 14, kernel: 'bilinear', scale: 1 / 1.1, about: { x: -3, y: -3 } },
    ],
    ['12 taps, each side by itself', [15, 23], { width: 16, height: 31, kernel: 'band-limited' }],
    ['12 taps of less, a source that shrinks', [40, 34], { width: 7, height: 6, kernel: 'bilinear' }],
    [
      '12 taps of more, a source of 12 pixels',
      [12, 12],
      { ...square(12), kernel: 'band-limited', scale: 1.4 },
    ],
    ['4 taps', [13, 10], { width: 13, height: 10, kernel: 'bicubic', scale: 0.8 }],
    ['12 taps across and 2 down', [14, 2], { width: 14, height: 4, kernel: 'band-limited', scale: 0.9 }],
    ['1 tap', [1, 1], { ...square(4), kernel: 'bicubic' }],
    ['fewer lines than go together', [12, 1], { width: 8, height: 2, kernel: 'bicubic' }],
    ['half the size', [24, 20], { width: 12, height: 10, kernel: 'bicubic' }],
    ['more taps than pixels', [7, 5], { width: 9, height: 5, kernel: 'band-limited', scale: 1.3 }],
  ])('resampling with %s equals a plain loop in double precision', (_, [width, height], options) => {
    const picture = wavyPicture(width, height, 11);
    const actual = resample(picture, options).data;
    const expected = resampledPlainly(picture, options);
    expect(actual.length).toBe(expected.length);
    // Weights, columns and the result are float32, each off by 6e-8 of values up to 1.
    expect(Math.max(...expected.map((value, i) => Math.abs(value - actual[i]!)))).toBeLessThan(5e-7);
  });
});

describe('a resampler', () => {
  it.each<[Kernel, number]>([
    ['bilinear', 1 / 1.03],
    ['band-limited', 1 / 1.03],
    ['bicubic', 1.5],
  ])('gives what resampling gives, for one picture after another: %s at %f', (kernel, scale) => {
    const options = { width: 19, height: 13, kernel, scale };
    const resampled = resamplerFor({ width: 16, height: 21 }, options);
    const pictures = [1, 2, 3].map((seed) => wavyPicture(16, 21, seed));
    const outputs = pictures.map(resampled);
    // What was given out does not change with what comes after it.
    for (const [i, picture] of pictures.entries()) {
      expect(outputs[i]).toEqual(resample(picture, options));
      expect(picture).toEqual(wavyPicture(16, 21, i + 1));
    }
    expect(resampled(pictures[0]!)).toEqual(outputs[0]);
    expect(outputs[1]).not.toEqual(outputs[0]);
  });

  it('fills the whole output from the whole source where no scale is given', () => {
    const picture = wavyPicture(10, 8, 4);
    const options = { width: 25, height: 8, kernel: 'bicubic' } as const;
    expect(resamplerFor(picture, options)(picture)).toEqual(resample(picture, options));
  });
});
