/**
 * The scales of bytes. Those of activations are static: measured on the photo. Those of gradients are delayed, as in
 * FP8 training (Micikevicius et al. 2022): made of the largest values of the last steps, so that a step needs no second
 * pass over memory.
 */
import type { QuantisedNetwork } from './int8-network.ts';
import { gradientZero, largestActivation, largestGradient } from './onnx-bytes.ts';

/** How far beyond the photo's largest activation a byte reaches: pictures on their way have larger ones. */
const headroom = 1.1;
/** A layer that the photo leaves dark still has a share of what it answers to noise, or nothing could be measured. */
const shareOfNoise = 0.05;

/** Zero cannot be divided by, nor can what is zero as a 32-bit float. */
const leastScale = 1e-30;

/**
 * What the largest byte of each link's output stands for, by octave.
 * @param photo largest activations, octaves x links of the chain
 * @param noise the same of the noise picture, one octave
 */
export const activationPeaks = (photo: Float32Array, noise: Float32Array): readonly (readonly number[])[] => {
  const links = noise.length;
  return Array.from({ length: photo.length / links }, (_, octave) =>
    Array.from(noise, (ofNoise, link) =>
      Math.max(headroom * photo[octave * links + link]!, shareOfNoise * ofNoise, leastScale),
    ),
  );
};

const mostBias = 2 ** 30;

/** One octave's scales of activations, by links of the chain, and the convolutions' biases as whole numbers. */
export const activationScales = (
  { input, chain, convolutions }: QuantisedNetwork,
  peaks: readonly number[],
): { readonly scales: Float32Array; readonly biases: readonly Int32Array[] } => {
  const scales = Float32Array.from(peaks, (peak) => peak / largestActivation);
  const biases = convolutions.map(({ bias, forward }, convolution) => {
    const at = chain.indexOf(convolution);
    const ofInput = at === 0 ? input.scale : scales[at - 1]!;
    return Int32Array.from(bias, (value, channel) => {
      const whole = Math.round(value / (ofInput * forward.scales[channel]!));
      return Math.min(mostBias, Math.max(-mostBias, whole));
    });
  });
  return { scales, biases };
};

/** So many steps are remembered of each gradient. */
const remembered = 4;
/** What a byte reaches beyond the largest of them. */
const margin = 1.5;
/** A gradient that fills its bytes may have been larger: by how much is not known. */
const ifSaturated = 4;

/** One octave's gradients: for each, the largest values of the last steps, the newest first, times the pixels. */
export type OctaveRanges = readonly number[];

/** What grew more than this within the steps that are remembered was out of range in most: it would take many more. */
const mostGrowth = 100;

/** Whether scales can be made of what is remembered; otherwise they are found by trial. */
export const isKnown = (ranges: OctaveRanges | undefined, gradients: number): ranges is OctaveRanges =>
  ranges?.length === gradients * remembered &&
  !ranges.some((newest, at) => at % remembered === 0 && newest > mostGrowth * ranges[at + remembered - 1]!);

/**
 * @param pixels of the octave: a gradient is smaller in a larger picture, so that what is remembered of one size serves
 * another
 */
export const gradientScales = (ranges: OctaveRanges, pixels: number): Float32Array =>
  Float32Array.from({ length: ranges.length / remembered }, (_, gradient) => {
    const largest = Math.max(...ranges.slice(gradient * remembered, (gradient + 1) * remembered));
    return Math.max(leastScale, (margin * largest) / (largestGradient * pixels));
  });

/** How far the bytes of a gradient reach from zero: 0 to 128. */
export const reachOf = (extremes: Float32Array, gradient: number): number =>
  Math.max(extremes[gradient]! - gradientZero, gradientZero - extremes[extremes.length / 2 + gradient]!);

const isSaturated = (reach: number): boolean => reach >= largestGradient;

/** What is remembered after a step. */
export const rangesAfter = (
  ranges: OctaveRanges,
  extremes: Float32Array,
  { scales, pixels }: { readonly scales: Float32Array; readonly pixels: number },
): OctaveRanges =>
  Array.from(scales, (scale, gradient) => {
    const before = ranges.slice(gradient * remembered, (gradient + 1) * remembered);
    const reach = reachOf(extremes, gradient);
    const largest = reach * scale * pixels;
    // All zero may be too small to be seen, and not nothing.
    const own = reach === 0 ? before[0]! / 2 : isSaturated(reach) ? ifSaturated * largest : largest;
    return [own, ...before.slice(0, -1)];
  }).flat();

/** Before anything is known, scales begin far too small and grow until nothing is out of range. */
const firstScale = 1e-9;
const growth = 64;
/** A reach that says how large a gradient is. */
const leastReach = 16;

export const firstScales = (gradients: number, pixels: number): Float32Array =>
  new Float32Array(gradients).fill(firstScale / pixels);

/** Better scales after a trial, or undefined where they serve. */
export const triedScales = (scales: Float32Array, extremes: Float32Array): Float32Array | undefined => {
  let serves = true;
  const next = scales.map((scale, gradient) => {
    const reach = reachOf(extremes, gradient);
    if (reach === 0) return scale;
    if (isSaturated(reach)) {
      serves = false;
      return growth * scale;
    }
    if (reach >= leastReach) return scale;
    serves = false;
    return (margin * reach * scale) / largestGradient;
  });
  return serves ? undefined : next;
};

/** What is remembered of gradients whose scales were found by trial. */
export const rangesOf = (
  scales: Float32Array,
  extremes: Float32Array,
  { pixels }: { readonly pixels: number },
): OctaveRanges =>
  Array.from(scales, (scale, gradient) => {
    const largest = Math.max(1, reachOf(extremes, gradient)) * scale * pixels;
    return new Array<number>(remembered).fill(largest);
  }).flat();
