import { dirname, join } from 'node:path';
import { pause } from '../concurrency/pause.ts';
import { GramzoomError, toGramzoomError } from '../domain/errors.ts';
import { fileSize, fromFileSystem, inFolder } from '../files/durable-file.ts';
import type { Clock } from '../ports/clock.ts';
import type { NetworkPlaces } from '../ports/networks.ts';
import { adoptDownload, isPresent } from './adopt.ts';
import { type CatalogueEntry, catalogue, type DownloadEntry, isDownload } from './catalogue.ts';
import type { Proxies } from './http-source.ts';
import { describeNetwork } from './open.ts';
import { publishedPath } from './places.ts';

export type FetchProgress =
  | { readonly kind: 'receiving'; readonly receivedBytes: number; readonly totalBytes: number }
  /** The published file is here and becomes what renders use. */
  | { readonly kind: 'converting' }
  /** Another process fetches the same network. */
  | { readonly kind: 'waiting' };

/**
 * Makes a folder, for this user alone where it is missing, and makes it this process's own until `release` is called
 * or the process dies.
 * @throws GramzoomError `data-folder-in-use` where another one has it
 */
export type LockFolder = (folder: string) => { release(): void } | Promise<{ release(): void }>;

export type FetchOptions = {
  readonly places: NetworkPlaces;
  /** Address below which the catalogue's paths lie, without a slash at its end; may hold name and password. */
  readonly mirror: string;
  readonly proxies: Proxies;
  readonly signal: AbortSignal;
  readonly clock: Clock;
  readonly lock: LockFolder;
  readonly onProgress?: (progress: FetchProgress) => void;
  readonly entries?: readonly CatalogueEntry[] | undefined;
  /** Where the entries' own files lie; the project's `networks` where it is left out. */
  readonly projectFolder?: string | undefined;
};

/** How often a process that waits for another one looks again. */
const lookAgainMs = 500;

const isThere = (path: string): Promise<boolean> =>
  inFolder(dirname(path), async () => (await fileSize(path)) !== undefined);

/** The lock, or undefined where another process has it. */
const tryLock = async (
  lock: LockFolder,
  folder: string,
): Promise<Awaited<ReturnType<LockFolder>> | undefined> => {
  try {
    return await lock(folder);
  } catch (error) {
    if (!(error instanceof GramzoomError)) throw error;
    if (error.code === 'data-folder-in-use') return undefined;
    // The folder around it is the one that people know.
    throw error.code === 'output-not-writable' ? fromFileSystem(error.cause, dirname(folder)) : error;
  }
};

const fetchLocked = async (entry: DownloadEntry, options: FetchOptions): Promise<void> => {
  const { places, mirror, proxies, signal, clock, onProgress = () => {}, projectFolder } = options;
  const target = publishedPath(entry, places);
  // Somebody without internet may have put it there by hand; or this process died before it was converted.
  if (!(await isThere(target))) {
    // Only who downloads pays for loading the HTTP client.
    const { download } = await import('./download.ts');
    const { path, bytes, md5 } = entry.weights;
    await download({ name: entry.name, url: `${mirror}/${path}`, bytes, md5 }, target, {
      proxies,
      signal,
      clock,
      onProgress: (progress) => onProgress({ kind: 'receiving', ...progress }),
    });
  }
  onProgress({ kind: 'converting' });
  await adoptDownload(entry, places, { signal, projectFolder });
};

/** A published file that lies beside what was made of it before was put there to replace it. */
const isReady = async (entry: DownloadEntry, places: NetworkPlaces): Promise<boolean> =>
  (await isPresent(entry, places)) && !(await isThere(publishedPath(entry, places)));

/**
 * Makes a network present: downloads its published file where it is not there, checks and converts it. Does
 * nothing where it is present, comes with the project, or is the operator's own. Of several processes one does
 * the work.
 * @throws GramzoomError `network-unknown`, `network-absent` where it cannot be downloaded, `network-damaged`
 * where the published file does not hold what it should, `disk-full`, `output-not-writable`; `cancelled`, after
 * which the next call continues
 */
export const fetchNetwork = async (name: string, options: FetchOptions): Promise<void> => {
  const { entries = catalogue, places, clock, signal, lock, onProgress = () => {} } = options;
  const entry = entries.find((candidate) => candidate.name === name);
  // The operator's own is where it is; of any other name this says that there is none.
  if (!entry) await describeNetwork(name, { places, entries });
  if (!entry || !isDownload(entry)) return;
  const lockPlace = join(places.folder, `.${name}.lock`);
  let told = false;
  while (!(await isReady(entry, places))) {
    if (signal.aborted) throw new GramzoomError('cancelled', {}, { cause: signal.reason });
    const held = await tryLock(lock, lockPlace);
    if (held === undefined) {
      if (!told) onProgress({ kind: 'waiting' });
      told = true;
      await pause(clock, lookAgainMs, { signal });
      continue;
    }
    try {
      // The one before may have finished while this one came to the lock.
      if (!(await isReady(entry, places))) await fetchLocked(entry, options);
    } catch (thrown) {
      throw toGramzoomError(thrown);
    } finally {
      held.release();
    }
  }
};
