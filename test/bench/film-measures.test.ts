import { describe, expect, it } from 'vitest';
import { driftOf, evenness, pixelFigures, rangeOf } from '../../bench/film-drift.ts';
import { flickerOf } from '../../bench/film-flicker.ts';
import { enlargedCentre } from '../../bench/film-sheet.ts';
import { decodeAnimation } from '../../bench/film-take.ts';
import { mergeTuning } from '../../bench/film-tuning.ts';
import { type Picture, type RgbImage, toRgbImage } from '../../src/domain/picture.ts';
import { createRandom } from '../../src/domain/random.ts';
import { tunings } from '../../src/engine/zoom/plan.ts';
import { enlarge } from '../../src/engine/zoom/warp.ts';
import { encodeGif } from '../../src/image/gif.ts';
import { flatPicture, wavyPicture } from '../support/test-pictures.ts';

const changed = (image: RgbImage, change: (value: number, index: number) => number): RgbImage => ({
  ...image,
  data: image.data.map(change),
});
const start = changed(toRgbImage(wavyPicture(32, 32, 1)), (value) => 64 + value / 2);

describe('drift', () => {
  it('is, for the mean colour, its distance from frame 0 in steps of a byte', () => {
    const redder = changed(start, (value, index) => (index % 3 === 0 ? value + 6 : value));
    const greyer = changed(start, (value) => value + 1);
    const { colour, contrast } = driftOf([start, redder, greyer]);
    expect(colour.worst).toBeCloseTo(6, 9);
    expect(colour.worstFrame).toBe(1);
    expect(colour.last).toBeCloseTo(Math.sqrt(3), 9);
    expect(contrast.lastOverFirst).toBeCloseTo(1, 9);
  });

  it('is seen in the contrast where the colour stays', () => {
    const flatter = changed(start, (value) => 128 + Math.round((value - 128) / 2));
    const { contrast, gradientEnergy, spread } = driftOf([start, start, flatter]);
    // Rounded to bytes.
    expect(contrast.lastOverFirst).toBeCloseTo(0.5, 2);
    expect(contrast.least).toBeCloseTo(0.5, 2);
    expect(contrast.most).toBe(1);
    expect(gradientEnergy.lastOverFirst).toBeCloseTo(0.25, 2);
    expect(spread.last).toBeGreaterThan(5);
  });

  it('is measured in pixels that can be counted', () => {
    const data = Uint8Array.of(0, 0, 0, 10, 10, 10, 20, 20, 20, 30, 30, 30);
    const { mean, deviation, gradientEnergy } = pixelFigures({ width: 2, height: 2, data });
    expect(mean).toEqual([15, 15, 15]);
    expect(deviation[0]).toBeCloseTo(Math.sqrt(125), 9);
    // Two steps of 10 across and two of 20 down, over four pixels.
    expect(gradientEnergy).toBe((2 * 100 + 2 * 400) / 4);
  });
});

describe('evenness', () => {
  it('is the largest deviation from the mean, relative to it', () => {
    expect(evenness([1, 1, 1, 5])).toEqual({ mean: 2, deviation: 1.5 });
    expect(evenness([0.3])).toEqual({ mean: 0.3, deviation: 0 });
  });

  it('is relative to the median', () => {
    expect(rangeOf([1, 2, 8])).toEqual({ least: 0.5, most: 4 });
  });
});

describe('flicker', () => {
  const zoom = 1.03;
  const still = (): Picture[] => {
    const pictures = [wavyPicture(48, 48, 2)];
    for (let k = 0; k < 4; k++) pictures.push(enlarge(pictures.at(-1)!, zoom, { kernel: 'band-limited' }));
    return pictures;
  };

  it('is nothing where a picture is only enlarged, and grows with what is added', () => {
    const calm = flickerOf(still().map(toRgbImage), zoom);
    // Rounding to bytes twice: a standard deviation of 0.29 each.
    expect(Math.abs(calm.flicker)).toBeLessThan(0.3);
    const random = createRandom(1);
    const noisy = still().map(({ data, ...rest }) => ({
      ...rest,
      data: data.map((value) => value + 0.05 * random.normal()),
    }));
    expect(flickerOf(noisy.map(toRgbImage), zoom).flicker).toBeGreaterThan(5);
  });

  it('is zero in a grey film', () => {
    const grey = toRgbImage(flatPicture(32, 32, 0.5));
    const { warpError, flicker } = flickerOf([grey, grey, grey], zoom);
    expect(warpError).toBe(0);
    // The band-limited kernel's weights add up to 1 in float32.
    expect(Math.abs(flicker)).toBeLessThan(1e-4);
  });
});

describe('films of the bench', () => {
  it('are measured as a viewer shows them', async () => {
    const frames = [1, 2, 3].map((seed) => toRgbImage(wavyPicture(40, 24, seed)));
    const gif = encodeGif(frames, { colours: 64, delayCentiseconds: 5 });
    const decoded = await decodeAnimation(gif.bytes);
    expect(decoded.map(({ width, height }) => [width, height])).toEqual(Array(3).fill([40, 24]));
    for (const [index, { data }] of decoded.entries()) {
      expect(Buffer.compare(data, gif.frame(index).data)).toBe(0);
    }
  });

  it('are tuned by what is given, and by nothing unknown', () => {
    const tuning = mergeTuning(tunings.standard, { mostLoopFrames: 5, filmDescent: { rate: 0.01 } });
    expect(tuning).toEqual({
      ...tunings.standard,
      mostLoopFrames: 5,
      filmDescent: { ...tunings.standard.filmDescent, rate: 0.01 },
    });
    expect(() => mergeTuning(tunings.standard, { mostLoops: 5 })).toThrow(
      'tuning.mostLoops: there are startSteps',
    );
    expect(() => mergeTuning(tunings.standard, { filmDescent: { rate: '1' } })).toThrow(
      'tuning.filmDescent.rate: number is wanted, not string',
    );
  });

  it('show their centre enlarged', () => {
    const data = Uint8Array.from({ length: 3 * 64 }, (_, index) => Math.floor(index / 3));
    const centre = enlargedCentre({ width: 8, height: 8, data });
    const at = (x: number, y: number) => centre.data[3 * (8 * y + x)];
    expect([at(0, 0), at(3, 3), at(4, 3), at(7, 7)]).toEqual([27, 27, 28, 36]);
  });
});
