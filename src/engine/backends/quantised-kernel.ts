/** Kernels as whole numbers with a scale per output channel: O x I x K x K. */
export type QuantisedKernel = {
  readonly shape: readonly [number, number, number, number];
  readonly data: Int8Array;
  readonly scales: Float32Array;
};

/**
 * Weights have 7 bits, symmetric about 0. Not 8: without VNNI, AVX2 adds two products of an unsigned and a signed byte
 * in 16 bits, and 2 * 255 * 127 does not fit in there.
 */
export const largestWeight = 63;

/**
 * Rounds `count` numbers from `at` on so that their sum is rounded, too: of those that were rounded down, or up, the
 * ones that were furthest from it go the other way.
 */
const roundWithSum = (exact: Float32Array, rounded: Int8Array, at: number, count: number): void => {
  let sum = 0;
  for (let i = at; i < at + count; i++) {
    rounded[i] = Math.round(exact[i]!);
    sum += exact[i]! - rounded[i]!;
  }
  for (let missing = Math.round(sum); missing !== 0; missing -= Math.sign(missing)) {
    const step = Math.sign(missing);
    let furthest = -1;
    let most = Number.NEGATIVE_INFINITY;
    for (let i = at; i < at + count; i++) {
      const left = step * (exact[i]! - rounded[i]!);
      if (left > most && Math.abs(rounded[i]! + step) <= largestWeight) [furthest, most] = [i, left];
    }
    if (furthest < 0) return;
    rounded[furthest]! += step;
  }
};

/**
 * Weights as whole numbers of 7 bits. The sum of each K x K kernel is kept to half a step: activations are positive and
 * smooth, so that an error of the sum counts most. It makes up for the eighth bit.
 * @param weight O x I x K x K
 */
export const quantiseKernel = (weight: Float32Array, shape: QuantisedKernel['shape']): QuantisedKernel => {
  const [out, inputs, height, width] = shape;
  const area = height * width;
  const size = inputs * area;
  const data = new Int8Array(weight.length);
  const scales = new Float32Array(out);
  const steps = new Float32Array(weight.length);
  for (let o = 0; o < out; o++) {
    const [from, to] = [o * size, (o + 1) * size];
    let largest = 0;
    for (let i = from; i < to; i++) largest = Math.max(largest, Math.abs(weight[i]!));
    // A channel without weights has any scale but 0.
    const scale = Math.fround(largest > 0 ? largest / largestWeight : 1);
    scales[o] = scale;
    for (let i = from; i < to; i++) steps[i] = weight[i]! / scale;
    for (let i = from; i < to; i += area) roundWithSum(steps, data, i, area);
  }
  return { shape, data, scales };
};
