import { GramzoomError, toGramzoomError } from '../domain/errors.ts';
import { fileSize } from '../files/durable-file.ts';
import type { AppLog } from '../ports/log.ts';
import type { NetworkFacts, Networks } from '../ports/networks.ts';
import { isPresent } from './adopt.ts';
import { type CatalogueEntry, catalogue, type DownloadEntry, isDownload } from './catalogue.ts';
import { offeredDepths, specAtDepth } from './description.ts';
import { type FetchOptions, fetchNetwork } from './fetch.ts';
import { describeNetwork, fileNetworkName } from './open.ts';
import { weightsPath } from './places.ts';

export type NetworksOptions = Omit<FetchOptions, 'signal' | 'onProgress'> & { readonly log: AppLog };

/** After a fetch that failed people are told so for this long before another one begins. */
const tryAgainMs = 60_000;

type Fetching = { readonly kind: 'fetching'; readonly done: Promise<void>; percent: number };
/** What became of a network that was absent. */
type Fetch = Fetching | { readonly kind: 'failed'; readonly at: number };

/** A network that people can ask for: one of the catalogue's, or the operator's own. */
type Known = { readonly name: string; readonly entry: CatalogueEntry | null };

const factsOf = async (
  { name, entry }: Known,
  { places, entries, projectFolder }: NetworksOptions,
): Promise<NetworkFacts> => {
  const description = await describeNetwork(name, { places, entries, projectFolder });
  const path = entry === null ? String(places.file) : weightsPath(entry, places, projectFolder);
  const bytes = await fileSize(path).catch(() => undefined);
  return {
    name,
    depths: offeredDepths(description),
    bytes: bytes ?? (entry && isDownload(entry) ? entry.weights.bytes : 0),
    licence: description.licence,
    source: description.source,
    present: bytes !== undefined,
  };
};

/**
 * The networks that there are here. What is absent is fetched in the background when it is first asked for.
 */
export const createNetworks = (options: NetworksOptions): Networks => {
  const { places, entries = catalogue, projectFolder, clock, log } = options;
  const stopping = new AbortController();
  const fetches = new Map<string, Fetch>();

  const known = async (): Promise<readonly Known[]> => {
    // Its files may go while the bot runs; the others are there all the same.
    const own = await fileNetworkName(places, { entries }).catch((error: unknown) => {
      const about = { path: places.file, error };
      log.warn('network: the one of the operator cannot be opened and is left out', about);
      return null;
    });
    return [
      ...entries.map((entry) => ({ name: entry.name, entry })),
      ...(own === null ? [] : [{ name: own, entry: null }]),
    ];
  };

  const begin = ({ name }: DownloadEntry): Fetching => {
    log.info('network: downloading', { network: name });
    const work = async (): Promise<void> => {
      try {
        await fetchNetwork(name, {
          ...options,
          signal: stopping.signal,
          onProgress: (progress) => {
            if (progress.kind === 'receiving') {
              fetching.percent = Math.floor((100 * progress.receivedBytes) / progress.totalBytes);
            }
          },
        });
        fetches.delete(name);
        log.info('network: downloaded', { network: name });
      } catch (thrown) {
        fetches.delete(name);
        const error = toGramzoomError(thrown);
        if (error.code === 'cancelled') return;
        fetches.set(name, { kind: 'failed', at: clock.now() });
        log.error('network: download failed', { network: name, error });
      }
    };
    // The work begins when this has been noted.
    const fetching: Fetching = { kind: 'fetching', done: Promise.resolve().then(work), percent: 0 };
    fetches.set(name, fetching);
    return fetching;
  };

  /** @throws GramzoomError `network-fetching`, `network-not-here` */
  const refuseAbsent = (entry: DownloadEntry): never => {
    const { name, weights } = entry;
    const fetch = fetches.get(name);
    if (fetch?.kind === 'failed' && clock.now() - fetch.at < tryAgainMs) {
      throw new GramzoomError('network-not-here', { name });
    }
    if (stopping.signal.aborted) throw new GramzoomError('stopping', {});
    const { percent } = fetch?.kind === 'fetching' ? fetch : begin(entry);
    throw new GramzoomError('network-fetching', { name, bytes: weights.bytes, percent });
  };

  return {
    list: async () => {
      const facts: NetworkFacts[] = [];
      for (const each of await known()) facts.push(await factsOf(each, options));
      return facts;
    },
    require: async (name, depth) => {
      const description = await describeNetwork(name, { places, entries, projectFolder });
      specAtDepth(description, depth);
      const entry = entries.find((candidate) => candidate.name === name);
      if (entry && isDownload(entry) && !(await isPresent(entry, places))) refuseAbsent(entry);
    },
    close: async () => {
      stopping.abort();
      const running = [...fetches.values()].flatMap((fetch) =>
        fetch.kind === 'fetching' ? [fetch.done] : [],
      );
      await Promise.all(running);
    },
  };
};
