/**
 * Spherical interpolation between two pictures. A linear blend of two textures is grey: what they do not share loses
 * contrast. Slerp treats them as vectors about their mean colours, so that the contrast stays (variance-preserving
 * blending, as Heitz & Neyret 2018 blend tiles of a texture; they blend per pixel after a histogram transform, we blend
 * the picture as a whole).
 */

import { createPicture, type Picture } from '../../domain/picture.ts';
import { meanOf } from '../../domain/statistics.ts';
import { clampPicture } from '../synthesis/resample.ts';

/** Between a picture and its negative no path keeps the contrast. */
const leastCosine = -0.99;
/** Below this angle slerp is linear interpolation. */
const leastAngle = 1e-3;
/** A picture of less contrast (sum of squares per value) has no direction. */
const leastVariance = 1e-8;

/** Each colour of two pictures, with its means. */
const planesOf = (a: Picture, b: Picture) => {
  const pixels = a.width * a.height;
  return [0, 1, 2].map((plane) => {
    const [from, to] = [plane * pixels, (plane + 1) * pixels];
    const [ofA, ofB] = [a.data.subarray(from, to), b.data.subarray(from, to)];
    return { a: ofA, b: ofB, meanA: meanOf(ofA), meanB: meanOf(ofB) };
  });
};

/** The path from one picture to another of its size, measured once for any number of points on it. */
export type Slerp = {
  /**
   * The angle between the two about their mean colours, in radians: 0 where they are equal, pi / 2 where they have
   * nothing in common. 0 for a picture without contrast.
   */
  readonly angle: number;
  /**
   * The picture at a share of that angle: 0 gives the picture, 1 the goal; below 0 it moves away from the goal. Mean
   * colours and contrast are interpolated linearly. Clamped to 0..1.
   */
  readonly at: (share: number) => Picture;
};

/** The path from `picture` to `goal`; neither may be changed while it is in use. */
export const slerpBetween = (picture: Picture, goal: Picture): Slerp => {
  const planes = planesOf(picture, goal);
  let [squaresA, squaresB, products] = [0, 0, 0];
  for (const { a, b, meanA, meanB } of planes) {
    for (let i = 0; i < a.length; i++) {
      const x = a[i]! - meanA;
      const y = b[i]! - meanB;
      squaresA += x * x;
      squaresB += y * y;
      products += x * y;
    }
  }
  const least = leastVariance * picture.data.length;
  const cosine = squaresA < least || squaresB < least ? 1 : products / Math.sqrt(squaresA * squaresB);
  const angle = Math.acos(Math.min(1, Math.max(leastCosine, cosine)));
  const straight = angle < leastAngle;
  const [from, to] = [Math.sqrt(squaresA), Math.sqrt(squaresB)];
  const at = (share: number): Picture => {
    // Moving away from a goal of more contrast would make the length negative: the picture's negative.
    const length = Math.max(0, from + share * (to - from));
    const ofPicture = straight
      ? 1 - share
      : (Math.sin((1 - share) * angle) / Math.sin(angle)) * (length / from);
    const ofGoal = straight ? share : (Math.sin(share * angle) / Math.sin(angle)) * (length / to);
    const output = createPicture(picture.width, picture.height);
    planes.forEach(({ a, b, meanA, meanB }, plane) => {
      const mean = meanA + share * (meanB - meanA);
      const offset = mean - ofPicture * meanA - ofGoal * meanB;
      const into = output.data.subarray(plane * a.length, (plane + 1) * a.length);
      for (let i = 0; i < a.length; i++) into[i] = ofPicture * a[i]! + ofGoal * b[i]! + offset;
    });
    return clampPicture(output);
  };
  return { angle, at };
};
