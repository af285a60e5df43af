import { describe, expect, it } from 'vitest';
import { createPicture, type Picture } from '../../src/domain/picture.ts';
import { createRandom } from '../../src/domain/random.ts';
import type { AdamState } from '../../src/engine/optimise/adam.ts';
import { clampPicture, enlarge, type Film, rescale, warp } from '../../src/engine/zoom/warp.ts';
import { flatPicture, wavyPicture } from '../support/test-pictures.ts';

const square = (side: number) => ({ width: side, height: side });

const filled = (side: number, value: number): Float32Array => new Float32Array(3 * side * side).fill(value);

const flatFilm = (side: number, first: number, second: number): Film => ({
  picture: flatPicture(side, side, 0.25),
  adam: { first: filled(side, first), second: filled(side, second), step: 17 },
});

/** One bright pixel in green, on black. */
const spot = (side: number, x: number, y: number): Picture => {
  const picture = createPicture(side, side);
  picture.data[(side + y) * side + x] = 1;
  return picture;
};

const brightest = (data: Float32Array): number => data.indexOf(Math.max(...data));

const expectAll = (data: Float32Array, value: number, tolerance: number): void => {
  expect(Math.max(...data.map((actual) => Math.abs(actual - value)))).toBeLessThan(tolerance);
};

describe('enlarging', () => {
  it('by 1 changes nothing', () => {
    const picture = wavyPicture(16, 16, 1);
    for (const kernel of ['bilinear', 'bicubic'] as const) {
      expect(enlarge(picture, 1, { kernel }).data).toEqual(picture.data);
    }
  });

  it('by 1 with the band-limited kernel leaves what is coarse', () => {
    const wave = createPicture(32, 32);
    for (let i = 0; i < wave.data.length; i++) wave.data[i] = 0.5 + 0.4 * Math.sin(0.8 * (i % 32));
    const { data } = enlarge(wave, 1, { kernel: 'band-limited' });
    // Its pass band is flat within a few per mille; borders are another matter.
    for (let i = 0; i < data.length; i++) {
      if (i % 32 >= 6 && i % 32 < 26) expect(Math.abs(data[i]! - wave.data[i]!)).toBeLessThan(0.005);
    }
  });

  it('by 2 shows the middle half, from half-pixel to half-pixel', () => {
    const ramp = createPicture(4, 4);
    for (let i = 0; i < ramp.data.length; i++) ramp.data[i] = (i % 4) + 10 * (Math.floor(i / 4) % 4);
    const { data } = enlarge(ramp, 2, { kernel: 'bilinear' });
    const positions = [0.75, 1.25, 1.75, 2.25];
    const plane = positions.flatMap((y) => positions.map((x) => x + 10 * y));
    expect([...data]).toEqual([...plane, ...plane, ...plane]);
  });
});

describe('the warp', () => {
  it('moves picture and moments by the same zoom about the same centre', () => {
    const [side, zoom] = [41, 1.5];
    const lit = spot(side, 28, 12);
    const { picture, adam } = warp(
      { picture: lit, adam: { first: lit.data, second: lit.data, step: 1 } },
      zoom,
    );
    // 20 is the centre: 8 pixels to its right become 12, 8 above become 12.
    const expected = (side + 8) * side + 32;
    expect(brightest(picture.data)).toBe(expected);
    expect(brightest(adam.first)).toBe(expected);
    expect(brightest(adam.second)).toBe(expected);
  });

  it('keeps the step count, and moments that are the same everywhere', () => {
    const { picture, adam } = warp(flatFilm(24, -3e-6, 4e-11), 1.03);
    expect(adam.step).toBe(17);
    expectAll(picture.data, 0.25, 1e-6);
    expectAll(adam.first, -3e-6, 1e-11);
    expectAll(adam.second, 4e-11, 1e-16);
  });

  it('never makes second moments negative, however rough they are', () => {
    const random = createRandom(1);
    // Zeros beside large values are where kernels with lobes undershoot.
    const second = filled(24, 0).map(() => (random.uniform() < 0.5 ? 0 : random.uniform()));
    const film: Film = { picture: flatPicture(24, 24, 0.5), adam: { first: second, second, step: 1 } };
    for (const zoom of [1.005, 1.03, 1.2]) {
      const { adam } = warp(film, zoom);
      expect(Math.min(...adam.second)).toBeGreaterThanOrEqual(0);
      expect(Math.min(...adam.first)).toBeLessThan(0);
    }
  });

  it('leaves first moments their sign and does not clamp them', () => {
    const { adam } = warp(flatFilm(16, -5, 3), 1.1);
    expectAll(adam.first, -5, 1e-5);
    expectAll(adam.second, 3, 1e-5);
  });

  it('clamps the picture to 0..1', () => {
    const side = 32;
    const hard = createPicture(side, side);
    for (let i = 0; i < hard.data.length; i++) hard.data[i] = i % side < side / 2 ? 0 : 1;
    const moments: AdamState = { first: filled(side, 0), second: filled(side, 0), step: 0 };
    const overshoot = enlarge(hard, 1.03, { kernel: 'band-limited' }).data;
    expect(Math.max(...overshoot)).toBeGreaterThan(1.01);
    const { data } = warp({ picture: hard, adam: moments }, 1.03).picture;
    expect(Math.min(...data)).toBe(0);
    expect(Math.max(...data)).toBe(1);
  });

  it('leaves the film it was given as it is', () => {
    const film = flatFilm(16, 1, 2);
    warp(film, 1.1);
    rescale(film, square(32));
    expect(film).toEqual(flatFilm(16, 1, 2));
  });
});

describe('the next level of the pyramid', () => {
  it('has a quarter of the gradients, and a sixteenth of their squares, at twice the size', () => {
    const { picture, adam } = rescale(flatFilm(16, 8, 32), square(32));
    expect([picture.width, picture.height]).toEqual([32, 32]);
    expectAll(picture.data, 0.25, 1e-6);
    expect(adam.first).toHaveLength(3 * 32 * 32);
    expectAll(adam.first, 2, 1e-5);
    expectAll(adam.second, 2, 1e-5);
    expect(adam.step).toBe(17);
  });

  it('scales them by the area where sizes do not double', () => {
    const { adam } = rescale(flatFilm(16, 9, 81), square(24));
    expectAll(adam.first, 4, 1e-5);
    expectAll(adam.second, 16, 1e-4);
  });

  it('shows the same picture, with values within 0..1', () => {
    const { picture } = rescale({ ...flatFilm(16, 0, 0), picture: spot(16, 3, 10) }, square(32));
    // A pixel becomes two by two, alike by symmetry.
    const at = (x: number, y: number) => picture.data[(32 + y) * 32 + x]!;
    expect(at(6, 20)).toBeGreaterThan(0.7);
    for (const [x, y] of [[7, 20] as const, [6, 21] as const, [7, 21] as const]) {
      expect(at(x, y)).toBeCloseTo(at(6, 20), 6);
    }
    expect(Math.min(...picture.data)).toBe(0);
  });
});

describe('clamping a picture', () => {
  it('bounds values to 0..1 and turns what is no number into grey', () => {
    const data = Float32Array.of(-0.5, 0, 0.25, 1, 7, Number.NaN, Infinity, -Infinity, -0, 0.5, 2, -1);
    expect([...clampPicture({ width: 2, height: 2, data }).data].map((value) => value + 0)).toEqual([
      0, 0, 0.25, 1, 1, 0.5, 1, 0, 0, 0.5, 1, 0,
    ]);
  });
});
