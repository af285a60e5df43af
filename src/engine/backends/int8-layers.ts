/**
 * Forward and backward pass of one octave in bytes. It is that of `onnx-layers.ts`, but for the layout (channels last),
 * ReLUs that are the lower bound of a byte, and gradients with a scale each.
 */
import { GramzoomError } from '../../domain/errors.ts';
import type { Padding } from '../spec.ts';
import {
  finer,
  type GradientName,
  inputChannels,
  type QuantisedNetwork,
  remainderSteps,
} from './int8-network.ts';
import {
  addAlike,
  addGradients,
  averageBytes,
  type Bytes,
  convolveBytes,
  createZeros,
  enlargeByteBlocks,
  kernelOf,
  largestGradient,
  maskGradient,
  multiplyFeatures,
  padBytes,
  placesOf,
  type Zeros,
} from './onnx-bytes.ts';
import { networkInput, pictureGradient } from './onnx-graph.ts';
import { foldReflection, paddingFor } from './onnx-layers.ts';
import type { GraphBuilder, Value } from './onnx-model.ts';
import { add, slice } from './onnx-operations.ts';
import type { QuantisedKernel } from './quantised-kernel.ts';

/** What all octaves of one graph share. */
export type BytePass = {
  readonly graph: GraphBuilder;
  readonly quantised: QuantisedNetwork;
  readonly padding: Padding;
  readonly zeros: Zeros;
  readonly kernel: (way: 'forward' | 'backward', convolution: number) => ReturnType<typeof kernelOf>;
};

export const beginBytePass = (
  graph: GraphBuilder,
  quantised: QuantisedNetwork,
  padding: Padding,
): BytePass => {
  const zeros = createZeros(graph);
  const made = new Map<QuantisedKernel, ReturnType<typeof kernelOf>>();
  const kernel: BytePass['kernel'] = (way, convolution) => {
    const quantisedKernel = quantised.convolutions[convolution]![way];
    const known = made.get(quantisedKernel) ?? kernelOf(graph, zeros, quantisedKernel);
    made.set(quantisedKernel, known);
    return known;
  };
  return { graph, quantised, padding, zeros, kernel };
};

/** What a link of the chain leaves behind for its backward pass. */
export type ByteTrace = {
  /** The index of a convolution, with its ReLU. */
  readonly link: number | 'pool';
  readonly output: Bytes;
};

/** The picture as bytes, channels last: see `inputChannels`. */
const pictureBytes = (
  { graph, quantised: { network, input } }: BytePass,
  picture: Value,
): { readonly input: Bytes; readonly zero: Value } => {
  const [, , height, width] = picture.shape as [number, number, number, number];
  const scale = graph.floats([1], [input.scale]);
  const finerScale = graph.floats([1], [input.scale / remainderSteps]);
  const zero = graph.bytes([], Uint8Array.of(input.zero));
  const value = networkInput(graph, network, picture);
  const whole = graph.node('QuantizeLinear', [value, scale, zero], picture.shape);
  const values = graph.node('DequantizeLinear', [whole, scale, zero], picture.shape);
  const left = graph.node('Sub', [value, values], picture.shape);
  const remainders = graph.node('QuantizeLinear', [left, finerScale, zero], picture.shape);
  // Idle channels have no weights, and may be copies of others.
  const inFours = [whole, remainders].flatMap((three) => [three, slice(graph, three, 1, 0, 1)]);
  const all = graph.node('Concat', inFours, [1, inputChannels, height, width], { attributes: { axis: 1 } });
  const bytes = graph.node('Transpose', [all], [1, height, width, inputChannels], {
    attributes: { perm: [0, 2, 3, 1] },
  });
  return { input: { bytes, scale }, zero };
};

/**
 * @param scales of the outputs, by links of the chain
 * @param biases of the convolutions, in whole numbers
 */
export const forwardBytes = (
  pass: BytePass,
  picture: Value,
  { scales, biases }: { readonly scales: readonly Value[]; readonly biases: readonly Value[] },
): readonly ByteTrace[] => {
  const { graph, quantised, zeros } = pass;
  const traces: ByteTrace[] = [];
  const first = pictureBytes(pass, picture);
  let value = first.input;
  for (const [at, link] of quantised.chain.entries()) {
    const input = value;
    const output = { scale: scales[at]!, zero: zeros.activation };
    if (link === 'pool') value = averageBytes(graph, input, { output, zeros });
    else {
      const { height, width } = placesOf(input.bytes);
      const padding = paddingFor(pass.padding, height, width);
      const isWide = quantised.convolutions[link]!.layer.kernel === 3;
      const padded = isWide && padding !== 'zero' ? padBytes(graph, input.bytes, padding) : input.bytes;
      value = convolveBytes(
        graph,
        { bytes: padded, scale: input.scale },
        {
          kernel: pass.kernel('forward', link),
          bias: biases[link]!,
          border: isWide && padding === 'zero' ? 1 : 0,
          zero: link === 0 ? first.zero : zeros.activation,
          output,
        },
      );
    }
    traces.push({ link, output: value });
  }
  return traces;
};

type Scales = (name: GradientName) => Value;

/** The gradient of a convolution's input, given that of its output; the first one's is not yet folded. */
const convolutionBackward = (
  { graph, quantised, padding: wanted, zeros, kernel }: BytePass,
  link: number,
  { gradient, scale }: { readonly gradient: Bytes; readonly scale: Value },
): Bytes => {
  const { height, width } = placesOf(gradient.bytes);
  const padding = paddingFor(wanted, height, width);
  const isWide = quantised.convolutions[link]!.layer.kernel === 3;
  const isWrapped = isWide && padding === 'wrap';
  const border = !isWide || isWrapped ? 0 : padding === 'zero' ? 1 : 2;
  const padded = isWrapped ? { ...gradient, bytes: padBytes(graph, gradient.bytes, 'wrap') } : gradient;
  const made = convolveBytes(graph, padded, {
    kernel: kernel('backward', link),
    border,
    zero: zeros.gradient,
    output: { scale, zero: zeros.gradient },
  });
  if (border < 2 || link === 0) return made;
  const sum = (a: Value, b: Value): Value => addAlike(graph, a, b, zeros);
  const rows = foldReflection(graph, made.bytes, { axis: 1, sum });
  return { bytes: foldReflection(graph, rows, { axis: 2, sum }), scale };
};

/**
 * The gradient of the picture as floats. The first convolution gives it twice, the second time `finer`: where that
 * is not out of range it counts, so that what is small is not lost in the steps of what is large.
 */
const pictureGradientOfBytes = (
  { graph, quantised, zeros }: BytePass,
  { bytes, scale }: Bytes,
  { height, width }: { readonly height: number; readonly width: number },
): { readonly gradient: Value; readonly coarse: Value } => {
  const [, rows, columns, channels] = bytes.shape as [number, number, number, number];
  const turned = graph.node('Transpose', [bytes], [1, channels, rows, columns], {
    attributes: { perm: [0, 3, 1, 2] },
  });
  const part = (from: number, step: number) => {
    const three = slice(graph, turned, 1, from, from + 3);
    const inputs = [three, graph.floats([], [step]), zeros.gradient];
    return { three, values: graph.node('DequantizeLinear', inputs, three.shape) };
  };
  const [coarse, fine] = [part(0, finer), part(3, 1)];
  const bounds = [-largestGradient - 1, largestGradient].map((bound) => graph.floats([], [bound]));
  const within = graph.node('Clip', [coarse.values, ...bounds], coarse.three.shape);
  const beyond = graph.node('Sub', [coarse.values, within], coarse.three.shape);
  const sum = (a: Value, b: Value): Value => add(graph, a, b);
  let whole = sum(fine.values, beyond);
  if (rows > height) {
    whole = foldReflection(graph, whole, { axis: 2, sum });
    whole = foldReflection(graph, whole, { axis: 3, sum });
  }
  const step = graph.node('Mul', [scale, graph.floats([1], [1 / finer])], [1]);
  const scaledGradient = graph.node('Mul', [whole, step], [1, 3, height, width]);
  return { gradient: pictureGradient(graph, quantised.network, scaledGradient), coarse: coarse.three };
};

/**
 * @param matrices of the taps, by convolution: what the features are multiplied with to be the gradient
 * @returns the gradient for the octave's picture, and every gradient's bytes, in the order of `gradientNames`
 */
export const backwardBytes = (
  pass: BytePass,
  traces: readonly ByteTrace[],
  { matrices, scales }: { readonly matrices: ReadonlyMap<number, Value>; readonly scales: Scales },
): { readonly gradient: Value; readonly made: ReadonlyMap<GradientName, Value> } => {
  const { graph, zeros } = pass;
  const made = new Map<GradientName, Value>();
  let carried: (Bytes & { readonly name: GradientName }) | undefined;
  for (const { link, output } of traces.toReversed()) {
    if (link === 'pool') {
      if (!carried) continue;
      const quarter = graph.node('Mul', [carried.scale, graph.floats([1], [0.25])], [1]);
      carried = { ...carried, bytes: enlargeByteBlocks(graph, carried.bytes), scale: quarter };
      continue;
    }
    const matrix = matrices.get(link);
    if (matrix) {
      const name = `tap ${link}` as const;
      const own = multiplyFeatures(graph, output, matrix, { scale: scales(name), zeros });
      if (carried) {
        made.set(carried.name, carried.bytes);
        made.set(name, own.bytes);
        const sum = `sum ${link}` as const;
        carried = { ...addGradients(graph, [carried, own], { scale: scales(sum), zeros }), name: sum };
      } else carried = { ...own, name };
    }
    const masked = maskGradient(graph, carried!, output.bytes, zeros);
    // What the mask takes away may be out of range.
    made.set(carried!.name, masked.bytes);
    const name = `input ${link}` as const;
    const next = convolutionBackward(pass, link, { gradient: masked, scale: scales(name) });
    if (link === 0) {
      const places = placesOf(output.bytes);
      const { gradient, coarse } = pictureGradientOfBytes(pass, next, places);
      made.set(name, coarse);
      return { gradient, made };
    }
    carried = { ...next, name };
  }
  throw new GramzoomError('internal', { reason: 'a network that begins with no convolution' });
};
