import { describe, expect, it } from 'vitest';
import { parseRequest } from '../../src/domain/kinds.ts';
import { createPicture, type Picture } from '../../src/domain/picture.ts';
import { createRandom } from '../../src/domain/random.ts';
import { meanOf } from '../../src/domain/statistics.ts';
import { createPyramid } from '../../src/engine/synthesis/laplacian-pyramid.ts';
import { detailAngle, injectDetail, stationarity } from '../../src/engine/zoom/inject-detail.ts';
import { tunings } from '../../src/engine/zoom/plan.ts';
import { createFakeBackend } from '../support/fake-backend.ts';
import { flatPicture, wavyPicture } from '../support/test-pictures.ts';
import { createRender, imagesOf, only } from '../support/zoom-events.ts';

const side = 128;

/** Grey, with noise of one pixel where `isThere`; the same noise in each colour. */
const noisyWhere = (isThere: (x: number, y: number) => boolean): Picture => {
  const random = createRandom(3);
  const picture = createPicture(side, side);
  const pixels = side * side;
  for (let i = 0; i < pixels; i++) {
    const value = 0.5 + (isThere(i % side, Math.floor(i / side)) ? 0.1 * random.normal() : 0);
    for (let plane = 0; plane < 3; plane++) picture.data[plane * pixels + i] = value;
  }
  return picture;
};

const injected = (picture: Picture, angle: number, seed = 1): Picture => {
  const copy = { ...picture, data: picture.data.slice() };
  injectDetail(copy, { angle, random: createRandom(seed) });
  return copy;
};

/** Mean squares of a picture's bands, fine to coarse, the last its mean's: those of red. */
const bandsOf = ({ width, height, data }: Picture): readonly number[] => {
  const pyramid = createPyramid({ width, height });
  pyramid.split(data);
  return pyramid.moments().map(([red]) => red!);
};

describe('how alike a photo is from place to place', () => {
  it('is nearly 1 for noise, which is the same everywhere', () => {
    // A block has 256 values of noise: its energy is off by about a tenth, which its square sees as a hundredth.
    expect(stationarity(noisyWhere(() => true))).toBeGreaterThan(0.95);
  });

  it.each([
    [2, (x: number) => x < 64],
    [4, (x: number, y: number) => x < 64 && y < 64],
    [8, (x: number, y: number) => x < 32 && y < 64],
  ])('is one in %i where so much of the photo has all the detail', (parts, isThere) => {
    const measured = stationarity(noisyWhere(isThere));
    // Borders of the noise leak into the blocks beside them.
    expect(measured * parts).toBeGreaterThan(0.9);
    expect(measured * parts).toBeLessThan(1.2);
  });

  it('is 0 for a photo without detail, and the same for one of less contrast or another brightness', () => {
    expect(stationarity(flatPicture(side, side, 0.3))).toBe(0);
    const picture = noisyWhere((x) => x < 64);
    const faint = { ...picture, data: picture.data.map((value) => 0.1 + 0.2 * value) };
    expect(stationarity(faint)).toBeCloseTo(stationarity(picture), 3);
  });

  it('counts whole blocks only, of pictures of any shape', () => {
    expect(stationarity(wavyPicture(100, 36, 1))).toBeGreaterThan(0.8);
    expect(stationarity(wavyPicture(15, 40, 1))).toBe(0);
  });
});

describe('how much detail is injected', () => {
  it('is nothing where a photo has things in it, all where it is alike everywhere', () => {
    expect(detailAngle(0.33, { stationarity: 0.2, zoom: 1.03 })).toBe(0);
    expect(detailAngle(0.33, { stationarity: 0.6, zoom: 1.03 })).toBe(0);
    expect(detailAngle(0.33, { stationarity: 0.8, zoom: 1.03 })).toBeCloseTo(0.165, 9);
    expect(detailAngle(0.33, { stationarity: 1, zoom: 1.03 })).toBeCloseTo(0.33, 9);
  });

  it('is as much over the same enlargement, whatever the zoom of a frame, and never too much', () => {
    const slow = detailAngle(0.3, { stationarity: 1, zoom: 1.01 });
    const fast = detailAngle(0.3, { stationarity: 1, zoom: 1.01 ** 2 });
    expect(fast ** 2).toBeCloseTo(2 * slow ** 2, 9);
    expect(detailAngle(0.3, { stationarity: 1, zoom: 1.2 })).toBe(0.5);
  });
});

describe('injecting detail', () => {
  const quarter = noisyWhere((x, y) => x < 64 && y < 64);
  const deviationIn = (picture: Picture, from: number): number => {
    const values: number[] = [];
    for (let y = from; y < from + 48; y++) {
      for (let x = from; x < from + 48; x++) values.push(picture.data[y * side + x]! - 0.5);
    }
    return Math.sqrt(meanOf(values.map((value) => value * value)));
  };

  it('brings detail to places that are far from it', () => {
    expect(deviationIn(quarter, 76)).toBe(0);
    const most = Math.max(...[1, 2, 3, 4].map((seed) => deviationIn(injected(quarter, 0.3, seed), 76)));
    expect(most).toBeGreaterThan(0.02);
    // Its own place keeps cos 0.3 = 0.96 of its detail, and may get some.
    expect(deviationIn(injected(quarter, 0.3), 8) / deviationIn(quarter, 8)).toBeCloseTo(1, 1);
  });

  it('keeps the contrast of each octave and leaves what is coarser as it was', () => {
    const everywhere = noisyWhere(() => true);
    const before = bandsOf(everywhere);
    const after = bandsOf(injected(everywhere, 0.3));
    expect(before).toHaveLength(6);
    for (let band = 0; band < 2; band++) {
      // The places that are added up have nothing in common but by chance: the coarser octave has 4096 of them.
      expect(after[band]! / before[band]!).toBeGreaterThan(0.9);
      expect(after[band]! / before[band]!).toBeLessThan(1.1);
    }
    // The pyramid's octaves overlap: a little of what is injected counts as the next one.
    for (let band = 2; band < 6; band++) expect(after[band]! / before[band]!).toBeCloseTo(1, 1);
  });

  it('is the same for the same seed, another for another, and nothing at no angle', () => {
    const picture = wavyPicture(64, 48, 1);
    expect(injected(picture, 0.3, 1)).toEqual(injected(picture, 0.3, 1));
    expect(injected(picture, 0.3, 1)).not.toEqual(injected(picture, 0.3, 2));
    expect(injected(picture, 0)).toEqual(picture);
  });

  it('stays within the range of colours, and takes pictures that cannot be halved', () => {
    const extreme = wavyPicture(64, 64, 2);
    for (let i = 0; i < extreme.data.length; i++) extreme.data[i] = extreme.data[i]! > 0.5 ? 1 : 0;
    expect(injected(extreme, 0.5).data.every((value) => value >= 0 && value <= 1)).toBe(true);
    const odd = wavyPicture(33, 17, 1);
    expect(injected(odd, 0.3)).toEqual(odd);
  });
});

describe('a film', () => {
  const request = { ...parseRequest({ size: 64, frames: 8, zoom: 1.05, steps: 2 }), seed: 1 };
  const tuning = { ...tunings.standard, startSteps: { coarsest: 4, finer: 3 }, leastLeadInFrames: 5 };
  const filmOf = async (photo: Picture, detailAngle: number) => {
    const render = createRender({ request, photo, tuning: { ...tuning, detailAngle } });
    return await render({}, createFakeBackend().backend);
  };

  it('gets detail injected, where it is one texture, into every frame before the loop closes, the first included', async () => {
    const photo = wavyPicture(96, 80, 1);
    const [bare, detailed] = [await filmOf(photo, 0), await filmOf(photo, 0.33)];
    const images = imagesOf(detailed);
    expect(images).toHaveLength(13);
    for (const [index, image] of imagesOf(bare).entries()) expect(image).not.toEqual(images[index]);
    // What comes before the frames is not touched.
    expect(only(detailed, 'level')).toEqual(only(bare, 'level'));
  });

  it('gets no detail injected where it shows things', async () => {
    const photo = noisyWhere((x, y) => x < 64 && y < 64);
    expect(imagesOf(await filmOf(photo, 0.33))).toEqual(imagesOf(await filmOf(photo, 0)));
  });
});
