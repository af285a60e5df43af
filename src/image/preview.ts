import type { RgbImage, Size } from '../domain/picture.ts';
import { openImage } from './resize.ts';

/** Previews are posted again and again while a film is made, so they stay small. */
export const maxPreviewBytes = 200_000;

const qualities = [82, 65, 45, 25];

/**
 * A look at a picture as a JPEG below `maxPreviewBytes`, at the worse quality and in the end the smaller size
 * that this takes.
 * @param sides the size at which it is shown where that is possible: its own, by default
 */
export const encodePreviewJpeg = async (image: RgbImage, sides: Size = image): Promise<Uint8Array> => {
  for (let halvings = 0; ; halvings++) {
    const width = Math.max(1, sides.width >> halvings);
    const height = Math.max(1, sides.height >> halvings);
    for (const quality of qualities) {
      const jpeg = await openImage(image).resize(width, height, { fit: 'fill' }).jpeg({ quality }).toBuffer();
      if (jpeg.length < maxPreviewBytes) return new Uint8Array(jpeg);
    }
  }
};

/** Good enough that nobody sees the difference beside the photo. */
const photoQuality = 82;

/**
 * A photo as it is shown in a chat: a WebP of its pixels alone.
 * @param within the box that it fits in; it is never scaled up
 */
export const encodePhotoPreview = async (
  image: RgbImage,
  within: Size,
): Promise<Size & { readonly file: Uint8Array }> => {
  const { data, info } = await openImage(image)
    .resize(within.width, within.height, { fit: 'inside', withoutEnlargement: true })
    .webp({ quality: photoQuality })
    .toBuffer({ resolveWithObject: true });
  return { file: new Uint8Array(data), width: info.width, height: info.height };
};
