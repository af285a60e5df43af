import { createHash } from 'node:crypto';
import { GramzoomError } from '../domain/errors.ts';
import type { SafetensorsFile } from '../engine/safetensors.ts';
import type { Tensor } from '../engine/spec.ts';

/** What a converted file says about itself: which published file it was made of, and what it then held. */
export const contentHashes = (tensors: ReadonlyMap<string, Tensor>, sourceMd5: string) => ({
  source_md5: sourceMd5,
  tensors_sha256: hashTensors(tensors),
});

/**
 * Checks that a converted file was made of the published one and has not changed since.
 * @throws GramzoomError `network-damaged`
 */
export const requireContentHash = (
  { tensors, metadata }: SafetensorsFile,
  { name, sourceMd5 }: { readonly name: string; readonly sourceMd5: string },
): void => {
  const damaged = (problem: string): GramzoomError => new GramzoomError('network-damaged', { name, problem });
  const { source_md5: source, tensors_sha256: held } = metadata;
  if (source !== sourceMd5) throw damaged('it was not made of the published file');
  if (held !== hashTensors(tensors)) throw damaged('its weights have changed');
};

/** SHA-256 over names, shapes and values, whatever the order in which a file holds them. */
const hashTensors = (tensors: ReadonlyMap<string, Tensor>): string => {
  const hash = createHash('sha256');
  for (const name of [...tensors.keys()].sort()) {
    const { shape, data } = tensors.get(name)!;
    hash.update(`${JSON.stringify([name, shape])}\n`);
    hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return hash.digest('hex');
};
