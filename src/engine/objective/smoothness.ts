/**
 * Total variation, smoothed where it has a kink: with d the difference of a pixel to its neighbour on the right or
 * below and delta = `smoothnessDelta`,
 *
 *   smoothness = mean over channels and inner pixel pairs of sqrt(d^2 + delta^2) - delta, right plus below
 */

import type { GraphBuilder, Value } from '../backends/onnx-model.ts';
import { add, scaled, slice } from '../backends/onnx-operations.ts';
import type { PixelTerm } from './term.ts';

export const smoothnessDelta = 0.02;

const smoothnessAlong = (
  graph: GraphBuilder,
  picture: Value,
  axis: 2 | 3,
): { loss: Value; gradient: Value } => {
  const size = picture.shape[axis]!;
  const difference = graph.node(
    'Sub',
    [slice(graph, picture, axis, 1, size), slice(graph, picture, axis, 0, size - 1)],
    picture.shape.with(axis, size - 1),
  );
  const { shape } = difference;
  const count = shape.reduce((product, side) => product * side, 1);
  const squared = graph.node('Mul', [difference, difference], shape);
  const length = graph.node(
    'Sqrt',
    [graph.node('Add', [squared, graph.floats([], [smoothnessDelta ** 2])], shape)],
    shape,
  );
  const mean = graph.node('ReduceMean', [length], [1], { attributes: { keepdims: 0 } });
  const loss = graph.node('Sub', [mean, graph.floats([1], [smoothnessDelta])], [1]);
  const slope = scaled(graph, graph.node('Div', [difference, length], shape), 1 / count);
  const shifted = (before: number, after: number) => {
    const pads = [0, 0, 0, 0, 0, 0, 0, 0];
    pads[axis] = before;
    pads[axis + 4] = after;
    return graph.node('Pad', [slope, graph.integers(pads)], picture.shape);
  };
  return { loss, gradient: graph.node('Sub', [shifted(1, 0), shifted(0, 1)], picture.shape) };
};

export const smoothnessTerm: PixelTerm<unknown> = {
  kind: 'pixels',
  feeds: () => ({}),
  step: (graph, picture, { weight }) => {
    const [right, below] = ([2, 3] as const).map((axis) => smoothnessAlong(graph, picture, axis));
    return {
      losses: add(graph, right!.loss, below!.loss),
      gradient: scaled(graph, add(graph, right!.gradient, below!.gradient), weight),
    };
  },
};
