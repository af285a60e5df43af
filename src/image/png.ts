import type { RgbImage } from '../domain/picture.ts';
import { openImage } from './resize.ts';

/** Writes one picture without loss. */
export const encodePng = async (image: RgbImage): Promise<Uint8Array<ArrayBuffer>> =>
  new Uint8Array(await openImage(image).png({ compressionLevel: 9 }).toBuffer());
