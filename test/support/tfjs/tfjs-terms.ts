/** The pieces of the loss of `src/engine/objective/objective.ts` as tfjs operations; each has a gradient by autodiff. */
import * as tf from '@tensorflow/tfjs-core';
import { colourEpsilon } from '../../../src/engine/objective/colour.ts';
import { octaveBlur, type Target } from '../../../src/engine/objective/objective.ts';
import { smoothnessDelta } from '../../../src/engine/objective/smoothness.ts';
import type { Padding } from '../../../src/engine/spec.ts';

export const read = (tensor: tf.Tensor): Float32Array => tensor.dataSync<'float32'>().slice();

export const squaredNorm = (values: Float32Array): number =>
  values.reduce((sum, value) => sum + value * value, 0);

/** A border of one pixel around N x H x W x C. */
export const pad = (x: tf.Tensor4D, padding: Padding): tf.Tensor4D => {
  // One line alone has nothing to be mirrored in.
  const possible = padding === 'reflect' && Math.min(x.shape[1], x.shape[2]) < 2 ? 'zero' : padding;
  return padAxis(padAxis(x, 1, possible), 2, possible);
};

const padAxis = (x: tf.Tensor4D, axis: 1 | 2, padding: Padding): tf.Tensor4D => {
  const length = x.shape[axis];
  const lineAt = (index: number): tf.Tensor4D => {
    const begin: [number, number, number, number] = [0, 0, 0, 0];
    const size: [number, number, number, number] = [...x.shape];
    begin[axis] = index;
    size[axis] = 1;
    return tf.slice(x, begin, size);
  };
  switch (padding) {
    case 'zero': {
      const zeros: tf.Tensor4D = tf.zerosLike(lineAt(0));
      return tf.concat([zeros, x, zeros], axis);
    }
    case 'wrap':
      return tf.concat([lineAt(length - 1), x, lineAt(0)], axis);
    case 'reflect':
      return tf.concat([lineAt(1), x, lineAt(length - 2)], axis);
    default:
      return padding satisfies never;
  }
};

/** 3 x H x W as poolings can halve it: what is missing to multiples is mirrored in, half of it on either side. */
export const widen = (planes: tf.Tensor3D, multiple: number): tf.Tensor3D => {
  const [, height, width] = planes.shape;
  const pads = [height, width].map((side): [number, number] => {
    const missing = (multiple - (side % multiple)) % multiple;
    return [Math.floor(missing / 2), Math.ceil(missing / 2)];
  });
  const lines = ([before, after]: [number, number], length: number): tf.Tensor1D =>
    tf.tensor1d(
      [
        ...Array.from({ length: before }, (_, i) => before - i),
        ...Array.from({ length }, (_, i) => i),
        ...Array.from({ length: after }, (_, i) => length - 2 - i),
      ],
      'int32',
    );
  const tall = tf.gather(planes, lines(pads[0]!, height), 1);
  return tf.gather(tall, lines(pads[1]!, width), 2) as tf.Tensor3D;
};

/** F^T F / (H W) of 1 x H x W x C features: C x C. */
export const gramMatrix = (features: tf.Tensor4D): tf.Tensor2D => {
  const [, height, width, channels] = features.shape;
  const rows = tf.reshape(features, [height * width, channels]);
  return tf.div(tf.matMul(rows, rows, true, false), height * width);
};

/** Blurs 3 x H x W along one axis, the border repeated. */
const blurAxis = (planes: tf.Tensor3D, axis: 1 | 2): tf.Tensor3D => {
  const length = planes.shape[axis];
  const lines = (from: number, count: number): tf.Tensor3D => {
    const begin: [number, number, number] = [0, 0, 0];
    const size: [number, number, number] = [...planes.shape];
    begin[axis] = from;
    size[axis] = count;
    return tf.slice(planes, begin, size);
  };
  const before = tf.concat([lines(0, 1), lines(0, length - 1)], axis);
  const after = tf.concat([lines(1, length - 1), lines(length - 1, 1)], axis);
  const parts = [before, planes, after].map((part, i) => tf.mul(part, octaveBlur[i]!));
  return tf.addN(parts) as tf.Tensor3D;
};

/** The next octave: the mean of each 2x2 block of the blurred picture. */
export const halve = (planes: tf.Tensor3D): tf.Tensor3D => {
  const [channels, height, width] = planes.shape;
  const blurred = blurAxis(blurAxis(planes, 1), 2);
  const blocks = tf.reshape(blurred, [channels, height / 2, 2, width / 2, 2]);
  return tf.mean(blocks, [2, 4]);
};

/** Mean (3) and covariance (3 x 3) of the pixels. */
export const pixelStatistics = (planes: tf.Tensor3D): { mean: tf.Tensor; covariance: tf.Tensor } => {
  const [channels, height, width] = planes.shape;
  const rows = tf.reshape(planes, [channels, height * width]);
  const mean = tf.mean(rows, 1, true);
  const centred = tf.sub(rows, mean);
  return {
    mean: tf.reshape(mean, [channels]),
    covariance: tf.div(
      tf.matMul(centred as tf.Tensor2D, centred as tf.Tensor2D, false, true),
      height * width,
    ),
  };
};

/** The unweighted colour term of a picture, 3 x H x W. */
export const colourTerm = (planes: tf.Tensor3D, target: Target['colour']): tf.Tensor => {
  const { mean, covariance } = pixelStatistics(planes);
  const wanted = target.covariance;
  const trace = wanted[0]! + wanted[4]! + wanted[8]!;
  return tf.add(
    tf.div(tf.sum(tf.square(tf.sub(mean, tf.tensor1d(target.mean)))), trace + colourEpsilon),
    tf.div(
      tf.sum(tf.square(tf.sub(covariance, tf.tensor2d(wanted, [3, 3])))),
      squaredNorm(wanted) + colourEpsilon ** 2,
    ),
  );
};

/** The unweighted smoothness term of a picture, 3 x H x W. */
export const smoothnessTerm = (planes: tf.Tensor3D): tf.Tensor => {
  const [channels, height, width] = planes.shape;
  const roughness = (near: tf.Tensor, far: tf.Tensor): tf.Tensor => {
    const lengths = tf.sqrt(tf.add(tf.square(tf.sub(far, near)), smoothnessDelta ** 2));
    return tf.mean(tf.sub(lengths, smoothnessDelta));
  };
  const right = roughness(
    tf.slice(planes, [0, 0, 0], [channels, height, width - 1]),
    tf.slice(planes, [0, 0, 1], [channels, height, width - 1]),
  );
  const below = roughness(
    tf.slice(planes, [0, 0, 0], [channels, height - 1, width]),
    tf.slice(planes, [0, 1, 0], [channels, height - 1, width]),
  );
  return tf.add(right, below);
};
