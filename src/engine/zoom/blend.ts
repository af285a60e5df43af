/**
 * Turning one texture into another. Half of each of two textures is a grey one: what they do not share loses
 * contrast. Seen as vectors about their means they are turned instead, as far as the share of the angle between
 * them says, so that the contrast stays (variance-preserving blending, as Heitz & Neyret 2018 blend tiles of a
 * texture; they take it per pixel after a transform of the histogram, we once for the picture).
 */
import { meanOf } from '../../domain/mean.ts';
import { createPicture, type Picture } from '../../domain/picture.ts';
import { clampPicture } from './warp.ts';

/** Pictures that are nearly each other's negatives have no way between them that keeps the contrast. */
const leastCosine = -0.99;
/** Below this angle a turn is a straight line. */
const leastAngle = 1e-3;
/** A picture of less contrast (sum of squares per value) has no direction. */
const leastVariance = 1e-8;

type Plane = {
  readonly a: Float32Array;
  readonly b: Float32Array;
  readonly meanA: number;
  readonly meanB: number;
};

const planesOf = (a: Picture, b: Picture): readonly Plane[] => {
  const pixels = a.width * a.height;
  return [0, 1, 2].map((plane) => {
    const [ofA, ofB] = [a, b].map(({ data }) => data.subarray(plane * pixels, (plane + 1) * pixels)) as [
      Float32Array,
      Float32Array,
    ];
    return { a: ofA, b: ofB, meanA: meanOf(ofA), meanB: meanOf(ofB) };
  });
};

type Pair = {
  readonly planes: readonly Plane[];
  readonly angle: number;
  readonly lengths: readonly [number, number];
};

const pairOf = (a: Picture, b: Picture): Pair => {
  const planes = planesOf(a, b);
  let [squaresA, squaresB, products] = [0, 0, 0];
  for (const { a: ofA, b: ofB, meanA, meanB } of planes) {
    for (let i = 0; i < ofA.length; i++) {
      const x = ofA[i]! - meanA;
      const y = ofB[i]! - meanB;
      squaresA += x * x;
      squaresB += y * y;
      products += x * y;
    }
  }
  const least = leastVariance * a.data.length;
  const cosine = squaresA < least || squaresB < least ? 1 : products / Math.sqrt(squaresA * squaresB);
  const angle = Math.acos(Math.min(1, Math.max(leastCosine, cosine)));
  return { planes, angle, lengths: [Math.sqrt(squaresA), Math.sqrt(squaresB)] };
};

/** The way from one picture to another of its size, which is measured once however many places on it are asked for. */
export type Turn = {
  /**
   * The angle between the two about their mean colours, in radians: 0 for equal ones, half a pi for ones that have
   * nothing in common. Of a picture without contrast it is 0.
   */
  readonly angle: number;
  /**
   * The picture turned by a share of that angle: 0 gives the picture, 1 the goal, less than 0 turns away. Mean colours
   * and contrast go the same share of their way. Clamped to 0..1.
   */
  readonly at: (share: number) => Picture;
};

/** The turn from `picture` to `goal`; neither may be changed while it is in use. */
export const turnBetween = (picture: Picture, goal: Picture): Turn => {
  const { planes, angle, lengths } = pairOf(picture, goal);
  const straight = angle < leastAngle;
  const [from, to] = lengths;
  const at = (share: number): Picture => {
    // Away from a picture of more contrast it would go below nothing, to the picture's negative.
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
