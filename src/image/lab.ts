import type { RgbImage } from '../domain/picture.ts';
import { greyMatrix, srgbPrimaries, toXyz, whiteOfProfiles, whiteXyz, xyzD50ToSrgb } from './colour-space.ts';
import { invert, type Matrix, type Vector } from './matrix.ts';
import type { LabEncoding } from './tiff.ts';
import { paintSrgb, type Samples } from './to-srgb.ts';

const epsilon = 6 / 29;
const inverse = (value: number): number =>
  value > epsilon ? value ** 3 : 3 * epsilon ** 2 * (value - 4 / 29);

type LabSpace = { readonly white: Vector; readonly toSrgb: Matrix };

/** Of the TIFF standard: what other programs, too, take a picture for whose white is not said. */
const d65: LabSpace = { white: whiteXyz(srgbPrimaries.white), toSrgb: invert(toXyz(srgbPrimaries)) };
/** Of profiles. */
const d50: LabSpace = { white: whiteOfProfiles, toSrgb: xyzD50ToSrgb(greyMatrix) };

/** A picture of CIE L*a*b*, a byte each, in sRGB. */
export const labToSrgb = (samples: Samples, encoding: LabEncoding): RgbImage => {
  const chroma = (byte: number): number =>
    encoding === 'offset' ? byte - 128 : byte < 128 ? byte : byte - 256;
  const { white, toSrgb } = encoding === 'offset' ? d50 : d65;
  const [[rx, ry, rz], [gx, gy, gz], [bx, by, bz]] = toSrgb;
  return paintSrgb(samples, (lightness, a, b, light) => {
    const fy = ((lightness * 100) / 255 + 16) / 116;
    const x = white[0] * inverse(fy + chroma(a) / 500);
    const y = inverse(fy);
    const z = white[2] * inverse(fy - chroma(b) / 200);
    light[0] = rx * x + ry * y + rz * z;
    light[1] = gx * x + gy * y + gz * z;
    light[2] = bx * x + by * y + bz * z;
  });
};
