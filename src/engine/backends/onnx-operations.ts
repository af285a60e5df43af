/** Operations that terms, layers and octaves share, as nodes of a graph. */
import type { GraphBuilder, Value } from './onnx-model.ts';

export const spatial = (value: Value): readonly [number, number, number] => [
  value.shape[1]!,
  value.shape[2]!,
  value.shape[3]!,
];

/** The sum of values of one shape. */
export const add = (graph: GraphBuilder, ...values: readonly Value[]): Value =>
  values.reduce((sum, value) => graph.node('Add', [sum, value], sum.shape));

/** The sum of all squares: one value. */
export const squaredNorm = (graph: GraphBuilder, value: Value): Value =>
  graph.node('ReduceSumSquare', [value], [1], { attributes: { keepdims: 0 } });

/** F F^T / (H W) of C x (H W) values: C x C. */
export const gramMatrix = (graph: GraphBuilder, features: Value): Value => {
  const [channels, pixels] = features.shape as [number, number];
  return graph.node('Gemm', [features, features], [channels, channels], {
    attributes: { transB: 1, alpha: { float: 1 / pixels } },
  });
};

/** One pixel around, made of the picture as the mode of ONNX says. */
export const padBorder = (graph: GraphBuilder, value: Value, mode: 'wrap' | 'reflect' | 'edge'): Value => {
  const [channels, height, width] = spatial(value);
  const pads = graph.integers([0, 0, 1, 1, 0, 0, 1, 1]);
  return graph.node('Pad', [value, pads], [1, channels, height + 2, width + 2], { attributes: { mode } });
};

/** Elements `from` to `to` (exclusive) along one axis. */
export const slice = (graph: GraphBuilder, value: Value, axis: number, from: number, to: number): Value => {
  const shape = value.shape.with(axis, to - from);
  const inputs = [value, graph.integers([from]), graph.integers([to]), graph.integers([axis])];
  return graph.node('Slice', inputs, shape);
};

/** @param weights a kernel, O x I x K x K, and a bias where there is one */
export const convolve = (
  graph: GraphBuilder,
  value: Value,
  weights: readonly Value[],
  border: number,
): Value => {
  const [, height, width] = spatial(value);
  const [out, , kernel] = weights[0]!.shape as [number, number, number, number];
  const grown = 2 * border - kernel + 1;
  return graph.node('Conv', [value, ...weights], [1, out, height + grown, width + grown], {
    attributes: { kernel_shape: [kernel, kernel], pads: [border, border, border, border] },
  });
};

/** Every value repeated over a 2x2 block. */
export const enlargeBlocks = (graph: GraphBuilder, value: Value): Value => {
  const [channels, height, width] = spatial(value);
  const nothing: Value = { name: '', shape: [] };
  const scales = graph.floats([4], [1, 1, 2, 2]);
  return graph.node('Resize', [value, nothing, scales], [1, channels, 2 * height, 2 * width], {
    attributes: { mode: 'nearest', coordinate_transformation_mode: 'asymmetric', nearest_mode: 'floor' },
  });
};

export const scaled = (graph: GraphBuilder, value: Value, factor: number): Value =>
  graph.node('Mul', [value, graph.floats([], [factor])], value.shape);

/** Channels x pixels: the same values in the same order. */
export const flat = (graph: GraphBuilder, value: Value): Value => {
  const [channels, height, width] = spatial(value);
  const shape = [channels, height * width];
  return graph.node('Reshape', [value, graph.integers(shape)], shape);
};
