/**
 * The two graphs of the ONNX backend. `measure` gives a photo's Gram matrices and colours; `step` gives a
 * picture's losses and their gradient, with the backward pass written out as nodes (ONNX has no autodiff).
 */
import type { Size } from '../../domain/picture.ts';
import { colourEpsilon, type LossOptions, octavesFor, smoothnessDelta } from '../objective/objective.ts';
import { layersUpToLastTap, type Network, poolingDepth, tapIndex } from '../spec.ts';
import {
  backwardLayer,
  createWeights,
  flat,
  forwardLayer,
  type LayerTrace,
  scaled,
  slice,
  type Weights,
} from './onnx-layers.ts';
import { createGraph, type GraphBuilder, type Value } from './onnx-model.ts';
import { halvedGradient, octavePictures } from './onnx-octaves.ts';

/** Names of the graph's inputs and outputs. */
export const names = {
  picture: 'picture',
  gradient: 'gradient',
  mean: 'mean',
  covariance: 'covariance',
  colourLosses: 'colour_losses',
  colourScales: 'colour_scales',
  styleLosses: 'style_losses',
  smoothness: 'smoothness',
  gram: (octave: number, tap: number): string => `gram_${octave}_${tap}`,
  gramScales: 'gram_scales',
} as const;

const add = (graph: GraphBuilder, values: readonly Value[]): Value =>
  values.slice(1).reduce((sum, value) => graph.node('Add', [sum, value], sum.shape), values[0]!);

const gramOf = (graph: GraphBuilder, features: Value): Value => {
  const [channels, pixels] = features.shape as [number, number];
  return graph.node('Gemm', [features, features], [channels, channels], {
    attributes: { transB: 1, alpha: { float: 1 / pixels } },
  });
};

const centredPixels = (graph: GraphBuilder, picture: Value): { mean: Value; pixels: Value } => {
  const pixels = flat(graph, picture);
  const mean = graph.node('ReduceMean', [pixels, graph.integers([1])], [3, 1]);
  return { mean, pixels: graph.node('Sub', [pixels, mean], pixels.shape) };
};

/** The picture as the network takes it: channels in its order, scaled and shifted. */
const networkInput = (graph: GraphBuilder, network: Network, picture: Value): Value => {
  const { order, scale, offset } = network.spec.input;
  const ordered =
    order === 'rgb'
      ? picture
      : graph.node('Gather', [picture, graph.integers([2, 1, 0])], picture.shape, {
          attributes: { axis: 1 },
        });
  const stretched = graph.node('Mul', [ordered, graph.floats([1, 3, 1, 1], scale)], picture.shape);
  return graph.node('Add', [stretched, graph.floats([1, 3, 1, 1], offset)], picture.shape);
};

/** The gradient of `networkInput`. */
const pictureGradient = (graph: GraphBuilder, network: Network, gradient: Value): Value => {
  const { order, scale } = network.spec.input;
  const stretched = graph.node('Mul', [gradient, graph.floats([1, 3, 1, 1], scale)], gradient.shape);
  if (order === 'rgb') return stretched;
  return graph.node('Gather', [stretched, graph.integers([2, 1, 0])], gradient.shape, {
    attributes: { axis: 1 },
  });
};

const forward = (
  graph: GraphBuilder,
  network: Network,
  options: { picture: Value; weights: Weights; padding: LossOptions['padding'] },
): readonly LayerTrace[] => {
  const traces: LayerTrace[] = [];
  let value = networkInput(graph, network, options.picture);
  for (const layer of layersUpToLastTap(network.spec)) {
    const trace = forwardLayer(graph, layer, {
      input: value,
      weights: options.weights,
      padding: options.padding,
    });
    traces.push(trace);
    value = trace.output;
  }
  return traces;
};

/** Gram matrices of every octave and tap, and the mean and covariance of the pixels. */
export const measureGraph = (
  network: Network,
  options: LossOptions,
  size: Size & { octaves: number },
): Uint8Array => {
  const graph = createGraph();
  const weights = createWeights(graph, network);
  const picture = graph.input(names.picture, [1, 3, size.height, size.width]);
  octavePictures(graph, picture, size.octaves).forEach((octavePicture, octave) => {
    const traces = forward(graph, network, { picture: octavePicture, weights, padding: options.padding });
    network.spec.taps.forEach((tap, index) => {
      const features = flat(graph, traces[tapIndex(network.spec, tap.layer)]!.output);
      graph.output(gramOf(graph, features), names.gram(octave, index));
    });
  });
  const { mean, pixels } = centredPixels(graph, picture);
  graph.output(mean, names.mean);
  graph.output(gramOf(graph, pixels), names.covariance);
  return graph.build();
};

type StyleTerm = { readonly losses: readonly Value[]; readonly gradient: Value };

const styleTerm = (
  graph: GraphBuilder,
  network: Network,
  options: {
    picture: Value;
    octave: number;
    octaves: number;
    weights: Weights;
    padding: LossOptions['padding'];
    scales: Value;
  },
): StyleTerm => {
  const { octave, octaves, weights, padding, scales } = options;
  const { taps } = network.spec;
  const traces = forward(graph, network, { picture: options.picture, weights, padding });
  const losses: Value[] = [];
  // Per layer index: (G - G*) scaled so that its product with the features is the loss's gradient.
  const gramGradients = new Map<number, Value>();
  taps.forEach((tap, index) => {
    const at = tapIndex(network.spec, tap.layer);
    const features = flat(graph, traces[at]!.output);
    const [channels, pixels] = features.shape as [number, number];
    const target = graph.input(names.gram(octave, index), [channels, channels]);
    const difference = graph.node('Sub', [gramOf(graph, features), target], [channels, channels]);
    const scale = slice(graph, scales, 0, octave * taps.length + index, octave * taps.length + index + 1);
    const squares = graph.node('ReduceSumSquare', [difference], [1], { attributes: { keepdims: 0 } });
    losses.push(graph.node('Mul', [squares, scale], [1]));
    const weight = (4 * tap.weight) / (octaves * taps.length * pixels);
    const scaledDifference = graph.node('Mul', [difference, scale], difference.shape);
    gramGradients.set(at, scaled(graph, scaledDifference, weight));
  });
  let gradient: Value | undefined;
  for (let at = traces.length - 1; at >= 0; at--) {
    const trace = traces[at]!;
    const gramGradient = gramGradients.get(at);
    if (gramGradient) {
      const features = flat(graph, trace.output);
      const carried = gradient ? [flat(graph, gradient)] : [];
      const product = graph.node('Gemm', [gramGradient, features, ...carried], features.shape);
      gradient = graph.node('Reshape', [product, graph.integers(trace.output.shape)], trace.output.shape);
    }
    if (gradient) gradient = backwardLayer(graph, trace, { gradient, weights, padding });
  }
  return { losses, gradient: pictureGradient(graph, network, gradient!) };
};

/** Mean and covariance of the pixels; see objective.ts. The two losses are outputs, weighted like the gradient. */
const colourTerm = (graph: GraphBuilder, picture: Value, weight: number): Value => {
  const { mean, pixels } = centredPixels(graph, picture);
  const [, count] = pixels.shape as [number, number];
  const scales = graph.input(names.colourScales, [2]);
  const [meanScale, covarianceScale] = [slice(graph, scales, 0, 0, 1), slice(graph, scales, 0, 1, 2)];
  const meanError = graph.node('Sub', [mean, graph.input(names.mean, [3, 1])], [3, 1]);
  const covarianceError = graph.node(
    'Sub',
    [gramOf(graph, pixels), graph.input(names.covariance, [3, 3])],
    [3, 3],
  );
  const loss = (error: Value, scale: Value) =>
    graph.node(
      'Mul',
      [graph.node('ReduceSumSquare', [error], [1], { attributes: { keepdims: 0 } }), scale],
      [1],
    );
  graph.output(
    graph.node('Concat', [loss(meanError, meanScale), loss(covarianceError, covarianceScale)], [2], {
      attributes: { axis: 0 },
    }),
    names.colourLosses,
  );
  const gramGradient = (error: Value, scale: Value, factor: number) =>
    scaled(graph, graph.node('Mul', [error, scale], error.shape), factor);
  const meanPull = gramGradient(meanError, meanScale, (2 * weight) / count);
  const covariancePull = gramGradient(covarianceError, covarianceScale, (4 * weight) / count);
  const gradient = graph.node('Gemm', [covariancePull, pixels, meanPull], pixels.shape);
  return graph.node('Reshape', [gradient, graph.integers(picture.shape)], picture.shape);
};

/** Smoothed absolute differences between neighbours along one axis: the loss and its gradient. */
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

const smoothnessTerm = (graph: GraphBuilder, picture: Value, weight: number): Value => {
  const terms = ([2, 3] as const).map((axis) => smoothnessAlong(graph, picture, axis));
  graph.output(
    add(
      graph,
      terms.map((term) => term.loss),
    ),
    names.smoothness,
  );
  return scaled(
    graph,
    add(
      graph,
      terms.map((term) => term.gradient),
    ),
    weight,
  );
};

/** Losses of a picture and their gradient. */
export const stepGraph = (network: Network, options: LossOptions, size: Size): Uint8Array => {
  const graph = createGraph();
  const weights = createWeights(graph, network);
  const octaves = octavesFor(size, options.octaves, { poolings: poolingDepth(network.spec) });
  const picture = graph.input(names.picture, [1, 3, size.height, size.width]);
  const scales = graph.input(names.gramScales, [octaves * network.spec.taps.length]);
  const style = octavePictures(graph, picture, octaves).map((octavePicture, octave) =>
    styleTerm(graph, network, {
      picture: octavePicture,
      octave,
      octaves,
      weights,
      padding: options.padding,
      scales,
    }),
  );
  const losses = style.flatMap((term) => term.losses);
  graph.output(graph.node('Concat', losses, [losses.length], { attributes: { axis: 0 } }), names.styleLosses);
  const fromOctaves = style
    .map((term) => term.gradient)
    .reduceRight((coarse, fine) => add(graph, [fine, halvedGradient(graph, coarse)]));
  const gradients = [fromOctaves, colourTerm(graph, picture, options.colourWeight)];
  if (options.smoothnessWeight > 0) gradients.push(smoothnessTerm(graph, picture, options.smoothnessWeight));
  graph.output(add(graph, gradients), names.gradient);
  return graph.build();
};

/** 1 / the denominators of the colour term, for the step graph. */
export const colourScales = (covariance: Float32Array): Float32Array => {
  const trace = covariance[0]! + covariance[4]! + covariance[8]!;
  const squares = covariance.reduce((sum, value) => sum + value * value, 0);
  return Float32Array.of(1 / (trace + colourEpsilon), 1 / (squares + colourEpsilon ** 2));
};
