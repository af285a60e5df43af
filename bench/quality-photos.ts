import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { parse } from 'node:path';
import { fromRgbImage, type Picture, toRgbImage } from '../src/domain/picture.ts';
import { photoLevel } from '../src/engine/synthesis/photo-level.ts';
import { decodePhoto } from '../src/image/decode.ts';
import { sharedFolder } from './comparison-networks.ts';
import { drawnPictures } from './drawn-pictures.ts';

/** Sides of a measured photo are multiples of this, so that every judge can halve it; films measure theirs so, too. */
const referenceMultiple = 16;

export type QualityPhoto = {
  readonly name: string;
  readonly picture: Picture;
  /** The picture as stills are compared with it: an area of side x side. */
  readonly reference: Picture;
  /** SHA-256 of the picture. */
  readonly fingerprint: string;
  /** Whether it is known that no network was trained on it. */
  readonly heldOut: boolean;
};

const sharedFiles: Readonly<Record<string, string>> = {
  chelsea: 'chelsea.png',
  gravel: 'gravel.png',
  grass: 'grass.png',
  coffee: 'coffee.png',
  hubble: 'hubble.jpg',
  astronaut: 'astronaut.png',
  rocket: 'rocket.jpg',
  retina: 'retina.jpg',
};
/** ../shared/photos/SOURCES.md */
const heldOutPhotos: ReadonlySet<string> = new Set(['chelsea', 'gravel']);

const sharedPhoto = (name: string): URL => new URL(`photos/${sharedFiles[name]}`, sharedFolder);

/** What is judged by default: the shared photos that show most, and what is drawn. */
export const defaultPhotos = (): readonly string[] => [
  ...['chelsea', 'gravel', 'grass', 'coffee', 'hubble'].filter((name) => existsSync(sharedPhoto(name))),
  ...Object.keys(drawnPictures),
];

const readPhoto = async (path: URL | string, side: number): Promise<Picture> =>
  fromRgbImage(await decodePhoto(await readFile(path), { maxArea: (2 * side) ** 2 }));

const fingerprintOf = (picture: Picture): string => {
  const { width, height, data } = toRgbImage(picture);
  return createHash('sha256').update(`${width}x${height}`).update(data).digest('hex');
};

/** A shared photo or a drawn picture by its name, or any photo by its path. */
export const openQualityPhoto = async (asked: string, side: number): Promise<QualityPhoto> => {
  const draw = Object.hasOwn(drawnPictures, asked) ? drawnPictures[asked] : undefined;
  const isShared = Object.hasOwn(sharedFiles, asked);
  const picture = draw ? draw() : await readPhoto(isShared ? sharedPhoto(asked) : asked, side);
  const reference = photoLevel(picture, side, { multiple: referenceMultiple });
  return {
    name: draw || isShared ? asked : parse(asked).name,
    picture,
    reference,
    fingerprint: fingerprintOf(picture),
    heldOut: draw !== undefined || heldOutPhotos.has(asked),
  };
};

/** The photo's mirror image: as near as a picture that is not the photo can come. */
export const mirrored = ({ width, height, data }: Picture): Picture => {
  const output = new Float32Array(data.length);
  for (let row = 0; row < data.length; row += width) {
    output.set(data.subarray(row, row + width).toReversed(), row);
  }
  return { width, height, data: output };
};
