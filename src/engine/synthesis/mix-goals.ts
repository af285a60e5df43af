import type { Goal } from './synthesis.ts';

const mixed = (from: Float32Array, to: Float32Array, share: number): Float32Array =>
  from.map((value, i) => value + share * (to[i]! - value));

/**
 * A goal between two of the same size. What is compared is a mean over pixels, so that it is what a picture has that
 * is made of both photos by their shares. Steps have the measure of the nearer one.
 * @param share of `to`: 0 to 1
 */
export const mixGoals = (from: Goal, to: Goal, share: number): Goal => {
  if (share <= 0) return from;
  if (share >= 1) return to;
  const grams = from.target.grams.map((taps, octave) =>
    taps.map(({ channels, gram, norm }, tap) => {
      const other = to.target.grams[octave]![tap]!;
      return { channels, gram: mixed(gram, other.gram, share), norm: norm + share * (other.norm - norm) };
    }),
  );
  const [a, b] = [from.target.colour, to.target.colour];
  const colour = {
    mean: mixed(a.mean, b.mean, share),
    covariance: mixed(a.covariance, b.covariance, share),
  };
  // A picture between both has what either has.
  const activationPeaks = from.target.activationPeaks.map((peaks, octave) =>
    peaks.map((peak, layer) => Math.max(peak, to.target.activationPeaks[octave]![layer]!)),
  );
  return {
    ...(share < 0.5 ? from : to),
    target: { grams, colour, activationPeaks },
    // Both move sorted colours to sorted colours: so does the sum, to those in between.
    transfer: (picture, direction, colourShare) => {
      from.transfer(picture, direction, colourShare * (1 - share));
      to.transfer(picture, direction, colourShare * share);
    },
  };
};
