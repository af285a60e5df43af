/**
 * Poolings look at fixed blocks of pixels, so that a picture optimised at one place grows a grid of their
 * size. Looking at it from another offset in every step leaves nothing for a grid to hold on to (gramzoom
 * rolled the picture for the same reason; a roll would put the border into the middle).
 */
import { createPicture, type Picture } from '../../domain/picture.ts';

export type Offset = { readonly x: number; readonly y: number };

/** Where pixel `i` of the shifted picture comes from: what lies beyond the border is mirrored. */
const source = (i: number, offset: number, size: number): number => {
  const at = i + offset;
  return at < size ? at : 2 * size - 2 - at;
};

/** The picture seen from an offset (whole pixels, less than its sides); its far border is mirrored in. */
export const shift = (picture: Picture, offset: Offset): Picture => {
  const { width, height } = picture;
  const output = createPicture(width, height);
  for (let plane = 0; plane < 3; plane++) {
    for (let y = 0; y < height; y++) {
      const from = (plane * height + source(y, offset.y, height)) * width;
      const to = (plane * height + y) * width;
      for (let x = 0; x < width; x++) output.data[to + x] = picture.data[from + source(x, offset.x, width)]!;
    }
  }
  return output;
};

/** The gradient of `shift`: what a mirrored pixel received goes to the pixel that it was made of. */
export const unshift = (gradient: Picture, offset: Offset): Picture => {
  const { width, height } = gradient;
  const output = createPicture(width, height);
  for (let plane = 0; plane < 3; plane++) {
    for (let y = 0; y < height; y++) {
      const to = (plane * height + source(y, offset.y, height)) * width;
      const from = (plane * height + y) * width;
      for (let x = 0; x < width; x++)
        output.data[to + source(x, offset.x, width)]! += gradient.data[from + x]!;
    }
  }
  return output;
};
