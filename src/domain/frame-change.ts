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

/** Distances from one value to the next channel, pixel and row. */
const layoutOf = ({ width, height, data }: Frame) =>
  data instanceof Uint8Array
    ? { channel: 1, pixel: 3, row: 3 * width }
    : { channel: width * height, pixel: 1, row: width };

/** W of a frame, as float32 values in the frame's own layout. */
const enlarge = (frame: Frame, factor: number): Float32Array => {
  const { width, height, data } = frame;
  const { channel, pixel, row } = layoutOf(frame);
  const columns = tapsFor(width, factor);
  const rows = width === height ? columns : tapsFor(height, factor);
  const [right, below] = [width > 1 ? pixel : 0, height > 1 ? row : 0];
  const lines = new Float32Array(data.length);
  const output = new Float32Array(data.length);
  for (let plane = 0; plane < 3 * channel; plane += channel) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const at = plane + y * row + columns.start[x]! * pixel;
        lines[plane + y * row + x * pixel] =
          data[at]! * columns.weight[2 * x]! + data[at + right]! * columns.weight[2 * x + 1]!;
      }
    }
    for (let y = 0; y < height; y++) {
      const from = plane + rows.start[y]! * row;
      const [upper, lower] = [rows.weight[2 * y]!, rows.weight[2 * y + 1]!];
      for (let x = 0; x < width * pixel; x += pixel) {
        output[plane + y * row + x] = lines[from + x]! * upper + lines[from + below + x]! * lower;
      }
    }
  }
  return output;
};

/**
 * The change from a frame to any frame that may come next.
 * @param factor enlargement from one frame to the next; below 1 where the film zooms out
 */
export const changesFrom = <F extends Frame>(previous: F, factor: number): ((next: F) => number) => {
  const expected = enlarge(previous, factor);
  return ({ width, height, data }) => {
    if (width !== previous.width || height !== previous.height) throw new RangeError('frames differ in size');
    let sum = 0;
    for (let i = 0; i < data.length; i++) sum += Math.abs(data[i]! - expected[i]!);
    return sum / data.length;
  };
};
