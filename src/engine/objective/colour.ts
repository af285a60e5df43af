/**
 * The photo's colours: with m and S the mean and covariance of the picture's pixels and e = `colourEpsilon`,
 *
 *   colour = |m - m*|^2 / (tr S* + e) + |S - S*|^2 / (|S*|^2 + e^2)
 */

import type { GraphBuilder, Value } from '../backends/onnx-model.ts';
import { flat, gramMatrix, scaled, slice, squaredNorm } from '../backends/onnx-operations.ts';
import type { NamedTensors, PixelTerm } from './term.ts';

/** Mean (3) and covariance (3 x 3) of the photo's pixels. */
export type ColourTarget = {
  readonly colour: { readonly mean: Float32Array; readonly covariance: Float32Array };
};

export const colourEpsilon = 1e-3;

const names = { mean: 'mean', covariance: 'covariance', scales: 'colour_scales' } as const;

const centredPixels = (graph: GraphBuilder, picture: Value): { mean: Value; pixels: Value } => {
  const pixels = flat(graph, picture);
  const mean = graph.node('ReduceMean', [pixels, graph.integers([1])], [3, 1]);
  return { mean, pixels: graph.node('Sub', [pixels, mean], pixels.shape) };
};

/** Adds mean and covariance to the measuring graph. */
export const measureColour = (graph: GraphBuilder, picture: Value): void => {
  const { mean, pixels } = centredPixels(graph, picture);
  graph.output(mean, names.mean);
  graph.output(gramMatrix(graph, pixels), names.covariance);
};

/** The target, from what was measured of the photo. */
export const colourTarget = (measured: NamedTensors): ColourTarget => ({
  colour: { mean: measured[names.mean]!.data, covariance: measured[names.covariance]!.data },
});

/** 1 / the two denominators. */
const scalesOf = (covariance: Float32Array): Float32Array => {
  const trace = covariance[0]! + covariance[4]! + covariance[8]!;
  const squares = covariance.reduce((sum, value) => sum + value * value, 0);
  return Float32Array.of(1 / (trace + colourEpsilon), 1 / (squares + colourEpsilon ** 2));
};

export const colourTerm: PixelTerm<ColourTarget> = {
  kind: 'pixels',
  feeds: ({ colour: { mean, covariance } }) => ({
    [names.mean]: { shape: [3, 1], data: mean },
    [names.covariance]: { shape: [3, 3], data: covariance },
    [names.scales]: { shape: [2], data: scalesOf(covariance) },
  }),
  step: (graph, picture, { weight }) => {
    const { mean, pixels } = centredPixels(graph, picture);
    const count = pixels.shape[1]!;
    const scales = graph.input(names.scales, [2]);
    const parts = [
      { value: mean, name: names.mean, factor: 2 },
      { value: gramMatrix(graph, pixels), name: names.covariance, factor: 4 },
    ].map(({ value, name, factor }, part) => {
      const error = graph.node('Sub', [value, graph.input(name, value.shape)], value.shape);
      const scale = slice(graph, scales, 0, part, part + 1);
      const scaledError = graph.node('Mul', [error, scale], error.shape);
      return {
        loss: graph.node('Mul', [squaredNorm(graph, error), scale], [1]),
        gradient: scaled(graph, scaledError, (factor * weight) / count),
      };
    }) as [meanPart: Part, covariancePart: Part];
    const [ofMean, ofCovariance] = parts;
    const gradient = graph.node('Gemm', [ofCovariance.gradient, pixels, ofMean.gradient], pixels.shape);
    const losses = parts.map(({ loss }) => loss);
    return {
      losses: graph.node('Concat', losses, [losses.length], { attributes: { axis: 0 } }),
      gradient: graph.node('Reshape', [gradient, graph.integers(picture.shape)], picture.shape),
    };
  },
};

type Part = { readonly loss: Value; readonly gradient: Value };
