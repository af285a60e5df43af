/**
 * Operations on 8-bit tensors as nodes of a graph: onnxruntime's kernels for channels-last pictures (1 x H x W x C),
 * where a value is scale * (byte - zero point). Activations are never negative: zero point 0, so that a byte's lower
 * bound is the ReLU. Gradients lie around 128.
 */
import { type GraphBuilder, microsoft, type Value } from './onnx-model.ts';
import type { QuantisedKernel } from './quantised-kernel.ts';

/** A tensor of bytes and the scale of its values (one value). */
export type Bytes = { readonly bytes: Value; readonly scale: Value };

export const largestActivation = 255;
/** A gradient's bytes lie from -127 to 127 about their zero point. */
export const largestGradient = 127;

/** The byte of a gradient of zero. */
export const gradientZero = 128;

/** The zero points that graphs share. */
export const createZeros = (graph: GraphBuilder) => ({
  activation: graph.bytes([], Uint8Array.of(0)),
  gradient: graph.bytes([], Uint8Array.of(gradientZero)),
  /** Of so many channels of weights. */
  weights: (channels: number): Value => graph.bytes([channels], new Int8Array(channels)),
});
export type Zeros = ReturnType<typeof createZeros>;

type Kernel = { readonly weights: Value; readonly scales: Value; readonly zeros: Value };

/** The constants of a kernel in a graph. */
export const kernelOf = (graph: GraphBuilder, zeros: Zeros, kernel: QuantisedKernel): Kernel => ({
  weights: graph.bytes(kernel.shape, kernel.data),
  scales: graph.floats([kernel.scales.length], kernel.scales),
  zeros: zeros.weights(kernel.scales.length),
});

/** Rows, columns and channels of a channels-last value. */
export const placesOf = ({ shape }: Value) => ({
  height: shape[1]!,
  width: shape[2]!,
  channels: shape[3]!,
});

/** A convolution of bytes; what is beyond the border is zero. */
export const convolveBytes = (
  graph: GraphBuilder,
  { bytes, scale }: Bytes,
  how: {
    readonly kernel: Kernel;
    /** Whole numbers of scale input * kernel, one per output channel. */
    readonly bias?: Value;
    readonly border: number;
    readonly zero: Value;
    readonly output: { readonly scale: Value; readonly zero: Value };
  },
): Bytes => {
  const { kernel, bias, border, zero, output } = how;
  const { height, width } = placesOf(bytes);
  const [out, , side] = kernel.weights.shape as [number, number, number, number];
  const grown = 2 * border - side + 1;
  const inputs = [
    ...[bytes, scale, zero, kernel.weights, kernel.scales, kernel.zeros],
    ...[output.scale, output.zero],
    ...(bias ? [bias] : []),
  ];
  const made = graph.node('QLinearConv', inputs, [1, height + grown, width + grown, out], {
    domain: microsoft,
    attributes: {
      kernel_shape: [side, side],
      pads: [border, border, border, border],
      channels_last: 1,
    },
  });
  return { bytes: made, scale: output.scale };
};

/** One pixel around, made of the picture as the mode of ONNX says. */
export const padBytes = (graph: GraphBuilder, value: Value, mode: 'wrap' | 'reflect'): Value => {
  const { height, width, channels } = placesOf(value);
  const pads = graph.integers([0, 1, 1, 0, 0, 1, 1, 0]);
  return graph.node('Pad', [value, pads], [1, height + 2, width + 2, channels], { attributes: { mode } });
};

/** The sum of two gradients; scales have no shape. */
const sumOf = (
  graph: GraphBuilder,
  [a, b]: readonly [Bytes, Bytes],
  { scale, zeros: { gradient: zero } }: { readonly scale: Value; readonly zeros: Zeros },
): Value =>
  graph.node('QLinearAdd', [a.bytes, a.scale, zero, b.bytes, b.scale, zero, scale, zero], a.bytes.shape, {
    domain: microsoft,
  });

/** The sum of two gradients of any scales. */
export const addGradients = (
  graph: GraphBuilder,
  [a, b]: readonly [Bytes, Bytes],
  { scale, zeros }: { readonly scale: Value; readonly zeros: Zeros },
): Bytes => {
  const shapeless = (value: Value): Value => graph.node('Squeeze', [value], []);
  const [first, second] = [a, b].map((each) => ({ ...each, scale: shapeless(each.scale) }));
  return { bytes: sumOf(graph, [first!, second!], { scale: shapeless(scale), zeros }), scale };
};

/** The sum of two gradients of one scale, in that scale. */
export const addAlike = (graph: GraphBuilder, a: Value, b: Value, zeros: Zeros): Value => {
  // Only the ratios of scales count.
  const scale = graph.floats([], [1]);
  return sumOf(
    graph,
    [
      { bytes: a, scale },
      { bytes: b, scale },
    ],
    { scale, zeros },
  );
};

/** Means of 2x2 blocks: a convolution of each channel alone takes a seventh of what `QLinearAveragePool` does. */
export const averageBytes = (
  graph: GraphBuilder,
  { bytes, scale }: Bytes,
  {
    output,
    zeros,
  }: { readonly output: { readonly scale: Value; readonly zero: Value }; readonly zeros: Zeros },
): Bytes => {
  const { height, width, channels } = placesOf(bytes);
  const [weight, values] = [16, 4 * channels];
  const inputs = [
    ...[bytes, scale, zeros.activation],
    graph.bytes([channels, 1, 2, 2], new Int8Array(values).fill(weight)),
    graph.floats([channels], new Float32Array(channels).fill(1 / (4 * weight))),
    ...[zeros.weights(channels), output.scale, output.zero],
  ];
  const made = graph.node('QLinearConv', inputs, [1, height / 2, width / 2, channels], {
    domain: microsoft,
    attributes: { kernel_shape: [2, 2], strides: [2, 2], group: channels, channels_last: 1 },
  });
  return { bytes: made, scale: output.scale };
};

const reshape = (graph: GraphBuilder, value: Value, shape: readonly number[]): Value =>
  graph.node('Reshape', [value, graph.integers(shape)], shape);

/** Every pixel repeated over a 2x2 block; two copies are a tenth of what `Resize` takes for bytes. */
export const enlargeByteBlocks = (graph: GraphBuilder, value: Value): Value => {
  const { height, width, channels } = placesOf(value);
  const twice = (of: Value): Value =>
    graph.node('Concat', [of, of], [of.shape[0]!, 2 * of.shape[1]!], { attributes: { axis: 1 } });
  const across = twice(reshape(graph, value, [height * width, channels]));
  const down = twice(reshape(graph, across, [height, 2 * width * channels]));
  return reshape(graph, down, [1, 2 * height, 2 * width, channels]);
};

/** A gradient where the ReLU let something through. */
export const maskGradient = (graph: GraphBuilder, gradient: Bytes, output: Value, zeros: Zeros): Bytes => {
  const { shape } = gradient.bytes;
  const passes = graph.node('Cast', [output], shape, { attributes: { to: booleans } });
  return {
    ...gradient,
    bytes: graph.node('Where', [passes, gradient.bytes, zeros.gradient], shape),
  };
};

/** ONNX's numbers of the types that are cast to. */
const booleans = 9;
const floats = 1;

/** So many squares of bytes still fit into 32 bits. */
const mostSummed = Math.floor((2 ** 31 - 1) / largestActivation ** 2);

/** Into how many equal parts a number is divided at least, so that no part is larger than `most`. */
const equalParts = (count: number, most: number): number => {
  let parts = Math.ceil(count / most);
  while (count % parts !== 0) parts++;
  return parts;
};

/** F^T F / (H W) of features, C x C floats: exact sums of whole numbers, in blocks that do not overflow. */
export const gramOfBytes = (graph: GraphBuilder, { bytes, scale }: Bytes): Value => {
  const { height, width, channels } = placesOf(bytes);
  const pixels = height * width;
  const parts = equalParts(pixels, mostSummed);
  const blocks = reshape(graph, bytes, [parts, pixels / parts, channels]);
  const turned = graph.node('Transpose', [blocks], [parts, channels, pixels / parts], {
    attributes: { perm: [0, 2, 1] },
  });
  const shape = [parts, channels, channels];
  const products = graph.node('MatMulInteger', [turned, blocks], shape);
  const cast = graph.node('Cast', [products], shape, { attributes: { to: floats } });
  const sum = graph.node('ReduceSum', [cast, graph.integers([0])], [channels, channels], {
    attributes: { keepdims: 0 },
  });
  const square = graph.node('Mul', [scale, scale], [1]);
  const factor = graph.node('Mul', [square, graph.floats([1], [1 / pixels])], [1]);
  return graph.node('Mul', [sum, factor], sum.shape);
};

/** F M: features (as pixels x C) times a symmetric matrix of floats, as a gradient. */
export const multiplyFeatures = (
  graph: GraphBuilder,
  features: Bytes,
  matrix: Value,
  { scale, zeros }: { readonly scale: Value; readonly zeros: Zeros },
): Bytes => {
  const { height, width, channels } = placesOf(features.bytes);
  const [quantised, step, zero] = graph.nodes('DynamicQuantizeLinear', [matrix], [matrix.shape, [], []]);
  const flat = reshape(graph, features.bytes, [height * width, channels]);
  const inputs = [
    ...[flat, features.scale, zeros.activation, quantised!, step!, zero!],
    ...[scale, zeros.gradient],
  ];
  const product = graph.node('QLinearMatMul', inputs, [height * width, channels]);
  return { bytes: reshape(graph, product, features.bytes.shape), scale };
};

/** The largest and the least byte of each gradient: 2 x as many floats, the largest first. */
export const extremesOf = (graph: GraphBuilder, gradients: readonly Value[]): Value => {
  const extremes = ['ReduceMax', 'ReduceMin'].flatMap((type) =>
    gradients.map((gradient) => graph.node(type, [gradient], [1, 1, 1, 1])),
  );
  const all = graph.node('Concat', extremes, [extremes.length, 1, 1, 1], { attributes: { axis: 0 } });
  return graph.node('Cast', [all], all.shape, { attributes: { to: floats } });
};

/** A vector's elements, one by one. */
export const elementsOf = (graph: GraphBuilder, vector: Value): readonly Value[] => {
  const lengths = Array.from({ length: vector.shape[0]! }, () => 1);
  return graph.nodes(
    'Split',
    [vector, graph.integers(lengths)],
    lengths.map((length) => [length]),
    { attributes: { axis: 0 } },
  );
};
