import { createPicture, type Picture } from '../../domain/picture.ts';
import { clampPicture, resample } from './resample.ts';

/** A photo is never enlarged more than this: what it does not hold cannot be matched. */
const maxEnlargement = 2;

/** Repeats a picture by mirroring it at its borders until both sides are as long as wanted. */
const mirrorTo = (picture: Picture, width: number, height: number): Picture => {
  const mirrored = (position: number, size: number): number => {
    const phase = position % (2 * size);
    return phase < size ? phase : 2 * size - 1 - phase;
  };
  const output = createPicture(width, height);
  for (let plane = 0; plane < 3; plane++) {
    for (let y = 0; y < height; y++) {
      const row = plane * picture.width * picture.height + mirrored(y, picture.height) * picture.width;
      for (let x = 0; x < width; x++) {
        output.data[(plane * height + y) * width + x] = picture.data[row + mirrored(x, picture.width)]!;
      }
    }
  }
  return output;
};

/**
 * The photo as it is measured for a picture of `side` x `side`: the whole of it, scaled to the same area with
 * sides that are multiples of `multiple`. Photos whose sides are then shorter than `least` (icons, slivers) are mirrored.
 */
export const photoLevel = (
  photo: Picture,
  side: number,
  { multiple, least = 2 * multiple }: { readonly multiple: number; readonly least?: number },
): Picture => {
  const scale = Math.min(maxEnlargement, Math.sqrt((side * side) / (photo.width * photo.height)));
  const exact = [photo.width, photo.height].map((length) => Math.max(1, Math.round(length * scale)));
  const [width, height] = exact.map((length) =>
    length < least ? length : Math.round(length / multiple) * multiple,
  ) as [number, number];
  const fitted = clampPicture(resample(photo, { width, height, kernel: 'bicubic' }));
  if (width >= least && height >= least) return fitted;
  return mirrorTo(fitted, Math.max(least, width), Math.max(least, height));
};
