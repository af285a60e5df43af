/** A network in whole numbers: its kernels of 7 bits, forwards and backwards, and what that asks of a network. */
import type { Int8Obstacle } from '../../domain/engines.ts';
import {
  type ConvolutionLayer,
  layersUpToLastTap,
  type Network,
  type NetworkSpec,
  tapIndex,
} from '../spec.ts';
import { flippedKernel, tensor } from './onnx-layers.ts';
import { type QuantisedKernel, quantiseKernel } from './quantised-kernel.ts';

/** A convolution with the ReLU behind it. */
export type QuantisedConvolution = {
  readonly layer: ConvolutionLayer;
  readonly forward: QuantisedKernel;
  /** Flipped and transposed: see `flippedKernel`. */
  readonly backward: QuantisedKernel;
  readonly bias: Float32Array;
  /** Its place among the network's taps. */
  readonly tap: number | undefined;
};

/** What a network is in bytes: a chain of convolutions, each with a ReLU, and average poolings. */
export type QuantisedNetwork = {
  readonly network: Network;
  /** How the picture is scaled to bytes: value = scale * (byte - zero). */
  readonly input: { readonly scale: number; readonly zero: number };
  /** In their order; a number is the index of a convolution. */
  readonly chain: readonly (number | 'pool')[];
  readonly convolutions: readonly QuantisedConvolution[];
};

/**
 * Why a network cannot be computed in bytes, if it cannot: bytes are never negative, so that every convolution needs
 * its ReLU, and the winner of a max pooling is no longer one of four where bytes are equal.
 */
export const int8Obstacle = (spec: NetworkSpec): Int8Obstacle | undefined => {
  const layers = layersUpToLastTap(spec);
  for (const [index, layer] of layers.entries()) {
    if (layer.kind === 'pool' && layer.method === 'max') return 'max-pooling';
    if (layer.kind === 'conv' && layers[index + 1]?.kind !== 'relu') return 'no-relu';
    if (layer.kind === 'relu' && layers[index - 1]?.kind !== 'conv') return 'lone-relu';
  }
  return layers[0]?.kind === 'conv' ? undefined : 'first-layer';
};

/** onnxruntime's kernels for bytes give channels in sixteens; others are many times slower. */
const outputChannels = 16;
/** How much finer the first convolution's second set of outputs is: see `pictureGradientOfBytes`. */
export const finer = 16;

/**
 * The picture's colours, and what is left of them once they are bytes, so much finer: a photo that is nearly grey has
 * colours smaller than a byte's step. Both in fours, as onnxruntime's kernels take channels; the fourth is idle.
 */
export const inputChannels = 8;
export const remainderSteps = 8;

const largestByte = 255;

/**
 * The range of the network's input as bytes; 0 is one of them, since it may lie beyond a border, and has those beside
 * it that remainders need.
 */
const inputBytes = ({ scale, offset }: NetworkSpec['input']): QuantisedNetwork['input'] => {
  const ends = offset.flatMap((start, channel) => [start, start + scale[channel]!]);
  const [least, most] = [Math.min(0, ...ends), Math.max(0, ...ends)];
  const step = (most - least) / (largestByte - remainderSteps);
  return { scale: step, zero: remainderSteps / 2 + Math.round(-least / step) };
};

/** The first convolution's way forward: weights of the picture's bytes, and of what is left of them. */
const withRemainders = ({ shape, data, scales }: QuantisedKernel): QuantisedKernel => {
  const [out, inputs, height, width] = shape;
  const area = height * width;
  const wide = new Int8Array(out * inputChannels * area);
  for (let o = 0; o < out; o++) {
    const own = data.subarray(o * inputs * area, (o + 1) * inputs * area);
    const ofRemainders = own.map((weight) => Math.round(weight / remainderSteps));
    wide.set(own, o * inputChannels * area);
    wide.set(ofRemainders, (o + 0.5) * inputChannels * area);
  }
  return { shape: [out, inputChannels, height, width], data: wide, scales };
};

/** The first convolution's way back, twice: the second time `finer`. Further channels have no weights. */
const withFinerOutputs = ({ shape, data, scales }: QuantisedKernel): QuantisedKernel => {
  const [, ...rest] = shape;
  const wide = new Int8Array(outputChannels * (data.length / shape[0]));
  wide.set(data);
  wide.set(data, data.length);
  const allScales = new Float32Array(outputChannels).fill(1);
  allScales.set([...scales, ...scales.map((scale) => finer * scale)]);
  return { shape: [outputChannels, ...rest], data: wide, scales: allScales };
};

/** Networks that are in bytes already: one is opened twice where its precision is chosen by measuring. */
const quantisedNetworks = new WeakMap<Network, QuantisedNetwork>();

export const quantiseNetwork = (network: Network): QuantisedNetwork => {
  const known = quantisedNetworks.get(network) ?? quantised(network);
  quantisedNetworks.set(network, known);
  return known;
};

const quantised = (network: Network): QuantisedNetwork => {
  const { spec } = network;
  const layers = layersUpToLastTap(spec);
  const taps = new Map(spec.taps.map(({ layer }, tap) => [tapIndex(spec, layer) - 1, tap]));
  const chain: (number | 'pool')[] = [];
  const convolutions: QuantisedConvolution[] = [];
  for (const [at, layer] of layers.entries()) {
    if (layer.kind === 'pool') chain.push('pool');
    if (layer.kind !== 'conv') continue;
    const { in: inputs, out, kernel } = layer;
    const { data: weight } = tensor(network, `${layer.name}.weight`);
    const forward = quantiseKernel(weight, [out, inputs, kernel, kernel]);
    const backward = quantiseKernel(flippedKernel(layer, weight), [inputs, out, kernel, kernel]);
    const isFirst = convolutions.length === 0;
    chain.push(convolutions.length);
    convolutions.push({
      layer,
      forward: isFirst ? withRemainders(forward) : forward,
      backward: isFirst ? withFinerOutputs(backward) : backward,
      bias: tensor(network, `${layer.name}.bias`).data,
      tap: taps.get(at),
    });
  }
  return { network, input: inputBytes(spec.input), chain, convolutions };
};

/** Which gradients are scaled, in the order in which the backward pass makes them. */
export type GradientName = `${'tap' | 'sum' | 'input'} ${number}`;

export const gradientNames = ({ convolutions }: QuantisedNetwork): readonly GradientName[] => {
  const last = convolutions.length - 1;
  return convolutions
    .map(({ tap }, index): readonly GradientName[] => [
      ...(tap === undefined ? [] : [`tap ${index}` as const]),
      ...(tap === undefined || index === last ? [] : [`sum ${index}` as const]),
      `input ${index}`,
    ])
    .reverse()
    .flat();
};
