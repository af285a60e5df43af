/**
 * What every backend computes, in one place; the backends differ only in how.
 *
 * With O octaves (the picture at 1, 1/2, 1/4 ..., each the 2x2 mean of the one before, blurred by `octaveBlur`)
 * and T taps, F the C x (H W) features of a tap and G = F F^T / (H W) its Gram matrix:
 *
 *   style      = 1/(O T) sum over octaves and taps of weight |G - G*|^2 / (|G*|^2 + eps)
 *   colour     = |m - m*|^2 / (tr S* + e) + |S - S*|^2 / (|S*|^2 + e^2), m and S the mean and covariance of
 *                the pixels of octave 0, e = `colourEpsilon`
 *   smoothness = mean over channels and inner pixel pairs of sqrt(d^2 + delta^2) - delta, d the difference
 *                to the right-hand neighbour, plus the same for the neighbour below, on octave 0
 *   loss       = style + colourWeight colour + smoothnessWeight smoothness
 *
 * The style term is that of Gatys et al. (2015), made relative to the target so that taps need no hand-made
 * scales. eps is `gramEpsilon` times |G|^2 of a fixed noise picture: relative to the tap. `gramFloor` keeps a
 * tap that is dead on both from dividing by zero.
 */
import type { Picture, Size } from '../../domain/picture.ts';
import type { Network } from '../spec.ts';
import { weightsFingerprint } from '../weights-fingerprint.ts';

/**
 * How a convolution sees beyond the picture's border, in the forward and in the backward pass. `reflect` is
 * `zero` where a side is one pixel: there is nothing to mirror.
 */
export type Padding = 'zero' | 'wrap' | 'reflect';

export type LossOptions = {
  readonly padding: Padding;
  /** At how many octaves the picture is compared, where its size allows (see `octavesFor`). */
  readonly octaves: number;
  readonly colourWeight: number;
  readonly smoothnessWeight: number;
};

const gramEpsilon = 1e-4;
const gramFloor = 1e-20;

/** eps of a tap, given |G|^2 of the noise picture. */
export const tapEpsilon = (noiseGramSquared: number): number => gramEpsilon * noiseGramSquared + gramFloor;
export const colourEpsilon = 1e-3;
export const smoothnessDelta = 0.02;

/**
 * The blur along both axes before an octave is halved, the border repeated; with the 2x2 mean it is 1 3 3 1. Without
 * it fine detail passes for coarse in the smaller octaves, and pictures grow a weave of horizontals and verticals.
 */
export const octaveBlur = [0.25, 0.5, 0.25] as const;

/** The smallest side at which an octave still says something. */
export const minOctaveSide = 32;

/** One tap of one octave: the Gram matrix to match, C x C, and its squared norm plus eps. */
export type GramTarget = { readonly channels: number; readonly gram: Float32Array; readonly norm: number };

/** What a picture is compared with. `grams[octave][tap]`. */
export type Target = {
  readonly grams: readonly (readonly GramTarget[])[];
  readonly colour: { readonly mean: Float32Array; readonly covariance: Float32Array };
};

export type Evaluation = {
  /** The loss whose gradient this is. */
  readonly loss: number;
  /** The unweighted mean over octaves and taps of the relative Gram distance. */
  readonly styleLoss: number;
  /** The unweighted terms; a backend may leave out, as 0, what has no weight. */
  readonly colourLoss: number;
  readonly smoothnessLoss: number;
  /** d loss / d picture: planar RGB like the picture. */
  readonly gradient: Float32Array;
};

/** Computes losses and gradients; owns sessions or tensors. */
export interface Backend {
  /** Such as `onnx:cpu`. */
  readonly name: string;
  readonly version: string;
  readonly threads: number;
  /**
   * The network's description and fingerprint and the loss options, as text: two backends with the same settings
   * agree.
   */
  readonly settings: string;
  /** Sides of a measured photo are multiples of this, so that each octave and pooling halves them evenly. */
  readonly photoMultiple: number;
  /**
   * What a picture of this size is to be compared with. The photo's sides must be multiples of
   * `photoMultiple`.
   */
  measure(photo: Picture, size: Size): Promise<Target>;
  /** Loss and gradient of a picture whose size was given to `measure`. */
  evaluate(picture: Picture, target: Target): Promise<Evaluation>;
  close(): Promise<void>;
}

export type OpenBackend = (
  network: Network,
  options: LossOptions & { readonly threads: number },
) => Promise<Backend>;

/** See `Backend.settings`. */
export const settingsOf = ({ spec, tensors }: Network, options: LossOptions): string => {
  const { padding, octaves, colourWeight, smoothnessWeight } = options;
  const weights = weightsFingerprint(tensors);
  return JSON.stringify({ spec, weights, padding, octaves, colourWeight, smoothnessWeight });
};

/**
 * The octaves used at a size: at most `octaves`, none with a side smaller than `minOctaveSide` or odd at one of
 * the network's poolings, at least one.
 */
export const octavesFor = (
  { width, height }: Size,
  octaves: number,
  { poolings }: { poolings: number },
): number => {
  const fits = (side: number, count: number): boolean =>
    side % 2 ** (count + poolings) === 0 && side / 2 ** count >= minOctaveSide;
  let count = 1;
  while (count < octaves && fits(width, count) && fits(height, count)) count++;
  return count;
};

/** See `Backend.photoMultiple`. */
export const photoMultipleFor = (octaves: number, { poolings }: { poolings: number }): number =>
  2 ** (octaves - 1 + poolings);
