import { InferenceSession, env as runtime, Tensor } from 'onnxruntime-node';
import { GramzoomError } from '../../domain/errors.ts';
import type { Picture, Size } from '../../domain/picture.ts';
import { meanOf } from '../../domain/statistics.ts';
import { noisePicture, noiseSide } from '../noise-picture.ts';
import {
  type Backend,
  type Evaluation,
  type GramTarget,
  type LossOptions,
  type OpenBackend,
  octavesFor,
  photoMultipleFor,
  settingsOf,
  type Target,
  tapEpsilon,
} from '../objective/objective.ts';
import { type Network, poolingDepth } from '../spec.ts';
import { colourScales, measureGraph, names, stepGraph } from './onnx-graph.ts';

const engine = 'onnx:cpu';

const failed = (cause: unknown): GramzoomError => {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new GramzoomError('engine-failed', { engine, reason }, { cause });
};

const floats = (tensor: Tensor | undefined): Float32Array => {
  if (!(tensor?.data instanceof Float32Array)) throw failed(new Error('an output is missing'));
  return tensor.data;
};

const squaredNorm = (values: Float32Array): number => values.reduce((sum, value) => sum + value * value, 0);

const requireEvenHalving = ({ width, height }: Picture, halvings: number): void => {
  const multiple = 2 ** halvings;
  if (width % multiple !== 0 || height % multiple !== 0) {
    throw new GramzoomError('internal', {
      reason: `${width} x ${height} px cannot be halved ${halvings} times`,
    });
  }
};

const pictureTensor = ({ width, height, data }: Picture): Tensor =>
  new Tensor('float32', data, [1, 3, height, width]);

/** Which of a target's values are fed under which name; built once per target, since it never changes. */
const targetFeeds = (target: Target): Record<string, Tensor> => {
  const feeds: Record<string, Tensor> = {};
  const scales: number[] = [];
  target.grams.forEach((taps, octave) => {
    taps.forEach(({ channels, gram, norm }, tap) => {
      feeds[names.gram(octave, tap)] = new Tensor('float32', gram, [channels, channels]);
      scales.push(1 / norm);
    });
  });
  const { mean, covariance } = target.colour;
  feeds[names.gramScales] = new Tensor('float32', Float32Array.from(scales), [scales.length]);
  feeds[names.mean] = new Tensor('float32', mean, [3, 1]);
  feeds[names.covariance] = new Tensor('float32', covariance, [3, 3]);
  feeds[names.colourScales] = new Tensor('float32', colourScales(covariance), [2]);
  return feeds;
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
  readonly #options: LossOptions;
  #step: StepSession | undefined;
  /** Settles when no step is running or waiting. */
  #idle: Promise<unknown> = Promise.resolve();
  readonly #feeds = new WeakMap<Target, Record<string, Tensor>>();
  #tapEpsilons: Promise<readonly number[]> | undefined;
  #closed = false;

  constructor(network: Network, options: LossOptions & { readonly threads: number }) {
    this.#network = network;
    this.#options = options;
    this.threads = options.threads;
    this.settings = settingsOf(network, options);
    this.photoMultiple = photoMultipleFor(options.octaves, { poolings: poolingDepth(network.spec) });
  }

  async measure(photo: Picture, size: Size): Promise<Target> {
    const octaves = octavesFor(size, this.#options.octaves, { poolings: poolingDepth(this.#network.spec) });
    this.#tapEpsilons ??= this.#noiseNorms();
    const epsilons = await this.#tapEpsilons;
    const grams = await this.#measure(photo, octaves);
    const taps = this.#network.spec.taps.map((_, tap) => tap);
    const targetOf = (octave: number, tap: number): GramTarget => {
      const gram = floats(grams[names.gram(octave, tap)]);
      return { channels: Math.sqrt(gram.length), gram, norm: squaredNorm(gram) + epsilons[tap]! };
    };
    return {
      grams: Array.from({ length: octaves }, (_, octave) => taps.map((tap) => targetOf(octave, tap))),
      colour: { mean: floats(grams[names.mean]), covariance: floats(grams[names.covariance]) },
    };
  }

  async evaluate(picture: Picture, target: Target): Promise<Evaluation> {
    const { width, height } = picture;
    requireEvenHalving(picture, target.grams.length - 1 + poolingDepth(this.#network.spec));
    const feeds = this.#feeds.get(target) ?? targetFeeds(target);
    this.#feeds.set(target, feeds);
    const outputs = await this.#inTurn(async () => {
      const session = await this.#stepSession({ width, height });
      return await this.#run(session, { ...feeds, [names.picture]: pictureTensor(picture) });
    });
    const distances = floats(outputs[names.styleLosses]);
    const { taps } = this.#network.spec;
    const weighted = distances.reduce(
      (sum, distance, i) => sum + distance * taps[i % taps.length]!.weight,
      0,
    );
    const colourLoss = floats(outputs[names.colourLosses]).reduce((sum, loss) => sum + loss, 0);
    const { colourWeight, smoothnessWeight } = this.#options;
    const smoothnessLoss = smoothnessWeight > 0 ? floats(outputs[names.smoothness])[0]! : 0;
    return {
      loss: weighted / distances.length + colourWeight * colourLoss + smoothnessWeight * smoothnessLoss,
      styleLoss: meanOf(distances),
      colourLoss,
      smoothnessLoss,
      gradient: floats(outputs[names.gradient]),
    };
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#idle;
    await this.#releaseStep();
  }

  async #noiseNorms(): Promise<readonly number[]> {
    const side = Math.max(noiseSide, 2 ** poolingDepth(this.#network.spec));
    const grams = await this.#measure(noisePicture(side), 1);
    return this.#network.spec.taps.map((_, tap) =>
      tapEpsilon(squaredNorm(floats(grams[names.gram(0, tap)]))),
    );
  }

  /** A photo's shape is rarely met twice, so that a session is not kept. */
  async #measure(photo: Picture, octaves: number): Promise<Readonly<Record<string, Tensor>>> {
    const { width, height } = photo;
    requireEvenHalving(photo, octaves - 1 + poolingDepth(this.#network.spec));
    this.#requireOpen();
    const session = await this.#open(measureGraph(this.#network, this.#options, { width, height, octaves }));
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
    const session = await this.#open(stepGraph(this.#network, this.#options, size));
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

  async #run(
    session: InferenceSession,
    feeds: Record<string, Tensor>,
  ): Promise<Readonly<Record<string, Tensor>>> {
    try {
      return await session.run(feeds);
    } catch (error) {
      throw failed(error);
    }
  }
}

/** Opens onnxruntime's CPU engine for one network and loss. */
export const openOnnxBackend: OpenBackend = async (network, options) => new OnnxBackend(network, options);
