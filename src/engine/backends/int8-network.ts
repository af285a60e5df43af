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

/** onnxruntime's kernels for bytes take channels in fours and give them in sixteens; others are many times slower. */
export const inputChannels = 4;
const outputChannels = 16;
/** How much finer the first convolution's second set of outputs is: see `pictureGradientOfBytes`. */
export const finer = 16;

const largestByte = 255;

/** The range of the network's input as bytes; 0 is one of them, since it may lie beyond a border. */
const inputBytes = ({ scale, offset }: NetworkSpec['input']): QuantisedNetwork['input'] => {
  const ends = offset.flatMap((start, channel) => [start, start + scale[channel]!]);
  const [least, most] = [Math.min(0, ...ends), Math.max(0, ...ends)];
  const step = (most - least) / largestByte;
  return { scale: step, zero: Math.round(-least / step) };
};

/** A kernel with further channels without weights. */
const widened = (
  { shape, data, scales }: QuantisedKernel,
  wanted: { readonly out: number; readonly in: number },
): QuantisedKernel => {
  const [out, inputs, height, width] = shape;
  const area = height * width;
  const wide = new Int8Array(wanted.out * wanted.in * area);
  for (let o = 0; o < out; o++) {
    wide.set(data.subarray(o * inputs * area, (o + 1) * inputs * area), o * wanted.in * area);
  }
  const allScales = new Float32Array(wanted.out).fill(1);
  allScales.set(scales);
  return { shape: [wanted.out, wanted.in, height, width], data: wide, scales: allScales };
};

/** The first convolution's way back, twice: the second time `finer`. */
const withFinerOutputs = ({ shape, data, scales }: QuantisedKernel): QuantisedKernel => {
  const [out, ...rest] = shape;
  const twice = new Int8Array(2 * data.length);
  twice.set(data);
  twice.set(data, data.length);
  const both = Float32Array.from([...scales, ...scales.map((scale) => finer * scale)]);
  return widened(
    { shape: [2 * out, ...rest], data: twice, scales: both },
    { out: outputChannels, in: rest[0] },
  );
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
      forward: isFirst ? widened(forward, { out, in: inputChannels }) : forward,
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
