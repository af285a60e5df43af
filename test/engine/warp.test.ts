import { describe, expect, it } from 'vitest';
import { createPicture, type Picture } from '../../src/domain/picture.ts';
import { noRanges } from '../../src/engine/backend.ts';
import { type Descent, initDescent, noSecondMoments } from '../../src/engine/synthesis/descent.ts';
import { clampPicture } from '../../src/engine/synthesis/resample.ts';
import { type PictureState, rescale } from '../../src/engine/synthesis/synthesis.ts';
import { enlarge, warp } from '../../src/engine/zoom/warp.ts';
import { flatPicture, wavyPicture } from '../support/test-pictures.ts';

const middle = { x: 0, y: 0 };

const square = (side: number) => ({ width: side, height: side });

const filled = (side: number, value: number): Float32Array => new Float32Array(3 * side * side).fill(value);

const flatFilm = (side: number, momentum: number): PictureState => ({
  picture: flatPicture(side, side, 0.25),
  descent: {
    momentum: filled(side, momentum),
    momentumWeight: 0.9,
    secondMoments: { values: [1e-9, 2e-9], weight: 0.5 },
  },
  ranges: [[1, 2]],
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
  it('changes nothing by 1', () => {
    const picture = wavyPicture(16, 16, 1);
    for (const kernel of ['bilinear', 'bicubic'] as const) {
      expect(enlarge(picture, 1, { kernel }).data).toEqual(picture.data);
    }
  });

  it('leaves what is coarse by 1 with the band-limited kernel', () => {
    const wave = createPicture(32, 32);
    for (let i = 0; i < wave.data.length; i++) wave.data[i] = 0.5 + 0.4 * Math.sin(0.8 * (i % 32));
    const { data } = enlarge(wave, 1, { kernel: 'band-limited' });
    // Its pass band is flat within a few per mille; borders are another matter.
    for (let i = 0; i < data.length; i++) {
      if (i % 32 >= 6 && i % 32 < 26) expect(Math.abs(data[i]! - wave.data[i]!)).toBeLessThan(0.005);
    }
  });

  it('shows the middle half by 2, from half-pixel to half-pixel', () => {
    const ramp = createPicture(4, 4);
    for (let i = 0; i < ramp.data.length; i++) ramp.data[i] = (i % 4) + 10 * (Math.floor(i / 4) % 4);
    const { data } = enlarge(ramp, 2, { kernel: 'bilinear' });
    const positions = [0.75, 1.25, 1.75, 2.25];
    const plane = positions.flatMap((y) => positions.map((x) => x + 10 * y));
    expect([...data]).toEqual([...plane, ...plane, ...plane]);
  });
});

describe('the warp', () => {
  it('moves picture and momentum by the same zoom about the same centre', () => {
    const [side, zoom] = [41, 1.5];
    const lit = spot(side, 28, 12);
    const begun: Descent = { ...initDescent(lit.data.length), momentum: lit.data };
    const { picture, descent } = warp({ picture: lit, descent: begun, ranges: noRanges }, zoom, {
      about: middle,
    });
    // 20 is the centre: 8 pixels to its right become 12, 8 above become 12.
    const expected = (side + 8) * side + 32;
    expect(brightest(picture.data)).toBe(expected);
    expect(brightest(descent.momentum)).toBe(expected);
  });

  it('leaves what lies at the point that it enlarges about where it is', () => {
    const side = 41;
    const about = { x: 6, y: -5 };
    const lit = spot(side, 20 + about.x, 20 + about.y);
    const begun: Descent = { ...initDescent(lit.data.length), momentum: lit.data };
    const { picture, descent } = warp({ picture: lit, descent: begun, ranges: noRanges }, 1.5, { about });
    expect(brightest(picture.data)).toBe((side + 15) * side + 26);
    expect(brightest(descent.momentum)).toBe((side + 15) * side + 26);
  });

  it('keeps a momentum that is the same everywhere, its sign, weight and secondMoments', () => {
    const { picture, descent } = warp(flatFilm(24, -3e-6), 1.03, { about: middle });
    expectAll(picture.data, 0.25, 1e-6);
    expectAll(descent.momentum, -3e-6, 1e-11);
    expect({ ...descent, momentum: [] }).toEqual({ ...flatFilm(24, 0).descent, momentum: [] });
  });

  it('does not clamp momentum', () => {
    expectAll(warp(flatFilm(16, -5), 1.1, { about: middle }).descent.momentum, -5, 1e-5);
  });

  it('clamps the picture to 0..1', () => {
    const side = 32;
    const hard = createPicture(side, side);
    for (let i = 0; i < hard.data.length; i++) hard.data[i] = i % side < side / 2 ? 0 : 1;
    const overshoot = enlarge(hard, 1.03, { kernel: 'band-limited' }).data;
    expect(Math.max(...overshoot)).toBeGreaterThan(1.01);
    const { data } = warp({ picture: hard, descent: initDescent(hard.data.length), ranges: noRanges }, 1.03, {
      about: middle,
    }).picture;
    expect(Math.min(...data)).toBe(0);
    expect(Math.max(...data)).toBe(1);
  });

  it('leaves the film it was given as it is', () => {
    const film = flatFilm(16, 1);
    warp(film, 1.1, { about: middle });
    rescale(film, square(32));
    expect(film).toEqual(flatFilm(16, 1));
  });
});

describe('the next level of the pyramid', () => {
  it('goes on with the same momentum, and measures secondMoments anew', () => {
    const { picture, descent } = rescale(flatFilm(16, 8), square(32));
    expect([picture.width, picture.height]).toEqual([32, 32]);
    expectAll(picture.data, 0.25, 1e-6);
    expect(descent.momentum).toHaveLength(3 * 32 * 32);
    expectAll(descent.momentum, 8, 1e-5);
    expect(descent.momentumWeight).toBe(0.9);
    expect(descent.secondMoments).toEqual(noSecondMoments);
  });

  it('shows the same picture, with values within 0..1', () => {
    const { picture } = rescale({ ...flatFilm(16, 0), picture: spot(16, 3, 10) }, square(32));
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
