import { describe, expect, it } from 'vitest';
import { createPicture, type Picture } from '../../src/domain/picture.ts';
import { photoLevel } from '../../src/engine/synthesis/photo-level.ts';
import { flatPicture, wavyPicture } from '../support/test-pictures.ts';

const multiple = 16;

const shapes: readonly (readonly [width: number, height: number])[] = [
  [400, 300],
  [300, 400],
  [128, 128],
  [640, 64],
  [50, 37],
  [16, 16],
  [1, 1],
  [1, 20],
  [20, 1],
  [600, 30],
  [3, 60],
];

const expectFinite = ({ data }: Picture): void => {
  expect(data.every((value) => value >= 0 && value <= 1)).toBe(true);
};

describe('the photo at a level of the pyramid', () => {
  it.each([64, 128])('covers the area of the picture, at side %i', (side) => {
    for (const [width, height] of [[400, 300] as const, [300, 400] as const, [300, 300] as const]) {
      const level = photoLevel(flatPicture(width, height, 0.5), side, { multiple });
      const exact = [width, height].map((length) => (length * side) / Math.sqrt(width * height));
      // Each side is off by half a multiple at most.
      expect(Math.abs(level.width - exact[0]!)).toBeLessThanOrEqual(multiple / 2);
      expect(Math.abs(level.height - exact[1]!)).toBeLessThanOrEqual(multiple / 2);
    }
  });

  it.each(shapes)('has sides that halve evenly and finite values for %i x %i', (width, height) => {
    for (const side of [64, 96]) {
      const level = photoLevel(wavyPicture(width, height, 1), side, { multiple });
      expect(level.width % multiple).toBe(0);
      expect(level.height % multiple).toBe(0);
      // So that a mirrored border has something to mirror, at the smallest octave too.
      expect(Math.min(level.width, level.height)).toBeGreaterThanOrEqual(2 * multiple);
      expect(level.data.length).toBe(3 * level.width * level.height);
      expectFinite(level);
    }
  });

  it('is enlarged to twice its size at most, but for the rounding to multiples', () => {
    const level = photoLevel(wavyPicture(50, 37, 1), 512, { multiple });
    expect(Math.abs(level.width - 100)).toBeLessThanOrEqual(multiple / 2);
    expect(Math.abs(level.height - 74)).toBeLessThanOrEqual(multiple / 2);
  });

  it('holds the whole photo, corner by corner', () => {
    const photo = createPicture(200, 100);
    for (let y = 0; y < 100; y++) {
      for (let x = 0; x < 200; x++) photo.data[y * 200 + x] = (x < 100 ? 0.1 : 0.4) + (y < 50 ? 0 : 0.5);
    }
    const { width, height, data } = photoLevel(photo, 64, { multiple });
    const at = (x: number, y: number) => data[y * width + x];
    expect(at(1, 1)).toBeCloseTo(0.1, 5);
    expect(at(width - 2, 1)).toBeCloseTo(0.4, 5);
    expect(at(1, height - 2)).toBeCloseTo(0.6, 5);
    expect(at(width - 2, height - 2)).toBeCloseTo(0.9, 5);
  });

  it('doubles an icon of 16 x 16', () => {
    const level = photoLevel(wavyPicture(16, 16, 1), 256, { multiple });
    expect([level.width, level.height]).toEqual([32, 32]);
  });

  it('mirrors what is too small even when doubled', () => {
    const { width, height, data } = photoLevel(wavyPicture(8, 6, 2), 256, { multiple });
    expect([width, height]).toEqual([32, 32]);
    const at = (x: number, y: number) => data[y * 32 + x];
    for (let i = 0; i < 16; i++) {
      // 16 columns and 12 rows, then the same backwards.
      expect(at(31 - i, 5)).toBe(at(i, 5));
      if (i < 12) expect(at(3, 23 - i)).toBe(at(3, i));
    }
    expect(at(0, 0)).not.toBe(at(10, 0));
  });

  it('makes an even picture of a single pixel', () => {
    const level = photoLevel(flatPicture(1, 1, 0.3), 64, { multiple });
    expect([level.width, level.height]).toEqual([32, 32]);
    for (const value of level.data) expect(value).toBeCloseTo(0.3, 6);
  });

  it('mirrors the short side of a sliver and scales the long one', () => {
    const level = photoLevel(wavyPicture(600, 30, 3), 64, { multiple });
    // sqrt(20) x 64 = 286 by 14.
    expect([level.width, level.height]).toEqual([288, 32]);
    for (let x = 0; x < 288; x += 37) expect(level.data[14 * 288 + x]).toBe(level.data[13 * 288 + x]);
  });

  it('mirrors what is shorter than deep poolings need', () => {
    const level = photoLevel(wavyPicture(600, 30, 3), 64, { multiple, least: 64 });
    expect([level.width, level.height]).toEqual([288, 64]);
  });
});
