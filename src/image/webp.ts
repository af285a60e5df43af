import type { RgbImage } from '../domain/picture.ts';
import { sharp } from './sharp.ts';

/**
 * Writes an animated WebP that loops for ever.
 * @param frames at least one, all of one size
 * @param options.quality 0 to 100
 */
export const encodeWebp = async (
  frames: readonly RgbImage[],
  { quality, delayMs }: { readonly quality: number; readonly delayMs: number },
): Promise<Uint8Array<ArrayBuffer>> => {
  const { width, height } = frames[0]!;
  // libvips takes an animation as one tall picture.
  const strip = new Uint8Array(frames.length * width * height * 3);
  for (const [index, frame] of frames.entries()) strip.set(frame.data, index * width * height * 3);
  const encoded = await sharp(strip, {
    raw: { width, height: frames.length * height, channels: 3, pageHeight: height },
    limitInputPixels: false,
  })
    .webp({ quality, loop: 0, delay: frames.map(() => delayMs) })
    .toBuffer();
  return new Uint8Array(encoded);
};

/** The frames that a viewer shows. */
export const decodeWebp = async (bytes: Uint8Array): Promise<RgbImage[]> => {
  const { data, info } = await sharp(bytes, { pages: -1, limitInputPixels: false })
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { width } = info;
  const height = info.pageHeight ?? info.height;
  const frameBytes = 3 * width * height;
  return Array.from({ length: data.length / frameBytes }, (_, index) => ({
    width,
    height,
    data: new Uint8Array(data.buffer, data.byteOffset + index * frameBytes, frameBytes),
  }));
};
