import type { RgbImage, Size } from '../domain/picture.ts';
import { sharp } from './sharp.ts';

/** An uncompressed picture as sharp takes it, without a copy. */
export const openImage = ({ width, height, data }: RgbImage) =>
  sharp(data, { raw: { width, height, channels: 3 }, limitInputPixels: false });

/** How pictures are scaled. */
export const lanczos = { fit: 'fill', kernel: 'lanczos3' } as const;

const even = (side: number): number => Math.max(2, 2 * Math.round(side / 2));

/** Sides for a longer side of `size` pixels, even as video wants them; as they are where nothing changes. */
export const sidesFor = ({ width, height }: Size, size: number): Size => {
  const scale = size / Math.max(width, height);
  return scale === 1 ? { width, height } : { width: even(width * scale), height: even(height * scale) };
};

/** Scales a picture by Lanczos until its longer side has `size` pixels. */
export const scaleTo = (image: RgbImage, size: number): Promise<RgbImage> =>
  scale(image, sidesFor(image, size));

/** Scales a picture by Lanczos to exactly these sides. */
export const scale = async (image: RgbImage, { width, height }: Size): Promise<RgbImage> => {
  if (width === image.width && height === image.height) return image;
  const data = await openImage(image).resize(width, height, lanczos).raw().toBuffer();
  return { width, height, data: new Uint8Array(data.buffer, data.byteOffset, data.length) };
};
