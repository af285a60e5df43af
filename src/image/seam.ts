import type { RgbImage } from '../domain/picture.ts';
import { median } from '../domain/statistics.ts';

export type ZoomDirection = 'in' | 'out';

/** How well each frame follows from the one before it; all distances in steps of a byte, 0 to 255. */
export type Motion = {
  /** d_k, the difference between frame k + 1 and frame k after the known zoom; the last leads to frame 0. */
  readonly distances: number[];
  /**
   * d_(N-1) / median(d_0 .. d_(N-2)): near 1 the seam is invisible, below it stalls, above it jumps. 1 where
   * nothing differs at all.
   */
  readonly seamRatio: number;
};

/** Below this a median difference counts as none, so that the ratio stays finite. */
const leastMedian = 1e-6;

/** For every output position: the left one of two source positions and the weight of the right one. */
type Taps = { readonly index: Int32Array; readonly weight: Float32Array };

/** Enlarging by `factor` about the centre: the output at x shows the input at (x - c) / factor + c. */
const createTaps = (length: number, factor: number): Taps => {
  const index = new Int32Array(length);
  const weight = new Float32Array(length);
  for (let i = 0; i < length; i++) {
    const source = (i + 0.5 - length / 2) / factor + length / 2 - 0.5;
    const clamped = Math.min(length - 1, Math.max(0, source));
    index[i] = Math.max(0, Math.min(length - 2, Math.floor(clamped)));
    weight[i] = clamped - index[i]!;
  }
  return { index, weight };
};

/**
 * Measures a film frame by frame, without holding more than three of them. A frame must not change after it
 * was added. W, the known zoom, enlarges by `zoom` (by 1 / `zoom` for a film that zooms out) about the centre: bilinear,
 * half-pixel centres, clamped at the borders.
 * @param zoom enlargement from one frame to the next
 */
export const createMotionMeter = (zoom: number, direction: ZoomDirection) => {
  const factor = direction === 'in' ? zoom : 1 / zoom;
  const distances: number[] = [];
  let first: RgbImage | undefined;
  let previous: RgbImage | undefined;
  let columns: Taps | undefined;
  let rows: Taps | undefined;

  const measure = (from: RgbImage, to: RgbImage): void => {
    const { width, height } = from;
    if (to.width !== width || to.height !== height) throw new RangeError('frames differ in size');
    columns ??= createTaps(width, factor);
    rows ??= createTaps(height, factor);
    distances.push(sumDifferences(from, to, columns, rows) / (3 * width * height));
  };

  return {
    add(frame: RgbImage): void {
      if (previous) measure(previous, frame);
      first ??= frame;
      previous = frame;
    },
    /** Closes the loop. To be called once, after at least one frame. */
    finish(): Motion {
      if (!first || !previous) throw new RangeError('no frames');
      measure(previous, first);
      const seam = distances.at(-1)!;
      const usual = distances.length > 1 ? median(distances.slice(0, -1)) : seam;
      const seamRatio = seam === usual ? 1 : seam / Math.max(usual, leastMedian);
      return { distances, seamRatio };
    },
  };
};

const sumDifferences = (from: RgbImage, to: RgbImage, columns: Taps, rows: Taps): number => {
  const { width, height, data } = from;
  const stride = 3 * width;
  const right = width > 1 ? 3 : 0;
  const below = height > 1 ? stride : 0;
  const row = new Float32Array(stride);
  let sum = 0;
  for (let y = 0; y < height; y++) {
    const upper = rows.index[y]! * stride;
    const lower = upper + below;
    const down = rows.weight[y]!;
    for (let i = 0; i < stride; i++) {
      const value = data[upper + i]!;
      row[i] = value + (data[lower + i]! - value) * down;
    }
    let out = y * stride;
    for (let x = 0; x < width; x++) {
      const left = columns.index[x]! * 3;
      const across = columns.weight[x]!;
      for (let channel = 0; channel < 3; channel++, out++) {
        const value = row[left + channel]!;
        const expected = value + (row[left + right + channel]! - value) * across;
        sum += Math.abs(to.data[out]! - expected);
      }
    }
  }
  return sum;
};
