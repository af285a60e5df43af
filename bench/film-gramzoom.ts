/**
 * gramzoom's own method (Osinga 2020, gramzoom.py) with our engine and any of our networks: the reference
 * column. As there: the Gram matrices of F - 1 of every convolution (behind its ReLU), a loss of
 * sum((G1 - G2)^2) / prod(shape)^2 per convolution, zero padding, 20 evaluations of L-BFGS per sample with no
 * history kept, an equal random roll before each sample, two frames before the zoom sets in, a bilinear zoom to
 * int(zoom x side), the noise cross. Otherwise: the network's own pooling, the whole photo instead of its middle
 * square, half-pixel centres in the zoom, and float32 pixels from 0 to 1 (the optimiser sees 0 to 255).
 */
import { createPicture, type Picture, toRgbImage } from '../src/domain/picture.ts';
import { createRandom, type Random } from '../src/domain/random.ts';
import type { Backend } from '../src/engine/backend.ts';
import type { renderZoom } from '../src/engine/kinds/zoom.ts';
import type { Objective, Target } from '../src/engine/objective/objective.ts';
import { assembleNetwork, type Layer, type Network, type Tensor } from '../src/engine/spec.ts';
import { photoLevel } from '../src/engine/synthesis/photo-level.ts';
import { clampPicture, resample } from '../src/engine/synthesis/resample.ts';
import { minimise } from './film-lbfgs.ts';

export const gramzoomLoss: Objective = {
  padding: 'zero',
  octaves: 1,
  weights: { gram: 1 },
};

const samplesPerFrame = 7;
const maxEvaluations = 20;
const framesBeforeZoom = 2;
const noiseAmplitude = 8 / 255;

/** A 1x1 convolution that adds the same number to every channel. */
const addition = (name: string, channels: number, amount: number) => {
  const weight = new Float32Array(channels * channels);
  for (let channel = 0; channel < channels; channel++) weight[channel * channels + channel] = 1;
  return {
    layer: { kind: 'conv', name, in: channels, out: channels, kernel: 1 } satisfies Layer,
    tensors: [
      [`${name}.weight`, { shape: [channels, channels, 1, 1], data: weight }],
      [`${name}.bias`, { shape: [channels], data: new Float32Array(channels).fill(amount) }],
    ] satisfies (readonly [string, Tensor])[],
  };
};

/** The same network with F - 1 of every convolution as its taps: behind each, 1 is taken away and given back. */
export const gramzoomNetwork = ({ spec, tensors }: Network): Network => {
  const layers: Layer[] = [];
  const added = new Map(tensors);
  const taps: { layer: string; weight: number }[] = [];
  let open: { readonly name: string; readonly channels: number } | undefined;
  const close = (): void => {
    if (!open) return;
    const { name, channels } = open;
    for (const part of [addition(`${name}-less`, channels, -1), addition(`${name}-again`, channels, 1)]) {
      layers.push(part.layer);
      for (const [key, tensor] of part.tensors) added.set(key, tensor);
    }
    taps.push({ layer: `${name}-less`, weight: 1 });
    open = undefined;
  };
  for (const layer of spec.layers) {
    if (layer.kind !== 'relu') close();
    layers.push(layer);
    if (layer.kind === 'conv') open = { name: layer.name, channels: layer.out };
    else if (layer.kind === 'relu') close();
  }
  close();
  return assembleNetwork({ ...spec, layers, taps }, added);
};

/** |G - G*|^2 / C^2 with G = F F^T / (H W), as gramzoom divides, and not relative to the target. */
const gramzoomTarget = (target: Target): Target => ({
  ...target,
  grams: target.grams.map((taps) => taps.map((tap) => ({ ...tap, norm: tap.channels ** 2 }))),
});

/** Rolled right and down: what leaves on one side comes in on the other. */
export const roll = ({ width, height, data }: Picture, offset: number): Picture => {
  const output = createPicture(width, height);
  for (let row = 0; row < 3 * height; row++) {
    const [plane, y] = [Math.floor(row / height), row % height];
    const to = (plane * height + ((y + offset) % height)) * width;
    for (let x = 0; x < width; x++) output.data[to + ((x + offset) % width)] = data[row * width + x]!;
  }
  return output;
};

/** What the reference enlarges by: it crops a picture of whole pixels. */
export const gramzoomFactor = ({ size, zoom }: { readonly size: number; readonly zoom: number }): number =>
  Math.floor(size * zoom) / size;

const enlarged = (picture: Picture, factor: number): Picture => {
  const { width: size } = picture;
  const side = Math.round(size * factor);
  const large = resample(picture, { width: side, height: side, kernel: 'bilinear' });
  const start = (side - size) >> 1;
  const output = createPicture(size, size);
  for (let row = 0; row < 3 * size; row++) {
    const from = (Math.floor(row / size) * side + (row % size) + start) * side + start;
    output.data.set(large.data.subarray(from, from + size), row * size);
  }
  return clampPicture(output);
};

/** Adds noise to a plus of five squares about the centre, twice in the middle one. */
const addCross = ({ width: size, data }: Picture, random: Random): void => {
  const unit = Math.floor(size / 16);
  const start = (size - unit) >> 1;
  const block = (top: number, left: number, height: number, width: number): void => {
    for (let plane = 0; plane < 3; plane++) {
      for (let y = top; y < top + height; y++) {
        for (let x = left; x < left + width; x++) {
          data[(plane * size + y) * size + x]! += noiseAmplitude * (2 * random.uniform() - 1);
        }
      }
    }
  };
  block(start, start - unit, unit, 3 * unit);
  block(start - unit, start, 3 * unit, unit);
};

const sample = async (picture: Picture, backend: Backend, target: Target) => {
  const result = await minimise(
    Float64Array.from(picture.data, (value) => 255 * value),
    async (values) => {
      const data = Float32Array.from(values, (value) => value / 255);
      const { loss, gradient } = await backend.evaluate({ ...picture, data }, target);
      return { value: loss, gradient: Float64Array.from(gradient, (slope) => slope / 255) };
    },
    { maxEvaluations },
  );
  const data = Float32Array.from(result.values, (value) => value / 255);
  return { picture: { ...picture, data }, loss: result.value, evaluations: result.evaluations };
};

/**
 * The film, told as `renderZoom` tells it: a step is an evaluation, style losses are gramzoom's own.
 * @param backend one with `gramzoomLoss` for a `gramzoomNetwork`
 */
export const renderGramzoom: typeof renderZoom = async function* (request, photo, backend, { signal }) {
  const { size, frames } = request;
  const random = createRandom(request.seed);
  const level = photoLevel(photo, size, { multiple: backend.photoMultiple });
  const target = gramzoomTarget(await backend.measure(level, { width: size, height: size }));
  const factor = gramzoomFactor(request);
  const framesTotal = framesBeforeZoom + frames;
  let picture = createPicture(size, size);
  for (let i = 0; i < picture.data.length; i++) picture.data[i] = random.uniform();
  let stepsDone = 0;
  const losses: number[] = [];
  for (let index = -framesBeforeZoom; index < frames; index++) {
    let loss = Number.NaN;
    for (let samples = 0; samples < samplesPerFrame; samples++) {
      signal.throwIfAborted();
      const offset = Math.floor(random.uniform() * size);
      const result = await sample(roll(picture, offset), backend, target);
      picture = roll(result.picture, size - offset);
      loss = result.loss;
      stepsDone += result.evaluations;
      yield {
        kind: 'step',
        stage: index < 0 ? 'start' : 'frames',
        stepsDone,
        stepsTotal: framesTotal * samplesPerFrame * maxEvaluations,
        share: stepsDone / (framesTotal * samplesPerFrame * maxEvaluations),
        size,
        done: Math.max(0, index),
        total: frames,
      };
    }
    if (index < 0) continue;
    losses.push(loss);
    yield { kind: 'frame', index, image: toRgbImage(picture) };
    picture = enlarged(picture, factor);
    addCross(picture, random);
  }
  yield { kind: 'end', styleLoss: { first: losses[0]!, last: losses.at(-1)! } };
};
