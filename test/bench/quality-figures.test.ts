import { describe, expect, it } from 'vitest';
import { patchDistance, patchStatistics } from '../../bench/patch-distance.ts';
import {
  geometricMean,
  type Judged,
  overPhotos,
  overSeeds,
  ratioOf,
  spreadOf,
} from '../../bench/quality-figures.ts';
import { colourDistance, gramDistance } from '../../bench/quality-judges.ts';
import { mirrored, openQualityPhoto } from '../../bench/quality-photos.ts';
import { claimLines } from '../../bench/quality-report.ts';
import { createPicture, type Picture } from '../../src/domain/picture.ts';
import { createRandom } from '../../src/domain/random.ts';
import { flatPicture, wavyPicture } from '../support/test-pictures.ts';

const judgedBy =
  (judge: 'vgg19-conv3' | 'vgg19-16x') =>
  (network: string, photo: string, seed: number, score: number): Judged => ({
    network,
    photo,
    seed,
    scores: { [judge]: score },
  });
const judged = judgedBy('vgg19-conv3');

describe('figures over seeds and photos', () => {
  it('have a mean and a standard deviation', () => {
    expect(spreadOf([1, 2, 3])).toEqual({ mean: 2, deviation: 1 });
    expect(spreadOf([5])).toEqual({ mean: 5, deviation: 0 });
  });

  it('are geometric means over photos, seed by seed', () => {
    const rows = [
      judged('a', 'x', 1, 2),
      judged('a', 'y', 1, 8),
      judged('a', 'x', 2, 3),
      judged('a', 'y', 2, 12),
    ];
    expect(geometricMean([2, 8])).toBeCloseTo(4);
    // 4 and 6: their mean is 5, their standard deviation the root of 2.
    expect(overPhotos(rows, 'vgg19-conv3')?.mean).toBeCloseTo(5);
    expect(overPhotos(rows, 'vgg19-conv3')?.deviation).toBeCloseTo(Math.SQRT2);
    expect(overSeeds(rows.slice(0, 2), 'vgg19-conv3')?.mean).toBeCloseTo(5);
  });

  it('are absent where the judge is', () => {
    expect(overSeeds([judged('a', 'x', 1, 2)], 'vgg19-16x')).toBeNull();
    expect(overPhotos([judged('a', 'x', 1, 2)], 'vgg19-16x')).toBeNull();
  });
});

describe('the ratio of two networks', () => {
  const pair = { judge: 'vgg19-conv3', network: 'a', against: 'b' } as const;

  it('counts the photos and seeds that both have', () => {
    const rows = [
      ...[judged('a', 'x', 1, 1), judged('b', 'x', 1, 2)],
      ...[judged('a', 'x', 2, 1), judged('b', 'x', 2, 8)],
      ...[judged('a', 'y', 1, 100), judged('b', 'z', 1, 1), judged('b', 'x', 3, 1)],
    ];
    const ratio = ratioOf(rows, pair);
    // Halves and eighths: the geometric mean is a quarter.
    expect(ratio?.ratio).toBeCloseTo(1 / 4);
    expect([ratio?.least, ratio?.most]).toEqual([0.125, 0.5].map((value) => expect.closeTo(value)));
  });

  it('is absent where nothing can be compared', () => {
    expect(ratioOf([judged('a', 'x', 1, 1)], pair)).toBeNull();
  });
});

describe('what pocket shall keep', () => {
  const scene = (pocket: number): readonly Judged[] => [
    judged('pocket', 'x', 1, pocket),
    judged('random', 'x', 1, 0.9),
    judged('pocket-v0', 'x', 1, 0.4),
  ];

  it('is held, missed, or not measured', () => {
    const verdicts = (pocket: number) =>
      claimLines(scene(pocket), []).map((line) => line.match(/held$|MISSED$|not measured$/)?.[0]);
    expect(verdicts(0.27)).toEqual(['held', 'held', 'not measured']);
    expect(verdicts(0.29)).toEqual(['held', 'MISSED', 'not measured']);
    expect(verdicts(0.31)).toEqual(['MISSED', 'MISSED', 'not measured']);
  });

  it('says what it comes to on photos that nothing was trained on', () => {
    expect(claimLines(scene(0.27), scene(0.27))[0]).toMatch(
      /0\.300 \(.*held out 0\.300\), at most 0\.333: held/,
    );
  });
});

/** The same pixels in another order: equal colours, other patches. */
const shuffled = ({ width, height, data }: Picture): Picture => {
  const random = createRandom(5);
  const pixels = width * height;
  const order = Array.from({ length: pixels }, (_, index) => ({ index, key: random.uniform() }))
    .toSorted((a, b) => a.key - b.key)
    .map(({ index }) => index);
  const picture = createPicture(width, height);
  for (let plane = 0; plane < 3; plane++) {
    order.forEach((from, to) => {
      picture.data[plane * pixels + to] = data[plane * pixels + from]!;
    });
  }
  return picture;
};

describe('the judges', () => {
  const picture = wavyPicture(64, 48, 3);

  it('find no distance between equal pictures', () => {
    expect(colourDistance(picture, picture)).toBe(0);
    expect(patchDistance(patchStatistics(picture), patchStatistics(picture))).toBe(0);
  });

  it('see a Gram matrix that is three times too large as a relative distance of four', () => {
    const gram = (factor: number) => [
      { channels: 2, gram: new Float32Array([1, 0.5, 0.5, 2]).map((value) => value * factor), norm: 0 },
      { channels: 1, gram: new Float32Array([7e3 * factor]), norm: 0 },
    ];
    expect(gramDistance(gram(3), gram(1))).toBe(4);
    expect(gramDistance(gram(1), gram(1))).toBe(0);
  });

  it('see other colours', () => {
    const grey = flatPicture(64, 48, 0.5);
    const paler = { ...picture, data: picture.data.map((value) => value + 0.05) };
    expect(colourDistance(mirrored(picture), picture)).toBeLessThan(1e-12);
    expect(colourDistance(paler, picture)).toBeGreaterThan(0.01);
    // All of the covariance is missing, and nearly nothing of the mean.
    expect(colourDistance(grey, picture)).toBeGreaterThan(0.9);
  });

  it('see that the pixels are the same and their order is not', async () => {
    const { reference } = await openQualityPhoto('pebbles', 64);
    const wanted = patchStatistics(reference);
    expect(colourDistance(shuffled(reference), reference)).toBeLessThan(1e-12);
    const near = patchDistance(patchStatistics(mirrored(reference)), wanted);
    const far = patchDistance(patchStatistics(shuffled(reference)), wanted);
    expect(near).toBeGreaterThan(0);
    expect(far).toBeGreaterThan(2 * near);
  });
});
