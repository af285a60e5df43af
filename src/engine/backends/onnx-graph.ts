/**
 * The two graphs of the ONNX backend. `measure` gives what the terms of an objective need of a photo; `step` gives a
 * picture's losses and their gradient, with the backward pass written out as nodes (ONNX has no autodiff).
 */
import type { Size } from '../../domain/picture.ts';
import { measureColour } from '../objective/colour.ts';
import { measureGram } from '../objective/gram.ts';
import {
  type Objective,
  octavesFor,
  type Target,
  type TermName,
  terms,
  weightedTerms,
} from '../objective/objective.ts';
import type { FeatureTerm } from '../objective/term.ts';
import { layersUpToLastTap, type Network, type NetworkSpec, poolingDepth, tapIndex } from '../spec.ts';
import { backwardLayer, createWeights, forwardLayer, type LayerTrace, type Weights } from './onnx-layers.ts';
import { createGraph, type GraphBuilder, type Value } from './onnx-model.ts';
import { halvedGradient, octavePictures } from './onnx-octaves.ts';
import { add, flat } from './onnx-operations.ts';

/** Names of the graphs' inputs and outputs, besides those of the terms. */
export const names = {
  picture: 'picture',
  gradient: 'gradient',
  /** Unweighted losses of a term; of one that compares features, `[octave * taps + tap]`. */
  losses: (term: TermName): string => `${term}_losses`,
} as const;

/** From the picture's order of channels to the network's, or back. */
const reordered = (graph: GraphBuilder, { spec }: Network, value: Value): Value => {
  if (spec.input.order === 'rgb') return value;
  const inputs = [value, graph.integers([2, 1, 0])];
  return graph.node('Gather', inputs, value.shape, { attributes: { axis: 1 } });
};

/** The picture as the network takes it: channels in its order, scaled and shifted. */
export const networkInput = (graph: GraphBuilder, network: Network, picture: Value): Value => {
  const { scale, offset } = network.spec.input;
  const ordered = reordered(graph, network, picture);
  const stretched = graph.node('Mul', [ordered, graph.floats([1, 3, 1, 1], scale)], picture.shape);
  return graph.node('Add', [stretched, graph.floats([1, 3, 1, 1], offset)], picture.shape);
};

/** The gradient of `networkInput`. */
export const pictureGradient = (graph: GraphBuilder, network: Network, gradient: Value): Value => {
  const scale = graph.floats([1, 3, 1, 1], network.spec.input.scale);
  return reordered(graph, network, graph.node('Mul', [gradient, scale], gradient.shape));
};

/** What all passes of one graph share. */
type Pass = {
  readonly graph: GraphBuilder;
  readonly network: Network;
  readonly weights: Weights;
  readonly padding: Objective['padding'];
};

export const forward = (
  { graph, network, weights, padding }: Pass,
  picture: Value,
): readonly LayerTrace[] => {
  const traces: LayerTrace[] = [];
  let value = networkInput(graph, network, picture);
  for (const layer of layersUpToLastTap(network.spec)) {
    const trace = forwardLayer(graph, layer, { input: value, weights, padding });
    traces.push(trace);
    value = trace.output;
  }
  return traces;
};

/** The taps among the traces of a forward pass, with the index of each one's layer. */
const tapsOf = ({ graph, network }: Pass, traces: readonly LayerTrace[], octave: number) =>
  network.spec.taps.map(({ layer, weight }, tap) => {
    const at = tapIndex(network.spec, layer);
    return { at, octave, tap, weight, features: flat(graph, traces[at]!.output) };
  });

export const beginPass = (network: Network, { padding }: Objective): Pass => {
  const graph = createGraph();
  return { graph, network, padding, weights: createWeights(graph, network) };
};

/** What all terms measure of a photo. */
export const measureGraph = (
  network: Network,
  objective: Objective,
  size: Size & { octaves: number },
): Uint8Array => {
  const pass = beginPass(network, objective);
  const { graph } = pass;
  const picture = graph.input(names.picture, [1, 3, size.height, size.width]);
  const { octaves } = size;
  const poolings = poolingDepth(network.spec);
  octavePictures(graph, picture, { octaves, poolings }).forEach((octavePicture, octave) => {
    for (const tap of tapsOf(pass, forward(pass, octavePicture.picture), octave)) measureGram(graph, tap);
  });
  measureColour(graph, picture);
  return graph.build();
};

/** What the feature terms give in one octave: each one's losses by tap, and the gradient of all for its picture. */
export type OctaveStep = { readonly losses: readonly (readonly Value[])[]; readonly gradient: Value };

/** An octave's picture, and what every feature term has for the graph. */
export type OctaveInput<Step> = {
  readonly picture: Value;
  readonly octave: number;
  readonly steps: readonly Step[];
};

type StepContext = { readonly octaves: number; readonly taps: number; readonly weight: number };

/**
 * Adds an objective's losses of a picture and their gradient.
 * @param passes.begin what a feature term has for the graph, called once
 * @param passes.octave forward and backward pass of one octave
 */
export const addStep = <Step>(
  graph: GraphBuilder,
  {
    spec,
    objective,
    size,
  }: { readonly spec: NetworkSpec; readonly objective: Objective; readonly size: Size },
  passes: {
    readonly begin: (term: FeatureTerm<Target>, context: StepContext) => Step;
    readonly octave: (input: OctaveInput<Step>) => OctaveStep;
  },
): void => {
  const octaves = octavesFor(size, objective.octaves);
  const picture = graph.input(names.picture, [1, 3, size.height, size.width]);
  const taps = spec.taps.length;
  const gradients: Value[] = [];
  const features: { readonly name: TermName; readonly step: Step }[] = [];
  const pixels: (() => Value)[] = [];
  for (const { name, weight } of weightedTerms(objective)) {
    const term = terms[name];
    if (term.kind === 'features')
      features.push({ name, step: passes.begin(term, { octaves, taps, weight }) });
    else {
      pixels.push(() => {
        const { losses, gradient } = term.step(graph, picture, { weight });
        graph.output(losses, names.losses(name));
        return gradient;
      });
    }
  }
  if (features.length > 0) {
    const steps = features.map(({ step }) => step);
    const poolings = poolingDepth(spec);
    const made = octavePictures(graph, picture, { octaves, poolings }).map((octavePicture, octave) => {
      const { losses, gradient } = passes.octave({ picture: octavePicture.picture, octave, steps });
      return { losses, gradient: octavePicture.fold(gradient) };
    });
    features.forEach(({ name }, term) => {
      const losses = made.flatMap((octave) => octave.losses[term]!);
      graph.output(
        graph.node('Concat', losses, [losses.length], { attributes: { axis: 0 } }),
        names.losses(name),
      );
    });
    gradients.push(
      made
        .map(({ gradient }) => gradient)
        .reduceRight((coarse, fine) => add(graph, fine, halvedGradient(graph, coarse))),
    );
  }
  gradients.push(...pixels.map((build) => build()));
  graph.output(add(graph, ...gradients), names.gradient);
};

type FeatureStep = ReturnType<FeatureTerm<unknown>['step']>;

/** Forward and backward pass of one octave. */
const octaveStep = (pass: Pass, { picture, octave, steps }: OctaveInput<FeatureStep>): OctaveStep => {
  const { graph, network } = pass;
  const traces = forward(pass, picture);
  const taps = tapsOf(pass, traces, octave).map((tap) => ({
    at: tap.at,
    parts: steps.map((step) => step(tap)),
  }));
  let gradient: Value | undefined;
  for (let at = traces.length - 1; at >= 0; at--) {
    const trace = traces[at]!;
    const { shape } = trace.output;
    for (const { parts } of taps.filter((tap) => tap.at === at)) {
      for (const part of parts) {
        const sum = part.gradient(gradient && flat(graph, gradient));
        gradient = graph.node('Reshape', [sum, graph.integers(shape)], shape);
      }
    }
    if (gradient) gradient = backwardLayer(graph, trace, { gradient, ...pass });
  }
  return {
    losses: steps.map((_, term) => taps.map(({ parts }) => parts[term]!.loss)),
    gradient: pictureGradient(graph, network, gradient!),
  };
};

/** An objective's losses of a picture and their gradient. */
export const stepGraph = (network: Network, objective: Objective, size: Size): Uint8Array => {
  const pass = beginPass(network, objective);
  const { graph } = pass;
  addStep(
    graph,
    { spec: network.spec, objective, size },
    {
      begin: (term, context) => term.step(graph, context),
      octave: (input) => octaveStep(pass, input),
    },
  );
  return graph.build();
};
