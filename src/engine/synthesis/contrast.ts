import { createPicture, type Picture } from '../../domain/picture.ts';
import type { Random } from '../../domain/random.ts';
import { type ColourMatrix, createPyramid, scaled } from './laplacian-pyramid.ts';

/** More than any 3 x 3 matrix needs: each sweep takes what is left to its square. */
const sweeps = 12;

const pairs = [
  [0, 1],
  [0, 2],
  [1, 2],
] as const;

/** Rotates rows, or columns, `p` and `q` of a 3 x 3 matrix (a Givens rotation). */
const rotate = (
  matrix: Float64Array,
  { p, q, cos, sin, columns }: { p: number; q: number; cos: number; sin: number; columns: boolean },
): void => {
  const [across, along] = columns ? [1, 3] : [3, 1];
  for (let k = 0; k < 3; k++) {
    const [a, b] = [matrix[p * across + k * along]!, matrix[q * across + k * along]!];
    matrix[p * across + k * along] = cos * a - sin * b;
    matrix[q * across + k * along] = sin * a + cos * b;
  }
};

/**
 * The principal axes of colours: the eigenvectors of their covariance (Jacobi's method), orthonormal, in no order.
 * @param covariance 3 x 3, symmetric
 * @returns 3 x 3, row by row; column `k` is axis `k`
 */
export const colourAxes = (covariance: ArrayLike<number>): Float64Array => {
  const rest = Float64Array.from(covariance);
  const axes = Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1);
  for (let sweep = 0; sweep < sweeps; sweep++) {
    for (const [p, q] of pairs) {
      const shared = rest[3 * p + q]!;
      if (shared === 0) continue;
      const slope = (rest[4 * q]! - rest[4 * p]!) / (2 * shared);
      const tan = (slope < 0 ? -1 : 1) / (Math.abs(slope) + Math.hypot(slope, 1));
      const cos = 1 / Math.hypot(tan, 1);
      const angle = { p, q, cos, sin: tan * cos };
      rotate(rest, { ...angle, columns: true });
      rotate(rest, { ...angle, columns: false });
      rotate(axes, { ...angle, columns: true });
    }
  }
  return axes;
};

/** How strong a picture is in each band along each of its own colours. */
export type Contrast = {
  /** Its principal colours: see `colourAxes`. */
  readonly axes: Float64Array;
  /** Standard deviations, `deviations[axis][band]`, bands as a pyramid has them. */
  readonly deviations: readonly (readonly number[])[];
};

/** A band may change along each axis by at least this share of its strongest one: noise has to find its way out. */
const leastShare = 0.1;
/** And by at least this much, in values from 0 to 1: flat photos want flat pictures. */
const leastDeviation = 1e-3;

/** The mean squares along each axis: the diagonal of A^T C A. */
export const squaresAlong = (axes: Float64Array, moments: ColourMatrix): readonly number[] =>
  [0, 1, 2].map((axis) => {
    let sum = 0;
    for (let row = 0; row < 3; row++) {
      for (let column = 0; column < 3; column++) {
        sum += axes[3 * row + axis]! * moments[3 * row + column]! * axes[3 * column + axis]!;
      }
    }
    // What an axis has nothing of may be rounded below it.
    return Math.max(0, sum);
  });

/** Colours times a gain along each axis: A G A^T. */
export const gainsAlong = (axes: Float64Array, gains: readonly number[]): ColourMatrix =>
  Array.from({ length: 9 }, (_, at) => {
    const [row, column] = [3 * Math.floor(at / 3), 3 * (at % 3)];
    return gains.reduce((sum, gain, axis) => sum + axes[row + axis]! * gain * axes[column + axis]!, 0);
  });

/**
 * Measures a photo.
 * @param covariance of its colours, 3 x 3
 */
export const contrastOf = (photo: Picture, covariance: ArrayLike<number>): Contrast => {
  const axes = colourAxes(covariance);
  const pyramid = createPyramid(photo);
  pyramid.split(photo.data);
  const squares = pyramid.moments().map((moments) => squaresAlong(axes, moments));
  const measured = [0, 1, 2].map((axis) => {
    const bands = squares.map((alongAxes) => Math.sqrt(alongAxes[axis]!));
    // A mean has no deviation; that of so many values is as far from it as chance would have it.
    return bands.with(-1, bands.at(-2)! / Math.sqrt(pyramid.counts.at(-2)!));
  });
  const strongest = measured[0]!.map((_, band) => Math.max(...measured.map((bands) => bands[band]!)));
  const deviations = measured.map((bands) =>
    bands.map((deviation, band) => Math.max(deviation, leastShare * strongest[band]!, leastDeviation)),
  );
  return { axes, deviations };
};

/** Noise with a photo's contrast in every band and colour, about its mean colour. Values are not clamped. */
export const noiseLike = (
  { axes, deviations }: Contrast,
  mean: ArrayLike<number>,
  { width, height, random }: { readonly width: number; readonly height: number; readonly random: Random },
): Picture => {
  const picture = createPicture(width, height);
  const { data } = picture;
  const pyramid = createPyramid(picture);
  for (let i = 0; i < data.length; i++) data[i] = random.normal();
  pyramid.split(data);
  // Each plane is noise along one axis.
  const toColours = pyramid.moments().map(
    (moments, band): ColourMatrix =>
      Array.from(axes, (share, at) => {
        const axis = at % 3;
        return (share * deviations[axis]![band]!) / Math.sqrt(moments[4 * axis]!);
      }),
  );
  pyramid.join(toColours.with(-1, scaled(0)));
  const pixels = width * height;
  for (let i = 0; i < data.length; i++) data[i]! += mean[Math.floor(i / pixels)]!;
  return picture;
};
