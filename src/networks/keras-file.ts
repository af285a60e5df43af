import h5wasm, { type Attribute, type Dataset, type Entity, type Group } from 'h5wasm/node';
import { GramzoomError } from '../domain/errors.ts';
import type { ConvolutionLayer, Tensor } from '../engine/spec.ts';
import type { NetworkDescription } from './description.ts';

/** More than any list of layers, and any name in it, that Keras wrote for a VGG. */
const maxNames = 256;
const maxNameBytes = 256;

/** `conv3_1` of the papers is `block3_conv1` in Keras. */
export const kerasLayerName = (name: string): string => name.replace(/^conv(\d+)_(\d+)$/, 'block$1_conv$2');

/**
 * Reads the convolutions of a network from a file of weights that Keras wrote (HDF5): a group per layer, found
 * through the attribute `layer_names`; in it kernel (HWIO) and bias, found through `weight_names`. Older files
 * call them `block1_conv1_W_1:0`, newer ones `block1_conv1/kernel:0`: the attributes say which.
 * Blocks its thread. Each shape is checked before a value is read, so that memory stays within the network's
 * size; links to other files, pieces and compression, which Keras does not use here, are refused.
 * @returns `<layer>.weight` (OIHW) and `<layer>.bias`, the values as they are
 * @throws GramzoomError `network-damaged`
 */
export const readKerasFile = async (
  path: string,
  { name, layers }: Pick<NetworkDescription, 'name' | 'layers'>,
): Promise<ReadonlyMap<string, Tensor>> => {
  const hdf5 = await h5wasm.ready;
  // Without this the library writes what goes wrong to standard error, and opens nothing in silence.
  hdf5.activate_throwing_error_handler();
  try {
    const file = new h5wasm.File(path, 'r');
    try {
      const tensors = new Map<string, Tensor>();
      const convolutions = layers.filter((layer) => layer.kind === 'conv');
      requireLayers(file, convolutions);
      for (const layer of convolutions) {
        const { weight, bias } = readLayer(file, layer);
        tensors.set(`${layer.name}.weight`, weight);
        tensors.set(`${layer.name}.bias`, bias);
      }
      return tensors;
    } finally {
      file.close();
    }
  } catch (thrown) {
    const problem = thrown instanceof KerasProblem ? thrown.message : 'its HDF5 file cannot be read';
    throw new GramzoomError('network-damaged', { name, problem }, { cause: thrown });
  }
};

/** What is wrong with a file, as far as this module can say it. */
class KerasProblem extends Error {}

/** The file's layers with weights are the network's, no fewer and no more: VGG16 looks like a part of VGG19. */
const requireLayers = (file: Group, convolutions: readonly ConvolutionLayer[]): void => {
  const listed = readNames(file, 'layer_names', 'the file');
  const expected = new Set(convolutions.map(({ name }) => kerasLayerName(name)));
  for (const layer of expected) {
    if (!listed.includes(layer)) throw new KerasProblem(`it has no layer ${layer}`);
  }
  for (const layer of listed) {
    if (expected.has(layer) || readNames(layerGroup(file, layer), 'weight_names', layer).length === 0)
      continue;
    throw new KerasProblem(`its layer ${quoted(layer)} is none of this network`);
  }
};

const layerGroup = (file: Group, layer: string): Group => {
  const group = walk(file, layer);
  if (!(group instanceof h5wasm.Group)) throw new KerasProblem(`its layer ${quoted(layer)} is not there`);
  return group;
};

const readLayer = (
  file: Group,
  { name, in: inputs, out, kernel }: ConvolutionLayer,
): { readonly weight: Tensor; readonly bias: Tensor } => {
  const kerasName = kerasLayerName(name);
  const group = layerGroup(file, kerasName);
  const paths = readNames(group, 'weight_names', kerasName);
  if (paths.length !== 2) throw new KerasProblem(`its layer ${kerasName} has ${paths.length} weights, not 2`);
  const kernels = readFloats(group, paths[0]!, [kernel, kernel, inputs, out]);
  return {
    weight: { shape: [out, inputs, kernel, kernel], data: toOihw(kernels, { kernel, inputs, out }) },
    bias: { shape: [out], data: readFloats(group, paths[1]!, [out]) },
  };
};

/** A list of strings that an attribute holds. Keras gives a layer without weights an empty list of numbers. */
const readNames = (holder: Group, attribute: string, where: string): readonly string[] => {
  const attributes: Readonly<Record<string, Attribute>> = holder.attrs;
  if (!Object.hasOwn(attributes, attribute)) throw new KerasProblem(`${where} has no ${attribute}`);
  const { metadata, shape } = attributes[attribute]!;
  if (shape?.length !== 1 || metadata.total_size > maxNames || metadata.size > maxNameBytes) {
    throw new KerasProblem(`the ${attribute} of ${where} are no short list`);
  }
  if (metadata.total_size === 0) return [];
  if (metadata.vlen) throw new KerasProblem(`the ${attribute} of ${where} are not text of a fixed length`);
  const value = attributes[attribute]!.value;
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) {
    throw new KerasProblem(`the ${attribute} of ${where} are no text`);
  }
  return value;
};

/** What lies at a path of names; links are not followed, since HDF5 would open any other file for one. */
const walk = (from: Group, path: string): Entity | null => {
  let entity: Entity | null = from;
  for (const step of path.split('/').filter((part) => part !== '')) {
    if (!(entity instanceof h5wasm.Group) || !entity.keys().includes(step) || isLink(entity, step))
      return null;
    entity = entity.get(step);
  }
  return entity;
};

const isLink = (group: Group, name: string): boolean => {
  const path = `${group.path}/${name}`;
  // The library's types do not say that these are null and an empty object where there is no such link.
  const symbolic: string | null = group.get_link(path);
  const external: { readonly filename?: string } = group.get_external_link(path);
  return symbolic !== null || external.filename !== undefined;
};

const readFloats = (group: Group, path: string, shape: readonly number[]): Float32Array => {
  const dataset = walk(group, path);
  if (!(dataset instanceof h5wasm.Dataset)) throw new KerasProblem(`its ${quoted(path)} is not there`);
  requirePlain(dataset, path);
  const found = dataset.shape ?? [];
  if (found.join('x') !== shape.join('x')) {
    throw new KerasProblem(`its ${quoted(path)} has shape ${found.join('x')} instead of ${shape.join('x')}`);
  }
  const value = dataset.value;
  if (!(value instanceof Float32Array)) throw new KerasProblem(`its ${quoted(path)} holds no numbers`);
  return value;
};

const requirePlain = ({ metadata, dtype }: Dataset, path: string): void => {
  if (dtype !== '<f') throw new KerasProblem(`its ${quoted(path)} does not hold numbers of 32 bits`);
  if (metadata.chunks !== null || metadata.virtual_sources !== undefined) {
    throw new KerasProblem(`its ${quoted(path)} is stored in pieces`);
  }
};

/** A name in the file is somebody else's text. */
const quoted = (path: string): string => JSON.stringify(path.slice(0, 64));

const toOihw = (
  values: Float32Array,
  { kernel, inputs, out }: { readonly kernel: number; readonly inputs: number; readonly out: number },
): Float32Array => {
  const area = kernel * kernel;
  const turned = new Float32Array(values.length);
  let from = 0;
  for (let k = 0; k < area; k++) {
    for (let i = 0; i < inputs; i++) {
      for (let o = 0; o < out; o++) turned[(o * inputs + i) * area + k] = values[from++]!;
    }
  }
  return turned;
};
