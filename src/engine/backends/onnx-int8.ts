import { Tensor } from 'onnxruntime-node';
import { GramzoomError } from '../../domain/errors.ts';
import type { Picture, Size } from '../../domain/picture.ts';
import { type Backend, type Evaluation, type GradientRanges, noRanges } from '../backend.ts';
import { colourTarget } from '../objective/colour.ts';
import { gramEpsilons, gramTargets } from '../objective/gram.ts';
import {
  looksAtFeatures,
  type Objective,
  octavesFor,
  photoMultipleFor,
  settingsOf,
  type Target,
} from '../objective/objective.ts';
import type { NamedTensors } from '../objective/term.ts';
import { type Network, poolingDepth } from '../spec.ts';
import { byteMeasureGraph, byteNames, byteStepGraph, peaksGraph } from './int8-graph.ts';
import { gradientNames, int8Obstacle, type QuantisedNetwork, quantiseNetwork } from './int8-network.ts';
import {
  activationPeaks,
  firstScales,
  gradientScales,
  isKnown,
  rangesAfter,
  rangesOf,
  triedScales,
} from './int8-scales.ts';
import { names } from './onnx-graph.ts';
import {
  engine,
  type Feeds,
  OnnxSessions,
  pictureTensor,
  requireEvenHalving,
  version,
} from './onnx-session.ts';
import { createTargetFeeds, lossesOf, noiseFor } from './onnx-step.ts';

/** Scales grow by 64 a trial, so that these cover any float; a network of many layers settles from its end on. */
const mostTrials = 40;

type Noise = { readonly peaks: Float32Array; readonly epsilons: readonly number[] };

/**
 * onnxruntime on the CPU with a network in bytes: forward pass, Gram matrices and backward pass in 8 bits, the picture,
 * its octaves and what looks at pixels in floats. The photo is measured through the same bytes.
 */
export class Int8Backend implements Backend {
  readonly name = engine;
  readonly version = version;
  readonly precision = 'int8';
  readonly threads: number;
  readonly #poolings: number;
  readonly photoMultiple: number;
  readonly settings: string;
  readonly #quantised: QuantisedNetwork;
  readonly #objective: Objective;
  readonly #sessions: OnnxSessions;
  readonly #gradients: number;
  readonly #feedsOf: (target: Target) => Feeds;
  #noise: Promise<Noise> | undefined;

  /** The network must have no `int8Obstacle`. */
  constructor(network: Network, objective: Objective, { threads }: { readonly threads: number }) {
    const obstacle = int8Obstacle(network.spec);
    if (obstacle) throw new GramzoomError('internal', { reason: `no bytes for this network: ${obstacle}` });
    this.#quantised = quantiseNetwork(network);
    this.#objective = objective;
    this.#gradients = gradientNames(this.#quantised).length;
    this.threads = threads;
    this.settings = settingsOf(network, objective);
    this.#poolings = poolingDepth(network.spec);
    this.photoMultiple = photoMultipleFor(objective.octaves, { poolings: this.#poolings });
    this.#feedsOf = createTargetFeeds(objective);
    this.#sessions = new OnnxSessions({ threads });
  }

  get #network(): Network {
    return this.#quantised.network;
  }

  async measure(photo: Picture, size: Size): Promise<Target> {
    const octaves = octavesFor(size, this.#objective.octaves);
    this.#noise ??= this.#measureNoise();
    const { peaks: ofNoise, epsilons } = await this.#noise;
    const peaks = activationPeaks(await this.#peaksOf(photo, octaves), ofNoise);
    const measured = await this.#measure(photo, peaks);
    return {
      ...gramTargets(measured, { octaves, epsilons }),
      ...colourTarget(measured),
      activationPeaks: peaks,
    };
  }

  async evaluate(picture: Picture, target: Target, ranges: GradientRanges = noRanges): Promise<Evaluation> {
    const octaves = target.grams.length;
    requireEvenHalving(picture, Math.max(octaves - 1, this.#poolings));
    const pixels = Array.from(
      { length: looksAtFeatures(this.#objective) ? octaves : 0 },
      (_, octave) => (picture.width * picture.height) / 4 ** octave,
    );
    const known = pixels.map((_, octave) => isKnown(ranges[octave], this.#gradients));
    let scales = pixels.map((count, octave) =>
      known[octave] ? gradientScales(ranges[octave]!, count) : firstScales(this.#gradients, count),
    );
    let outputs = await this.#step(picture, target, scales);
    const extremesOf = (octave: number): Float32Array => outputs[byteNames.extremes(octave)]!.data;
    for (let trial = 0; trial < mostTrials && !known.every(Boolean); trial++) {
      const better = scales.map((ofOctave, octave) =>
        known[octave] ? undefined : triedScales(ofOctave, extremesOf(octave)),
      );
      if (better.every((ofOctave) => ofOctave === undefined)) break;
      scales = scales.map((ofOctave, octave) => better[octave] ?? ofOctave);
      outputs = await this.#step(picture, target, scales);
    }
    const after = scales.map((ofOctave, octave) => {
      const context = { scales: ofOctave, pixels: pixels[octave]! };
      return known[octave]
        ? rangesAfter(ranges[octave]!, extremesOf(octave), context)
        : rangesOf(ofOctave, extremesOf(octave), context);
    });
    const losses = lossesOf(outputs, { network: this.#network, objective: this.#objective });
    return { ...losses, gradient: outputs[names.gradient]!.data, ranges: after };
  }

  async close(): Promise<void> {
    await this.#sessions.close();
  }

  #step(picture: Picture, target: Target, scales: readonly Float32Array[]): Promise<NamedTensors> {
    const { width, height } = picture;
    const { activationPeaks: peaks } = target;
    const ofGradients = scales.map((ofOctave, octave) => [
      byteNames.gradientScales(octave),
      new Tensor('float32', ofOctave, [ofOctave.length]),
    ]);
    const graph = {
      key: `${width} x ${height}, ${peaks.join()}`,
      build: () => byteStepGraph(this.#quantised, this.#objective, { width, height, peaks }),
    };
    return this.#sessions.step(graph, {
      ...this.#feedsOf(target),
      ...Object.fromEntries(ofGradients),
      [names.picture]: pictureTensor(picture),
    });
  }

  async #measureNoise(): Promise<Noise> {
    const { taps } = this.#network.spec;
    const noise = noiseFor(this.#network);
    const peaks = await this.#peaksOf(noise, 1);
    const measured = await this.#measure(noise, activationPeaks(peaks, peaks));
    return { peaks, epsilons: gramEpsilons(measured, { taps: taps.length }) };
  }

  async #peaksOf(photo: Picture, octaves: number): Promise<Float32Array> {
    const { width, height } = photo;
    requireEvenHalving(photo, Math.max(octaves - 1, this.#poolings));
    const graph = peaksGraph(this.#network, this.#objective, { width, height, octaves });
    const outputs = await this.#sessions.once(graph, { [names.picture]: pictureTensor(photo) });
    return outputs[byteNames.peaks]!.data;
  }

  async #measure(photo: Picture, peaks: readonly (readonly number[])[]): Promise<NamedTensors> {
    const { width, height } = photo;
    const graph = byteMeasureGraph(this.#quantised, this.#objective, { width, height, peaks });
    return await this.#sessions.once(graph, { [names.picture]: pictureTensor(photo) });
  }
}
