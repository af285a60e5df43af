import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { parse } from 'node:path';
import { GramzoomError } from '../src/domain/errors.ts';
import { parseRequest } from '../src/domain/kinds.ts';
import { type Depth, depths } from '../src/domain/request.ts';
import { readSafetensors } from '../src/engine/safetensors.ts';
import { assembleNetwork, type Network, type NetworkSpec, parseNetworkSpec } from '../src/engine/spec.ts';
import { fileNetworkName, openNetwork } from '../src/networks/open.ts';
import type { NetworkPlaces } from '../src/ports/networks.ts';
import { randomNetwork } from '../test/support/tiny-network.ts';

/** Photos and networks that are not the project's own; they lie beside the checkout, or nowhere. */
export const sharedFolder = new URL('../../shared/', import.meta.url);

const relu = { kind: 'relu' } as const;
const pool = { kind: 'pool', method: 'average' } as const;
const conv = (name: string, inputs: number, out: number, kernel: 1 | 3 = 3) =>
  ({ kind: 'conv', name, in: inputs, out, kernel }) as const;

type Widths = readonly [block1: number, block2: number, block3: number];

/** VGG19's first three blocks with any number of channels. */
const threeBlocks = ([a, b, c]: Widths) => [
  ...[conv('conv1_1', 3, a), relu, conv('conv1_2', a, a), relu, pool],
  ...[conv('conv2_1', a, b), relu, conv('conv2_2', b, b), relu, pool],
  ...[conv('conv3_1', b, c), relu, conv('conv3_2', c, c), relu],
  ...[conv('conv3_3', c, c), relu, conv('conv3_4', c, c), relu],
];

const tapsAt = (...layers: readonly string[]) => layers.map((layer) => ({ layer, weight: 1 }));
const styleTaps = tapsAt('conv1_1', 'conv2_1', 'conv3_1', 'conv3_4');

/** Networks in ../shared that we compare with; nothing that the product offers. */
const sharedSpecs: Readonly<Record<string, unknown>> = {
  'pocket-v0': {
    input: { order: 'rgb', scale: [4, 4, 4], offset: [-1.8, -1.8, -1.8] },
    layers: threeBlocks([24, 48, 96]),
    taps: styleTaps,
  },
  'vgg19-conv3': {
    input: { order: 'bgr', scale: [255, 255, 255], offset: [-103.939, -116.779, -123.68] },
    layers: threeBlocks([64, 128, 256]),
    taps: styleTaps,
  },
  'vgg19-16x': {
    input: { order: 'rgb', scale: [1, 1, 1], offset: [0, 0, 0] },
    layers: [
      ...[conv('conv0', 3, 3, 1), ...threeBlocks([16, 32, 64]), pool],
      ...[conv('conv4_1', 64, 128), relu, conv('conv4_2', 128, 128), relu],
      ...[conv('conv4_3', 128, 128), relu, conv('conv4_4', 128, 128), relu, pool],
      ...[conv('conv5_1', 128, 128), relu],
    ],
    taps: tapsAt('conv1_1', 'conv2_1', 'conv3_1', 'conv4_1', 'conv5_1'),
  },
};

const sharedSpec = (name: string): NetworkSpec => {
  const spec = sharedSpecs[name];
  if (!spec) throw new Error(`no network ${name} to compare with`);
  return parseNetworkSpec({ name, ...spec }, { name });
};

/** A network of ../shared, or null where that folder is absent. */
export const openShared = async (name: string): Promise<Network | null> => {
  const spec = sharedSpec(name);
  const file = new URL(`networks/${name}.safetensors`, sharedFolder);
  if (!existsSync(file)) return null;
  return assembleNetwork(spec, readSafetensors(await readFile(file), { name }).tensors);
};

/** The layers of a network of ../shared with random weights: a step takes as long as with the real ones. */
export const sharedShape = (name: string): Network => randomNetwork(sharedSpec(name), { seed: 1 });

const { depth: usualDepth } = parseRequest({});

/** Pocket's layers with weights drawn by the seed: what training is worth. */
export const randomPocket = async (seed: number): Promise<Network> =>
  randomNetwork((await openNetwork('pocket', { depth: usualDepth })).spec, { seed });

/** A network that stills are made with. */
export type ComparisonNetwork = {
  readonly name: string;
  /** Null where it is absent. Only `random` depends on the seed. */
  readonly open: (seed: number) => Promise<Network | null>;
};

type Where = { readonly places: NetworkPlaces; readonly depth: Depth };

const openOffered = async (name: string, where: Where): Promise<Network | null> => {
  try {
    return await openNetwork(name, where);
  } catch (error) {
    if (error instanceof GramzoomError && error.code === 'network-not-here') return null;
    throw error;
  }
};

/**
 * A network by what was asked for: `random`, one of ../shared, one that the product offers, or `file:PATH`, which
 * is called by its file's name. The last two may end in a depth, such as `vgg19@scene`; without it they have that of
 * requests that say none.
 * @param options `folder` holds the networks that the product has fetched
 */
export const comparisonNetwork = (
  asked: string,
  { folder }: { readonly folder: string },
): ComparisonNetwork => {
  if (asked === 'random') return { name: asked, open: randomPocket };
  if (Object.hasOwn(sharedSpecs, asked)) return { name: asked, open: () => openShared(asked) };
  const suffix = depths.find((depth) => asked.endsWith(`@${depth}`));
  const depth = suffix ?? usualDepth;
  const which = suffix ? asked.slice(0, -suffix.length - 1) : asked;
  if (!which.startsWith('file:')) {
    return { name: asked, open: () => openOffered(which, { places: { folder, file: null }, depth }) };
  }
  const file = which.slice('file:'.length);
  const places = { folder, file };
  return {
    name: parse(file).name + asked.slice(which.length),
    open: async () => await openNetwork((await fileNetworkName(places)) ?? which, { places, depth }),
  };
};

/** Tells two networks apart: SHA-256 of the description and every weight. */
export const fingerprintOf = ({ spec, tensors }: Network): string => {
  const { input, layers, taps } = spec;
  const hash = createHash('sha256').update(JSON.stringify({ input, layers, taps }));
  for (const [key, { data }] of [...tensors].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(key).update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return hash.digest('hex');
};
