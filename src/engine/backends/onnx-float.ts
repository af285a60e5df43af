import type { Picture, Size } from '../../domain/picture.ts';
import { meanOf } from '../../domain/statistics.ts';
import { type Backend, type Evaluation, noRanges } from '../backend.ts';
import { noisePicture, noiseSide } from '../noise-picture.ts';
import { colourTarget } from '../objective/colour.ts';
import { gramEpsilons, gramTargets } from '../objective/gram.ts';
import {
  type Objective,
  octavesFor,
  photoMultipleFor,
  settingsOf,
  type Target,
  terms,
  weightedTerms,
} from '../objective/objective.ts';
import type { NamedTensors } from '../objective/term.ts';
import { type Network, poolingDepth } from '../spec.ts';
import { measureGraph, names, stepGraph } from './onnx-graph.ts';
import {
  engine,
  type Feeds,
  floatFeeds,
  OnnxSessions,
  pictureTensor,
  requireEvenHalving,
  version,
} from './onnx-session.ts';

const sumOf = (values: Float32Array): number => values.reduce((sum, value) => sum + value, 0);

/** What the step graph is fed of a target; built once per target, since that never changes. */
export const targetFeeds = (objective: Objective, target: Target): Feeds =>
  Object.assign({}, ...weightedTerms(objective).map(({ name }) => floatFeeds(terms[name].feeds(target))));

/** The losses that a step graph gave: each term's, and their weighted sum. */
export const lossesOf = (
  outputs: NamedTensors,
  { network, objective }: { readonly network: Network; readonly objective: Objective },
): Pick<Evaluation, 'loss' | 'losses'> => {
  const { taps } = network.spec;
  /** The mean over octaves and taps, each tap by its weight. */
  const tapMean = (values: Float32Array): number =>
    values.reduce((sum, value, i) => sum + value * taps[i % taps.length]!.weight, 0) / values.length;
  const losses = { gram: 0, colour: 0, smoothness: 0 };
  let loss = 0;
  for (const { name, weight } of weightedTerms(objective)) {
    const values = outputs[names.losses(name)]!.data;
    const isOfFeatures = terms[name].kind === 'features';
    losses[name] = isOfFeatures ? meanOf(values) : sumOf(values);
    loss += weight * (isOfFeatures ? tapMean(values) : sumOf(values));
  }
  return { loss, losses };
};

/** The noise picture that a network's taps are measured on: no smaller than its poolings allow. */
export const noiseFor = (network: Network): Picture =>
  noisePicture(Math.max(noiseSide, 2 ** poolingDepth(network.spec)));

/** onnxruntime on the CPU in 32-bit floats: one graph per size holds forward pass, losses and backward pass. */
export class FloatBackend implements Backend {
  readonly name = engine;
  readonly version = version;
  readonly precision = 'float';
  readonly threads: number;
  readonly photoMultiple: number;
  readonly settings: string;
  readonly #network: Network;
  readonly #objective: Objective;
  readonly #sessions: OnnxSessions;
  readonly #feeds = new WeakMap<Target, Feeds>();
  #tapEpsilons: Promise<readonly number[]> | undefined;

  constructor(network: Network, objective: Objective, { threads }: { readonly threads: number }) {
    this.#network = network;
    this.#objective = objective;
    this.threads = threads;
    this.settings = settingsOf(network, objective);
    this.photoMultiple = photoMultipleFor(objective.octaves, { poolings: poolingDepth(network.spec) });
    this.#sessions = new OnnxSessions({ threads });
  }

  async measure(photo: Picture, size: Size): Promise<Target> {
    const octaves = octavesFor(size, this.#objective.octaves, { poolings: poolingDepth(this.#network.spec) });
    this.#tapEpsilons ??= this.#measureNoise();
    const epsilons = await this.#tapEpsilons;
    const measured = await this.#measure(photo, octaves);
    return {
      ...gramTargets(measured, { octaves, epsilons }),
      ...colourTarget(measured),
      activationPeaks: [],
    };
  }

  async evaluate(picture: Picture, target: Target): Promise<Evaluation> {
    requireEvenHalving(picture, target.grams.length - 1 + poolingDepth(this.#network.spec));
    const feeds = this.#feeds.get(target) ?? targetFeeds(this.#objective, target);
    this.#feeds.set(target, feeds);
    const { width, height } = picture;
    const graph = {
      key: `${width} x ${height}`,
      build: () => stepGraph(this.#network, this.#objective, { width, height }),
    };
    const outputs = await this.#sessions.step(graph, { ...feeds, [names.picture]: pictureTensor(picture) });
    const losses = lossesOf(outputs, { network: this.#network, objective: this.#objective });
    return { ...losses, gradient: outputs[names.gradient]!.data, ranges: noRanges };
  }

  async close(): Promise<void> {
    await this.#sessions.close();
  }

  async #measureNoise(): Promise<readonly number[]> {
    const { taps } = this.#network.spec;
    return gramEpsilons(await this.#measure(noiseFor(this.#network), 1), { taps: taps.length });
  }

  /** A photo's shape is rarely met twice, so that a session is not kept. */
  async #measure(photo: Picture, octaves: number): Promise<NamedTensors> {
    const { width, height } = photo;
    requireEvenHalving(photo, octaves - 1 + poolingDepth(this.#network.spec));
    const graph = measureGraph(this.#network, this.#objective, { width, height, octaves });
    return await this.#sessions.once(graph, { [names.picture]: pictureTensor(photo) });
  }
}
