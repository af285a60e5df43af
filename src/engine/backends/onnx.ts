import { InferenceSession, env as runtime, Tensor } from 'onnxruntime-node';
import { GramzoomError } from '../../domain/errors.ts';
import type { Picture, Size } from '../../domain/picture.ts';
import { meanOf } from '../../domain/statistics.ts';
import type { Backend, Evaluation, OpenBackend } from '../backend.ts';
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

const engine = 'onnx:cpu';

const failed = (cause: unknown): GramzoomError => {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new GramzoomError('engine-failed', { engine, reason }, { cause });
};

const valuesOf = (outputs: Readonly<Record<string, Tensor>>): NamedTensors => {
  const entries = Object.entries(outputs).map(([name, { dims, data }]) => {
    if (!(data instanceof Float32Array)) throw failed(new Error(`output ${name} is not float32`));
    return [name, { shape: dims, data }] as const;
  });
  return Object.fromEntries(entries);
};

const requireEvenHalving = ({ width, height }: Picture, halvings: number): void => {
  const multiple = 2 ** halvings;
  if (width % multiple !== 0 || height % multiple !== 0) {
    throw new GramzoomError('internal', {
      reason: `${width} x ${height} px cannot be halved ${halvings} times`,
    });
  }
};

const sumOf = (values: Float32Array): number => values.reduce((sum, value) => sum + value, 0);

const pictureTensor = ({ width, height, data }: Picture): Tensor =>
  new Tensor('float32', data, [1, 3, height, width]);

/** What the step graph is fed of a target; built once per target, since that never changes. */
const targetFeeds = (objective: Objective, target: Target): Readonly<Record<string, Tensor>> => {
  const named = weightedTerms(objective).flatMap(({ name }) => Object.entries(terms[name].feeds(target)));
  return Object.fromEntries(
    named.map(([name, { shape, data }]) => [name, new Tensor('float32', data, shape)]),
  );
};

type StepSession = { readonly size: Size; readonly session: InferenceSession };

/**
 * onnxruntime on the CPU. One graph per size of picture holds forward pass, losses and backward pass; its
 * session is kept until a picture of another size comes, since a film goes from one size to the next.
 */
class OnnxBackend implements Backend {
  readonly name = engine;
  readonly version = runtime.versions.node ?? 'unknown';
  readonly threads: number;
  readonly photoMultiple: number;
  readonly settings: string;
  readonly #network: Network;
  readonly #objective: Objective;
  #step: StepSession | undefined;
  /** Settles when no step is running or waiting. */
  #idle: Promise<unknown> = Promise.resolve();
  readonly #feeds = new WeakMap<Target, Readonly<Record<string, Tensor>>>();
  #tapEpsilons: Promise<readonly number[]> | undefined;
  #closed = false;

  constructor(network: Network, objective: Objective, { threads }: { readonly threads: number }) {
    this.#network = network;
    this.#objective = objective;
    this.threads = threads;
    this.settings = settingsOf(network, objective);
    this.photoMultiple = photoMultipleFor(objective.octaves, { poolings: poolingDepth(network.spec) });
  }

  async measure(photo: Picture, size: Size): Promise<Target> {
    const octaves = octavesFor(size, this.#objective.octaves, { poolings: poolingDepth(this.#network.spec) });
    this.#tapEpsilons ??= this.#measureNoise();
    const epsilons = await this.#tapEpsilons;
    const measured = await this.#measure(photo, octaves);
    return { ...gramTargets(measured, { octaves, epsilons }), ...colourTarget(measured) };
  }

  async evaluate(picture: Picture, target: Target): Promise<Evaluation> {
    const { width, height } = picture;
    requireEvenHalving(picture, target.grams.length - 1 + poolingDepth(this.#network.spec));
    const feeds = this.#feeds.get(target) ?? targetFeeds(this.#objective, target);
    this.#feeds.set(target, feeds);
    const outputs = await this.#inTurn(async () => {
      const session = await this.#stepSession({ width, height });
      return await this.#run(session, { ...feeds, [names.picture]: pictureTensor(picture) });
    });
    const losses = { gram: 0, colour: 0, smoothness: 0 };
    let loss = 0;
    for (const { name, weight } of weightedTerms(this.#objective)) {
      const values = outputs[names.losses(name)]!.data;
      const isOfFeatures = terms[name].kind === 'features';
      losses[name] = isOfFeatures ? meanOf(values) : sumOf(values);
      loss += weight * (isOfFeatures ? this.#tapMean(values) : sumOf(values));
    }
    return { loss, losses, gradient: outputs[names.gradient]!.data };
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#idle;
    await this.#releaseStep();
  }

  /** The mean over octaves and taps, each tap by its weight. */
  #tapMean(values: Float32Array): number {
    const { taps } = this.#network.spec;
    return values.reduce((sum, value, i) => sum + value * taps[i % taps.length]!.weight, 0) / values.length;
  }

  async #measureNoise(): Promise<readonly number[]> {
    const { taps } = this.#network.spec;
    const side = Math.max(noiseSide, 2 ** poolingDepth(this.#network.spec));
    return gramEpsilons(await this.#measure(noisePicture(side), 1), { taps: taps.length });
  }

  /** A photo's shape is rarely met twice, so that a session is not kept. */
  async #measure(photo: Picture, octaves: number): Promise<NamedTensors> {
    const { width, height } = photo;
    requireEvenHalving(photo, octaves - 1 + poolingDepth(this.#network.spec));
    this.#requireOpen();
    const session = await this.#open(
      measureGraph(this.#network, this.#objective, { width, height, octaves }),
    );
    try {
      return await this.#run(session, { [names.picture]: pictureTensor(photo) });
    } finally {
      await session.release();
    }
  }

  #requireOpen(): void {
    if (this.#closed) throw failed(new Error('the backend is closed'));
  }

  /** One step at a time: no session is released while it runs. */
  #inTurn<T>(step: () => Promise<T>): Promise<T> {
    const done = this.#idle.then(step);
    this.#idle = Promise.allSettled([done]);
    return done;
  }

  async #stepSession(size: Size): Promise<InferenceSession> {
    this.#requireOpen();
    const { width, height } = size;
    if (this.#step?.size.width === width && this.#step.size.height === height) return this.#step.session;
    await this.#releaseStep();
    const session = await this.#open(stepGraph(this.#network, this.#objective, size));
    this.#step = { size, session };
    return session;
  }

  async #releaseStep(): Promise<void> {
    const step = this.#step;
    this.#step = undefined;
    await step?.session.release();
  }

  async #open(model: Uint8Array): Promise<InferenceSession> {
    try {
      return await InferenceSession.create(model, {
        executionProviders: ['cpu'],
        intraOpNumThreads: this.threads,
        interOpNumThreads: 1,
        graphOptimizationLevel: 'all',
        // The pattern's block comes on top of what the arena took in the first run: twice the memory, no time.
        enableMemPattern: false,
        logSeverityLevel: 3,
        // A spinning pool would starve the event loop on a small machine (bench/spinning.ts).
        extra: { session: { intra_op: { allow_spinning: '0' } } },
      });
    } catch (error) {
      throw failed(error);
    }
  }

  async #run(session: InferenceSession, feeds: Record<string, Tensor>): Promise<NamedTensors> {
    try {
      return valuesOf(await session.run(feeds));
    } catch (error) {
      throw failed(error);
    }
  }
}

/** Opens onnxruntime's CPU engine for one network and objective. */
export const openOnnxBackend: OpenBackend = async (network, objective, options) =>
  new OnnxBackend(network, objective, options);
