import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { GramzoomError } from '../domain/errors.ts';
import { readSafetensors, type SafetensorsFile } from '../engine/safetensors.ts';
import { assembleNetwork, type Network } from '../engine/spec.ts';
import type { NetworkPlaces } from '../ports/networks.ts';
import { requireActivations } from './activations.ts';
import { type CatalogueEntry, type DownloadEntry, isDownload, type ProjectWeights } from './catalogue.ts';
import { requireContentHash } from './content-hash.ts';
import { countParameters, type NetworkDescription, wholeSpec } from './description.ts';
import { readBounded } from './network-file.ts';
import { convertedPath } from './places.ts';

/** What safetensors' header and the length in front of it may take. */
const headerBytes = 2 ** 20 + 8;

type From = { readonly description: NetworkDescription; readonly projectFolder: string };

/** The whole network of a catalogue's entry, checked as its kind of weights can be. */
export const readEntry = async (
  entry: CatalogueEntry,
  { places, ...from }: From & { readonly places: NetworkPlaces | undefined },
): Promise<Network> =>
  isDownload(entry)
    ? await readFetched(entry, { places, ...from })
    : await readProject(entry.weights as ProjectWeights, from);

/** The whole network of an operator's own file. */
export const readOwn = async (path: string, description: NetworkDescription): Promise<Network> =>
  assemble(description, readSafetensors(await readFile(path, description), { name: description.name }));

const readProject = async (
  weights: ProjectWeights,
  { description, projectFolder }: From,
): Promise<Network> => {
  const { name } = description;
  const bytes = await readFile(resolve(projectFolder, weights.file), description);
  if (createHash('sha256').update(bytes).digest('hex') !== weights.sha256) {
    const problem = 'its weights are not the ones that were published';
    throw new GramzoomError('network-damaged', { name, problem });
  }
  return assemble(description, readSafetensors(bytes, { name }));
};

const readFetched = async (
  entry: DownloadEntry,
  { description, projectFolder, places }: From & { readonly places: NetworkPlaces | undefined },
): Promise<Network> => {
  const { name } = entry;
  if (!places) throw new GramzoomError('network-not-here', { name });
  const file = readSafetensors(await readConverted(description, places), { name });
  requireContentHash(file, { name, sourceMd5: entry.weights.md5 });
  const network = assemble(description, file);
  await requireActivations(network, entry, { projectFolder });
  return network;
};

const readConverted = async (description: NetworkDescription, places: NetworkPlaces): Promise<Uint8Array> => {
  const { name } = description;
  try {
    return await readFile(convertedPath(name, places), description);
  } catch (thrown) {
    const missing = thrown instanceof GramzoomError && thrown.code === 'network-missing';
    throw missing ? new GramzoomError('network-not-here', { name }, { cause: thrown }) : thrown;
  }
};

const readFile = (path: string, description: NetworkDescription): Promise<Uint8Array> =>
  readBounded(description.name, path, { maxBytes: 4 * countParameters(description) + headerBytes });

const assemble = (description: NetworkDescription, { tensors }: SafetensorsFile): Network =>
  assembleNetwork(wholeSpec(description, 'style'), tensors);
