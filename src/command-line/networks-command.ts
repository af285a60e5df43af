import { readConfig } from '../config.ts';
import { createNetworks } from '../networks/create-networks.ts';
import { createLog } from '../ops/log.ts';
import { systemClock } from '../ops/system-clock.ts';
import type { NetworkFacts, NetworkPlaces } from '../ports/networks.ts';
import { chooseNetwork, fetchWithProgress, lockNetwork } from './chosen-network.ts';
import type { JsonFlag } from './flags.ts';
import { readInvocation } from './invocation.ts';
import { networkWords } from './network-words.ts';

const listNetworks = async (places: NetworkPlaces): Promise<readonly NetworkFacts[]> => {
  const { networkMirror: mirror, proxies } = readConfig();
  const log = createLog({ level: 'silent' });
  const networks = createNetworks({ places, mirror, proxies, clock: systemClock, lock: lockNetwork, log });
  return await networks.list();
};

/**
 * `gramzoom networks`: every network there is, on standard output.
 * @throws GramzoomError
 */
export const networksCommand = async ({ json }: JsonFlag): Promise<void> => {
  const { places } = await chooseNetwork(undefined, readConfig());
  const facts = await listNetworks(places);
  process.stdout.write(`${json ? JSON.stringify(facts) : networkWords.list(facts, readInvocation())}\n`);
};

/**
 * `gramzoom networks fetch`: a network is here when this is done. Progress goes to standard error, the result
 * to standard output.
 * @throws GramzoomError
 */
export const fetchCommand = async (
  name: string,
  { json }: JsonFlag,
  { signal }: { readonly signal: AbortSignal },
): Promise<void> => {
  const config = readConfig();
  const { places } = await chooseNetwork(undefined, config);
  await fetchWithProgress({ name, places }, { config, signal });
  const facts = (await listNetworks(places)).find((network) => network.name === name);
  if (facts) process.stdout.write(`${json ? JSON.stringify(facts) : networkWords.here(facts)}\n`);
};
