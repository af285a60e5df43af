import type { Precision } from '../domain/engines.ts';
import type { Picture, Size } from '../domain/picture.ts';
import type { Objective, Target, TermName } from './objective/objective.ts';
import type { Network } from './spec.ts';

/**
 * How large gradients were in the last steps: `[octave][index]`, what the 8-bit scales of the next step are made of
 * (delayed scaling, as in FP8 training). Plain data: it belongs to the picture's state. Empty: nothing is known, or
 * nothing is scaled.
 */
export type GradientRanges = readonly (readonly number[])[];

export const noRanges: GradientRanges = [];

export type Evaluation = {
  /** The objective, whose gradient this is. */
  readonly loss: number;
  /** Each term unweighted, 0 where it was not computed. `gram` is the mean over octaves and taps. */
  readonly losses: Readonly<Record<TermName, number>>;
  /** d loss / d picture: planar RGB like the picture. */
  readonly gradient: Float32Array;
  /** For the next step of the same picture. */
  readonly ranges: GradientRanges;
};

/** Computes an objective and its gradient; owns sessions or tensors. */
export interface Backend {
  /** Such as `onnx:cpu`. */
  readonly name: string;
  readonly version: string;
  readonly threads: number;
  readonly precision: Precision;
  /** Network, weights and objective as text: two backends with the same settings agree. */
  readonly settings: string;
  /** Sides of a measured photo are multiples of this: for its octaves, and for the poolings of the first. */
  readonly photoMultiple: number;
  /**
   * What a picture of this size is to be compared with. The photo's sides must be multiples of
   * `photoMultiple`.
   */
  measure(photo: Picture, size: Size): Promise<Target>;
  /**
   * Objective and gradient of a picture whose size was given to `measure`.
   * @param ranges of the step before; without them, or where gradients have outgrown them, a backend that needs some
   * takes several steps to find them
   */
  evaluate(picture: Picture, target: Target, ranges?: GradientRanges): Promise<Evaluation>;
  close(): Promise<void>;
}

/** @throws GramzoomError `precision-unavailable` where the network cannot be computed in that precision */
export type OpenBackend = (
  network: Network,
  objective: Objective,
  options: {
    readonly threads: number;
    /** By default `float`, which every other one is compared with. */
    readonly precision?: Precision;
  },
) => Promise<Backend>;
