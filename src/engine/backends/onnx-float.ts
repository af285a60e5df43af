import type { Picture, Size } from '../../domain/picture.ts';
import { type Backend, type Evaluation, noRanges } from '../backend.ts';
import { colourTarget } from '../objective/colour.ts';
import { gramEpsilons, gramTargets } from '../objective/gram.ts';
import {
  type Objective,
  octavesFor,
  photoMultipleFor,
  settingsOf,
  type Target,
} from '../objective/objective.ts';
import type { NamedTensors } from '../objective/term.ts';
import { type Network, poolingDepth } from '../spec.ts';
import { measureGraph, names, stepGraph } from './onnx-graph.ts';
import {
  engine,
  type Feeds,
  OnnxSessions,
  pictureTensor,
  requireEvenHalving,
  version,
} from './onnx-session.ts';
import { createTargetFeeds, lossesOf, noiseFor } from './onnx-step.ts';

/** onnxruntime on the CPU in 32-bit floats: one graph per size holds forward pass, losses and backward pass. */
export class FloatBackend implements Backend {
  readonly name = engine;
  readonly version = version;
  readonly precision = 'float';
  readonly threads: number;
  readonly #poolings: number;
  readonly photoMultiple: number;
  readonly settings: string;
  readonly #network: Network;
  readonly #objective: Objective;
  readonly #sessions: OnnxSessions;
  readonly #feedsOf: (target: Target) => Feeds;
  #tapEpsilons: Promise<readonly number[]> | undefined;

  constructor(network: Network, objective: Objective, { threads }: { readonly threads: number }) {
    this.#network = network;
    this.#objective = objective;
    this.threads = threads;
    this.settings = settingsOf(network, objective);
    this.#poolings = poolingDepth(network.spec);
    this.photoMultiple = photoMultipleFor(objective.octaves, { poolings: this.#poolings });
    this.#feedsOf = createTargetFeeds(objective);
    this.#sessions = new OnnxSessions({ threads });
  }

  async measure(photo: Picture, size: Size): Promise<Target> {
    const octaves = octavesFor(size, this.#objective.octaves);
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
    requireEvenHalving(picture, Math.max(target.grams.length - 1, this.#poolings));
    const { width, height } = picture;
    const graph = {
      key: `${width} x ${height}`,
      build: () => stepGraph(this.#network, this.#objective, { width, height }),
    };
    const feeds = { ...this.#feedsOf(target), [names.picture]: pictureTensor(picture) };
    const outputs = await this.#sessions.step(graph, feeds);
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
    requireEvenHalving(photo, Math.max(octaves - 1, this.#poolings));
    const graph = measureGraph(this.#network, this.#objective, { width, height, octaves });
    return await this.#sessions.once(graph, { [names.picture]: pictureTensor(photo) });
  }
}
