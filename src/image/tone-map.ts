import type { HighDynamicRange } from './colour-space.ts';

/** Light up to this share of white stays as it is. */
const knee = 0.5;
/** The brightest pixels, which may be noise, become white all the same: one in two hundred. */
const clippedShare = 0.005;
/** Peaks are told apart from white to 10,000 nits in steps of 0.4 %. */
const peakSteps = 1000;
const largestPeak = 10_000 / 203;

/** What the three channels of a pixel, linear light with 1 for white, are multiplied by. */
export type ToneScale = (red: number, green: number, blue: number) => number;

const displayGain = ({ gain, luminance: [r, g, b] }: HighDynamicRange): ToneScale =>
  gain === undefined ? () => 1 : (red, green, blue) => gain(r * red + g * green + b * blue);

/**
 * Brings highlights down to white, and with them only what is brighter than half of white: Reinhard's extended curve
 * (2002, equation 4) above a knee, on the largest channel, so that hues stay. A picture that is nowhere brighter
 * than white does not change.
 * @param eachPixel calls back with the linear light of every pixel
 */
export const toneScale = (
  range: HighDynamicRange,
  eachPixel: (visit: (red: number, green: number, blue: number) => void) => void,
): ToneScale => {
  const gain = displayGain(range);
  const histogram = new Uint32Array(peakSteps + 1);
  let pixels = 0;
  eachPixel((red, green, blue) => {
    const brightest = gain(red, green, blue) * Math.max(red, green, blue);
    const step = Math.ceil((peakSteps * Math.log(brightest)) / Math.log(largestPeak));
    histogram[Math.min(peakSteps, Math.max(0, step))]! += 1;
    pixels += 1;
  });
  let step = peakSteps;
  for (let brighter = 0; step > 0; step--) {
    brighter += histogram[step]!;
    if (brighter > clippedShare * pixels) break;
  }
  const peak = largestPeak ** (step / peakSteps);
  const range2 = ((peak - knee) / (1 - knee)) ** 2;
  return (red, green, blue) => {
    const factor = gain(red, green, blue);
    const brightest = factor * Math.max(red, green, blue);
    if (brightest <= knee) return factor;
    const above = (brightest - knee) / (1 - knee);
    const mapped = knee + ((1 - knee) * above * (1 + above / range2)) / (1 + above);
    return (factor * mapped) / brightest;
  };
};
