import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { Picture } from '../src/domain/picture.ts';
import { OnnxSessions, pictureTensor } from '../src/engine/backends/onnx-session.ts';
import { readSafetensors } from '../src/engine/safetensors.ts';
import { sharedFolder } from './comparison-networks.ts';
import {
  type InceptionTap,
  type InceptionWeights,
  inceptionInput,
  inceptionModel,
  inceptionTaps,
} from './inception-graph.ts';

/** Of each tap its Gram matrix, row by row. */
export type InceptionGrams = Readonly<Record<InceptionTap, Float32Array>>;

export type Inception = {
  measure(picture: Picture): Promise<InceptionGrams>;
  close(): Promise<void>;
};

/** Runs Inception-v3 with any weights. */
export const openInception = (
  weights: InceptionWeights,
  { threads }: { readonly threads: number },
): Inception => {
  const sessions = new OnnxSessions({ threads });
  return {
    measure: async (picture) => {
      const { width, height } = picture;
      const graph = { key: `${width}x${height}`, build: () => inceptionModel(weights, picture) };
      const grams = await sessions.step(graph, { [inceptionInput]: pictureTensor(picture) });
      return Object.fromEntries(inceptionTaps.map((tap) => [tap, grams[tap]!.data])) as InceptionGrams;
    },
    close: () => sessions.close(),
  };
};

/** Inception-v3 with the weights of ../shared, or null where they are absent. */
export const openSharedInception = async (options: {
  readonly threads: number;
}): Promise<Inception | null> => {
  const name = 'inception-v3-mixed7';
  const file = new URL(`networks/${name}.safetensors`, sharedFolder);
  if (!existsSync(file)) return null;
  return openInception(readSafetensors(await readFile(file), { name }).tensors, options);
};
