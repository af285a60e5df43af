import type { RgbImage } from '../domain/picture.ts';
import { quantize } from './gifenc.ts';

/** Up to 256 colours; `rgb` holds three bytes for each. */
export type Palette = { readonly count: number; readonly rgb: Uint8Array };

/** The index of a palette's colour for red, green and blue from 0 to 255. */
export type NearestColour = (red: number, green: number, blue: number) => number;

const sampleSize = 2 ** 17;
const refinements = 5;
/** Above this many bins the clustering's quadratic time shows, so it starts from coarser ones. */
const maxFineBins = 12_000;

/** The cell of a colour at six bits per channel. */
const cellOf = (red: number, green: number, blue: number): number =>
  ((red >> 2) << 12) | ((green >> 2) << 6) | (blue >> 2);

/**
 * Pixels from all frames alike, as RGBA: positions follow the golden ratio, so that they fall on all rows
 * and columns evenly whatever the sizes are.
 */
const samplePixels = (frames: readonly RgbImage[]): Uint8Array => {
  const perFrame = Math.max(1, Math.floor(sampleSize / frames.length));
  const golden = (Math.sqrt(5) - 1) / 2;
  const sample = new Uint8Array(4 * perFrame * frames.length);
  let at = 0;
  for (const { width, height, data } of frames) {
    for (let i = 0; i < perFrame; i++) {
      const pixel = 3 * Math.floor(((i * golden) % 1) * width * height);
      sample[at] = data[pixel]!;
      sample[at + 1] = data[pixel + 1]!;
      sample[at + 2] = data[pixel + 2]!;
      sample[at + 3] = 255;
      at += 4;
    }
  }
  return sample;
};

/** The occupied cells: how many pixels each holds, and their mean colour. */
type Histogram = { readonly weights: Float64Array; readonly means: Float64Array };

const countCells = (sample: Uint8Array): Histogram => {
  const weights = new Float64Array(2 ** 18);
  const sums = new Float64Array(3 * 2 ** 18);
  for (let at = 0; at < sample.length; at += 4) {
    const cell = cellOf(sample[at]!, sample[at + 1]!, sample[at + 2]!);
    weights[cell] = weights[cell]! + 1;
    for (let channel = 0; channel < 3; channel++) {
      sums[3 * cell + channel] = sums[3 * cell + channel]! + sample[at + channel]!;
    }
  }
  const occupied = weights.reduce((count, weight) => count + (weight > 0 ? 1 : 0), 0);
  const histogram = { weights: new Float64Array(occupied), means: new Float64Array(3 * occupied) };
  let next = 0;
  for (let cell = 0; cell < weights.length; cell++) {
    const weight = weights[cell]!;
    if (weight === 0) continue;
    histogram.weights[next] = weight;
    for (let channel = 0; channel < 3; channel++) {
      histogram.means[3 * next + channel] = sums[3 * cell + channel]! / weight;
    }
    next++;
  }
  return histogram;
};

const nearestOf = (
  centres: ArrayLike<number>,
  count: number,
  red: number,
  green: number,
  blue: number,
): number => {
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let i = 0; i < count; i++) {
    const r = red - centres[3 * i]!;
    let distance = r * r;
    if (distance >= least) continue;
    const g = green - centres[3 * i + 1]!;
    distance += g * g;
    if (distance >= least) continue;
    const b = blue - centres[3 * i + 2]!;
    distance += b * b;
    if (distance < least) {
      least = distance;
      best = i;
    }
  }
  return best;
};

/**
 * One step of k-means. Where the palette has room left, the worst matched colours become new centres: a
 * grey film would otherwise get only as many greys as the clustering has bins on that line.
 */
const refine = (
  centres: Float64Array,
  { weights, means }: Histogram,
  maxColours: number,
): Float64Array<ArrayBuffer> => {
  const count = centres.length / 3;
  const sums = new Float64Array(4 * count);
  const errors = new Float64Array(weights.length);
  for (let bin = 0; bin < weights.length; bin++) {
    const weight = weights[bin]!;
    const [red, green, blue] = [means[3 * bin]!, means[3 * bin + 1]!, means[3 * bin + 2]!];
    const nearest = nearestOf(centres, count, red, green, blue);
    const at = 4 * nearest;
    sums[at] = sums[at]! + weight;
    sums[at + 1] = sums[at + 1]! + weight * red;
    sums[at + 2] = sums[at + 2]! + weight * green;
    sums[at + 3] = sums[at + 3]! + weight * blue;
    const r = red - centres[3 * nearest]!;
    const g = green - centres[3 * nearest + 1]!;
    const b = blue - centres[3 * nearest + 2]!;
    errors[bin] = weight * (r * r + g * g + b * b);
  }
  const refined: number[] = [];
  for (let at = 0; at < sums.length; at += 4) {
    const weight = sums[at]!;
    if (weight > 0) refined.push(sums[at + 1]! / weight, sums[at + 2]! / weight, sums[at + 3]! / weight);
  }
  const room = maxColours - refined.length / 3;
  if (room > 0) {
    const worst = [...errors.keys()]
      .filter((bin) => errors[bin]! > 0)
      .sort((a, b) => errors[b]! - errors[a]!)
      .slice(0, room);
    for (const bin of worst) refined.push(...means.subarray(3 * bin, 3 * bin + 3));
  }
  return Float64Array.from(refined);
};

/**
 * One palette for a whole film: palettes per frame make it flicker. Pairwise nearest neighbour clustering of
 * a sample gives the start, k-means on the sample's histogram refines it.
 * @param frames at least one
 * @param maxColours 2 to 256
 */
export const buildPalette = (frames: readonly RgbImage[], maxColours: number): Palette => {
  const sample = samplePixels(frames);
  const histogram = countCells(sample);
  const format = histogram.weights.length > maxFineBins ? 'rgb444' : 'rgb565';
  let centres = Float64Array.from(quantize(sample, maxColours, { format }).flat());
  for (let i = 0; i < refinements; i++) centres = refine(centres, histogram, maxColours);
  return { count: centres.length / 3, rgb: Uint8Array.from(centres, Math.round) };
};

/** A lookup through cells of six bits per channel, each searched when it is first asked for. */
export const createNearestColour = ({ count, rgb }: Palette): NearestColour => {
  const known = new Int16Array(2 ** 18).fill(-1);
  return (red, green, blue) => {
    const cell = cellOf(red, green, blue);
    const index = known[cell]!;
    if (index >= 0) return index;
    // The middle of the cell.
    const found = nearestOf(rgb, count, (red & ~3) + 1.5, (green & ~3) + 1.5, (blue & ~3) + 1.5);
    known[cell] = found;
    return found;
  };
};

/** The frame that a viewer shows for these indices. */
export const paint = (indices: Uint8Array, palette: Palette, width: number, height: number): RgbImage => {
  const data = new Uint8Array(3 * indices.length);
  for (let pixel = 0; pixel < indices.length; pixel++) {
    const from = 3 * indices[pixel]!;
    const to = 3 * pixel;
    data[to] = palette.rgb[from]!;
    data[to + 1] = palette.rgb[from + 1]!;
    data[to + 2] = palette.rgb[from + 2]!;
  }
  return { width, height, data };
};
