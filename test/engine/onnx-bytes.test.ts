import { Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/domain/random.ts';
import { averageBytes, createZeros, gramOfBytes } from '../../src/engine/backends/onnx-bytes.ts';
import { createGraph, type GraphBuilder, type Value } from '../../src/engine/backends/onnx-model.ts';
import { OnnxSessions } from '../../src/engine/backends/onnx-session.ts';
import { quantiseKernel } from '../../src/engine/backends/quantised-kernel.ts';

const [floats, unsigned] = [1, 2];
const cast = (graph: GraphBuilder, value: Value, to: number): Value =>
  graph.node('Cast', [value], value.shape, { attributes: { to } });

/** Runs what is made of bytes, channels last. */
const run = async (
  { shape, bytes }: { readonly shape: readonly number[]; readonly bytes: Uint8Array },
  make: (graph: GraphBuilder, bytes: Value) => Value,
): Promise<Float32Array> => {
  const graph = createGraph();
  const input = graph.input('input', shape);
  graph.output(make(graph, cast(graph, input, unsigned)), 'output');
  const feeds = { input: new Tensor('float32', Float32Array.from(bytes), shape) };
  return (await new OnnxSessions({ threads: 1 }).once(graph.build(), feeds))['output']!.data;
};

describe('a kernel of 7 bits', () => {
  const random = createRandom(1);
  const shape = [6, 5, 3, 3] as const;
  const sizes = [1, 1e-6, 300, 0, 0.1, 7];
  const weight = Float32Array.from(
    { length: 6 * 45 },
    (_, i) => sizes[Math.floor(i / 45)]! * (random.normal() + 0.3),
  );
  const { data, scales } = quantiseKernel(weight, shape);

  it('uses all of its range in every output channel, and no more', () => {
    for (const [channel, size] of sizes.entries()) {
      const largest = Math.max(...Array.from(data.subarray(45 * channel, 45 * (channel + 1)), Math.abs));
      expect(largest).toBe(size === 0 ? 0 : 63);
    }
  });

  it('is near to its weights, and nearer in the sum of each 3 x 3', () => {
    for (let kernel = 0; kernel < 30; kernel++) {
      const scale = scales[Math.floor(kernel / 5)]!;
      const errors = Array.from(
        { length: 9 },
        (_, i) => data[9 * kernel + i]! - weight[9 * kernel + i]! / scale,
      );
      for (const error of errors) expect(Math.abs(error)).toBeLessThan(1.01);
      // Half a step, and what 32 bits lose.
      expect(Math.abs(errors.reduce((sum, error) => sum + error))).toBeLessThan(0.51);
    }
  });

  it('has a scale that can be divided by for a channel without weights', () => {
    expect(scales[3]).toBe(1);
  });
});

describe('Gram matrices of bytes', () => {
  // 33,025 squares of 255 fit into 32 bits.
  it.each([
    [256, 256],
    [512, 512],
    [176, 368],
    [1, 1],
  ])('are exact sums over %i x %i white pixels', async (height, width) => {
    const shape = [1, height, width, 4];
    const bytes = new Uint8Array(height * width * 4).fill(255);
    const gram = await run({ shape, bytes }, (graph, value) =>
      gramOfBytes(graph, { bytes: value, scale: graph.floats([], [0.5]) }),
    );
    // 24 bits: each float has one rounding at a few places.
    for (const value of gram) expect(Math.abs(value / (127.5 * 127.5) - 1)).toBeLessThan(1e-6);
  });

  it('are those of arithmetic', async () => {
    const [height, width, channels] = [264, 256, 5];
    const random = createRandom(2);
    const bytes = Uint8Array.from({ length: height * width * channels }, () => 256 * random.uniform());
    const gram = await run({ shape: [1, height, width, channels], bytes }, (graph, value) =>
      gramOfBytes(graph, { bytes: value, scale: graph.floats([], [1]) }),
    );
    for (let a = 0; a < channels; a++) {
      for (let b = 0; b < channels; b++) {
        let sum = 0;
        for (let i = 0; i < bytes.length; i += channels) sum += bytes[i + a]! * bytes[i + b]!;
        expect(Math.abs(gram[a * channels + b]! / (sum / (height * width)) - 1)).toBeLessThan(1e-6);
      }
    }
  });
});

describe('means of 2x2 bytes', () => {
  it('are rounded means, in the scale that is wanted', async () => {
    const [height, width, channels] = [6, 10, 7];
    const random = createRandom(3);
    const bytes = Uint8Array.from({ length: height * width * channels }, () => 256 * random.uniform());
    const means = await run({ shape: [1, height, width, channels], bytes }, (graph, value) => {
      const zeros = createZeros(graph);
      const output = { scale: graph.floats([], [0.75]), zero: zeros.activation };
      const means = averageBytes(graph, { bytes: value, scale: graph.floats([], [0.5]) }, { output, zeros });
      return cast(graph, means.bytes, floats);
    });
    const at = (y: number, x: number, channel: number) => bytes[(y * width + x) * channels + channel]!;
    for (const [i, mean] of means.entries()) {
      const channel = i % channels;
      const [y, x] = [
        2 * Math.floor(i / channels / (width / 2)),
        2 * (Math.floor(i / channels) % (width / 2)),
      ];
      const four =
        at(y, x, channel) + at(y, x + 1, channel) + at(y + 1, x, channel) + at(y + 1, x + 1, channel);
      // Half a byte, and what float32 loses of it.
      expect(Math.abs(mean - (0.5 / 0.75) * (four / 4))).toBeLessThanOrEqual(0.5001);
    }
  });
});
