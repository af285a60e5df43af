import { rm, writeFile } from 'node:fs/promises';
import { runInThread } from '../concurrency/thread.ts';
import { GramzoomError } from '../domain/errors.ts';
import { fileSize, inFolder } from '../files/durable-file.ts';
import type { NetworkPlaces } from '../ports/networks.ts';
import type { CatalogueEntry, DownloadEntry } from './catalogue.ts';
import type { Conversion } from './keras-convert.ts';
import { partFileOf, promotePart, removePart } from './part-file.ts';
import { convertedPath, projectNetworks, publishedPath, weightsPath } from './places.ts';

export type AdoptOptions = {
  readonly signal?: AbortSignal | undefined;
  /** After how long converting is given up; it takes seconds, on the slowest of machines a minute. */
  readonly limitMs?: number | undefined;
  readonly projectFolder?: string | undefined;
};

const defaultLimitMs = 300_000;

/**
 * Turns the complete published file in the folder into what renders use, `<name>.safetensors`, and removes it.
 * Reading and converting happen in a thread of their own. Only one process may do this in a folder at a time.
 * @throws GramzoomError `network-damaged` where the file is not the published one or cannot be converted,
 * `network-missing` where it is not there, `disk-full`, `output-not-writable`, `cancelled`
 */
export const adoptDownload = async (
  entry: DownloadEntry,
  places: NetworkPlaces,
  { signal, limitMs = defaultLimitMs, projectFolder = projectNetworks }: AdoptOptions = {},
): Promise<void> => {
  const path = publishedPath(entry, places);
  const bytes = await convertInWorker({ entry, path, projectFolder }, { signal, limitMs });
  const file = partFileOf(convertedPath(entry.name, places));
  try {
    await inFolder(places.folder, () => writeFile(file.part, bytes, { mode: 0o600 }));
    await promotePart(file);
  } catch (thrown) {
    await removePart(file);
    throw thrown;
  }
  await inFolder(places.folder, () => rm(path));
};

/** Whether a network's weights lie where they are used; they are not read. */
export const isPresent = async (entry: CatalogueEntry, places: NetworkPlaces): Promise<boolean> =>
  (await fileSize(weightsPath(entry, places)).catch(() => undefined)) !== undefined;

const convertInWorker = async (
  conversion: Conversion,
  { signal, limitMs }: { readonly signal: AbortSignal | undefined; readonly limitMs: number },
): Promise<Uint8Array> => {
  const damaged = (problem: string, cause?: unknown): GramzoomError =>
    new GramzoomError('network-damaged', { name: conversion.entry.name, problem }, { cause });
  const limit = AbortSignal.timeout(limitMs);
  try {
    return await runInThread(new URL('./keras-worker.ts', import.meta.url), conversion, {
      signal: AbortSignal.any([limit, ...(signal ? [signal] : [])]),
      onCrash: (how) => damaged('its published file cannot be converted', how),
    });
  } catch (thrown) {
    throw limit.aborted && !signal?.aborted
      ? damaged('its published file takes too long to convert', thrown)
      : thrown;
  }
};
