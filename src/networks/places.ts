import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { NetworkPlaces } from '../ports/networks.ts';
import type { DownloadEntry } from './catalogue.ts';

/** Where the networks that come with the project lie. */
export const projectNetworks = fileURLToPath(new URL('../../networks/', import.meta.url));

/** The weights of a fetched network as they are used: safetensors. */
export const convertedPath = (name: string, places: NetworkPlaces): string =>
  join(places.folder, `${name}.safetensors`);

/** The file as published: downloaded as a whole, or put there by hand. */
export const publishedPath = ({ weights }: DownloadEntry, places: NetworkPlaces): string =>
  join(places.folder, weights.fileName);

/** Beside `cat.safetensors` lies `cat.json`. */
export const descriptionPathBeside = (weightsPath: string): string =>
  `${weightsPath.replace(/\.safetensors$/i, '')}.json`;
