/** What a film loses or gains from frame to frame: colour, contrast, sharpness. */

import type { RgbImage } from '../src/domain/picture.ts';
import { meanOf, median } from '../src/domain/statistics.ts';

type PixelFigures = {
  /** Per channel, in steps of a byte. */
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
  /** Mean squared difference of neighbours, over channels and both directions. */
  readonly gradientEnergy: number;
};

export const pixelFigures = ({ width, height, data }: RgbImage): PixelFigures => {
  const stride = 3 * width;
  const sums = [0, 0, 0];
  const squares = [0, 0, 0];
  let energy = 0;
  for (let i = 0; i < data.length; i++) {
    const value = data[i]!;
    sums[i % 3]! += value;
    squares[i % 3]! += value * value;
    if (i % stride < stride - 3) energy += (data[i + 3]! - value) ** 2;
    if (i + stride < data.length) energy += (data[i + stride]! - value) ** 2;
  }
  const pixels = width * height;
  const mean = sums.map((sum) => sum / pixels);
  return {
    mean,
    deviation: squares.map((square, channel) =>
      Math.sqrt(Math.max(0, square / pixels - mean[channel]! ** 2)),
    ),
    gradientEnergy: energy / (3 * pixels),
  };
};

const apart = (a: readonly number[], b: readonly number[]): number =>
  Math.hypot(...a.map((value, index) => value - b[index]!));

/** Largest distance from frame 0, in steps of a byte. */
type Shift = { readonly last: number; readonly worst: number; readonly worstFrame: number };

const shiftOf = (vectors: readonly (readonly number[])[]): Shift => {
  const distances = vectors.map((vector) => apart(vector, vectors[0]!));
  const worst = Math.max(...distances);
  return { last: distances.at(-1)!, worst, worstFrame: distances.indexOf(worst) };
};

/** The range of values relative to their median. */
export type Range = { readonly least: number; readonly most: number };

export const rangeOf = (values: readonly number[], middle = median(values)): Range => ({
  least: Math.min(...values) / middle,
  most: Math.max(...values) / middle,
});

export type Drift = {
  /** Of the mean colour and of the pixels' standard deviation, over the channels (Euclidean). */
  readonly colour: Shift;
  readonly spread: Shift;
  readonly contrast: Range & { readonly lastOverFirst: number };
  readonly gradientEnergy: Range & { readonly lastOverFirst: number };
};

/** Frame 0 against the last and the worst frame. */
export const driftOf = (frames: readonly RgbImage[]): Drift => {
  const figures = frames.map(pixelFigures);
  const withEnds = (values: readonly number[]) => ({
    ...rangeOf(values),
    lastOverFirst: values.at(-1)! / values[0]!,
  });
  return {
    colour: shiftOf(figures.map(({ mean }) => mean)),
    spread: shiftOf(figures.map(({ deviation }) => deviation)),
    contrast: withEnds(figures.map(({ deviation }) => Math.hypot(...deviation))),
    gradientEnergy: withEnds(figures.map(({ gradientEnergy }) => gradientEnergy)),
  };
};

export type Evenness = {
  readonly mean: number;
  /** Largest deviation from the mean, relative to it. */
  readonly deviation: number;
};

export const evenness = (values: readonly number[]): Evenness => {
  const mean = meanOf(values);
  return { mean, deviation: Math.max(...values.map((value) => Math.abs(value - mean))) / mean };
};
