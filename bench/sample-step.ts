import { readFile } from 'node:fs/promises';
import { fromRgbImage, type Picture } from '../src/domain/picture.ts';
import type { Backend } from '../src/engine/backend.ts';
import { noisePicture } from '../src/engine/noise-picture.ts';
import type { Target } from '../src/engine/objective/objective.ts';
import { photoLevel } from '../src/engine/synthesis/photo-level.ts';
import { decodePhoto } from '../src/image/decode.ts';
import { samplePhoto } from './bench.ts';

/** What a step takes: a picture and what it is to be compared with. */
export type SampleStep = { readonly picture: Picture; readonly target: Target };

/** A step as a film's first one is: noise against the sample photo. */
export const sampleStep = async (backend: Backend, side: number): Promise<SampleStep> => {
  const photo = fromRgbImage(await decodePhoto(await readFile(samplePhoto), { maxArea: (2 * side) ** 2 }));
  const level = photoLevel(photo, side, { multiple: backend.photoMultiple });
  return { picture: noisePicture(side), target: await backend.measure(level, { width: side, height: side }) };
};
