import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawnPictures } from '../../bench/drawn-pictures.ts';
import { parseRequest } from '../../src/domain/kinds.ts';
import { fromRgbImage, type Picture } from '../../src/domain/picture.ts';
import { createRandom } from '../../src/domain/random.ts';
import { median } from '../../src/domain/statistics.ts';
import type { Backend, GradientRanges } from '../../src/engine/backend.ts';
import { openOnnxBackend } from '../../src/engine/backends/onnx.ts';
import { renderZoom } from '../../src/engine/kinds/zoom.ts';
import { styleObjective, type Target } from '../../src/engine/objective/objective.ts';
import { contrastOf, noiseLike } from '../../src/engine/synthesis/contrast.ts';
import { photoLevel } from '../../src/engine/synthesis/photo-level.ts';
import { clampPicture, resample } from '../../src/engine/synthesis/resample.ts';
import { tunings } from '../../src/engine/zoom/plan.ts';
import { decodePhoto } from '../../src/image/decode.ts';
import { openNetwork } from '../../src/networks/open.ts';
import { flatPicture, wavyPicture } from '../support/test-pictures.ts';
import { never } from '../support/zoom-events.ts';

/** Octaves of 128, 64 and 32 px. */
const side = 128;
const size = { width: side, height: side };

const cosine = (a: Float32Array, b: Float32Array): number => {
  let [dot, ofA, ofB] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    dot += a[i]! * b[i]!;
    ofA += a[i]! ** 2;
    ofB += b[i]! ** 2;
  }
  return dot / Math.sqrt(ofA * ofB);
};

const mirrored = (picture: Picture): Picture => {
  const data = picture.data.slice();
  for (let at = 0; at < data.length; at += picture.width) data.subarray(at, at + picture.width).reverse();
  return { ...picture, data };
};

/** One octave alone: an infinite norm leaves nothing of the others. */
const octaveOf = (target: Target, octave: number): Target => ({
  ...target,
  grams: target.grams.map((taps, i) =>
    i === octave ? taps : taps.map((tap) => ({ ...tap, norm: Number.POSITIVE_INFINITY })),
  ),
});

/** A film as floats make it: the picture after each step of its start, and its first frames. */
const filmOf = async (photo: Picture, backend: Backend) => {
  const [steps, frames]: [Picture[], Picture[]] = [[], []];
  const request = { ...parseRequest({ size: side, frames: 8, steps: 3 }), seed: 5 };
  const tuning = { ...tunings.standard, leastLeadInFrames: 2, mostLoopFrames: 2 };
  for await (const event of renderZoom(request, photo, backend, { signal: never(), tuning })) {
    if (event.kind === 'preview') steps.push({ ...event.picture, data: event.picture.data.slice() });
    if (event.kind === 'lead-in' || event.kind === 'frame') frames.push(fromRgbImage(event.image));
    if (event.kind === 'frame') break;
  }
  return { steps, frames };
};

const photos: Readonly<Record<string, () => Promise<Picture>>> = {
  'the sample photo': async () => {
    const bytes = await readFile(new URL('../../docs/sample.png', import.meta.url));
    return fromRgbImage(await decodePhoto(bytes, { maxArea: 4 * side * side }));
  },
  'drawn leaves': async () => drawnPictures['leaves']!(),
  'drawn pebbles': async () => drawnPictures['pebbles']!(),
};

describe.each(Object.keys(photos))('the gradient of the pocket network in int8, for %s', (name) => {
  let [float, int8]: Backend[] = [];
  let targets: { readonly float: Target; readonly int8: Target };
  let [noise, mirror]: Picture[] = [];
  let film: { readonly steps: readonly Picture[]; readonly frames: readonly Picture[] };
  beforeAll(async () => {
    const network = await openNetwork('pocket');
    const objective = { ...styleObjective, weights: { gram: 1 } };
    float = await openOnnxBackend(network, objective, { threads: 2 });
    int8 = await openOnnxBackend(network, objective, { threads: 2, precision: 'int8' });
    const photo = await photos[name]!();
    const level = photoLevel(photo, side, { multiple: float.photoMultiple });
    targets = { float: await float.measure(level, size), int8: await int8.measure(level, size) };
    const { mean, covariance } = targets.float.colour;
    const random = createRandom(3);
    noise = clampPicture(noiseLike(contrastOf(level, covariance), mean, { ...size, random }));
    mirror = clampPicture(resample(mirrored(photo), { ...size, kernel: 'bicubic' }));
    film = await filmOf(photo, float);
  });
  afterAll(async () => {
    for (const backend of [float, int8]) await backend?.close();
  });

  it.each([0, 1, 2])('points where that of floats does, at octave %i alone', async (octave) => {
    const [ofFloats, ofBytes] = [octaveOf(targets.float, octave), octaveOf(targets.int8, octave)];
    const pictures = { noise: noise!, late: film.steps.at(-1)!, mirror: mirror! };
    for (const [what, picture] of Object.entries(pictures)) {
      const wanted = await float!.evaluate(picture, ofFloats);
      const found = await int8!.evaluate(picture, ofBytes);
      // Near the goal a gradient is the small rest of large parts.
      const least = what === 'late' ? 0.94 : 0.95;
      expect(cosine(found.gradient, wanted.gradient), what).toBeGreaterThan(least);
    }
  });

  it('does so from step to step, with scales made of the steps before', async () => {
    let ranges: GradientRanges | undefined;
    const cosines: number[] = [];
    for (const picture of [noise!, ...film.steps, ...film.frames]) {
      const wanted = await float!.evaluate(picture, targets.float);
      const found = await int8!.evaluate(picture, targets.int8, ranges);
      cosines.push(cosine(found.gradient, wanted.gradient));
      ranges = found.ranges;
    }
    expect(median(cosines)).toBeGreaterThan(0.96);
    expect(Math.min(...cosines)).toBeGreaterThan(0.94);
  });
});

describe('the gradient of the pocket network in int8, for a film that leaves a photo of one colour', () => {
  it('points as near to where that of floats does as if there had been no such photo, within five steps', async () => {
    const network = await openNetwork('pocket');
    const objective = { ...styleObjective, weights: { gram: 1 } };
    const small = { width: 32, height: 32 };
    const [flat, photo] = [flatPicture(32, 32, 0.4), wavyPicture(32, 32, 1)];
    const float = await openOnnxBackend(network, objective, { threads: 1 });
    const int8 = await openOnnxBackend(network, objective, { threads: 1, precision: 'int8' });
    try {
      const ofFlat = await int8.measure(flat, small);
      let ranges: GradientRanges | undefined;
      for (let step = 0; step < 100; step++) {
        const { gradient, ranges: after } = await int8.evaluate(flat, ofFlat, ranges);
        expect(gradient.every((value) => value === 0)).toBe(true);
        ranges = after;
      }
      const target = await int8.measure(photo, small);
      const wanted = await float.evaluate(flat, await float.measure(photo, small));
      for (let step = 1; step < 5; step++) ({ ranges } = await int8.evaluate(flat, target, ranges));
      const { gradient } = await int8.evaluate(flat, target, ranges);
      const fresh = await int8.evaluate(flat, target);
      const [after, without] = [gradient, fresh.gradient].map((found) => cosine(found, wanted.gradient));
      // Scales of the steps before differ a little from those that a step finds for itself.
      expect(after).toBeGreaterThan(without! - 0.05);
      // What deep layers make of one colour is small beside what they make of a photo, and much of it rounding.
      expect(without).toBeGreaterThan(0.5);
    } finally {
      for (const backend of [float, int8]) await backend.close();
    }
  });
});
