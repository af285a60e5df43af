import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Network } from '../../src/engine/spec.ts';
import { sampleActivations } from '../../src/networks/activations.ts';
import type { DownloadEntry } from '../../src/networks/catalogue.ts';
import {
  type NetworkDescription,
  parseNetworkDescription,
  specAtDepth,
  wholeSpec,
} from '../../src/networks/description.ts';
import type { NetworkPlaces } from '../../src/ports/networks.ts';
import { type KerasOptions, writeKerasFile } from './keras-writer.ts';
import { randomNetwork } from './tiny-network.ts';

const conv = (name: string, inputs: number, out: number) => ({
  kind: 'conv',
  name,
  in: inputs,
  out,
  kernel: 3,
});
const relu = { kind: 'relu' };
const taps = (...layers: readonly string[]) => layers.map((layer) => ({ layer, weight: 1 }));

/** A VGG in small: two layers of the same shape, so that they can be mistaken for each other. */
export const standInDescription: NetworkDescription = parseNetworkDescription(
  {
    name: 'small-vgg',
    licence: 'CC0',
    source: 'the tests',
    input: { order: 'bgr', scale: [4, 4, 4], offset: [-1.8, -1.9, -2] },
    layers: [
      ...[conv('conv1_1', 3, 4), relu, conv('conv1_2', 4, 4), relu, conv('conv1_3', 4, 4), relu],
      ...[{ kind: 'pool', method: 'average' }, conv('conv2_1', 4, 6), relu],
    ],
    depths: { texture: taps('conv1_1'), style: taps('conv1_1', 'conv2_1') },
  },
  { name: 'small-vgg' },
);

export const standInNetwork = (): Network =>
  randomNetwork(wholeSpec(standInDescription, 'style'), { seed: 5 });

/** The same at a depth, as it should come out of the files. */
export const standInAtDepth = (depth: 'texture' | 'style'): Network => {
  const spec = specAtDepth(standInDescription, depth);
  const { tensors } = standInNetwork();
  const wanted = spec.layers.flatMap((layer) => (layer.kind === 'conv' ? [layer.name] : []));
  return { spec, tensors: new Map([...tensors].filter(([key]) => wanted.includes(key.split('.')[0]!))) };
};

export type StandIn = {
  readonly entry: DownloadEntry;
  readonly places: NetworkPlaces;
  /** The published file, as it lies in the folder. */
  readonly published: string;
  readonly bytes: Uint8Array;
};

/** The entry that a published file would have in the catalogue. */
export const entryFor = (bytes: Uint8Array, folder: string): DownloadEntry => ({
  name: standInDescription.name,
  descriptionFile: join(folder, 'description', 'small-vgg.json'),
  weights: {
    kind: 'download',
    path: 'small/small_weights.h5',
    fileName: 'small_weights.h5',
    bytes: bytes.length,
    md5: createHash('md5').update(bytes).digest('hex'),
    activations: join(folder, 'description', 'activations.json'),
  },
});

/**
 * A network that is to be downloaded: its description and activations, and its published file, which lies where
 * it would after the download.
 */
export const writeStandIn = async (folder: string, options: KerasOptions = {}): Promise<StandIn> => {
  const published = join(folder, 'small_weights.h5');
  const network = standInNetwork();
  await mkdir(join(folder, 'description'), { recursive: true });
  await writeFile(join(folder, 'description', 'small-vgg.json'), JSON.stringify(standInDescription));
  const activations = JSON.stringify(sampleActivations(network, { upTo: 'conv2_1' }));
  await writeFile(join(folder, 'description', 'activations.json'), activations);
  await rm(published, { force: true });
  await writeKerasFile(published, network, options);
  const bytes = await readFile(published);
  return { entry: entryFor(bytes, folder), places: { folder, file: null }, published, bytes };
};
