import { describe, expect, it } from 'vitest';
import { createPicture, type Picture } from '../../src/domain/picture.ts';
import { createRandom } from '../../src/domain/random.ts';
import { angleBetween, turned } from '../support/slerps.ts';
import { flatPicture, wavyPicture } from '../support/test-pictures.ts';

const side = 32;
const pixels = side * side;

/** A value for each pixel; planes have mean colours of their own. */
const drawn = (
  [red, green, blue]: readonly [number, number, number],
  pattern: (x: number, y: number) => number,
): Picture => {
  const picture = createPicture(side, side);
  for (const [plane, mean] of [red, green, blue].entries()) {
    for (let i = 0; i < pixels; i++) {
      picture.data[plane * pixels + i] = mean + pattern(i % side, Math.floor(i / side));
    }
  }
  return picture;
};

/** Two patterns of one contrast that have nothing in common, exactly. */
const columns = (x: number): number => (x % 2 ? 1 : -1);
const rows = (_: number, y: number): number => (y % 2 ? 1 : -1);

const grey = [0.5, 0.5, 0.5] as const;
const across = (contrast: number, mean: readonly [number, number, number] = grey): Picture =>
  drawn(mean, (x) => contrast * columns(x));

/** `across`, turned by an angle, in radians, towards the rows. */
const atAngle = (angle: number, contrast: number, mean: readonly [number, number, number] = grey): Picture =>
  drawn(mean, (x, y) => contrast * (Math.cos(angle) * columns(x) + Math.sin(angle) * rows(x, y)));

/** A texture that no clamping touches. */
const noise = (seed: number, contrast: number, mean: readonly [number, number, number] = grey): Picture => {
  const random = createRandom(seed);
  return drawn(mean, () => contrast * Math.max(-3, Math.min(3, random.normal())));
};

const negative = ({ width, height, data }: Picture): Picture => ({
  width,
  height,
  data: data.map((value) => 1 - value),
});

const meansOf = ({ data }: Picture): readonly number[] =>
  [0, 1, 2].map(
    (plane) =>
      data.subarray(plane * pixels, (plane + 1) * pixels).reduce((sum, value) => sum + value, 0) / pixels,
  );

/** Standard deviation about the mean colours. */
const contrastOf = (picture: Picture): number => {
  const means = meansOf(picture);
  const squares = picture.data.reduce(
    (sum, value, i) => sum + (value - means[Math.floor(i / pixels)]!) ** 2,
    0,
  );
  return Math.sqrt(squares / picture.data.length);
};

const distance = (a: Picture, b: Picture): number =>
  Math.max(...a.data.map((value, i) => Math.abs(value - b.data[i]!)));

/** Pictures are float32: seven digits, of which sums of large shares take one. */
const rounding = 1e-6;

describe('the angle between two pictures', () => {
  it('is nothing between equal ones, whatever their mean colours and contrast', () => {
    const texture = noise(1, 0.1);
    expect(angleBetween(texture, texture)).toBeCloseTo(0, 6);
    // A cosine that float32 leaves at 1 - 1e-14 is an angle of 1e-7.
    expect(angleBetween(texture, noise(1, 0.05, [0.2, 0.6, 0.7]))).toBeCloseTo(0, 5);
  });

  it('is a right one between those that have nothing in common', () => {
    expect(angleBetween(across(0.1), atAngle(Math.PI / 2, 0.3))).toBeCloseTo(Math.PI / 2, 6);
    // Two noises of so many values have a cosine of about 1 / sqrt(3072 values) = 0.02.
    expect(Math.abs(angleBetween(noise(1, 0.1), noise(2, 0.1)) - Math.PI / 2)).toBeLessThan(0.1);
  });

  it.each([0.2, 1, 2, 2.8])('is what they were made with: %f', (angle) => {
    const [a, b] = [across(0.1, [0.3, 0.5, 0.6]), atAngle(angle, 0.2)];
    expect(angleBetween(a, b)).toBeCloseTo(angle, 5);
    expect(angleBetween(b, a)).toBeCloseTo(angle, 5);
  });

  it('is nearly a straight one between opposites', () => {
    const angle = angleBetween(noise(1, 0.1), negative(noise(1, 0.1)));
    expect(angle).toBeGreaterThan(2.9);
    expect(angle).toBeLessThan(Math.PI);
  });

  it('is nothing where a picture has no contrast', () => {
    const flat = flatPicture(side, side, 0.3);
    expect(angleBetween(flat, noise(1, 0.1))).toBe(0);
    expect(angleBetween(noise(1, 0.1), flat)).toBe(0);
    expect(angleBetween(flat, flatPicture(side, side, 0.9))).toBe(0);
  });
});

describe('turning one picture into another', () => {
  it.each<[string, Picture, Picture]>([
    ['unrelated', wavyPicture(side, side, 1), wavyPicture(side, side, 2)],
    ['equal', wavyPicture(side, side, 1), wavyPicture(side, side, 1)],
    ['nearly equal', across(0.1), atAngle(5e-4, 0.11)],
    ['of other colours and contrast', noise(1, 0.05, [0.2, 0.6, 0.7]), noise(2, 0.15)],
    ['opposite', noise(1, 0.1), negative(noise(1, 0.1))],
    ['one of them flat', flatPicture(side, side, 0.2), noise(1, 0.1)],
    ['the other one flat', noise(1, 0.1), flatPicture(side, side, 0.2)],
    ['black and white', flatPicture(side, side, 0), flatPicture(side, side, 1)],
  ])('gives the one by 0 and the other by 1: %s', (_, a, b) => {
    expect(distance(turned(a, b, 0), a)).toBeLessThan(rounding);
    expect(distance(turned(a, b, 1), b)).toBeLessThan(rounding);
  });

  it.each([-0.5, 0.1, 0.25, 0.5, 0.9])('goes along the arc, colour and contrast in step: by %f', (share) => {
    const angle = 1.2;
    const a = across(0.1, [0.3, 0.5, 0.6]);
    const b = atAngle(angle, 0.15, [0.5, 0.4, 0.6]);
    const between = atAngle(share * angle, 0.1 + share * 0.05, [
      0.3 + share * 0.2,
      0.5 - share * 0.1,
      0.6,
    ] as const);
    expect(distance(turned(a, b, share), between)).toBeLessThan(rounding);
  });

  it('keeps the mean colours and the contrast of two unrelated textures, of which a mean loses 30 %', () => {
    const [a, b] = [noise(1, 0.1), noise(2, 0.1)];
    const half = turned(a, b, 0.5);
    const plain = { ...a, data: a.data.map((value, i) => (value + b.data[i]!) / 2) };
    // Noises have about the same contrast: to 1 / sqrt(2 x 3072 values), for each of the two.
    const usual = (contrastOf(a) + contrastOf(b)) / 2;
    expect(contrastOf(half) / usual).toBeCloseTo(1, 4);
    // Half of each: sqrt(1/2) of the contrast, but for what chance has in common.
    expect(contrastOf(plain) / usual).toBeGreaterThan(0.65);
    expect(contrastOf(plain) / usual).toBeLessThan(0.76);
    for (const [plane, mean] of meansOf(half).entries()) expect(mean).toBeCloseTo(meansOf(plain)[plane]!, 6);
  });

  it.each([0.1, 1 / 3, 0.5, 0.9])('leaves the rest of the angle: %f', (share) => {
    const [a, b] = [noise(1, 0.05, [0.4, 0.5, 0.6]), noise(2, 0.12)];
    const angle = angleBetween(a, b);
    const between = turned(a, b, share);
    expect(angleBetween(between, b)).toBeCloseTo((1 - share) * angle, 5);
    expect(angleBetween(between, a)).toBeCloseTo(share * angle, 5);
  });

  it('turns away by less than 0', () => {
    const [a, b] = [noise(1, 0.1), noise(2, 0.1)];
    const angle = angleBetween(a, b);
    const away = turned(a, b, -0.5);
    expect(angleBetween(away, b)).toBeCloseTo(1.5 * angle, 5);
    expect(angleBetween(away, a)).toBeCloseTo(0.5 * angle, 5);
  });

  it('never turns a picture inside out, however much more contrast the one has that it turns away from', () => {
    // By -0.5 its contrast goes half of its way, away from one ten times as large: below nothing.
    const away = turned(across(0.02), atAngle(1, 0.2), -0.5);
    expect(contrastOf(away)).toBeLessThan(rounding);
  });

  it('goes straight where a picture has no contrast', () => {
    const [flat, texture] = [flatPicture(side, side, 0.3), noise(1, 0.1)];
    for (const share of [0.25, 0.5]) {
      const straight = (a: Picture, b: Picture): Picture => ({
        ...a,
        data: a.data.map((value, i) => value + share * (b.data[i]! - value)),
      });
      expect(distance(turned(flat, texture, share), straight(flat, texture))).toBeLessThan(rounding);
      expect(distance(turned(texture, flat, share), straight(texture, flat))).toBeLessThan(rounding);
    }
    expect(meansOf(turned(flat, flatPicture(side, side, 0.7), 0.25))[0]).toBeCloseTo(0.4, 6);
  });

  it.each([3.0, 3.1, 3.14, Math.PI])('never adds contrast between pictures at an angle of %f', (angle) => {
    const [a, b] = [across(0.2), atAngle(angle, 0.2)];
    for (let share = -0.5; share <= 1; share += 0.125) {
      // Shares of either grow with 1 / sin(angle), by which rounding is multiplied.
      expect(contrastOf(turned(a, b, share))).toBeLessThan(0.2 + 20 * rounding);
    }
  });

  it('keeps every value within 0..1', () => {
    const [a, b] = [drawn(grey, (x) => 0.5 * columns(x)), drawn(grey, (x, y) => 0.5 * rows(x, y))];
    const { data } = turned(a, b, 0.5);
    // Half-way, peaks of both add up to 0.5 + 2 x 0.5 / sqrt(2).
    expect(Math.min(...data)).toBe(0);
    expect(Math.max(...data)).toBe(1);
  });

  it('leaves both pictures as they are', () => {
    const [a, b] = [wavyPicture(side, side, 1), wavyPicture(side, side, 2)];
    for (const share of [-0.5, 0, 0.5, 1]) {
      const result = turned(a, b, share);
      expect(result.data).not.toBe(a.data);
      result.data.fill(7);
    }
    expect(a).toEqual(wavyPicture(side, side, 1));
    expect(b).toEqual(wavyPicture(side, side, 2));
  });

  it('takes pictures that are not square', () => {
    const [a, b] = [wavyPicture(20, 12, 1), wavyPicture(20, 12, 2)];
    const half = turned(a, b, 0.5);
    expect([half.width, half.height]).toEqual([20, 12]);
    expect(distance(half, turned(b, a, 0.5))).toBeLessThan(rounding);
  });
});
