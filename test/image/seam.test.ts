import { describe, expect, it } from 'vitest';
import type { RgbImage } from '../../src/domain/picture.ts';
import { warpDistances } from '../support/warp-distances.ts';
import { zoomFilm } from '../support/zoom-film.ts';

const grey = (width: number, values: readonly number[]): RgbImage => ({
  width,
  height: values.length / width,
  data: Uint8Array.from(values.flatMap((value) => [value, value, value])),
});

/** Sums run over 32-bit rows. */
const digits = 4;

describe('the distance between frames', () => {
  it('is zero for a still picture that does not zoom', () => {
    const frame = grey(2, [10, 200, 30, 90]);
    const motion = warpDistances([frame, frame, frame], 1, 'in');
    expect(motion.distances).toEqual([0, 0, 0]);
    expect(motion.unwarped).toEqual([0, 0, 0]);
    expect(motion.seamRatio).toBe(1);
  });

  it('knows the enlargement of a ramp by hand', () => {
    // Enlarged by 2 about the centre, positions 0..3 show the ramp at 0.75, 1.25, 1.75 and 2.25.
    const ramp = grey(4, [0, 40, 80, 120]);
    const enlarged = grey(4, [30, 50, 70, 90]);
    const { distances, unwarped } = warpDistances([ramp, enlarged], 2, 'in');
    expect(distances[0]).toBeCloseTo(0, digits);
    expect(unwarped[0]).toBeCloseTo((30 + 10 + 10 + 30) / 4, digits);
    // From the second frame back: at 42.5 ... enlarged gives 45, 55, 65, 75 against 0, 40, 80, 120.
    expect(distances[1]).toBeCloseTo((45 + 15 + 15 + 45) / 4, digits);
  });

  it('shrinks for a film that zooms out, and clamps at the borders', () => {
    // Shrunk to a half, positions 0..3 show the ramp at -1.5, 0.5, 2.5 and 4.5.
    const ramp = grey(4, [0, 40, 80, 120]);
    const shrunk = grey(4, [0, 20, 100, 120]);
    expect(warpDistances([ramp, shrunk], 2, 'out').distances[0]).toBeCloseTo(0, digits);
    expect(warpDistances([ramp, shrunk], 2, 'in').distances[0]).toBeGreaterThan(10);
  });

  it('treats rows like columns', () => {
    const ramp = grey(1, [0, 40, 80, 120]);
    const enlarged = grey(1, [30, 50, 70, 90]);
    expect(warpDistances([ramp, enlarged], 2, 'in').distances[0]).toBeCloseTo(0, digits);
  });

  it('takes all channels alike', () => {
    const black = grey(1, [0]);
    const blue: RgbImage = { width: 1, height: 1, data: Uint8Array.from([0, 0, 30]) };
    expect(warpDistances([black, blue], 1.03, 'in').distances).toEqual([10, 10]);
  });

  it('refuses frames of different sizes', () => {
    expect(() => warpDistances([grey(2, [1, 2]), grey(1, [1, 2])], 1.1, 'in')).toThrow(RangeError);
  });
});

describe('the seam', () => {
  it('is like any other step in a film that closes, and the steps are far smaller than the motion', () => {
    const { distances, unwarped, seamRatio } = warpDistances(zoomFilm(48, 12, 1.06), 1.06, 'in');
    // Steps differ by the rounding to bytes and by the pattern's position on the pixel grid.
    expect(seamRatio).toBeGreaterThan(0.85);
    expect(seamRatio).toBeLessThan(1.15);
    for (const [k, distance] of distances.entries()) expect(distance).toBeLessThan(unwarped[k]! / 3);
  });

  it('is large where the last frame leads elsewhere', () => {
    const film = zoomFilm(48, 12, 1.06).slice(0, 8);
    expect(warpDistances(film, 1.06, 'in').seamRatio).toBeGreaterThan(3);
  });

  it('divides by the median of the other steps', () => {
    // One pixel cannot zoom, so the distances are those between the values: 10, 2, 4 and, over the seam, 12.
    const film = [0, 10, 8, 12].map((value) => grey(1, [value]));
    const { distances, seamRatio } = warpDistances(film, 1.03, 'in');
    expect(distances).toEqual([10, 2, 4, 12]);
    expect(seamRatio).toBe(3);
  });

  it('stays finite where nothing moves but the seam', () => {
    const film = [5, 5, 5, 5].map((value) => grey(1, [value]));
    expect(warpDistances(film, 1.03, 'in').seamRatio).toBe(1);
    expect(Number.isFinite(warpDistances([...film, grey(1, [6])], 1.03, 'in').seamRatio)).toBe(true);
  });
});
