/** The graphs of the 8-bit engine; inputs and outputs are those of `onnx-graph.ts`, and the scales. */
import type { Size } from '../../domain/picture.ts';
import { measureColour } from '../objective/colour.ts';
import { measureGramOfBytes } from '../objective/gram.ts';
import type { Objective } from '../objective/objective.ts';
import type { ByteTerm } from '../objective/term.ts';
import { type Network, poolingDepth } from '../spec.ts';
import { type BytePass, type ByteTrace, backwardBytes, beginBytePass, forwardBytes } from './int8-layers.ts';
import { gradientNames, type QuantisedNetwork } from './int8-network.ts';
import { activationScales } from './int8-scales.ts';
import { type Bytes, elementsOf, extremesOf } from './onnx-bytes.ts';
import { addStep, beginPass, forward, names, type OctaveInput, type OctaveStep } from './onnx-graph.ts';
import { createGraph, type Value } from './onnx-model.ts';
import { octavePictures } from './onnx-octaves.ts';
import { add } from './onnx-operations.ts';

/** Names of the 8-bit graphs' inputs and outputs; of an octave each. */
export const byteNames = {
  /** Scales of the gradients, in the order of `gradientNames`. */
  gradientScales: (octave: number): string => `gradient_scales_${octave}`,
  /** The largest byte of each gradient, then the least of each. */
  extremes: (octave: number): string => `gradient_extremes_${octave}`,
  /** The largest activation of each link in each octave. */
  peaks: 'activation_peaks',
} as const;

type SizeWithOctaves = Size & { readonly octaves: number };

/** The largest activation behind each ReLU and pooling, in floats: octaves x links of the chain. */
export const peaksGraph = (network: Network, objective: Objective, size: SizeWithOctaves): Uint8Array => {
  const pass = beginPass(network, objective);
  const { graph } = pass;
  const picture = graph.input(names.picture, [1, 3, size.height, size.width]);
  const { octaves } = size;
  const poolings = poolingDepth(network.spec);
  const peaks = octavePictures(graph, picture, { octaves, poolings }).flatMap((octave) =>
    forward(pass, octave.picture)
      .filter(({ layer }) => layer.kind !== 'conv')
      .map(({ output }) => graph.node('ReduceMax', [output], [1, 1, 1, 1])),
  );
  const all = graph.node('Concat', peaks, [peaks.length, 1, 1, 1], { attributes: { axis: 0 } });
  graph.output(all, byteNames.peaks);
  return graph.build();
};

/** The largest activations, by octave: see `Target`. */
type Peaks = readonly (readonly number[])[];

/**
 * The forward pass of one octave. Scales and biases are constants, and so belong to one photo: with biases as inputs
 * onnxruntime takes kernels that are up to four times as slow.
 */
const forwardOctave = (pass: BytePass, picture: Value, peaks: readonly number[]): readonly ByteTrace[] => {
  const { graph, quantised } = pass;
  const { scales, biases } = activationScales(quantised, peaks);
  return forwardBytes(pass, picture, {
    scales: Array.from(scales, (scale) => graph.floats([], [scale])),
    biases: biases.map((bias) => graph.words([bias.length], bias)),
  });
};

/** The taps among the traces of a forward pass: features, and the index of the convolution. */
const tapsOf = (
  { quantised }: BytePass,
  traces: readonly ByteTrace[],
): readonly { readonly tap: number; readonly convolution: number; readonly features: Bytes }[] =>
  quantised.network.spec.taps.map((_, tap) => {
    const convolution = quantised.convolutions.findIndex((candidate) => candidate.tap === tap);
    return { tap, convolution, features: traces.find(({ link }) => link === convolution)!.output };
  });

/** What all terms measure of a photo, through the network in bytes. */
export const byteMeasureGraph = (
  quantised: QuantisedNetwork,
  { padding }: Objective,
  { width, height, peaks }: Size & { readonly peaks: Peaks },
): Uint8Array => {
  const graph = createGraph();
  const pass = beginBytePass(graph, quantised, padding);
  const picture = graph.input(names.picture, [1, 3, height, width]);
  const poolings = poolingDepth(quantised.network.spec);
  const octaves = octavePictures(graph, picture, { octaves: peaks.length, poolings });
  octaves.forEach(({ picture: octavePicture }, octave) => {
    for (const { tap, features } of tapsOf(pass, forwardOctave(pass, octavePicture, peaks[octave]!))) {
      measureGramOfBytes(graph, { octave, tap, features });
    }
  });
  measureColour(graph, picture);
  return graph.build();
};

type ByteStep = ReturnType<ByteTerm['stepInBytes']>;

const octaveStep = (
  pass: BytePass,
  { picture, octave, steps }: OctaveInput<ByteStep>,
  peaks: readonly number[],
): OctaveStep => {
  const { graph, quantised } = pass;
  const traces = forwardOctave(pass, picture, peaks);
  const matrices = new Map<number, Value>();
  const losses = steps.map((): Value[] => []);
  for (const { tap, convolution, features } of tapsOf(pass, traces)) {
    const { weight } = quantised.network.spec.taps[tap]!;
    const parts = steps.map((step) => step({ octave, tap, weight, features }));
    for (const [term, { loss }] of parts.entries()) losses[term]!.push(loss);
    matrices.set(convolution, add(graph, ...parts.map(({ matrix }) => matrix)));
  }
  const order = gradientNames(quantised);
  const scales = graph.input(byteNames.gradientScales(octave), [order.length]);
  const pieces = elementsOf(graph, scales);
  const { gradient, made } = backwardBytes(pass, traces, {
    matrices,
    scales: (name) => pieces[order.indexOf(name)]!,
  });
  graph.output(
    extremesOf(
      graph,
      order.map((name) => made.get(name)!),
    ),
    byteNames.extremes(octave),
  );
  return { losses, gradient };
};

/** An objective's losses of a picture and their gradient. */
export const byteStepGraph = (
  quantised: QuantisedNetwork,
  objective: Objective,
  { peaks, ...size }: Size & { readonly peaks: Peaks },
): Uint8Array => {
  const graph = createGraph();
  const pass = beginBytePass(graph, quantised, objective.padding);
  addStep(
    graph,
    { spec: quantised.network.spec, objective, size },
    {
      begin: (term, context) => term.stepInBytes(graph, context),
      octave: (input) => octaveStep(pass, input, peaks[input.octave]!),
    },
  );
  return graph.build();
};
