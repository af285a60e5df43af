/**
 * Forward and backward nodes of each layer kind. The backward pass of a stride-1 convolution is a convolution
 * with the flipped, transposed kernel; a border that was padded gives its gradient back to the pixels that it
 * was made of.
 */
import type { ConvolutionLayer, Layer, Network, Padding, Tensor } from '../spec.ts';
import type { GraphBuilder, Value } from './onnx-model.ts';
import { add, convolve, enlargeBlocks, flat, padBorder, scaled, spatial } from './onnx-operations.ts';

/** What a layer leaves behind for its backward pass. */
export type LayerTrace = {
  readonly layer: Layer;
  readonly input: Value;
  readonly output: Value;
  readonly indices?: Value;
};

/**
 * The gradient of a reflect padding of one pixel along an axis: what the border row -1 received belongs to
 * row 1, what row n received belongs to row n - 2.
 * @param options.sum adds rows of one shape
 */
export const foldReflection = (
  graph: GraphBuilder,
  padded: Value,
  { axis, sum }: { readonly axis: number; readonly sum: (a: Value, b: Value) => Value },
): Value => {
  const size = padded.shape[axis]! - 2;
  // Row i of the picture is row i + 1 of the padded one: the rows outside, theirs, the two at the border, and the rest.
  const lengths = size > 3 ? [1, 1, 1, size - 4, 1, 1, 1] : Array.from({ length: size + 2 }, () => 1);
  const some = lengths.filter((length) => length > 0);
  const rows = [
    ...graph.nodes(
      'Split',
      [padded, graph.integers(some)],
      some.map((length) => padded.shape.with(axis, length)),
      { attributes: { axis } },
    ),
  ];
  const [before, after] = [rows.shift()!, rows.pop()!];
  // With two or three rows the mirrored rows coincide.
  rows[1] = sum(rows[1]!, before);
  const last = rows.length - 2;
  rows[last] = sum(rows[last]!, after);
  return graph.node('Concat', rows, padded.shape.with(axis, size), { attributes: { axis } });
};

/** Reflection needs two rows to mirror; a picture that is one pixel high or wide is padded with zeros. */
export const paddingFor = (padding: Padding, height: number, width: number): Padding =>
  padding === 'reflect' && Math.min(height, width) < 2 ? 'zero' : padding;

export const tensor = (network: Network, name: string): Tensor => network.tensors.get(name)!;

/** The kernel of the backward pass: OIHW becomes IOHW, turned by 180 degrees. */
export const flippedKernel = (
  { in: inputs, out, kernel }: ConvolutionLayer,
  weight: Float32Array,
): Float32Array => {
  const area = kernel * kernel;
  const flipped = new Float32Array(weight.length);
  for (let o = 0; o < out; o++) {
    for (let i = 0; i < inputs; i++) {
      for (let k = 0; k < area; k++) {
        flipped[(i * out + o) * area + (area - 1 - k)] = weight[(o * inputs + i) * area + k]!;
      }
    }
  }
  return flipped;
};

/** The constants of one network in one graph, made once however many octaves use them. */
export const createWeights = (graph: GraphBuilder, network: Network) => {
  const cache = new Map<string, Value>();
  const once = (key: string, make: () => Value): Value => {
    const value = cache.get(key) ?? make();
    cache.set(key, value);
    return value;
  };
  return {
    forward: (layer: ConvolutionLayer): readonly Value[] =>
      (['weight', 'bias'] as const).map((part) =>
        once(`${layer.name}.${part}`, () => {
          const { shape, data } = tensor(network, `${layer.name}.${part}`);
          return graph.floats(shape, data);
        }),
      ),
    backward: (layer: ConvolutionLayer): readonly Value[] => [
      once(`${layer.name}.backward`, () =>
        graph.floats(
          [layer.in, layer.out, layer.kernel, layer.kernel],
          flippedKernel(layer, tensor(network, `${layer.name}.weight`).data),
        ),
      ),
    ],
  };
};

export type Weights = ReturnType<typeof createWeights>;

export const forwardLayer = (
  graph: GraphBuilder,
  layer: Layer,
  options: { input: Value; weights: Weights; padding: Padding },
): LayerTrace => {
  const { input, weights } = options;
  const [channels, height, width] = spatial(input);
  switch (layer.kind) {
    case 'conv': {
      const kernel = weights.forward(layer);
      if (layer.kernel === 1) return { layer, input, output: convolve(graph, input, kernel, 0) };
      const padding = paddingFor(options.padding, height, width);
      if (padding === 'zero') return { layer, input, output: convolve(graph, input, kernel, 1) };
      return { layer, input, output: convolve(graph, padBorder(graph, input, padding), kernel, 0) };
    }
    case 'relu':
      return { layer, input, output: graph.node('Relu', [input], input.shape) };
    case 'pool': {
      const shape = [1, channels, height / 2, width / 2];
      const attributes = { kernel_shape: [2, 2], strides: [2, 2] };
      if (layer.method === 'average') {
        return { layer, input, output: graph.node('AveragePool', [input], shape, { attributes }) };
      }
      const [output, indices] = graph.nodes('MaxPool', [input], [shape, shape], { attributes });
      return { layer, input, output: output!, indices: indices! };
    }
    default:
      return layer satisfies never;
  }
};

/** Steep enough to make 1 of any activation above 1e-38, and not infinite, which would make NaN of 0. */
const maskSlope = 3e38;

/**
 * The gradient where the ReLU let something through. `Sign` would say the same, but runs on one thread;
 * HardSigmoid (max(0, min(1, slope x))) does not, and flat tensors spare it a change of layout: 0.89 of the time
 * of a whole step at 256 px.
 */
const maskByOutput = (graph: GraphBuilder, gradient: Value, output: Value): Value => {
  const features = flat(graph, output);
  const attributes = { alpha: { float: maskSlope }, beta: { float: 0 } };
  const mask = graph.node('HardSigmoid', [features], features.shape, { attributes });
  const product = graph.node('Mul', [flat(graph, gradient), mask], features.shape);
  return graph.node('Reshape', [product, graph.integers(output.shape)], output.shape);
};

/** The gradient of a layer's input, given that of its output. */
export const backwardLayer = (
  graph: GraphBuilder,
  trace: LayerTrace,
  options: { gradient: Value; weights: Weights; padding: Padding },
): Value => {
  const { layer, input, output, indices } = trace;
  const { gradient, weights } = options;
  switch (layer.kind) {
    case 'conv': {
      const kernel = weights.backward(layer);
      if (layer.kernel === 1) return convolve(graph, gradient, kernel, 0);
      const [, height, width] = spatial(input);
      const padding = paddingFor(options.padding, height, width);
      switch (padding) {
        case 'zero':
          return convolve(graph, gradient, kernel, 1);
        case 'wrap':
          // A circular convolution's transpose is circular as well: no fold needed.
          return convolve(graph, padBorder(graph, gradient, 'wrap'), kernel, 0);
        case 'reflect': {
          const padded = convolve(graph, gradient, kernel, 2);
          const sum = (a: Value, b: Value) => add(graph, a, b);
          const rows = foldReflection(graph, padded, { axis: 2, sum });
          return foldReflection(graph, rows, { axis: 3, sum });
        }
        default:
          return padding satisfies never;
      }
    }
    case 'relu':
      return maskByOutput(graph, gradient, output);
    case 'pool': {
      if (layer.method === 'average') return enlargeBlocks(graph, scaled(graph, gradient, 0.25));
      const shape = graph.integers(input.shape);
      return graph.node('MaxUnpool', [gradient, indices!, shape], input.shape, {
        attributes: { kernel_shape: [2, 2], strides: [2, 2] },
      });
    }
    default:
      return layer satisfies never;
  }
};
