/** The octaves of a picture as nodes, and what their gradients are for the picture before. */
import { octaveBlur } from '../objective/objective.ts';
import type { GraphBuilder, Value } from './onnx-model.ts';
import { convolve, enlargeBlocks, padBorder, scaled } from './onnx-operations.ts';

/** Of every channel with itself: O x I x 3 x 3. */
const blurKernel = (channels: number): Float32Array => {
  const kernel = new Float32Array(channels * channels * 9);
  for (let channel = 0; channel < channels; channel++) {
    for (let i = 0; i < 9; i++) {
      const [down, across] = [octaveBlur[Math.floor(i / 3)]!, octaveBlur[i % 3]!];
      kernel[(channel * channels + channel) * 9 + i] = down * across;
    }
  }
  return kernel;
};

/** The blur of an octave. With a repeated border it is symmetric, and so its own gradient. */
const blurred = (graph: GraphBuilder, value: Value): Value => {
  const channels = value.shape[1]!;
  const kernel = graph.floats([channels, channels, 3, 3], blurKernel(channels));
  return convolve(graph, padBorder(graph, value, 'edge'), [kernel], 0);
};

const halved = (graph: GraphBuilder, value: Value): Value => {
  const [batch, channels, height, width] = value.shape as [number, number, number, number];
  return graph.node('AveragePool', [blurred(graph, value)], [batch, channels, height / 2, width / 2], {
    attributes: { kernel_shape: [2, 2], strides: [2, 2] },
  });
};

/** What the gradient of an octave is for the one before it. */
export const halvedGradient = (graph: GraphBuilder, gradient: Value): Value =>
  blurred(graph, enlargeBlocks(graph, scaled(graph, gradient, 0.25)));

/** `all` x `length`: repeats a line of `length` values, with what is missing mirrored in on both sides. */
const mirroring = (length: number, all: number): Float32Array => {
  const before = Math.floor((all - length) / 2);
  const period = Math.max(1, 2 * length - 2);
  const rows = new Float32Array(all * length);
  for (let row = 0; row < all; row++) {
    const at = Math.abs(row - before) % period;
    rows[row * length + (at < length ? at : period - at)] = 1;
  }
  return rows;
};

/** An octave of a picture, and what the gradient towards it is for the octave before it was widened. */
type OctavePicture = { readonly picture: Value; readonly fold: (gradient: Value) => Value };

/**
 * An octave's picture as poolings can halve it: its sides become multiples of `multiple`, what is missing is mirrored
 * in. Matrices of zeros and ones do it and fold the gradient back: there is next to nothing to compute, and nothing is
 * rounded.
 */
const widened = (graph: GraphBuilder, picture: Value, multiple: number): OctavePicture => {
  const [batch, channels, height, width] = picture.shape as [number, number, number, number];
  const up = (side: number): number => Math.ceil(side / multiple) * multiple;
  const [rows, columns] = [up(height), up(width)];
  if (rows === height && columns === width) return { picture, fold: (gradient) => gradient };
  const product = (left: Value, right: Value, sides: readonly [number, number]): Value =>
    graph.node('MatMul', [left, right], [batch, channels, ...sides]);
  const turned = (value: Value): Value =>
    graph.node('Transpose', [value], value.shape.toReversed(), { attributes: { perm: [1, 0] } });
  const down = graph.floats([rows, height], mirroring(height, rows));
  const across = graph.floats([columns, width], mirroring(width, columns));
  return {
    picture: product(down, product(picture, turned(across), [height, columns]), [rows, columns]),
    fold: (gradient) => product(turned(down), product(gradient, across, [rows, width]), [height, width]),
  };
};

/** The octaves of a picture, each as wide as so many poolings need. */
export const octavePictures = (
  graph: GraphBuilder,
  picture: Value,
  { octaves, poolings }: { readonly octaves: number; readonly poolings: number },
): readonly OctavePicture[] => {
  const pictures = [picture];
  for (let octave = 1; octave < octaves; octave++) pictures.push(halved(graph, pictures[octave - 1]!));
  return pictures.map((octavePicture) => widened(graph, octavePicture, 2 ** poolings));
};
