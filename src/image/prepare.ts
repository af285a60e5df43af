import { firstFrameOf, type Rectangle } from './gif-frame.ts';
import { endJpeg } from './jpeg-end.ts';
import type { PhotoFormat } from './sniff.ts';
import { checkTiff, type LabEncoding, openLabTiff } from './tiff.ts';

/** A photo as the decoder gets it, and what it does not know of it. */
export type Prepared = {
  readonly bytes: Uint8Array;
  /** How strict a second try is, where the first fails at the slightest oddity; null if there is none. */
  readonly secondTry: 'truncated' | 'error' | null;
  /** Where the only part of the canvas lies that is painted. */
  readonly painted?: Rectangle | null;
  readonly lab?: LabEncoding;
};

/** Where the major brand of an ISO base media file stands. */
const majorBrandAt = 8;
const avif = [0x61, 0x76, 0x69, 0x66];

/**
 * An AVIF under the one name that the decoder goes by. An animation, or a picture that calls itself by another
 * of its brands, holds the same still picture.
 */
const nameAvif = (bytes: Uint8Array): Uint8Array => {
  if (avif.every((byte, index) => bytes[majorBrandAt + index] === byte)) return bytes;
  const renamed = new Uint8Array(bytes);
  renamed.set(avif, majorBrandAt);
  return renamed;
};

/**
 * Looks at the file itself, where the decoder does not look closely enough.
 * @throws GramzoomError photo-damaged, photo-format
 */
export const prepare = async (bytes: Uint8Array, format: Exclude<PhotoFormat, 'heic'>): Promise<Prepared> => {
  switch (format) {
    case 'jpeg': {
      const whole = endJpeg(bytes);
      return whole === null ? { bytes, secondTry: 'truncated' } : { bytes: whole, secondTry: null };
    }
    case 'tiff': {
      const { strict } = await checkTiff(bytes);
      const lab = openLabTiff(bytes);
      // Below `error` the decoder continues with black.
      const secondTry = strict ? null : 'error';
      return lab === null ? { bytes, secondTry } : { bytes: lab.bytes, lab: lab.encoding, secondTry };
    }
    case 'gif':
      return { bytes, secondTry: 'truncated', painted: firstFrameOf(bytes) };
    case 'avif':
      return { bytes: nameAvif(bytes), secondTry: 'truncated' };
    case 'png':
    case 'webp':
      return { bytes, secondTry: 'truncated' };
    default:
      return format satisfies never;
  }
};
