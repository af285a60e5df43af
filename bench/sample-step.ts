import { readFile } from 'node:fs/promises';
import { fromRgbImage, type Picture } from '../src/domain/picture.ts';
import { type Backend, type Evaluation, type GradientRanges, noRanges } from '../src/engine/backend.ts';
import { noisePicture } from '../src/engine/noise-picture.ts';
import type { Target } from '../src/engine/objective/objective.ts';
import { photoLevel } from '../src/engine/synthesis/photo-level.ts';
import { decodePhoto } from '../src/image/decode.ts';
import { samplePhoto } from './bench.ts';

/** What a step takes: a picture and what it is to be compared with. */
export type SampleStep = { readonly picture: Picture; readonly target: Target };

/** The sample photo as a picture of `side` x `side` is compared with it. */
export const sampleLevel = async (
  { photoMultiple }: Pick<Backend, 'photoMultiple'>,
  side: number,
): Promise<Picture> => {
  const photo = fromRgbImage(await decodePhoto(await readFile(samplePhoto), { maxArea: (2 * side) ** 2 }));
  return photoLevel(photo, side, { multiple: photoMultiple });
};

/** A step as a film's first one is: noise against the sample photo. */
export const sampleStep = async (backend: Backend, side: number): Promise<SampleStep> => {
  const level = await sampleLevel(backend, side);
  return { picture: noisePicture(side), target: await backend.measure(level, { width: side, height: side }) };
};

/**
 * The same step again and again, as a film takes its steps: each with the ranges of the one before.
 * @param before of the first step's; without them it may take several steps' time
 */
export const repeatedStep = (
  backend: Backend,
  { picture, target }: SampleStep,
  before: GradientRanges = noRanges,
): (() => Promise<Evaluation>) => {
  let ranges = before;
  return async () => {
    const evaluation = await backend.evaluate(picture, target, ranges);
    ranges = evaluation.ranges;
    return evaluation;
  };
};
