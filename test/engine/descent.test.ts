import { describe, expect, it } from 'vitest';
import { createPicture, type Picture } from '../../src/domain/picture.ts';
import { createRandom } from '../../src/domain/random.ts';
import { type Contrast, contrastOf, noiseLike } from '../../src/engine/synthesis/contrast.ts';
import {
  createPreconditioner,
  type Descent,
  descend,
  initDescent,
  noSecondMoments,
} from '../../src/engine/synthesis/descent.ts';
import { flatPicture, wavyPicture } from '../support/test-pictures.ts';

const size = { width: 32, height: 32 };
const pixels = size.width * size.height;

/** Population covariance, 3 x 3. */
const covarianceOf = ({ data, width, height }: Picture): readonly number[] => {
  const planes = [0, 1, 2].map((plane) =>
    data.subarray(plane * width * height, (plane + 1) * width * height),
  );
  const means = planes.map((plane) => plane.reduce((sum, value) => sum + value, 0) / plane.length);
  return planes.flatMap((a, i) =>
    planes.map(
      (b, j) => a.reduce((sum, value, at) => sum + (value - means[i]!) * (b[at]! - means[j]!), 0) / a.length,
    ),
  );
};

const contrastOfPhoto = (photo: Picture): Contrast => contrastOf(photo, covarianceOf(photo));

/** A photo whose red is strong, and whose green and blue are weak and of their own. */
const reddish = (): Picture => {
  const random = createRandom(4);
  const photo = createPicture(size.width, size.height);
  const [red, rest] = [0.2, 0.01];
  for (let i = 0; i < photo.data.length; i++) {
    photo.data[i] = 0.5 + (i < pixels ? red : rest) * random.normal();
  }
  return photo;
};

const noise = (seed: number, scales: readonly [number, number, number] = [1, 1, 1]): Float32Array => {
  const random = createRandom(seed);
  return Float32Array.from(
    { length: 3 * pixels },
    (_, i) => scales[Math.floor(i / pixels)]! * random.normal(),
  );
};

const deviation = (values: Float32Array): number =>
  Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / values.length);

const planeOf = (data: Float32Array, plane: number): Float32Array =>
  data.subarray(plane * pixels, (plane + 1) * pixels);

const dot = (a: Float32Array, b: Float32Array): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0);

const how = { beta2: 0.9 };

describe('the contrast of a photo', () => {
  it('says how strong each band is along each of its own colours', () => {
    const { deviations } = contrastOfPhoto(reddish());
    const [strong, ...weak] = deviations.map((bands) => bands[0]!).sort((a, b) => b - a);
    // White noise keeps about nine tenths of its deviation in its finest octave.
    expect(strong! / 0.2).toBeGreaterThan(0.8);
    expect(strong! / 0.2).toBeLessThan(1);
    // No colour is left without: a tenth of the strongest.
    for (const value of weak) expect(value).toBeCloseTo(strong! / 10, 6);
  });

  it('is small for one colour, and 0 nowhere', () => {
    const { deviations } = contrastOfPhoto(flatPicture(32, 32, 0.3));
    for (const value of deviations.flat()) expect(value).toBe(1e-3);
  });

  it('takes the mean to be as far off as that of so many values is by chance', () => {
    const { deviations } = contrastOfPhoto(reddish());
    // 32 px halve four times: the rest has 2 x 2 values.
    const strongest = deviations.toSorted((a, b) => b[0]! - a[0]!)[0]!;
    expect(strongest.at(-1)).toBeCloseTo(strongest.at(-2)! / 2, 10);
  });
});

describe('noise like a photo', () => {
  it('has its mean colour and its contrast', () => {
    const photo = wavyPicture(32, 32, 3);
    const contrast = contrastOfPhoto(photo);
    const drawn = noiseLike(contrast, [0.2, 0.5, 0.7], { ...size, random: createRandom(1) });
    for (const [plane, mean] of [0.2, 0.5, 0.7].entries()) {
      const values = planeOf(drawn.data, plane);
      expect(values.reduce((sum, value) => sum + value, 0) / pixels).toBeCloseTo(mean, 5);
    }
    const found = contrastOf(drawn, covarianceOf(photo));
    for (const [axis, bands] of contrast.deviations.entries()) {
      for (const [band, wanted] of bands.slice(0, -2).entries()) {
        // Bands overlap: each is measured without what it shares with its neighbours, and with something of theirs.
        expect(found.deviations[axis]![band]! / wanted).toBeGreaterThan(0.5);
        expect(found.deviations[axis]![band]! / wanted).toBeLessThan(1.6);
      }
    }
  });

  it('is the same for the same seed and another for another', () => {
    const contrast = contrastOfPhoto(wavyPicture(32, 32, 3));
    const draw = (seed: number) =>
      noiseLike(contrast, [0.5, 0.5, 0.5], { ...size, random: createRandom(seed) });
    expect(draw(1)).toEqual(draw(1));
    expect(draw(2)).not.toEqual(draw(1));
  });
});

describe('precondition', () => {
  /** Red is ten times as strong as the rest; four octaves, what is left of them, and a mean. */
  const contrast: Contrast = {
    axes: Float64Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1),
    deviations: [0.2, 0.02, 0.02].map((value) =>
      [1, 0.5, 0.25, 0.1, 0.05, 0.01].map((share) => share * value),
    ),
  };

  it('gives every colour a direction as strong as the photo is there, whatever rules the gradient', () => {
    const direction = noise(5, [1e-6, 1, 1e-3]);
    createPreconditioner(size, contrast)(direction, noSecondMoments, how);
    const [red, green, blue] = [0, 1, 2].map((plane) => deviation(planeOf(direction, plane))) as [
      number,
      number,
      number,
    ];
    expect(red).toBeGreaterThan(0.2);
    expect(red).toBeLessThan(0.3);
    // Noise of another seed has other strengths in its coarse bands.
    expect(red / green).toBeCloseTo(10, 0);
    expect(red / blue).toBeCloseTo(10, 0);
  });

  it('gives every octave its due where one of them is most of the gradient', () => {
    const coarse = (i: number): number => 100 * Math.sin((2 * Math.PI * (i % size.width)) / 32);
    const gradient = noise(6).map((value, i) => value + coarse(i));
    const direction = gradient.slice();
    createPreconditioner(size, contrast)(direction, noSecondMoments, how);
    const roughness = (data: Float32Array): number =>
      deviation(data.map((value, i) => value - (data[i - 1] ?? 0))) / deviation(data);
    // Rough as noise is, not smooth as the wave.
    expect(roughness(planeOf(gradient, 0))).toBeLessThan(0.3);
    expect(roughness(planeOf(direction, 0))).toBeGreaterThan(1);
  });

  it.each([1, 2, 3])('never turns a gradient around: noise %i', (seed) => {
    const gradient = noise(seed, [1, 10, 0.1]);
    const direction = gradient.slice();
    createPreconditioner(size, contrast)(direction, noSecondMoments, how);
    expect(dot(direction, gradient)).toBeGreaterThan(0);
  });

  it('takes the same direction whatever the gradient is scaled by', () => {
    const steer = createPreconditioner(size, contrast);
    const [plain, small] = [noise(7), noise(7).map((value) => 1e-7 * value)];
    steer(plain, noSecondMoments, how);
    steer(small, noSecondMoments, how);
    for (let i = 0; i < plain.length; i++) expect(small[i]).toBeCloseTo(plain[i]!, 4);
  });

  it('measures a gradient against the ones before it', () => {
    const steer = createPreconditioner(size, contrast);
    let secondMoments = noSecondMoments;
    for (let step = 0; step < 30; step++) secondMoments = steer(noise(8), secondMoments, how);
    const usual = noise(8);
    secondMoments = steer(usual, secondMoments, how);
    const twice = noise(8).map((value) => 2 * value);
    const after = steer(twice, secondMoments, how);
    // Of all mean squares, weighted by their age, the last is four times the others.
    const mean = (1 - 0.9 ** 32 + 3 * 0.1) / (1 - 0.9 ** 32);
    expect(deviation(twice) / deviation(usual)).toBeCloseTo(2 / Math.sqrt(mean), 4);
    expect(after.weight).toBeCloseTo(1 - 0.9 ** 32, 10);
  });

  it('goes nowhere without a gradient', () => {
    const direction = new Float32Array(3 * pixels);
    createPreconditioner(size, contrast)(direction, noSecondMoments, how);
    expect(direction).toEqual(new Float32Array(3 * pixels));
  });

  it('remembers nothing but the secondMoments: they decide the next direction', () => {
    const [used, fresh] = [createPreconditioner(size, contrast), createPreconditioner(size, contrast)];
    const secondMoments = used(noise(1), noSecondMoments, how);
    const [a, b] = [noise(2), noise(2)];
    expect(used(a, secondMoments, how)).toEqual(fresh(b, secondMoments, how));
    expect(a).toEqual(b);
  });
});

describe('a step', () => {
  const options = { rate: 0.1, beta1: 0.8 };
  const take = (
    state: Descent,
    direction: Float32Array,
    values = new Float32Array(direction.length).fill(0.5),
  ) => ({
    values,
    state: descend(values, { direction, state }, options),
  });

  it('goes by the rate against the direction at first', () => {
    const { values, state } = take(initDescent(2), Float32Array.of(1, -2));
    expect(values[0]).toBeCloseTo(0.4, 6);
    expect(values[1]).toBeCloseTo(0.7, 6);
    expect(state.momentumWeight).toBeCloseTo(0.2, 10);
  });

  it('agrees with a plain loop in double precision over many steps', () => {
    const random = createRandom(3);
    let state = initDescent(4);
    const values = new Float32Array(4).fill(0.5);
    const [expected, momentum] = [
      [0.5, 0.5, 0.5, 0.5],
      [0, 0, 0, 0],
    ];
    for (let step = 1; step <= 20; step++) {
      const direction = Float32Array.from({ length: 4 }, () => 0.1 * random.normal());
      ({ state } = take(state, direction, values));
      for (const [i, slope] of direction.entries()) {
        momentum[i] = 0.8 * momentum[i]! + 0.2 * slope;
        expected[i]! -= (0.1 * momentum[i]!) / (1 - 0.8 ** step);
        // Float32 values, a rounding per step.
        expect(values[i]).toBeCloseTo(expected[i]!, 5);
      }
    }
  });

  it('keeps values from 0 to 1, and the direction as it is', () => {
    const direction = Float32Array.of(10, -20);
    const { values } = take(initDescent(2), direction, Float32Array.of(0.05, 0.95));
    expect(values).toEqual(Float32Array.of(0, 1));
    expect(direction).toEqual(Float32Array.of(10, -20));
  });

  it('goes on in the array of the state it was given, and leaves the secondMoments alone', () => {
    const before = { ...initDescent(1), secondMoments: { values: [1], weight: 0.5 } };
    const { state } = take(before, Float32Array.of(1));
    expect(state.momentum).toBe(before.momentum);
    expect(state.secondMoments).toEqual(before.secondMoments);
  });
});
