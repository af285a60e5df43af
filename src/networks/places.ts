import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { NetworkPlaces } from '../ports/networks.ts';
import type { CatalogueEntry, DownloadEntry } from './catalogue.ts';

/** Where the networks that come with the project lie. */
export const projectNetworks = fileURLToPath(new URL('../../networks/', import.meta.url));

/** The weights of a fetched network as they are used: safetensors. */
export const convertedPath = (name: string, places: NetworkPlaces): string =>
  join(places.folder, `${name}.safetensors`);

/** The weights of a catalogue's network as they are used. */
export const weightsPath = (
  { name, weights }: CatalogueEntry,
  places: NetworkPlaces,
  projectFolder = projectNetworks,
): string =>
  weights.kind === 'project' ? resolve(projectFolder, weights.file) : convertedPath(name, places);

/** The file as published: downloaded as a whole, or put there by hand. */
export const publishedPath = ({ weights }: DownloadEntry, places: NetworkPlaces): string =>
  join(places.folder, weights.fileName);

/** Beside `cat.safetensors` lies `cat.json`. */
export const descriptionPathBeside = (weightsPath: string): string =>
  `${weightsPath.replace(/\.safetensors$/i, '')}.json`;
