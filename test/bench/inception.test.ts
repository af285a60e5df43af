import '@tensorflow/tfjs-backend-cpu';
import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { openInception } from '../../bench/inception.ts';
import {
  type InceptionWeights,
  inceptionConvolutions,
  inceptionModel,
  inceptionTaps,
} from '../../bench/inception-graph.ts';
import type { Picture } from '../../src/domain/picture.ts';
import { createRandom } from '../../src/domain/random.ts';
import type { Tensor } from '../../src/engine/spec.ts';
import { wavyPicture } from '../support/test-pictures.ts';
import { gramMatrix, read } from '../support/tfjs/tfjs-terms.ts';

/** Kernels of the published network; the others are 1x1. */
const kernels: readonly (readonly [names: RegExp, height: number, width: number])[] = [
  [/^conv(?:_[124])?$/, 3, 3],
  [/^mixed(?:_[12])?_tower_conv_1$/, 5, 5],
  [/^mixed(?:_[12])?_tower_1_conv_[12]$/, 3, 3],
  [/^mixed_3_(?:conv|tower_conv_[12])$/, 3, 3],
  [/^mixed_4_(?:tower_conv_1|tower_1_conv_[24])$/, 1, 7],
  [/^mixed_4_(?:tower_conv_2|tower_1_conv_[13])$/, 7, 1],
];

/** Neighbours differ, so that a branch in another's place has another shape. */
const widthOf = (name: string): number => 2 + (inceptionConvolutions.indexOf(name) % 4);

type Layer = { readonly kernel: tf.Tensor4D; readonly bias: tf.Tensor1D };

/** Random weights as they are read from the file, made when the reference asks for them. */
const drawWeights = () => {
  const random = createRandom(4);
  const weights = new Map<string, Tensor>();
  const draw = (name: string, inputs: number): Layer => {
    const [, height, width] = kernels.find(([names]) => names.test(name)) ?? [null, 1, 1];
    const [out, fanIn] = [widthOf(name), inputs * height * width];
    const normals = (count: number, deviation: number) =>
      Float32Array.from({ length: count }, () => deviation * random.normal());
    const kernel = {
      shape: [out, inputs, height, width],
      data: normals(out * fanIn, Math.sqrt(2 / fanIn)),
    };
    const bias = { shape: [out], data: normals(out, 0.2) };
    weights.set(`${name}.weight`, kernel).set(`${name}.bias`, bias);
    const tensor = tf.tensor4d(kernel.data, [out, inputs, height, width]);
    return { kernel: tf.transpose(tensor, [2, 3, 1, 0]), bias: tf.tensor1d(bias.data) };
  };
  return { weights, draw };
};

/** The graph as it is published, written out, in TensorFlow's own operators; channels last. */
const reference = (
  { width, height, data }: Picture,
  draw: ReturnType<typeof drawWeights>['draw'],
): Readonly<Record<string, tf.Tensor2D>> => {
  const conv = (x: tf.Tensor4D, name: string, stride = 1, pad: 'same' | 'valid' = 'same'): tf.Tensor4D => {
    const { kernel, bias } = draw(name, x.shape[3]);
    return tf.relu(tf.add(tf.conv2d(x, kernel, stride, pad), bias));
  };
  const max = (x: tf.Tensor4D): tf.Tensor4D => tf.maxPool(x, 3, 2, 'valid');
  const average = (x: tf.Tensor4D): tf.Tensor4D => tf.avgPool(x, 3, 1, 'same');
  const chain = (x: tf.Tensor4D, ...names: readonly string[]): tf.Tensor4D =>
    names.reduce((value, name) => conv(value, name), x);

  const planes = tf.tensor4d(data, [1, 3, height, width]);
  let x: tf.Tensor4D = tf.sub(tf.mul(tf.transpose(planes, [0, 2, 3, 1]), 2), 1);
  x = max(conv(conv(conv(x, 'conv', 2, 'valid'), 'conv_1', 1, 'valid'), 'conv_2'));
  x = max(conv(conv(x, 'conv_3', 1, 'valid'), 'conv_4', 1, 'valid'));
  for (const name of ['mixed', 'mixed_1', 'mixed_2']) {
    const tower = `${name}_tower`;
    x = tf.concat(
      [
        conv(x, `${name}_conv`),
        chain(x, `${tower}_conv`, `${tower}_conv_1`),
        chain(x, `${tower}_1_conv`, `${tower}_1_conv_1`, `${tower}_1_conv_2`),
        conv(average(x), `${tower}_2_conv`),
      ],
      3,
    );
  }
  const mixed2 = gramMatrix(x);
  const small = chain(x, 'mixed_3_tower_conv', 'mixed_3_tower_conv_1');
  x = tf.concat(
    [conv(x, 'mixed_3_conv', 2, 'valid'), conv(small, 'mixed_3_tower_conv_2', 2, 'valid'), max(x)],
    3,
  );
  const tower = 'mixed_4_tower';
  const [first, second] = [`${tower}_conv`, `${tower}_1_conv`];
  x = tf.concat(
    [
      conv(x, 'mixed_4_conv'),
      chain(x, first, `${first}_1`, `${first}_2`),
      chain(x, second, ...[1, 2, 3, 4].map((index) => `${second}_${index}`)),
      conv(average(x), `${tower}_2_conv`),
    ],
    3,
  );
  return { mixed_2: mixed2, mixed_4: gramMatrix(x) };
};

describe('the graph of Inception-v3', () => {
  // Odd sides in places, so that a line too many or too few is seen.
  const picture = wavyPicture(112, 95, 6);
  const { weights, draw } = drawWeights();
  let wanted: Readonly<Record<string, Float32Array>>;

  beforeAll(async () => {
    tf.enableProdMode();
    await tf.setBackend('cpu');
    wanted = tf.tidy(() =>
      Object.fromEntries(Object.entries(reference(picture, draw)).map(([tap, gram]) => [tap, read(gram)])),
    );
  });

  it('has the Gram matrices of the same graph in the operators of TensorFlow', async () => {
    const inception = openInception(weights, { threads: 1 });
    const grams = await inception.measure(picture);
    await inception.close();
    for (const tap of inceptionTaps) {
      const [is, goal] = [grams[tap], wanted[tap]!];
      expect(is.length, tap).toBe(goal.length);
      const norm = Math.hypot(...goal);
      expect(norm, tap).toBeGreaterThan(0.1);
      // Both compute in float32, in sums of some hundred products, thirty layers deep.
      expect(Math.hypot(...goal.map((value, index) => value - is[index]!)) / norm, tap).toBeLessThan(1e-5);
    }
  });

  it('asks for the convolutions of the published file that it computes, and no others', () => {
    expect([...weights.keys()].toSorted()).toEqual(
      inceptionConvolutions.flatMap((name) => [`${name}.bias`, `${name}.weight`]).toSorted(),
    );
  });

  it('is not built where a weight is missing', () => {
    const fewer: InceptionWeights = new Map([...weights].filter(([key]) => key !== 'mixed_3_conv.bias'));
    expect(() => inceptionModel(fewer, picture)).toThrow('mixed_3_conv.bias');
  });
});
