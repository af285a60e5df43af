import type { RgbImage, Size } from '../domain/picture.ts';
import { openImage } from './resize.ts';

/** Previews are posted again and again while a film is made, so they stay small. */
export const maxPreviewBytes = 200_000;

const qualities = [82, 65, 45, 25];

/**
 * A look at a picture as a JPEG below `maxPreviewBytes`, at the worse quality and in the end the smaller size
 * that this takes.
 * @param sides the size at which it is shown where that is possible: its own, if nothing else is said
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
