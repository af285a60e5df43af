import { createPicture, type Picture } from '../../domain/picture.ts';
import type { Random } from '../../domain/random.ts';
import { createPyramid } from './laplacian-pyramid.ts';

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

/** `picture` along three axes, plane by plane, into `output`. */
export const alongAxes = (picture: Float32Array, axes: Float64Array, output: Float32Array): void => {
  const pixels = picture.length / 3;
  const [r0, r1, r2, g0, g1, g2, b0, b1, b2] = axes as unknown as readonly number[];
  for (let i = 0; i < pixels; i++) {
    const [red, green, blue] = [picture[i]!, picture[pixels + i]!, picture[2 * pixels + i]!];
    output[i] = r0! * red + g0! * green + b0! * blue;
    output[pixels + i] = r1! * red + g1! * green + b1! * blue;
    output[2 * pixels + i] = r2! * red + g2! * green + b2! * blue;
  }
};

/** Adds a plane of values along one axis to a picture. */
export const addAlongAxis = (
  picture: Float32Array,
  plane: Float32Array,
  { axes, axis }: { readonly axes: Float64Array; readonly axis: number },
): void => {
  const pixels = plane.length;
  for (let channel = 0; channel < 3; channel++) {
    const share = axes[3 * channel + axis]!;
    const start = channel * pixels;
    for (let i = 0; i < pixels; i++) picture[start + i]! += share * plane[i]!;
  }
};

/**
 * Measures a photo.
 * @param covariance of its colours, 3 x 3
 */
export const contrastOf = (photo: Picture, covariance: ArrayLike<number>): Contrast => {
  const axes = colourAxes(covariance);
  const pixels = photo.width * photo.height;
  const planes = new Float32Array(photo.data.length);
  alongAxes(photo.data, axes, planes);
  const pyramid = createPyramid(photo);
  const measured = [0, 1, 2].map((axis) => {
    const bands = pyramid.split(planes.subarray(axis * pixels, (axis + 1) * pixels)).map(Math.sqrt);
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
  const pyramid = createPyramid(picture);
  const pixels = width * height;
  for (let channel = 0; channel < 3; channel++) {
    picture.data.fill(mean[channel]!, channel * pixels, (channel + 1) * pixels);
  }
  for (let axis = 0; axis < 3; axis++) {
    const noise = Float32Array.from({ length: pixels }, () => random.normal());
    const squares = pyramid.split(noise);
    const gains = squares.map((square, band) => deviations[axis]![band]! / Math.sqrt(square)).with(-1, 0);
    addAlongAxis(picture.data, pyramid.join(gains), { axes, axis });
  }
  return picture;
};
