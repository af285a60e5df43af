import { describe, expect, it } from 'vitest';
import { createPicture, type Picture } from '../../src/domain/picture.ts';
import { createRandom } from '../../src/domain/random.ts';
import { createColourTransfer } from '../../src/engine/synthesis/colour-transfer.ts';
import { flatPicture, wavyPicture } from '../support/test-pictures.ts';

type Colour = readonly [number, number, number];

const square = (side: number) => ({ width: side, height: side });

/** Tiles of so many pixels, of colours in turn. */
const tiled = (side: number, tile: number, colours: readonly Colour[]): Picture => {
  const picture = createPicture(side, side);
  for (let i = 0; i < picture.data.length; i++) {
    const [x, y] = [i % side, Math.floor(i / side) % side];
    const place = Math.floor(x / tile) + (side / tile) * Math.floor(y / tile);
    picture.data[i] = colours[place % colours.length]![Math.floor(i / side ** 2)]!;
  }
  return picture;
};

/** The picture after some rounds, each a share of the way. */
const moved = (picture: Picture, photo: Picture, { share, rounds }: { share: number; rounds: number }) => {
  const transfer = createColourTransfer(photo, picture);
  const result = { ...picture, data: picture.data.slice() };
  for (let round = 0; round < rounds; round++) {
    const direction = new Float32Array(result.data.length);
    transfer(result, direction, share);
    for (let i = 0; i < direction.length; i++) result.data[i]! -= direction[i]!;
  }
  return result;
};

const colourAt = ({ data, width, height }: Picture, x: number, y: number): Colour => {
  const at = (plane: number): number => data[(plane * height + y) * width + x]!;
  return [at(0), at(1), at(2)];
};

const apart = (a: Colour, b: Colour): number => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);

const red: Colour = [0.8, 0.2, 0.1];
const black: Colour = [0.05, 0, 0];
const green: Colour = [0.1, 0.5, 0.3];

describe('the transfer of colours', () => {
  it('leaves a picture that has the colours of the photo, wherever they are', () => {
    const photo = wavyPicture(64, 64, 1);
    // Blocks are of 2 pixels: the same blocks at other places.
    const mirrored = createPicture(64, 64);
    for (let i = 0; i < photo.data.length; i++) mirrored.data[i] = photo.data[i - (i % 64) + 63 - (i % 64)]!;
    const direction = new Float32Array(photo.data.length);
    createColourTransfer(photo, mirrored)(mirrored, direction, 1);
    // Sorting tells values apart to 2^-24, float32 to as much.
    expect(Math.max(...direction.map(Math.abs))).toBeLessThan(1e-6);
  });

  it('takes a flat picture to another colour in one round', () => {
    const result = moved(flatPicture(64, 64, 0.2), tiled(64, 64, [red]), { share: 1, rounds: 1 });
    for (const [x, y] of [
      [0, 0],
      [31, 17],
      [63, 63],
    ] as const) {
      expect(apart(colourAt(result, x, y), red)).toBeLessThan(1e-6);
    }
  });

  it('goes the share of the way that is asked for, and adds to what the direction has', () => {
    const photo = tiled(64, 64, [[0.6, 0.6, 0.6]]);
    const direction = new Float32Array(3 * 64 * 64).fill(1);
    createColourTransfer(photo, square(64))(flatPicture(64, 64, 0.2), direction, 0.25);
    for (const value of direction) expect(value).toBeCloseTo(1 - 0.25 * 0.4, 6);
  });

  it('turns a colour that the photo has not into one that it has', () => {
    const photo = tiled(64, 16, [red, black, red]);
    const wrong = tiled(64, 16, [red, green, red]);
    const result = moved(wrong, photo, { share: 0.3, rounds: 30 });
    const middles = [8, 24, 40, 56].flatMap((y) => [8, 24, 40, 56].map((x) => [x, y] as const));
    let blacks = 0;
    for (const [x, y] of middles) {
      const colour = colourAt(result, x, y);
      expect(Math.min(apart(colour, red), apart(colour, black))).toBeLessThan(0.1);
      if (apart(colour, black) < 0.1) blacks++;
    }
    // 5 of the 16 tiles are to be black, and it is those that were green.
    expect(blacks).toBe(5);
    expect(apart(colourAt(result, 24, 8), black)).toBeLessThan(0.1);
  });

  it.each([
    ['another shape', 96, 32],
    ['sides that blocks do not divide', 208, 112],
  ])('has no seams, and no pixel without a share, at %s', (_, width, height) => {
    const direction = new Float32Array(3 * width * height);
    createColourTransfer(tiled(64, 64, [red]), { width, height })(
      flatPicture(width, height, 0.4),
      direction,
      1,
    );
    for (const [plane, goal] of red.entries()) {
      const values = direction.subarray(plane * width * height, (plane + 1) * width * height);
      for (const value of values) expect(Math.abs(value - (0.4 - goal))).toBeLessThan(1e-6);
    }
  });

  it('moves whole areas and leaves what is finer than they are', () => {
    const random = createRandom(3);
    const grained = flatPicture(256, 256, 0.3);
    for (let i = 0; i < grained.data.length; i++) grained.data[i]! += 0.05 * random.normal();
    const direction = new Float32Array(grained.data.length);
    createColourTransfer(flatPicture(256, 256, 0.5), grained)(grained, direction, 1);
    const roughness = (data: Float32Array): number =>
      Math.sqrt(data.reduce((sum, value, i) => sum + (value - (data[i - 1] ?? value)) ** 2, 0) / data.length);
    expect(roughness(direction)).toBeLessThan(0.1 * roughness(grained.data));
    expect(direction.reduce((sum, value) => sum + value, 0) / direction.length).toBeCloseTo(-0.2, 3);
  });
});
