/**
 * A plane of pixels as bands, an octave each (the Laplacian pyramid of Burt & Adelson 1983, with the smallest even
 * kernel, 1 3 3 1). Enlarging is the transpose of shrinking but for a factor, so that taking bands apart, scaling each
 * and joining them is a symmetric map that turns nothing around as long as no scale is negative.
 */

import type { Size } from '../../domain/picture.ts';
import { meanOf } from '../../domain/statistics.ts';

/** What is left after so many octaves is one band, its mean another. */
const mostOctaves = 4;

const areaOf = ({ width, height }: Size): number => width * height;

const levelsOf = (size: Size): readonly Size[] => {
  const levels = [size];
  while (levels.length <= mostOctaves) {
    const { width, height } = levels.at(-1)!;
    if (width % 2 !== 0 || height % 2 !== 0) break;
    levels.push({ width: width / 2, height: height / 2 });
  }
  return levels;
};

/** Half the size: (1 3 3 1) / 8 along both axes, the border repeated. */
const shrink = (
  from: Float32Array,
  { width, height }: Size,
  into: Float32Array,
  lines: Float32Array,
): void => {
  const half = width / 2;
  for (let y = 0; y < height; y++) {
    const row = y * width;
    const out = y * half;
    for (let x = 0; x < half; x++) {
      const at = row + 2 * x;
      const before = from[x > 0 ? at - 1 : at]!;
      const after = from[x < half - 1 ? at + 2 : at + 1]!;
      lines[out + x] = 0.375 * (from[at]! + from[at + 1]!) + 0.125 * (before + after);
    }
  }
  for (let y = 0; y < height / 2; y++) {
    const upper = 2 * y * half;
    const lower = upper + half;
    const above = y > 0 ? upper - half : upper;
    const below = 2 * y + 2 < height ? lower + half : lower;
    const out = y * half;
    for (let x = 0; x < half; x++) {
      into[out + x] =
        0.375 * (lines[upper + x]! + lines[lower + x]!) + 0.125 * (lines[above + x]! + lines[below + x]!);
    }
  }
};

/** `keep` times what is there, and `share` of the enlarged plane (bilinear, the border repeated). */
const addEnlarged = (
  from: Float32Array,
  { width, height }: Size,
  onto: { readonly data: Float32Array; readonly keep: number; readonly share: number },
  lines: Float32Array,
): void => {
  const double = 2 * width;
  for (let y = 0; y < height; y++) {
    const row = y * width;
    const out = y * double;
    for (let x = 0; x < width; x++) {
      const value = 0.75 * from[row + x]!;
      lines[out + 2 * x] = value + 0.25 * from[row + (x > 0 ? x - 1 : 0)]!;
      lines[out + 2 * x + 1] = value + 0.25 * from[row + (x < width - 1 ? x + 1 : x)]!;
    }
  }
  const { data, keep, share } = onto;
  const [near, far] = [0.75 * share, 0.25 * share];
  for (let y = 0; y < height; y++) {
    const row = y * double;
    const above = y > 0 ? row - double : row;
    const below = y < height - 1 ? row + double : row;
    const upper = 2 * y * double;
    const lower = upper + double;
    for (let x = 0; x < double; x++) {
      const value = near * lines[row + x]!;
      data[upper + x] = keep * data[upper + x]! + value + far * lines[above + x]!;
      data[lower + x] = keep * data[lower + x]! + value + far * lines[below + x]!;
    }
  }
};

const meanSquare = (values: Float32Array): number => {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! * values[i]!;
  return sum / values.length;
};

/**
 * Room for the bands of one plane at a time, fine to coarse: as many octaves as the sides can be halved, what is left,
 * and its mean, which is that of the plane.
 */
export const createPyramid = (size: Size) => {
  const levels = levelsOf(size);
  let mean = 0;
  const planes = levels.map((level) => new Float32Array(areaOf(level)));
  const lines = new Float32Array(areaOf(size) / 2 || 1);
  return {
    /** How many values each band has. */
    counts: [...levels.map(areaOf), 1],
    /** Takes a plane apart. Returns the mean square of each band's values. */
    split(plane: Float32Array): readonly number[] {
      planes[0]!.set(plane);
      const squares: number[] = [];
      for (let level = 0; level < levels.length - 1; level++) {
        const [own, next] = [planes[level]!, planes[level + 1]!];
        shrink(own, levels[level]!, next, lines);
        addEnlarged(next, levels[level + 1]!, { data: own, keep: 1, share: -1 }, lines);
        squares.push(meanSquare(own));
      }
      const rest = planes.at(-1)!;
      mean = meanOf(rest);
      for (let i = 0; i < rest.length; i++) rest[i]! += -mean;
      return [...squares, meanSquare(rest), mean ** 2];
    },
    /** Joins the bands of the last `split`, each times its gain, once. The plane is the pyramid's own. */
    join(gains: readonly number[]): Float32Array {
      const rest = planes.at(-1)!;
      const ofRest = gains.at(-2)!;
      const ofMean = gains.at(-1)! * mean;
      for (let i = 0; i < rest.length; i++) rest[i] = ofRest * rest[i]! + ofMean;
      for (let level = levels.length - 2; level >= 0; level--) {
        const onto = { data: planes[level]!, keep: gains[level]!, share: 1 };
        addEnlarged(planes[level + 1]!, levels[level + 1]!, onto, lines);
      }
      return planes[0]!;
    },
  };
};
