import { GramzoomError } from '../domain/errors.ts';
import type { RgbImage, Size } from '../domain/picture.ts';
import { cicpSpace } from './cicp.ts';
import { type ColourSpace, srgb } from './colour-space.ts';
import { fitArea, maxComputedArea } from './decode-pixels.ts';
import { readIccProfile } from './icc-profile.ts';
import { boxesOf, itemColour, primaryItemOf } from './iso-media.ts';
import { decodeHeic } from './libheif.ts';
import { lanczos, scale } from './resize.ts';
import { sharp } from './sharp.ts';
import { type Samples, toSrgb } from './to-srgb.ts';

/** A profile of tables, which cameras do not write here, counts as sRGB. */
const spaceOf = (bytes: Uint8Array): ColourSpace => {
  const { profile, cicp } = itemColour(bytes);
  const space = profile && readIccProfile(profile, 3)?.space;
  return space ?? (cicp ? cicpSpace(cicp) : srgb);
};

/**
 * Decodes a HEIC photo into sRGB.
 * @param target the size to scale it to, given its own; throws where that is too large
 * @throws GramzoomError photo-damaged; photo-heic where there is no picture in it that can be read
 */
export const openHeic = async (bytes: Uint8Array, target: (size: Size) => Size): Promise<RgbImage> => {
  if (primaryItemOf(bytes) === null) {
    const whole = boxesOf(bytes).at(-1)?.end === bytes.length;
    throw new GramzoomError(whole ? 'photo-heic' : 'photo-damaged', {});
  }
  let scaled: Size = { width: 1, height: 1 };
  const samples = await decodeHeic(bytes, (size) => {
    scaled = target(size);
  });
  return await scale(toSrgb(await shrink(samples), spaceOf(bytes)), scaled);
};

/** To where its colours can be computed in little memory. */
const shrink = async (samples: Samples): Promise<Samples> => {
  const { width, height, channels, data } = samples;
  if (width * height <= maxComputedArea) return samples;
  const size = fitArea(samples, maxComputedArea);
  const deep = data instanceof Uint16Array;
  const image = sharp(data, { raw: { width, height, channels }, limitInputPixels: false })
    .resize(size.width, size.height, lanczos)
    .toColourspace(deep ? 'rgb16' : 'srgb')
    .raw({ depth: deep ? 'ushort' : 'uchar' });
  const bytes = await image.toBuffer();
  const words = deep ? new Uint16Array(bytes.buffer, bytes.byteOffset, bytes.length / 2) : bytes;
  return { ...size, channels, data: words };
};
