import { describe, expect, it } from 'vitest';
import { createPicture, fromRgbImage, type Picture, toRgbImage } from '../../src/domain/picture.ts';
import {
  addMasked,
  changeBetween,
  difference,
  distanceTo,
  type Guide,
  guideFor,
} from '../../src/engine/zoom/guide.ts';
import { enlarge } from '../../src/engine/zoom/warp.ts';
import { warpDistances } from '../../src/image/seam.ts';
import { flatPicture, wavyPicture } from '../support/test-pictures.ts';

/** Slow waves, which survive being shrunk. */
const smoothPicture = (side: number): Picture => {
  const picture = createPicture(side, side);
  for (let i = 0; i < picture.data.length; i++) {
    const [x, y] = [i % side, Math.floor(i / side) % side];
    picture.data[i] =
      0.5 + 0.25 * Math.sin((2 * Math.PI * x) / side) + 0.2 * Math.cos((4 * Math.PI * y) / side);
  }
  return picture;
};

const maskOf = (side: number, shrink: number, softness?: number): readonly number[] => [
  ...guideFor(flatPicture(side, side, 1), shrink, softness === undefined ? {} : { softness }).mask,
];

describe('a guide', () => {
  it('shows the picture shrunk about the centre', () => {
    const picture = smoothPicture(64);
    const guide = guideFor(picture, 2);
    const back = enlarge(guide.picture, 2, { kernel: 'bicubic' });
    for (let y = 8; y < 56; y++) {
      for (let x = 8; x < 56; x++) {
        // A wave of 32 pixels loses about a hundredth when it is halved and doubled.
        expect(Math.abs(back.data[y * 64 + x]! - picture.data[y * 64 + x]!)).toBeLessThan(0.02);
      }
    }
  });

  it('counts fully where it lies, and less and less beyond its border', () => {
    const line = maskOf(64, 2).slice(32 * 64, 33 * 64);
    // Shrunk to 32 pixels, it lies at 16 to 48; over eight pixels more it fades.
    expect(line.slice(16, 48)).toEqual(Array(32).fill(1));
    for (let x = 9; x <= 16; x++) expect(line[x]).toBeGreaterThan(line[x - 1]!);
    expect(line.slice(0, 8)).toEqual(Array(8).fill(0));
    expect(line.slice(56)).toEqual(Array(8).fill(0));
  });

  it('fades without steps, the same on all sides', () => {
    const side = 64;
    for (const softness of [0, 0.5, 1]) {
      const mask = maskOf(side, 1.5, softness);
      for (let y = 0; y < side; y++) {
        for (let x = 0; x < side; x++) {
          const value = mask[y * side + x]!;
          expect(value).toBe(mask[y * side + side - 1 - x]);
          expect(value).toBe(mask[(side - 1 - y) * side + x]);
          expect(value).toBe(mask[x * side + y]);
          // A smooth step over eight pixels rises by 3/2 of an eighth from one to the next at most.
          if (x > 0) expect(Math.abs(value - mask[y * side + x - 1]!)).toBeLessThan(1.5 / 8 + 1e-6);
        }
      }
    }
  });

  it('fades from the centre on when it is softest', () => {
    const line = maskOf(64, 1, 1).slice(32 * 64, 33 * 64);
    for (let x = 1; x < 32; x++) expect(line[x]).toBeGreaterThan(line[x - 1]!);
    // The middle lies between two pixels, half a pixel from both.
    expect(line[31]).toBeGreaterThan(0.99);
  });

  it('goes on beyond its border as its own mirror image', () => {
    const { picture } = guideFor(smoothPicture(64), 2);
    for (let i = 0; i < 8; i++) {
      // Shrunk to 16..48: what lies before 16 is what follows it. The mirror stands in the middle of the
      // source's first pixel, a quarter of a pixel from the shrunk picture's border.
      expect(Math.abs(picture.data[32 * 64 + 15 - i]! - picture.data[32 * 64 + 16 + i]!)).toBeLessThan(0.03);
    }
  });

  it('is finite and leaves far pixels alone even where it is tiny', () => {
    const guide = guideFor(wavyPicture(32, 32, 1), 20);
    expect(guide.picture.data.every(Number.isFinite)).toBe(true);
    expect(guide.mask[0]).toBe(0);
    expect(guide.mask.every((weight) => weight >= 0 && weight <= 1)).toBe(true);
  });

  it('never divides by a mask that is empty', () => {
    const guide: Guide = { picture: flatPicture(4, 4, 1), mask: new Float32Array(16) };
    expect(distanceTo(flatPicture(4, 4, 0), guide)).toBe(0);
  });
});

describe('moving a picture towards a guide', () => {
  const half: Guide = { picture: flatPicture(2, 1, 0.4), mask: Float32Array.of(1, 0.5) };

  it('adds it by strength and mask, in every plane, and clamps', () => {
    const added = addMasked(flatPicture(2, 1, 0.25), half, 0.5).data;
    for (let plane = 0; plane < 3; plane++) {
      expect(added[2 * plane]).toBeCloseTo(0.25 + 0.5 * 0.4, 6);
      expect(added[2 * plane + 1]).toBeCloseTo(0.25 + 0.5 * 0.5 * 0.4, 6);
    }
    expect([...addMasked(flatPicture(2, 1, 0.9), half, 1).data.subarray(0, 2)]).toEqual([
      1,
      expect.closeTo(1, 6),
    ]);
    expect(addMasked(flatPicture(2, 1, 0.1), half, -1).data[0]).toBe(0);
  });

  it('arrives where it counts when the whole difference is added', () => {
    const picture = wavyPicture(32, 32, 1);
    const guide = guideFor(wavyPicture(32, 32, 2), 3);
    const there = addMasked(picture, { ...guide, picture: difference(guide.picture, picture) }, 1);
    const centre = 16 * 32 + 16;
    // The guide is bicubic and may lie a little outside of 0..1, where the picture is clamped.
    expect(there.data[centre]).toBeCloseTo(Math.min(1, Math.max(0, guide.picture.data[centre]!)), 5);
    expect(there.data[0]).toBe(picture.data[0]);
    // What is left lies where the guide fades.
    expect(distanceTo(there, guide)).toBeLessThan(distanceTo(picture, guide) / 3);
  });

  it('measures distances where the guide counts, weighted by how much', () => {
    const picture = flatPicture(2, 1, 0.4);
    // Off by 0.3 and by 0.6 where the mask is 1 and 0.5: (0.3 + 0.3) / 1.5 in one plane of three.
    picture.data[0] = 0.7;
    picture.data[1] = 1;
    expect(distanceTo(picture, half)).toBeCloseTo(0.4 / 3, 6);
    expect(distanceTo(half.picture, half)).toBe(0);
  });

  it('subtracts plane by plane', () => {
    const [a, b] = [createPicture(1, 1), createPicture(1, 1)];
    a.data.set([1, 2, 3]);
    b.data.set([3, 1, 3]);
    expect([...difference(a, b).data]).toEqual([-2, 1, 0]);
  });
});

describe('the change from frame to frame', () => {
  it('is what the film is judged by, but for the scale', () => {
    const frames = [1, 2, 3].map((seed) => toRgbImage(wavyPicture(24, 24, seed)));
    const { distances } = warpDistances(frames, 1.07, 'in');
    const pictures = frames.map(fromRgbImage);
    for (let k = 0; k < 3; k++) {
      const change = changeBetween(pictures[k]!, pictures[(k + 1) % 3]!, 1.07);
      expect(255 * change).toBeCloseTo(distances[k]!, 4);
    }
  });

  it('is nothing where the next frame is the zoom and no more', () => {
    const picture = wavyPicture(24, 24, 1);
    expect(changeBetween(picture, enlarge(picture, 1.1, { kernel: 'bilinear' }), 1.1)).toBe(0);
  });
});
