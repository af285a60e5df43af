import { fromRgbImage, type RgbImage, toRgbImage } from '../src/domain/picture.ts';
import { resample } from '../src/engine/synthesis/resample.ts';

const gap = 6;
const paper = 235;

/** Scaled to fit into a square; never enlarged. */
const fitted = (image: RgbImage, side: number): RgbImage => {
  const scale = side / Math.max(image.width, image.height);
  if (scale >= 1) return image;
  const [width, height] = [image.width, image.height].map((length) => Math.round(length * scale));
  return toRgbImage(resample(fromRgbImage(image), { width: width!, height: height!, kernel: 'bicubic' }));
};

/**
 * Rows of pictures side by side, each in the middle of a square of `side` px; null leaves its place empty.
 */
export const contactSheet = (
  rows: readonly (readonly (RgbImage | null)[])[],
  { side }: { readonly side: number },
): RgbImage => {
  const columns = Math.max(...rows.map((row) => row.length));
  const [width, height] = [columns, rows.length].map((count) => count * (side + gap) + gap) as [
    number,
    number,
  ];
  const data = new Uint8Array(3 * width * height).fill(paper);
  rows.forEach((row, down) => {
    row.forEach((image, across) => {
      if (!image) return;
      const tile = fitted(image, side);
      const left = gap + across * (side + gap) + ((side - tile.width) >> 1);
      const top = gap + down * (side + gap) + ((side - tile.height) >> 1);
      for (let y = 0; y < tile.height; y++) {
        const from = 3 * y * tile.width;
        data.set(tile.data.subarray(from, from + 3 * tile.width), 3 * ((top + y) * width + left));
      }
    });
  });
  return { width, height, data };
};
