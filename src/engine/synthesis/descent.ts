/**
 * Gradient descent with momentum in which every band of every principal colour moves by the same share of the
 * photo's own contrast there. A gradient with respect to pixels is ruled by what is coarse, and by colours that the
 * photo hardly has; both say nothing about how far a picture has to go.
 *
 * It is Adam (Kingma & Ba 2015) with one second moment per band and axis instead of one per value, in the kind of
 * basis that Olah et al. ("Feature Visualization", 2017) found decorrelates pictures (they: Fourier and a fixed colour
 * matrix; we: octaves and the photo's own axes), times the photo's contrast.
 */
import type { Size } from '../../domain/picture.ts';
import { type Contrast, gainsAlong, squaresAlong } from './contrast.ts';
import { createPyramid } from './laplacian-pyramid.ts';

/** Running means of the squared gradient, `values[axis * bands + band]`; the share of them that is not still 0. */
export type SecondMoments = { readonly values: readonly number[]; readonly weight: number };

/** Plain data, so that it can be warped along with the picture, stored and resumed. */
export type Descent = {
  /** Running mean of the directions, one value per parameter, and the share of it that is not still 0. */
  readonly momentum: Float32Array;
  readonly momentumWeight: number;
  readonly secondMoments: SecondMoments;
};

export type DescentOptions = {
  /** Share of the photo's contrast that a picture moves by in a step, where all steps go the same way. */
  readonly rate: number;
  /** How much of the direction before stays in each step. */
  readonly beta1: number;
  /** How much of the secondMoments before. */
  readonly beta2: number;
  /** Which share of the way to the photo's colours is added to each direction. */
  readonly colourShare: number;
};

export const noSecondMoments: SecondMoments = { values: [], weight: 0 };

export const initDescent = (size: number): Descent => ({
  momentum: new Float32Array(size),
  momentumWeight: 0,
  secondMoments: noSecondMoments,
});

export type Preconditioner = ReturnType<typeof createPreconditioner>;

/**
 * For pictures of one size.
 * @returns a function that turns a gradient, in place, into the direction that is to be subtracted from the picture:
 * where it stays the same, its deviation in every band and colour is the photo's
 */
export const createPreconditioner = (size: Size, { axes, deviations }: Contrast) => {
  const pyramid = createPyramid(size);
  const bands = pyramid.counts.length;
  return (
    gradient: Float32Array,
    before: SecondMoments,
    { beta2 }: Pick<DescentOptions, 'beta2'>,
  ): SecondMoments => {
    const weight = beta2 * before.weight + (1 - beta2);
    pyramid.split(gradient);
    const squares = pyramid.moments().map((moments) => squaresAlong(axes, moments));
    const values = deviations.flatMap((ofAxis, axis) =>
      ofAxis.map((_, band) => {
        const known = before.values[axis * bands + band] ?? 0;
        return beta2 * known + (1 - beta2) * squares[band]![axis]!;
      }),
    );
    const gains = squares.map((_, band) =>
      deviations.map((ofAxis, axis) => {
        const moment = values[axis * bands + band]!;
        return moment > 0 ? ofAxis[band]! / Math.sqrt(moment / weight) : 0;
      }),
    );
    pyramid.join(gains.map((ofBand) => gainsAlong(axes, ofBand)));
    return { values, weight };
  };
};

/**
 * One step against the direction: changes `values` and the momentum in place; values end up in 0..1.
 * @returns the state after the step, with the same array
 */
export const descend = (
  values: Float32Array,
  { direction, state }: { readonly direction: Float32Array; readonly state: Descent },
  { rate, beta1 }: Pick<DescentOptions, 'rate' | 'beta1'>,
): Descent => {
  const { momentum } = state;
  const momentumWeight = beta1 * state.momentumWeight + (1 - beta1);
  const stepSize = rate / momentumWeight;
  for (let i = 0; i < values.length; i++) {
    const mean = beta1 * momentum[i]! + (1 - beta1) * direction[i]!;
    momentum[i] = mean;
    const value = values[i]! - stepSize * mean;
    values[i] = value > 1 ? 1 : value >= 0 ? value : 0;
  }
  return { ...state, momentumWeight };
};
