import type { Picture, Size } from '../domain/picture.ts';
import type { Objective, Target, TermName } from './objective/objective.ts';
import type { Network } from './spec.ts';

export type Evaluation = {
  /** The objective, whose gradient this is. */
  readonly loss: number;
  /** Each term unweighted, 0 where it was not computed. `gram` is the mean over octaves and taps. */
  readonly losses: Readonly<Record<TermName, number>>;
  /** d loss / d picture: planar RGB like the picture. */
  readonly gradient: Float32Array;
};

/** Computes an objective and its gradient; owns sessions or tensors. */
export interface Backend {
  /** Such as `onnx:cpu`. */
  readonly name: string;
  readonly version: string;
  readonly threads: number;
  /** Network, weights and objective as text: two backends with the same settings agree. */
  readonly settings: string;
  /** Sides of a measured photo are multiples of this, so that each octave and pooling halves them evenly. */
  readonly photoMultiple: number;
  /**
   * What a picture of this size is to be compared with. The photo's sides must be multiples of
   * `photoMultiple`.
   */
  measure(photo: Picture, size: Size): Promise<Target>;
  /** Objective and gradient of a picture whose size was given to `measure`. */
  evaluate(picture: Picture, target: Target): Promise<Evaluation>;
  close(): Promise<void>;
}

export type OpenBackend = (
  network: Network,
  objective: Objective,
  options: { readonly threads: number },
) => Promise<Backend>;
