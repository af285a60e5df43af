import { Tensor } from 'onnxruntime-node';
import { createGraph, type Value } from '../../src/engine/backends/onnx-model.ts';
import { OnnxSessions } from '../../src/engine/backends/onnx-session.ts';
import type { Products } from './answer.ts';

const [uint8, int8, float] = [2, 3, 1] as const;
const [side, channels, out] = [8, 32, 16] as const;

/** Positive for even output channels, negative for odd ones. */
const alternating = (peak: number): Float32Array =>
  Float32Array.from({ length: out }, (_, channel) => (channel % 2 === 0 ? peak : -peak));

const productsGraph = (peak: number): Uint8Array => {
  const graph = createGraph();
  const cast = (value: Value, to: number): Value =>
    graph.node('Cast', [value], value.shape, { attributes: { to } });
  const scalar = (value: number): Value => graph.floats([], [value]);
  const filled = (shape: readonly number[], at: (index: number) => number): Value =>
    graph.floats(
      shape,
      Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => at(i)),
    );

  const picture = cast(graph.input('picture', [1, channels, side, side]), uint8);
  const rows = graph.node(
    'Reshape',
    [picture, graph.integers([side * side, channels])],
    [side * side, channels],
  );
  const weights = alternating(peak);
  const [unsignedZero, signedZero, middle] = [
    cast(scalar(0), uint8),
    cast(scalar(0), int8),
    cast(scalar(128), uint8),
  ];

  const kernel = filled([out, channels, 3, 3], (i) => weights[Math.floor(i / (channels * 9))]!);
  const scale = scalar((255 * peak * channels * 9) / 120);
  const convolution = graph.node(
    'QLinearConv',
    [picture, scalar(1), unsignedZero, cast(kernel, int8), scalar(1), signedZero, scale, middle],
    [1, out, side, side],
    { attributes: { pads: [1, 1, 1, 1] } },
  );
  graph.output(cast(convolution, float), 'convolution');

  const product = (matrix: Value, zero: Value): Value =>
    cast(graph.node('MatMulInteger', [rows, matrix, unsignedZero, zero], [side * side, out]), float);
  const matrix = filled([channels, out], (i) => weights[i % out]!);
  graph.output(product(cast(matrix, int8), signedZero), 'signed');
  graph.output(
    product(
      cast(
        filled([channels, out], () => 255),
        uint8,
      ),
      unsignedZero,
    ),
    'unsigned',
  );
  return graph.build();
};

/** Products of a picture of 255 and weights of `peak` and `-peak`. */
export const computeProducts = async (peak: number): Promise<Products> => {
  const sessions = new OnnxSessions({ threads: 1 });
  const picture = new Float32Array(channels * side * side).fill(255);
  const outputs = await sessions.once(productsGraph(peak), {
    picture: new Tensor('float32', picture, [1, channels, side, side]),
  });
  const middle = (side / 2) * side + side / 2;
  const { convolution, signed, unsigned } = outputs;
  return {
    convolution: [0, 1].map((channel) => convolution!.data[channel * side * side + middle]!),
    signed: [0, 1].map((channel) => signed!.data[middle * out + channel]!),
    unsigned: [0, 1].map((channel) => unsigned!.data[middle * out + channel]!),
  };
};
