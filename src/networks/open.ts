import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { GramzoomError } from '../domain/errors.ts';
import { readSafetensors } from '../engine/safetensors.ts';
import { assembleNetwork, type Network, parseNetworkSpec } from '../engine/spec.ts';
import { type CatalogueEntry, catalogue } from './catalogue.ts';

const projectFolder = fileURLToPath(new URL('../../networks/', import.meta.url));

/**
 * Opens a network by name: its spec and its weights, checked against the catalogue's SHA-256.
 * @throws GramzoomError `network-unknown` with the names there are, `network-missing` where a file is not
 * there or cannot be read, `network-damaged` where its content is wrong
 */
export const openNetwork = async (
  name: string,
  {
    folder = projectFolder,
    entries = catalogue,
  }: { readonly folder?: string; readonly entries?: readonly CatalogueEntry[] } = {},
): Promise<Network> => {
  const entry = entries.find((candidate) => candidate.name === name);
  if (!entry) throw new GramzoomError('network-unknown', { name, known: entries.map((known) => known.name) });
  const [specBytes, weights] = await Promise.all([
    readNetworkFile(name, join(folder, entry.specFile)),
    readNetworkFile(name, join(folder, entry.weightsFile)),
  ]);
  if (createHash('sha256').update(weights).digest('hex') !== entry.weightsSha256) {
    throw new GramzoomError('network-damaged', {
      name,
      problem: 'its weights are not the ones that were published',
    });
  }
  const spec = parseNetworkSpec(parseJson(name, specBytes), { name });
  return assembleNetwork(spec, readSafetensors(weights, { name }).tensors);
};

const readNetworkFile = async (name: string, path: string): Promise<Uint8Array> => {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new GramzoomError('network-missing', { name, path }, { cause });
  }
};

const parseJson = (name: string, bytes: Uint8Array): unknown => {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch (cause) {
    throw new GramzoomError('network-damaged', { name, problem: 'its description is not JSON' }, { cause });
  }
};
