import type { Config } from '../config.ts';
import { createNetworks } from '../networks/create-networks.ts';
import { fetchNetwork } from '../networks/fetch.ts';
import { createFetchNotes } from '../networks/fetch-notes.ts';
import type { Log } from '../ops/log.ts';
import type { Clock } from '../ports/clock.ts';
import type { NetworkPlaces, Networks } from '../ports/networks.ts';
import { type OpenedStore, openStore } from '../store/open-store.ts';
import { lockFolder } from '../store/sqlite/folder-lock.ts';

/** @throws GramzoomError `data-folder-in-use`, `database-newer`, `database-damaged`, `disk-full` */
export const openStorage = (
  { dataDir }: Config,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): Promise<OpenedStore> =>
  openStore(dataDir, {
    clock,
    onExposed: (path) =>
      log.warn('store: the data folder can be read by other users of this machine', { path }),
    onDamaged: (record) => log.error('store: a damaged record was set aside', { record }),
  });

/**
 * The networks that people can ask for. The one of requests that name none is fetched first, where it is absent.
 * @throws GramzoomError `network-absent`, `network-damaged`, `disk-full`; `cancelled`
 */
export const openNetworks = async (
  { networkMirror: mirror, proxies }: Config,
  {
    network,
    places,
    clock,
    log,
    signal,
  }: {
    readonly network: string;
    readonly places: NetworkPlaces;
    readonly clock: Clock;
    readonly log: Log;
    readonly signal: AbortSignal;
  },
): Promise<Networks> => {
  const fetching = { places, mirror, proxies, clock, lock: lockFolder };
  await fetchNetwork(network, { ...fetching, signal, onProgress: createFetchNotes(log, network) });
  return createNetworks({ ...fetching, log });
};
