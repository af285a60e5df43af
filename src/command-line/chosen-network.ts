import { join } from 'node:path';
import { type Config, namesFile, networkChoice } from '../config.ts';
import { GramzoomError } from '../domain/errors.ts';
import { fetchNetwork, type LockFolder } from '../networks/fetch.ts';
import { fileNetworkName } from '../networks/open.ts';
import { systemClock } from '../ops/system-clock.ts';
import type { NetworkPlaces } from '../ports/networks.ts';
import { fetchViewFor } from './fetch-progress.ts';

/** The network that a command means, by the name that requests have for it, and where networks lie. */
export type ChosenNetwork = { readonly name: string; readonly places: NetworkPlaces };

/**
 * Reads `--network`, which takes a name or `file:PATH`; without it the configuration decides. Whether there is
 * a network of that name is not looked at.
 * @throws GramzoomError `network-missing`, `network-damaged` where the operator's own cannot be described
 */
export const chooseNetwork = async (
  flag: string | undefined,
  { network, dataDir }: Pick<Config, 'network' | 'dataDir'>,
): Promise<ChosenNetwork> => {
  const choice = flag === undefined ? network : networkChoice(flag);
  const places = {
    folder: join(dataDir, 'networks'),
    file: flag !== undefined && namesFile(flag) ? choice.file : network.file,
  };
  const own = await fileNetworkName(places);
  const name = choice.name ?? own;
  if (name === null) throw new GramzoomError('internal', { reason: 'a file without a network' });
  return { name, places };
};

/** Only who fetches pays for loading SQLite. */
export const lockNetwork: LockFolder = async (folder) => {
  const { lockFolder } = await import('../store/sqlite/folder-lock.ts');
  return lockFolder(folder);
};

/**
 * Downloads a network where it is not there, with progress on standard error.
 * @throws GramzoomError like `fetchNetwork`
 */
export const fetchWithProgress = async (
  { name, places }: ChosenNetwork,
  options: { readonly config: Pick<Config, 'networkMirror' | 'proxies'>; readonly signal: AbortSignal },
): Promise<void> => {
  const { networkMirror: mirror, proxies } = options.config;
  const clock = systemClock;
  const view = fetchViewFor(process.stderr, { name, clock });
  try {
    await fetchNetwork(name, {
      places,
      mirror,
      proxies,
      clock,
      signal: options.signal,
      lock: lockNetwork,
      onProgress: view.show,
    });
  } finally {
    view.end();
  }
};
