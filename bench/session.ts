import { InferenceSession, Tensor } from 'onnxruntime-node';
import { createRandom } from '../src/domain/random.ts';
import { createGraph } from '../src/engine/backends/onnx-model.ts';

const uniform = (shape: readonly number[]): Tensor => {
  const random = createRandom(1);
  const size = shape.reduce((product, length) => product * length, 1);
  return new Tensor('float32', Float32Array.from({ length: size }, random.uniform), shape);
};

/**
 * A session that the engine does not offer, fed with noise: how long it takes does not depend on the values.
 * The other options are the engine's own (src/engine/backends/onnx.ts).
 */
export const openSession = async (
  model: Uint8Array,
  { threads, spinning = false }: { readonly threads: number; readonly spinning?: boolean },
): Promise<{ readonly run: () => Promise<unknown>; readonly close: () => Promise<void> }> => {
  const session = await InferenceSession.create(model, {
    executionProviders: ['cpu'],
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    graphOptimizationLevel: 'all',
    logSeverityLevel: 3,
    extra: { session: { intra_op: { allow_spinning: spinning ? '1' : '0' } } },
  });
  const feeds: Record<string, Tensor> = {};
  for (const input of session.inputMetadata) {
    if (!input.isTensor) throw new Error(`${input.name} is no tensor`);
    feeds[input.name] = uniform(input.shape.map(Number));
  }
  return { run: () => session.run(feeds), close: () => session.release() };
};

/** A product of two matrices, `size` x `size`: what the machine can do at best. */
export const productModel = (size: number): Uint8Array => {
  const graph = createGraph();
  const factors = ['a', 'b'].map((name) => graph.input(name, [size, size]));
  graph.output(graph.node('MatMul', factors, [size, size]), 'product');
  return graph.build();
};
