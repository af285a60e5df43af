import { createPicture, type Picture } from '../../src/domain/picture.ts';
import { createRandom } from '../../src/domain/random.ts';

/** Coloured waves under a little noise, all of it decided by the seed; values within 0..1. */
export const wavyPicture = (width: number, height: number, seed: number): Picture => {
  const random = createRandom(seed);
  const picture = createPicture(width, height);
  for (let plane = 0; plane < 3; plane++) {
    const base = 0.3 + 0.4 * random.uniform();
    const waves = Array.from({ length: 3 }, () => ({
      across: 1.5 * random.normal(),
      down: 1.5 * random.normal(),
      phase: 6.28 * random.uniform(),
    }));
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        let value = base + 0.05 * random.normal();
        for (const { across, down, phase } of waves) value += 0.12 * Math.sin(across * x + down * y + phase);
        picture.data[(plane * height + y) * width + x] = Math.min(1, Math.max(0, value));
      }
    }
  }
  return picture;
};

/** The same value everywhere. */
export const flatPicture = (width: number, height: number, value: number): Picture => {
  const picture = createPicture(width, height);
  picture.data.fill(value);
  return picture;
};

/** Two pictures of one height, side by side. */
export const beside = (left: Picture, right: Picture): Picture => {
  const picture = createPicture(left.width + right.width, left.height);
  for (let row = 0; row < 3 * left.height; row++) {
    let at = row * picture.width;
    for (const { width, data } of [left, right]) {
      picture.data.set(data.subarray(row * width, (row + 1) * width), at);
      at += width;
    }
  }
  return picture;
};
