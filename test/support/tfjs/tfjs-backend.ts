/**
 * The loss of `src/engine/objective/objective.ts` by TensorFlow.js: the forward pass as it reads there, the gradient by autodiff.
 * Runs on the plain JavaScript backend, so it is slow: an independent check of the faster engines.
 */
import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { GramzoomError } from '../../../src/domain/errors.ts';
import type { Picture, Size } from '../../../src/domain/picture.ts';
import { type Backend, type Evaluation, noRanges, type OpenBackend } from '../../../src/engine/backend.ts';
import { noisePicture, noiseSide } from '../../../src/engine/noise-picture.ts';
import { type GramTarget, tapEpsilon } from '../../../src/engine/objective/gram.ts';
import {
  type Objective,
  octavesFor,
  photoMultipleFor,
  settingsOf,
  type Target,
} from '../../../src/engine/objective/objective.ts';
import { layersUpToLastTap, type Network, poolingDepth, tapIndex } from '../../../src/engine/spec.ts';
import { registerTfjsGradients } from './tfjs-gradients.ts';
import {
  colourTerm,
  gramMatrix,
  halve,
  pad,
  pixelStatistics,
  read,
  smoothnessTerm,
  squaredNorm,
  widen,
} from './tfjs-terms.ts';

const engine = 'tfjs:cpu';

/**
 * Opens the TensorFlow.js engine; `threads` is ignored, it has one.
 * @throws GramzoomError `engine-unavailable`, `engine-failed`
 */
export const openTfjsBackend: OpenBackend = async (network, objective) => {
  // Without it the CPU backend prints an advertisement for tfjs-node.
  tf.enableProdMode();
  try {
    await Promise.all([registerTfjsGradients(), tf.setBackend('cpu')]);
  } catch (cause) {
    throw new GramzoomError('engine-unavailable', { engine, reason: reasonOf(cause) }, { cause });
  }
  return new TfjsBackend(network, objective);
};

type Weights = { readonly kernel: tf.Tensor4D; readonly bias: tf.Tensor1D };

class TfjsBackend implements Backend {
  readonly name = engine;
  readonly version = tf.version_core;
  readonly threads = 1;
  readonly precision = 'float';
  readonly #network: Network;
  readonly #objective: Objective;
  readonly #weights: ReadonlyMap<string, Weights>;
  /** Per tap. */
  readonly #poolings: number;
  readonly photoMultiple: number;
  readonly settings: string;
  readonly #epsilons: readonly number[];
  #closed = false;

  constructor(network: Network, objective: Objective) {
    this.#network = network;
    this.#objective = objective;
    this.settings = settingsOf(network, objective);
    this.#poolings = poolingDepth(network.spec);
    this.photoMultiple = photoMultipleFor(objective.octaves, { poolings: this.#poolings });
    this.#weights = toTensors(network);
    const noise = noisePicture(Math.max(noiseSide, 2 ** poolingDepth(network.spec)));
    this.#epsilons = this.#run(() =>
      this.#grams(toPlanes(noise)).map((gram) => tapEpsilon(squaredNorm(read(gram)))),
    );
  }

  async measure(photo: Picture, size: Size): Promise<Target> {
    const octaves = octavesFor(size, this.#objective.octaves);
    this.#requireEvenHalving(photo, Math.max(octaves - 1, this.#poolings));
    return this.#run(() => {
      const planes = toPlanes(photo);
      const grams: GramTarget[][] = [];
      for (let octave = 0, smaller = planes; octave < octaves; octave++, smaller = halve(smaller)) {
        grams.push(
          this.#grams(widen(smaller, 2 ** this.#poolings)).map((gram, tap) => {
            const values = read(gram);
            return {
              channels: gram.shape[0],
              gram: values,
              norm: squaredNorm(values) + this.#epsilons[tap]!,
            };
          }),
        );
      }
      const { mean, covariance } = pixelStatistics(planes);
      return { grams, colour: { mean: read(mean), covariance: read(covariance) }, activationPeaks: [] };
    });
  }

  async evaluate(picture: Picture, target: Target): Promise<Evaluation> {
    this.#requireEvenHalving(picture, Math.max(target.grams.length - 1, this.#poolings));
    return this.#run(() => {
      const {
        gram = 0,
        colour: colourWeight = 0,
        smoothness: smoothnessWeight = 0,
      } = this.#objective.weights;
      let losses = { gram: 0, colour: 0, smoothness: 0 };
      const { value, grad } = tf.valueAndGrad((planes: tf.Tensor) => {
        const style = this.#style(planes as tf.Tensor3D, target);
        const colour = colourTerm(planes as tf.Tensor3D, target.colour);
        const smoothness = smoothnessTerm(planes as tf.Tensor3D);
        losses = {
          gram: gram > 0 ? read(style.unweighted)[0]! : 0,
          colour: colourWeight > 0 ? read(colour)[0]! : 0,
          smoothness: smoothnessWeight > 0 ? read(smoothness)[0]! : 0,
        };
        return tf.addN([
          tf.mul(style.weighted, gram),
          tf.mul(colour, colourWeight),
          tf.mul(smoothness, smoothnessWeight),
        ]) as tf.Scalar;
      })(toPlanes(picture));
      return { loss: read(value)[0]!, losses, gradient: read(grad), ranges: noRanges };
    });
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    for (const { kernel, bias } of this.#weights.values()) tf.dispose([kernel, bias]);
  }

  /** Frees whatever tensors `work` makes. */
  #run<T>(work: () => T): T {
    if (this.#closed) throw new GramzoomError('engine-failed', { engine, reason: 'it is closed' });
    tf.engine().startScope();
    try {
      return work();
    } catch (cause) {
      if (cause instanceof GramzoomError) throw cause;
      throw new GramzoomError('engine-failed', { engine, reason: reasonOf(cause) }, { cause });
    } finally {
      tf.engine().endScope();
    }
  }

  #requireEvenHalving({ width, height }: Picture, halvings: number): void {
    const multiple = 2 ** halvings;
    if (width % multiple !== 0 || height % multiple !== 0) {
      throw new GramzoomError('internal', {
        reason: `a picture of ${width} x ${height} does not halve evenly to multiples of ${multiple}`,
      });
    }
  }

  #style(planes: tf.Tensor3D, target: Target): { weighted: tf.Tensor; unweighted: tf.Tensor } {
    const taps = this.#network.spec.taps;
    const distances: tf.Tensor[] = [];
    const weighted: tf.Tensor[] = [];
    let smaller = planes;
    for (const [octave, gramTargets] of target.grams.entries()) {
      if (octave > 0) smaller = halve(smaller);
      for (const [tap, gram] of this.#grams(widen(smaller, 2 ** this.#poolings)).entries()) {
        const { channels, gram: wanted, norm } = gramTargets[tap]!;
        const difference = tf.sub(gram, tf.tensor2d(wanted, [channels, channels]));
        const distance = tf.div(tf.sum(tf.square(difference)), norm);
        distances.push(distance);
        weighted.push(tf.mul(distance, taps[tap]!.weight));
      }
    }
    return {
      weighted: tf.div(tf.addN(weighted), weighted.length),
      unweighted: tf.div(tf.addN(distances), distances.length),
    };
  }

  /** The Gram matrices of all taps, C x C, in the order of the spec. */
  #grams(planes: tf.Tensor3D): tf.Tensor2D[] {
    const { spec } = this.#network;
    const { padding } = this.#objective;
    const outputs: tf.Tensor4D[] = [];
    let x = toNetworkInput(planes, this.#network);
    for (const layer of layersUpToLastTap(spec)) {
      switch (layer.kind) {
        case 'conv': {
          const { kernel, bias } = this.#weights.get(layer.name)!;
          x = tf.add(tf.conv2d(layer.kernel === 3 ? pad(x, padding) : x, kernel, 1, 'valid'), bias);
          break;
        }
        case 'relu':
          x = tf.relu(x);
          break;
        case 'pool':
          x = layer.method === 'max' ? tf.maxPool(x, 2, 2, 'valid') : tf.avgPool(x, 2, 2, 'valid');
          break;
        default:
          layer satisfies never;
      }
      outputs.push(x);
    }
    return spec.taps.map((tap) => gramMatrix(outputs[tapIndex(spec, tap.layer)]!));
  }
}

const reasonOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause));

/** Kernels OIHW become HWIO, as tfjs has them. */
const toTensors = ({ spec, tensors }: Network): ReadonlyMap<string, Weights> => {
  const weights = new Map<string, Weights>();
  for (const layer of spec.layers) {
    if (layer.kind !== 'conv') continue;
    const weight = tensors.get(`${layer.name}.weight`)!;
    const bias = tensors.get(`${layer.name}.bias`)!;
    const shape: [number, number, number, number] = [layer.out, layer.in, layer.kernel, layer.kernel];
    weights.set(layer.name, {
      kernel: tf.tidy(() => tf.transpose(tf.tensor4d(weight.data, shape), [2, 3, 1, 0])),
      bias: tf.tensor1d(bias.data),
    });
  }
  return weights;
};

/** 3 x height x width, as pictures are; only the network's own layers work on NHWC. */
const toPlanes = ({ width, height, data }: Picture): tf.Tensor3D => tf.tensor3d(data, [3, height, width]);

/** 1 x height x width x 3, in the network's channel order and scale. */
const toNetworkInput = (planes: tf.Tensor3D, { spec }: Network): tf.Tensor4D => {
  const { order, scale, offset } = spec.input;
  const ordered = order === 'bgr' ? tf.reverse(planes, 0) : planes;
  const pixels: tf.Tensor4D = tf.expandDims(tf.transpose(ordered, [1, 2, 0]), 0);
  return tf.add(tf.mul(pixels, tf.tensor1d(scale)), tf.tensor1d(offset));
};
