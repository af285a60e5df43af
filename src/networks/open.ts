import { createHash } from 'node:crypto';
import { resolve } from 'node:path';
import { GramzoomError } from '../domain/errors.ts';
import type { Depth } from '../domain/request.ts';
import { readSafetensors, type SafetensorsFile } from '../engine/safetensors.ts';
import { assembleNetwork, type Network } from '../engine/spec.ts';
import type { NetworkPlaces } from '../ports/networks.ts';
import { requireActivations } from './activations.ts';
import { type CatalogueEntry, catalogue, type ProjectWeights } from './catalogue.ts';
import { requireContentHash } from './content-hash.ts';
import {
  countParameters,
  type NetworkDescription,
  parseNetworkDescription,
  specAtDepth,
  wholeSpec,
} from './description.ts';
import { readBounded } from './network-file.ts';
import { convertedPath, descriptionPathBeside, projectNetworks } from './places.ts';

type Where = {
  /** May be left out where only the project's own networks matter. */
  readonly places?: NetworkPlaces | undefined;
  readonly entries?: readonly CatalogueEntry[] | undefined;
  /** Where the entries' files lie. */
  readonly projectFolder?: string | undefined;
};

/** A network that was found, and how to read its weights. */
type Found = { readonly description: NetworkDescription; readonly read: () => Promise<Network> };

/** A description is a page of text; this is room for fifty. */
const maxDescriptionBytes = 2 ** 18;

/**
 * Opens a network at a depth: its description and its weights, checked against the catalogue's SHA-256 or,
 * where they were fetched, against what was converted. Only the tensors that the depth needs are kept.
 * @throws GramzoomError `network-unknown` with the names there are, `depth-not-offered`, `network-not-here`
 * where the network has not been fetched, `network-missing` where a file is not there or cannot be read,
 * `network-damaged` where its content is wrong
 */
export const openNetwork = async (
  name: string,
  { depth = 'style', ...where }: Where & { readonly depth?: Depth } = {},
): Promise<Network> => {
  const { description, read } = await find(name, where);
  const spec = specAtDepth(description, depth);
  const { tensors } = await read();
  const needed = new Set(
    spec.layers.flatMap((layer) =>
      layer.kind === 'conv' ? [`${layer.name}.weight`, `${layer.name}.bias`] : [],
    ),
  );
  return { spec, tensors: new Map([...tensors].filter(([key]) => needed.has(key))) };
};

/**
 * What a network is, whether or not its weights are there.
 * @throws GramzoomError `network-unknown`, `network-missing`, `network-damaged`
 */
export const describeNetwork = async (name: string, where: Where = {}): Promise<NetworkDescription> =>
  (await find(name, where)).description;

/**
 * What the operator's own network is called; null if there is none.
 * @throws GramzoomError `network-missing`, and `network-damaged` where its description is wrong or its name is
 * one of the catalogue's
 */
export const fileNetworkName = async (
  places: NetworkPlaces,
  { entries = catalogue }: { readonly entries?: readonly CatalogueEntry[] | undefined } = {},
): Promise<string | null> => (await describeOwn(places, entries))?.description.name ?? null;

const find = async (
  name: string,
  { places, entries = catalogue, projectFolder = projectNetworks }: Where,
): Promise<Found> => {
  const entry = entries.find((candidate) => candidate.name === name);
  if (entry) {
    const description = await readDescription(name, resolve(projectFolder, entry.descriptionFile));
    if (description.name !== name) {
      const problem = `its description is that of ${description.name}`;
      throw new GramzoomError('network-damaged', { name, problem });
    }
    return { description, read: () => readEntry(entry, { description, places, projectFolder }) };
  }
  const own = places && (await describeOwn(places, entries));
  if (own?.description.name === name) {
    const { path, description } = own;
    return { description, read: async () => assemble(description, await readWeights(path, description)) };
  }
  const known = [...entries.map((candidate) => candidate.name), ...(own ? [own.description.name] : [])];
  throw new GramzoomError('network-unknown', { name, known });
};

const describeOwn = async (
  { file: path }: NetworkPlaces,
  entries: readonly CatalogueEntry[],
): Promise<{ readonly path: string; readonly description: NetworkDescription } | null> => {
  if (path === null) return null;
  const description = await readDescription(path, descriptionPathBeside(path));
  const { name } = description;
  if (entries.some((entry) => entry.name === name)) {
    const problem = `${name} is the name of another network`;
    throw new GramzoomError('network-damaged', { name: path, problem });
  }
  return { path, description };
};

const readDescription = async (name: string, path: string): Promise<NetworkDescription> => {
  const bytes = await readBounded(name, path, { maxBytes: maxDescriptionBytes });
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new GramzoomError('network-damaged', { name, problem: 'its description is not JSON' }, { cause });
  }
  return parseNetworkDescription(value, { name });
};

/**
 * The network of requests that name none, which is known to be one.
 * @param name what was configured; null: the operator's own file
 * @throws GramzoomError `network-unknown`; `network-missing`, `network-damaged` for the operator's own
 */
export const defaultNetwork = async (name: string | null, places: NetworkPlaces): Promise<string> => {
  const own = await fileNetworkName(places);
  // Better now than with the first photo; what is fetched is looked at when it comes.
  if (own !== null) await openNetwork(own, { places });
  const chosen = name ?? own ?? '';
  await describeNetwork(chosen, { places });
  return chosen;
};

/** What safetensors' header and the length in front of it may take. */
const headerBytes = 2 ** 20 + 8;

/** The whole network of a catalogue's entry, checked as its kind of weights can be. */
const readEntry = async (
  entry: CatalogueEntry,
  {
    description,
    places,
    projectFolder,
  }: Pick<Where, 'places'> & {
    readonly description: NetworkDescription;
    readonly projectFolder: string;
  },
): Promise<Network> => {
  const { name, weights } = entry;
  if (weights.kind === 'project') {
    return assemble(
      description,
      await readWeights(resolve(projectFolder, weights.file), description, weights),
    );
  }
  if (!places) throw new GramzoomError('network-not-here', { name });
  const file = await readWeights(convertedPath(name, places), description).catch((thrown: unknown) => {
    const missing = thrown instanceof GramzoomError && thrown.code === 'network-missing';
    throw missing ? new GramzoomError('network-not-here', { name }, { cause: thrown }) : thrown;
  });
  requireContentHash(file, { name, sourceMd5: weights.md5 });
  const network = assemble(description, file);
  await requireActivations(network, { ...entry, weights }, { projectFolder });
  return network;
};

/** @param published what the file has to be, where that is known */
const readWeights = async (
  path: string,
  description: NetworkDescription,
  published?: ProjectWeights,
): Promise<SafetensorsFile> => {
  const { name } = description;
  const maxBytes = 4 * countParameters(description) + headerBytes;
  const bytes = await readBounded(name, path, { maxBytes });
  if (published && createHash('sha256').update(bytes).digest('hex') !== published.sha256) {
    const problem = 'its weights are not the ones that were published';
    throw new GramzoomError('network-damaged', { name, problem });
  }
  return readSafetensors(bytes, { name });
};

const assemble = (description: NetworkDescription, { tensors }: SafetensorsFile): Network =>
  assembleNetwork(wholeSpec(description, 'style'), tensors);
