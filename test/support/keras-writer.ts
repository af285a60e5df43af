import h5wasm from 'h5wasm/node';
import type { Network } from '../../src/engine/spec.ts';
import { kerasLayerName } from '../../src/networks/keras-file.ts';

/** What Keras calls kernel and bias of a layer: as in the published VGG files, or as newer versions write. */
export type KerasNames = (layer: string) => readonly [kernel: string, bias: string];
export const publishedNames: KerasNames = (layer) => [`${layer}_W_1:0`, `${layer}_b_1:0`];
export const newerNames: KerasNames = (layer) => [`${layer}/kernel:0`, `${layer}/bias:0`];

type Group = InstanceType<typeof h5wasm.Group>;

export type KerasOptions = {
  readonly names?: KerasNames;
  /** Which convolution's values a layer gets instead of its own. */
  readonly swap?: Readonly<Record<string, string>>;
  /** The last word on a layer's group, which holds kernel and bias already, and on the file. */
  readonly alter?: (file: Group) => void;
  /** Called for each dataset instead of writing it; says whether it did. */
  readonly write?: (group: Group, name: string, values: Float32Array, shape: readonly number[]) => boolean;
};

/**
 * Writes a file of weights as Keras does: `layer_names` on the file, with those of layers that have no weights
 * as well, `weight_names` on each group, kernels HWIO.
 */
export const writeKerasFile = async (
  path: string,
  { spec, tensors }: Network,
  { names = publishedNames, swap = {}, alter = () => {}, write = () => false }: KerasOptions = {},
): Promise<void> => {
  await h5wasm.ready;
  const file = new h5wasm.File(path, 'w');
  const convolutions = spec.layers.filter((layer) => layer.kind === 'conv');
  const layerNames = ['input_1', ...convolutions.map(({ name }) => kerasLayerName(name)), 'block5_pool'];
  strings(file, 'layer_names', layerNames);
  for (const empty of [layerNames[0]!, layerNames.at(-1)!]) {
    file.create_group(empty).create_attribute('weight_names', new Float64Array(0), [0], '<d');
  }
  for (const { name, in: inputs, out, kernel } of convolutions) {
    const layer = kerasLayerName(name);
    const group = file.create_group(layer);
    const [kernelName, biasName] = names(layer);
    strings(group, 'weight_names', [kernelName, biasName]);
    const from = swap[name] ?? name;
    const put = (path: string, values: Float32Array, shape: number[]): void => {
      const [folder, leaf] = path.includes('/') ? path.split('/') : ['', path];
      const holder = folder ? ((group.get(folder) as Group | null) ?? group.create_group(folder)) : group;
      if (!write(holder, leaf!, values, shape)) {
        holder.create_dataset({ name: leaf!, data: values, shape, dtype: '<f' });
      }
    };
    put(kernelName, toHwio(tensors.get(`${from}.weight`)!.data, { kernel, inputs, out }), [
      kernel,
      kernel,
      inputs,
      out,
    ]);
    put(biasName, tensors.get(`${from}.bias`)!.data, [out]);
  }
  alter(file);
  file.close();
};

/** A list of strings, each in as many bytes as the longest takes, as h5py writes it. */
export const strings = (holder: Group, attribute: string, values: readonly string[]): void => {
  const longest = Math.max(1, ...values.map((value) => value.length));
  holder.create_attribute(attribute, [...values], [values.length], `S${longest}`);
};

const toHwio = (
  values: Float32Array,
  { kernel, inputs, out }: { readonly kernel: number; readonly inputs: number; readonly out: number },
): Float32Array => {
  const area = kernel * kernel;
  const turned = new Float32Array(values.length);
  for (let o = 0; o < out; o++) {
    for (let i = 0; i < inputs; i++) {
      for (let k = 0; k < area; k++)
        turned[(k * inputs + i) * out + o] = values[(o * inputs + i) * area + k]!;
    }
  }
  return turned;
};
