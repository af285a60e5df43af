/**
 * The terms of `src/engine/objective` once more, slow and obvious, in float64 from the picture on: what the
 * backends are measured against. It has no gradient: tests difference it centrally (`centralDifference`).
 * It shares no helper with the engine but the octave rule, the constants and the noise picture.
 */
import type { Picture, Size } from '../../src/domain/picture.ts';
import { noisePicture, noiseSide } from '../../src/engine/noise-picture.ts';
import { colourEpsilon } from '../../src/engine/objective/colour.ts';
import { tapEpsilon } from '../../src/engine/objective/gram.ts';
import {
  type Objective,
  octaveBlur,
  octavesFor,
  type TermName,
} from '../../src/engine/objective/objective.ts';
import { smoothnessDelta } from '../../src/engine/objective/smoothness.ts';
import { type ConvolutionLayer, type Network, type Padding, poolingDepth } from '../../src/engine/spec.ts';

/** Channels x height x width in float64. */
export type Planes = {
  readonly channels: number;
  readonly height: number;
  readonly width: number;
  readonly data: Float64Array;
};

export type ReferenceTarget = {
  /** `[octave][tap]`; `gram` is C x C. */
  readonly grams: readonly (readonly { readonly gram: Float64Array; readonly norm: number }[])[];
  readonly colour: { readonly mean: Float64Array; readonly covariance: Float64Array };
};

export type ReferenceLoss = {
  readonly loss: number;
  /** Of every term, unweighted, whatever the objective. */
  readonly losses: Readonly<Record<TermName, number>>;
  /**
   * On which side of its kinks the picture lies: the sign of everything that entered a ReLU, the winner of
   * every max pool. Where two pictures differ in this, a difference between them says little.
   */
  readonly pattern: readonly number[];
};

export const toPlanes = ({ width, height, data }: Picture): Planes => ({
  channels: 3,
  height,
  width,
  data: Float64Array.from(data),
});

const emptyPlanes = (channels: number, height: number, width: number): Planes => ({
  channels,
  height,
  width,
  data: new Float64Array(channels * height * width),
});

const indexOf = (planes: Planes, channel: number, y: number, x: number): number =>
  (channel * planes.height + y) * planes.width + x;

/** Calls `value` for every element of new planes. */
const fill = (
  channels: number,
  [height, width]: readonly [number, number],
  value: (channel: number, y: number, x: number) => number,
): Planes => {
  const planes = emptyPlanes(channels, height, width);
  for (let channel = 0; channel < channels; channel++) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) planes.data[indexOf(planes, channel, y, x)] = value(channel, y, x);
    }
  }
  return planes;
};

/** Which pixel of a line of `length` stands at `index`, from -1 to `length`; -1 for none (zero). */
const pixelAt = (index: number, length: number, padding: Padding): number => {
  if (index >= 0 && index < length) return index;
  if (padding === 'wrap') return (index + length) % length;
  if (padding === 'reflect') return index < 0 ? 1 : length - 2;
  return -1;
};

const convolve = (
  input: Planes,
  layer: ConvolutionLayer,
  { tensors, padding }: { readonly tensors: Network['tensors']; readonly padding: Padding },
): Planes => {
  const weight = tensors.get(`${layer.name}.weight`)!.data;
  const bias = tensors.get(`${layer.name}.bias`)!.data;
  const { kernel } = layer;
  const reach = (kernel - 1) / 2;
  const possible = padding === 'reflect' && Math.min(input.height, input.width) < 2 ? 'zero' : padding;
  return fill(layer.out, [input.height, input.width], (out, y, x) => {
    let sum = bias[out]!;
    for (let dy = 0; dy < kernel; dy++) {
      const row = pixelAt(y + dy - reach, input.height, possible);
      if (row < 0) continue;
      for (let dx = 0; dx < kernel; dx++) {
        const column = pixelAt(x + dx - reach, input.width, possible);
        if (column < 0) continue;
        for (let channel = 0; channel < layer.in; channel++) {
          const k = ((out * layer.in + channel) * kernel + dy) * kernel + dx;
          sum += weight[k]! * input.data[indexOf(input, channel, row, column)]!;
        }
      }
    }
    return sum;
  });
};

/** The four values of the 2x2 block at (y, x) of a picture half as large. */
const block = (planes: Planes, channel: number, y: number, x: number): readonly number[] =>
  [0, 1, 2, 3].map((k) => planes.data[indexOf(planes, channel, 2 * y + (k >> 1), 2 * x + (k & 1))]!);

const halfSize = ({ height, width }: Planes): readonly [number, number] => {
  if (height % 2 !== 0 || width % 2 !== 0) throw new Error(`${width} x ${height} cannot be halved`);
  return [height / 2, width / 2];
};

const averagePool = (planes: Planes): Planes =>
  fill(planes.channels, halfSize(planes), (channel, y, x) => {
    return block(planes, channel, y, x).reduce((sum, value) => sum + value) / 4;
  });

const blurred = (planes: Planes): Planes => {
  const { channels, height, width } = planes;
  const line = (at: number, size: number): readonly number[] =>
    [at - 1, at, at + 1].map((place) => Math.min(size - 1, Math.max(0, place)));
  return fill(channels, [height, width], (channel, y, x) => {
    let sum = 0;
    for (const [i, row] of line(y, height).entries()) {
      for (const [j, column] of line(x, width).entries()) {
        sum += octaveBlur[i]! * octaveBlur[j]! * planes.data[indexOf(planes, channel, row, column)]!;
      }
    }
    return sum;
  });
};

/** As poolings can halve it: sides that are multiples, what is missing mirrored in, half of it on either side. */
const widened = (planes: Planes, multiple: number): Planes => {
  const { channels, height, width } = planes;
  const [rows, columns] = [height, width].map((side) => side + ((multiple - (side % multiple)) % multiple));
  const pixelOf = (at: number, missing: number, length: number): number => {
    const place = at - Math.floor(missing / 2);
    if (place < 0) return -place;
    return place < length ? place : length - 1 - (place - (length - 1));
  };
  return fill(channels, [rows!, columns!], (channel, y, x) => {
    const row = pixelOf(y, rows! - height, height);
    return planes.data[indexOf(planes, channel, row, pixelOf(x, columns! - width, width))]!;
  });
};

const networkInput = (planes: Planes, { spec }: Network): Planes =>
  fill(3, [planes.height, planes.width], (channel, y, x) => {
    const from = spec.input.order === 'bgr' ? 2 - channel : channel;
    return (
      spec.input.scale[channel]! * planes.data[indexOf(planes, from, y, x)]! + spec.input.offset[channel]!
    );
  });

/** The features of every tap, in the order of the spec. `pattern` gets what `ReferenceLoss.pattern` describes. */
const tapFeatures = (
  planes: Planes,
  network: Network,
  { padding, pattern }: { readonly padding: Padding; readonly pattern: number[] },
): readonly Planes[] => {
  const features = new Map<string, Planes>();
  let value = networkInput(planes, network);
  let lastConvolution = '';
  for (const layer of network.spec.layers) {
    if (network.spec.taps.every((tap) => features.has(tap.layer)) && layer.kind !== 'relu') break;
    if (layer.kind === 'conv') {
      value = convolve(value, layer, { tensors: network.tensors, padding });
      lastConvolution = layer.name;
      features.set(layer.name, value);
    } else if (layer.kind === 'relu') {
      for (const x of value.data) pattern.push(x > 0 ? 1 : 0);
      value = { ...value, data: value.data.map((x) => Math.max(0, x)) };
      // A ReLU directly behind a convolution is its tap.
      if (lastConvolution !== '') features.set(lastConvolution, value);
      lastConvolution = '';
    } else {
      if (layer.method === 'average') {
        value = averagePool(value);
      } else {
        const input = value;
        value = fill(input.channels, halfSize(input), (channel, y, x) => {
          const values = block(input, channel, y, x);
          const largest = Math.max(...values);
          pattern.push(values.indexOf(largest));
          return largest;
        });
      }
      lastConvolution = '';
    }
  }
  return network.spec.taps.map((tap) => features.get(tap.layer)!);
};

/** F F^T / (H W), C x C. */
const gramMatrix = ({ channels, height, width, data }: Planes): Float64Array => {
  const pixels = height * width;
  const gram = new Float64Array(channels * channels);
  for (let a = 0; a < channels; a++) {
    for (let b = 0; b < channels; b++) {
      let sum = 0;
      for (let i = 0; i < pixels; i++) sum += data[a * pixels + i]! * data[b * pixels + i]!;
      gram[a * channels + b] = sum / pixels;
    }
  }
  return gram;
};

const pixelStatistics = (planes: Planes): { mean: Float64Array; covariance: Float64Array } => {
  const pixels = planes.height * planes.width;
  const mean = new Float64Array(3);
  for (let channel = 0; channel < 3; channel++) {
    for (let i = 0; i < pixels; i++) mean[channel]! += planes.data[channel * pixels + i]! / pixels;
  }
  const centred = fill(3, [planes.height, planes.width], (channel, y, x) => {
    return planes.data[indexOf(planes, channel, y, x)]! - mean[channel]!;
  });
  return { mean, covariance: gramMatrix(centred) };
};

const squaredDistance = (a: Float64Array, b: Float64Array): number =>
  a.reduce((sum, value, i) => sum + (value - b[i]!) ** 2, 0);

const squaredNorm = (a: Float64Array): number => squaredDistance(a, new Float64Array(a.length));

const roughness = (planes: Planes): number => {
  let total = 0;
  for (const [down, right] of [
    [0, 1],
    [1, 0],
  ] as const) {
    const lengths: number[] = [];
    for (let channel = 0; channel < 3; channel++) {
      for (let y = 0; y + down < planes.height; y++) {
        for (let x = 0; x + right < planes.width; x++) {
          const here = planes.data[indexOf(planes, channel, y, x)]!;
          const there = planes.data[indexOf(planes, channel, y + down, x + right)]!;
          lengths.push(Math.sqrt((there - here) ** 2 + smoothnessDelta ** 2) - smoothnessDelta);
        }
      }
    }
    total += lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
  }
  return total;
};

/** What `measure` of a backend should give. `size` is the film's. */
export const referenceTarget = (
  network: Network,
  objective: Objective,
  { photo, size }: { readonly photo: Planes; readonly size: Size },
): ReferenceTarget => {
  const { padding } = objective;
  const noise = toPlanes(noisePicture(noiseSide));
  const epsilons = tapFeatures(noise, network, { padding, pattern: [] }).map((features) =>
    tapEpsilon(squaredNorm(gramMatrix(features))),
  );
  const grams = [];
  let smaller = photo;
  for (let octave = 0; octave < octavesFor(size, objective.octaves); octave++) {
    if (octave > 0) smaller = averagePool(blurred(smaller));
    const wide = widened(smaller, 2 ** poolingDepth(network.spec));
    grams.push(
      tapFeatures(wide, network, { padding, pattern: [] }).map((features, tap) => {
        const gram = gramMatrix(features);
        return { gram, norm: squaredNorm(gram) + epsilons[tap]! };
      }),
    );
  }
  return { grams, colour: pixelStatistics(photo) };
};

/** What `evaluate` of a backend should give, but for the gradient. */
export const referenceLoss = (
  network: Network,
  objective: Objective,
  { picture, target }: { readonly picture: Planes; readonly target: ReferenceTarget },
): ReferenceLoss => {
  const pattern: number[] = [];
  const { taps } = network.spec;
  const count = target.grams.length * taps.length;
  let styleLoss = 0;
  let weightedStyle = 0;
  let smaller = picture;
  for (const [octave, grams] of target.grams.entries()) {
    if (octave > 0) smaller = averagePool(blurred(smaller));
    const wide = widened(smaller, 2 ** poolingDepth(network.spec));
    const { padding } = objective;
    for (const [tap, features] of tapFeatures(wide, network, { padding, pattern }).entries()) {
      const { gram, norm } = grams[tap]!;
      const distance = squaredDistance(gramMatrix(features), gram) / norm;
      styleLoss += distance / count;
      weightedStyle += (taps[tap]!.weight * distance) / count;
    }
  }
  const { mean, covariance } = pixelStatistics(picture);
  const { colour } = target;
  const trace = colour.covariance[0]! + colour.covariance[4]! + colour.covariance[8]!;
  const colourLoss =
    squaredDistance(mean, colour.mean) / (trace + colourEpsilon) +
    squaredDistance(covariance, colour.covariance) / (squaredNorm(colour.covariance) + colourEpsilon ** 2);
  const losses = { gram: styleLoss, colour: colourLoss, smoothness: roughness(picture) };
  const { gram = 0, colour: colourWeight = 0, smoothness = 0 } = objective.weights;
  const loss = gram * weightedStyle + colourWeight * colourLoss + smoothness * losses.smoothness;
  return { loss, losses, pattern };
};

/**
 * d loss / d pixel by a central difference; undefined where the step crosses a kink of a ReLU or a max pool.
 * At 1e-5 both errors of the difference, by curvature (step squared) and by rounding (1e-16 / step), are
 * about 1e-10.
 */
export const centralDifference = (
  network: Network,
  objective: Objective,
  {
    picture,
    target,
    index,
  }: { readonly picture: Planes; readonly target: ReferenceTarget; readonly index: number },
): number | undefined => {
  const step = 1e-5;
  const at = (shift: number): ReferenceLoss => {
    const data = Float64Array.from(picture.data);
    data[index]! += shift;
    return referenceLoss(network, objective, { picture: { ...picture, data }, target });
  };
  const [before, after] = [at(-step), at(step)];
  const crossed = before.pattern.some((value, i) => value !== after.pattern[i]);
  return crossed ? undefined : (after.loss - before.loss) / (2 * step);
};
