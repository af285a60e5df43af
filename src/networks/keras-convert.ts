import { createHash } from 'node:crypto';
import { GramzoomError } from '../domain/errors.ts';
import { writeSafetensors } from '../engine/safetensors.ts';
import { assembleNetwork } from '../engine/spec.ts';
import { requireActivations } from './activations.ts';
import type { DownloadEntry } from './catalogue.ts';
import { contentHashes } from './content-hash.ts';
import { wholeSpec } from './description.ts';
import { readKerasFile } from './keras-file.ts';
import { readBounded } from './network-file.ts';
import { describeNetwork } from './open.ts';

export type Conversion = {
  readonly entry: DownloadEntry;
  /** The published file. */
  readonly path: string;
  readonly projectFolder: string;
};

/**
 * A published file of weights as safetensors, with hashes of its content in its metadata. Blocks its thread for seconds.
 * @throws GramzoomError `network-damaged` where the file is not the published one, or is and yet wrong;
 * `network-missing` where it is not there
 */
export const convertOnThisThread = async ({
  entry,
  path,
  projectFolder,
}: Conversion): Promise<Uint8Array<ArrayBuffer>> => {
  const { name } = entry;
  await requirePublished(entry, path);
  const description = await describeNetwork(name, { entries: [entry], projectFolder });
  const tensors = await readKerasFile(path, description);
  const network = assembleNetwork(wholeSpec(description, 'style'), tensors);
  await requireActivations(network, entry, { projectFolder });
  return writeSafetensors(tensors, { metadata: contentHashes(tensors, entry.weights.md5) });
};

const requirePublished = async ({ name, weights }: DownloadEntry, path: string): Promise<void> => {
  const damaged = (problem: string): GramzoomError => new GramzoomError('network-damaged', { name, problem });
  const bytes = await readBounded(name, path, { maxBytes: weights.bytes });
  if (bytes.length !== weights.bytes) {
    throw damaged(`${weights.fileName} has ${bytes.length} bytes instead of ${weights.bytes}`);
  }
  if (createHash('md5').update(bytes).digest('hex') !== weights.md5) {
    throw damaged(`${weights.fileName} is not the file that was published`);
  }
};
