/**
 * d_k, how much a film changes from one frame to the next beyond its zoom: the mean of |F(k+1) - W(F_k)| over all
 * values, where W enlarges about the centre (bilinear, half-pixel centres, clamped at the borders).
 */
import type { Picture, RgbImage } from './picture.ts';

/** A frame in bytes, interleaved, or in numbers, planar: changes are in its own unit. */
type Frame = RgbImage | Picture;

/** For every output position: the first of two source positions and the weight of each. */
type Taps = { readonly start: Int32Array; readonly weight: Float32Array };

const tapsFor = (length: number, factor: number): Taps => {
  const start = new Int32Array(length);
  const weight = new Float32Array(2 * length);
  const scale = 1 / factor;
  const inside = (position: number): number => Math.min(length - 1, Math.max(0, position));
  for (let x = 0; x < length; x++) {
    const centre = (x + 0.5 - length / 2) * scale + length / 2 - 0.5;
    const first = Math.ceil(centre - 1);
    const shares = [first, first + 1].map((position) => Math.max(0, 1 - Math.abs(position - centre)));
    const sum = shares[0]! + shares[1]!;
    const from = Math.max(0, Math.min(length - 2, inside(first)));
    const folded = [0, 0];
    shares.forEach((share, tap) => {
      folded[inside(first + tap) - from]! += share / sum;
    });
    start[x] = from;
    weight.set(folded, 2 * x);
  }
  return { start, weight };
};

/** How many planes of rows a frame has, and how many values a pixel has in a row. */
const layoutOf = ({ data }: Frame) =>
  data instanceof Uint8Array ? { planes: 1, channels: 3 } : { planes: 3, channels: 1 };

/** For every value of a row what `tapsFor` says for its pixel. */
const tapsOfValues = ({ start, weight }: Taps, channels: number): Taps => ({
  start: Int32Array.from(
    { length: channels * start.length },
    (_, i) => channels * start[Math.floor(i / channels)]! + (i % channels),
  ),
  weight: Float32Array.from(
    { length: channels * weight.length },
    (_, i) => weight[2 * Math.floor(i / (2 * channels)) + (i % 2)]!,
  ),
});

// One loop a function: in a long one V8 keeps numbers as objects.

/** Enlarges a row along itself; `right` is the distance to the next pixel. */
const widen = (
  data: Frame['data'],
  { from, right }: { readonly from: number; readonly right: number },
  { start, weight }: Taps,
  into: Float32Array,
): void => {
  for (let x = 0; x < into.length; x++) {
    const at = from + start[x]!;
    into[x] = data[at]! * weight[2 * x]! + data[at + right]! * weight[2 * x + 1]!;
  }
};

/** The sum of what the row from `from` on differs by from what lies between two others. */
const differenceOf = (
  data: Frame['data'],
  from: number,
  [above, below]: readonly [Float32Array, Float32Array],
  [upper, lower]: readonly [number, number],
): number => {
  let sum = 0;
  for (let x = 0; x < above.length; x++) {
    sum += Math.abs(data[from + x]! - Math.fround(above[x]! * upper + below[x]! * lower));
  }
  return sum;
};

/**
 * The change from a frame to any frame that may come next.
 * @param factor enlargement from one frame to the next; below 1 where the film zooms out
 */
export const changesFrom = <F extends Frame>(previous: F, factor: number): ((next: F) => number) => {
  const { width, height, data } = previous;
  const { planes, channels } = layoutOf(previous);
  const columns = tapsOfValues(tapsFor(width, factor), channels);
  const rows = tapsFor(height, factor);
  const length = width * channels;
  const right = width > 1 ? channels : 0;
  return (next) => {
    if (next.width !== width || next.height !== height) throw new RangeError('frames differ in size');
    let [above, below] = [new Float32Array(length), new Float32Array(length)];
    let sum = 0;
    for (let plane = 0; plane < planes; plane++) {
      const top = plane * height;
      let widened = Number.NaN;
      for (let y = 0; y < height; y++) {
        const first = rows.start[y]!;
        if (first !== widened) {
          [above, below] = [below, above];
          if (first !== widened + 1) widen(data, { from: (top + first) * length, right }, columns, above);
          const second = Math.min(height - 1, first + 1);
          widen(data, { from: (top + second) * length, right }, columns, below);
          widened = first;
        }
        const weights = [rows.weight[2 * y]!, rows.weight[2 * y + 1]!] as const;
        sum += differenceOf(next.data, (top + y) * length, [above, below], weights);
      }
    }
    return sum / next.data.length;
  };
};
