/**
 * A picture as bands, an octave each (the Laplacian pyramid of Burt & Adelson 1983, with the smallest even kernel,
 * 1 3 3 1). Enlarging is the transpose of shrinking but for a factor, so that taking bands apart, applying to the
 * colours of each a symmetric matrix without negative eigenvalues and joining them is a symmetric map that turns
 * nothing around.
 *
 * A step of the optimiser spends much of its time here. Colours and octaves can be treated in either order: a matrix
 * is applied to a plane and not to the band, which is what the plane has less the enlarged one below, so that no band
 * is ever stored.
 */

import type { Size } from '../../domain/picture.ts';
import { meanOf } from '../../domain/statistics.ts';

/** 3 x 3, row by row, of red, green and blue. */
export type ColourMatrix = readonly number[];

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

/** A line of `width` values from index 1 on gets what lies beyond its borders. */
const repeatEnds = (line: Float64Array, width: number): void => {
  line[0] = line[1]!;
  line[width + 1] = line[width]!;
};

/**
 * Half the size: (1 3 3 1) / 8 along both axes, the border repeated.
 * @param line room for a row and a value at either end
 */
const shrink = (
  from: Float32Array,
  { width, height }: Size,
  into: Float32Array,
  line: Float64Array,
): void => {
  const half = width / 2;
  for (let y = 0; y < 3 * height; y += 2) {
    const upper = y * width;
    const lower = upper + width;
    const above = y % height > 0 ? upper - width : upper;
    const below = (y + 2) % height > 0 ? lower + width : lower;
    for (let x = 0; x < width; x++) {
      line[x + 1] =
        0.375 * (from[upper + x]! + from[lower + x]!) + 0.125 * (from[above + x]! + from[below + x]!);
    }
    repeatEnds(line, width);
    const out = (y / 2) * half;
    for (let x = 0; x < half; x++) {
      const at = 2 * x;
      into[out + x] = 0.375 * (line[at + 1]! + line[at + 2]!) + 0.125 * (line[at]! + line[at + 3]!);
    }
  }
};

/**
 * A row of the enlarged plane (bilinear, the border repeated).
 * @param rows where the nearer and the farther of the two rows begin that it lies between, and how long they are
 */
const enlargeRow = (
  from: Float32Array,
  { near, far, width }: { readonly near: number; readonly far: number; readonly width: number },
  into: Float64Array,
  line: Float64Array,
): void => {
  for (let x = 0; x < width; x++) line[x + 1] = 0.75 * from[near + x]! + 0.25 * from[far + x]!;
  repeatEnds(line, width);
  for (let x = 0; x < width; x++) {
    const value = 0.75 * line[x + 1]!;
    into[2 * x] = value + 0.25 * line[x]!;
    into[2 * x + 1] = value + 0.25 * line[x + 2]!;
  }
};

/** Scales all colours alike. */
export const scaled = (gain: number): ColourMatrix => [gain, 0, 0, 0, gain, 0, 0, 0, gain];

const less = (a: ColourMatrix, b: ColourMatrix): ColourMatrix => a.map((value, at) => value - b[at]!);

const applied = (matrix: ColourMatrix, colour: ArrayLike<number>): readonly number[] =>
  [0, 3, 6].map(
    (at) => matrix[at]! * colour[0]! + matrix[at + 1]! * colour[1]! + matrix[at + 2]! * colour[2]!,
  );

/**
 * Room for the bands of one picture at a time, fine to coarse: as many octaves as the sides can be halved, what is
 * left, and its mean colour, which is that of the picture.
 */
export const createPyramid = (size: Size) => {
  const levels = levelsOf(size);
  const coarsest = levels.length - 1;
  /** The picture itself, and what it is shrunk to. */
  const planes: Float32Array[] = levels.map(
    (level, index) => new Float32Array(index > 0 ? 3 * areaOf(level) : 0),
  );
  const mean = new Float64Array(3);
  const line = new Float64Array(size.width + 2);
  const row = [0, 1, 2].map(() => new Float64Array(size.width)) as [Float64Array, Float64Array, Float64Array];

  /** Puts a row of the level below into `row`, enlarged to the sides of this level. */
  const enlargeBelow = (level: number, y: number): void => {
    if (level === coarsest) {
      for (let plane = 0; plane < 3; plane++) row[plane]!.fill(mean[plane]!);
      return;
    }
    const { width, height } = levels[level + 1]!;
    const near = y >> 1;
    const far = Math.min(height - 1, Math.max(0, near + (y % 2 === 0 ? -1 : 1)));
    for (let plane = 0; plane < 3; plane++) {
      const start = plane * height;
      const rows = { near: (start + near) * width, far: (start + far) * width, width };
      enlargeRow(planes[level + 1]!, rows, row[plane]!, line);
    }
  };

  const momentsOf = (level: number): ColourMatrix => {
    const { width, height } = levels[level]!;
    const pixels = width * height;
    const data = planes[level]!;
    const [reds, greens, blues] = row;
    let [rr, rg, rb, gg, gb, bb] = [0, 0, 0, 0, 0, 0];
    for (let y = 0; y < height; y++) {
      enlargeBelow(level, y);
      for (let x = 0, at = y * width; x < width; x++, at++) {
        const red = data[at]! - reds[x]!;
        const green = data[pixels + at]! - greens[x]!;
        const blue = data[2 * pixels + at]! - blues[x]!;
        rr += red * red;
        rg += red * green;
        rb += red * blue;
        gg += green * green;
        gb += green * blue;
        bb += blue * blue;
      }
    }
    return [rr, rg, rb, rg, gg, gb, rb, gb, bb].map((sum) => sum / pixels);
  };

  /** Applies a matrix to the colours of a level and adds the enlarged level below. */
  const joinLevel = (level: number, matrix: ColourMatrix): void => {
    const { width, height } = levels[level]!;
    const pixels = width * height;
    const data = planes[level]!;
    const [reds, greens, blues] = row;
    const [a, b, c, d, e, f, g, h, i] = matrix;
    for (let y = 0; y < height; y++) {
      enlargeBelow(level, y);
      for (let x = 0, at = y * width; x < width; x++, at++) {
        const red = data[at]!;
        const green = data[pixels + at]!;
        const blue = data[2 * pixels + at]!;
        data[at] = a! * red + b! * green + c! * blue + reds[x]!;
        data[pixels + at] = d! * red + e! * green + f! * blue + greens[x]!;
        data[2 * pixels + at] = g! * red + h! * green + i! * blue + blues[x]!;
      }
    }
  };

  return {
    /** How many pixels each band has. */
    counts: [...levels.map(areaOf), 1],
    /** Takes a picture apart, three planes. It is the finest level itself: `moments` and `join` are about it. */
    split(picture: Float32Array): void {
      planes[0] = picture;
      for (let level = 0; level < coarsest; level++) {
        shrink(planes[level]!, levels[level]!, planes[level + 1]!, line);
      }
      const pixels = areaOf(levels[coarsest]!);
      for (let plane = 0; plane < 3; plane++) {
        mean[plane] = meanOf(planes[coarsest]!.subarray(plane * pixels, (plane + 1) * pixels));
      }
    },
    /** The mean product of each two colours, for each band. */
    moments: (): readonly ColourMatrix[] => [
      ...levels.map((_, level) => momentsOf(level)),
      [0, 1, 2].flatMap((a) => [0, 1, 2].map((b) => mean[a]! * mean[b]!)),
    ],
    /** Joins the bands of the last `split`, once, each times its matrix: into the picture that was taken apart. */
    join(matrices: readonly ColourMatrix[]): void {
      // The level above applies its own matrix to all that it holds, what is coarser included.
      const differences = matrices.map((matrix, band) => less(matrix, matrices[band - 1] ?? scaled(0)));
      mean.set(applied(differences.at(-1)!, mean));
      for (let level = coarsest; level >= 0; level--) joinLevel(level, differences[level]!);
    },
  };
};
