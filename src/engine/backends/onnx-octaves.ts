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

export const octavePictures = (graph: GraphBuilder, picture: Value, octaves: number): readonly Value[] => {
  const pictures = [picture];
  for (let octave = 1; octave < octaves; octave++) pictures.push(halved(graph, pictures[octave - 1]!));
  return pictures;
};
