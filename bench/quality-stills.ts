import { openOnnxBackend } from '../src/engine/backends/onnx.ts';
import { styleObjective } from '../src/engine/objective/objective.ts';
import type { Network } from '../src/engine/spec.ts';
import { type ComparisonNetwork, fingerprintOf } from './comparison-networks.ts';
import type { QualityPhoto } from './quality-photos.ts';
import { type Still, saveStills } from './saved-stills.ts';
import { makeStill, type StillOptions, stillMethod } from './stills.ts';

export type WantedStills = StillOptions & {
  readonly networks: readonly ComparisonNetwork[];
  readonly photos: readonly QualityPhoto[];
  readonly seeds: readonly number[];
  readonly threads: number;
};

/** Whether a kept still is the one that would be made now; an absent network is taken at its word. */
export const isCurrent = (
  still: Still,
  wanted: {
    readonly network: string;
    readonly photo: Pick<QualityPhoto, 'name' | 'fingerprint'>;
    readonly seed: number;
    readonly method: string;
    readonly networkFingerprint: string | null;
  },
): boolean =>
  still.network === wanted.network &&
  still.photo === wanted.photo.name &&
  still.photoFingerprint === wanted.photo.fingerprint &&
  still.seed === wanted.seed &&
  still.method === wanted.method &&
  (wanted.networkFingerprint === null || still.networkFingerprint === wanted.networkFingerprint);

/** Makes the stills of one network and seed. */
const makeStills = async (
  key: { readonly name: string; readonly network: Network; readonly fingerprint: string },
  photos: readonly QualityPhoto[],
  options: StillOptions & { readonly seed: number; readonly threads: number; readonly method: string },
  print: (line: string) => void,
): Promise<readonly Still[]> => {
  const { seed, method, threads } = options;
  const backend = await openOnnxBackend(key.network, styleObjective, { threads });
  const { signal } = new AbortController();
  const stills: Still[] = [];
  try {
    for (const photo of photos) {
      const begin = performance.now();
      const image = await makeStill(photo.picture, backend, { ...options, signal });
      print(`${key.name}, ${photo.name}, seed ${seed}: ${((performance.now() - begin) / 1000).toFixed(1)} s`);
      stills.push({
        network: key.name,
        networkFingerprint: key.fingerprint,
        photo: photo.name,
        photoFingerprint: photo.fingerprint,
        seed,
        method,
        image,
      });
    }
  } finally {
    await backend.close();
  }
  return stills;
};

/**
 * Every still that is wanted: those kept that still hold, the others made now. Absent networks are left out.
 * With `save`, all of them are written there after each network and seed, so that nothing is lost half-way.
 */
export const gatherStills = async (
  wanted: WantedStills,
  kept: readonly Still[],
  { print, save }: { readonly print: (line: string) => void; readonly save?: string },
): Promise<readonly Still[]> => {
  const { photos, seeds } = wanted;
  const method = await stillMethod(wanted);
  const gathered: Still[] = [];
  for (const { name, open } of wanted.networks) {
    for (const seed of seeds) {
      const network = await open(seed);
      const networkFingerprint = network && fingerprintOf(network);
      const missing: QualityPhoto[] = [];
      for (const photo of photos) {
        const fit = { network: name, photo, seed, method, networkFingerprint };
        const still = kept.find((each) => isCurrent(each, fit));
        if (still) gathered.push(still);
        else missing.push(photo);
      }
      if (missing.length === 0) continue;
      if (!network || networkFingerprint === null) {
        print(`${name}, seed ${seed}: the network is absent, ${missing.length} stills are left out`);
        continue;
      }
      const key = { name, network, fingerprint: networkFingerprint };
      gathered.push(...(await makeStills(key, missing, { ...wanted, seed, method }, print)));
      if (save !== undefined) await saveStills(save, gathered);
    }
  }
  return gathered;
};
