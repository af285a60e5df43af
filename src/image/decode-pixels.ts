import type { Sharp, SharpOptions } from 'sharp';
import type { RgbImage, Size } from '../domain/picture.ts';
import { greyMatrix, srgbPrimaries, toXyz, whiteOfProfiles, whiteXyz, xyzD50ToSrgb } from './colour-space.ts';
import type { Rectangle } from './gif-frame.ts';
import { invert, type Matrix, type Vector } from './matrix.ts';
import type { Prepared } from './prepare.ts';
import { lanczos, scale } from './resize.ts';
import { sharp } from './sharp.ts';
import type { SourceColour } from './source-colour.ts';
import type { LabEncoding } from './tiff.ts';
import { paintSrgb, type Samples, toSrgb } from './to-srgb.ts';

export type DecodePlan = {
  readonly photo: Prepared;
  readonly colour: SourceColour;
  /** More than 8 bits a sample. */
  readonly deep: boolean;
  /** Once upright. */
  readonly size: Size;
  readonly target: Size;
  readonly maxPixels: number;
  readonly timeoutSeconds: number;
  readonly failOn: NonNullable<SharpOptions['failOn']>;
};

/** Decoders' words for data that are not there, where they only warn. */
const lostData = /premature end/i;
const unusableProfile = /invalid embedded profile/i;

/** A larger picture is scaled down to this many pixels before its colours are computed: to bound time and memory. */
export const maxComputedArea = 8e6;

/**
 * Decodes a picture and scales it.
 * @throws whatever the decoder throws, and where it warns that data are missing
 */
export const decodePixels = async (plan: DecodePlan): Promise<RgbImage> => {
  const { photo, colour, target } = plan;
  if (photo.lab !== undefined) {
    return await scale(labToSrgb(await readSamples(plan, plan.size), photo.lab), target);
  }
  if (typeof colour === 'object') {
    const samples = await readSamples(plan, fitArea(plan.size, maxComputedArea));
    return await scale(toSrgb(samples, colour.space), target);
  }
  if (photo.painted) {
    const whole = await run(
      open(plan).flatten({ background: '#ffffff' }).toColourspace('srgb').removeAlpha(),
    );
    return await scale(paintAround(whole, photo.painted), target);
  }
  if (colour === 'deep-profile') return await decodeDeep(plan);
  return await run(upright(open(plan), target).toColourspace('srgb').removeAlpha());
};

const open = ({ photo, colour, maxPixels, timeoutSeconds, failOn }: DecodePlan): Sharp =>
  sharp(photo.bytes, {
    failOn,
    limitInputPixels: maxPixels,
    pages: 1,
    ignoreIcc: colour !== 'decoder' && colour !== 'deep-profile',
  })
    .timeout({ seconds: Math.ceil(timeoutSeconds) })
    .autoOrient();

const upright = (image: Sharp, { width, height }: Size): Sharp =>
  image.flatten({ background: '#ffffff' }).resize(width, height, lanczos);

type Decoded = { readonly data: Buffer; readonly info: Size & { readonly channels: number } };

const decode = async (
  image: Sharp,
  { depth, refuse }: { readonly depth: 'uchar' | 'ushort'; readonly refuse: readonly RegExp[] },
): Promise<Decoded> => {
  const warnings: string[] = [];
  image.on('warning', (warning: string) => warnings.push(warning));
  const decoded = await image.raw({ depth }).toBuffer({ resolveWithObject: true });
  const refused = warnings.find((warning) => refuse.some((pattern) => pattern.test(warning)));
  if (refused !== undefined) throw new Error(refused);
  return decoded;
};

const run = async (image: Sharp): Promise<RgbImage> => {
  const { data, info } = await decode(image, { depth: 'uchar', refuse: [lostData] });
  if (info.channels !== 3) throw new Error(`${info.channels} channels after conversion to sRGB`);
  const pixels = new Uint8Array(data.buffer, data.byteOffset, data.length);
  return { width: info.width, height: info.height, data: pixels };
};

/** The samples as they are in the file, without a profile, scaled to a size. */
const readSamples = async (plan: DecodePlan, size: Size): Promise<Samples> => {
  const { deep } = plan;
  const scaled = open(plan).resize(size.width, size.height, lanczos);
  const { data, info } = await decode(scaled.toColourspace(deep ? 'rgb16' : 'srgb'), {
    depth: deep ? 'ushort' : 'uchar',
    refuse: [lostData],
  });
  const { width, height, channels } = info;
  if (channels !== 3 && channels !== 4) throw new Error(`${channels} channels of colour`);
  return { width, height, channels, data: deep ? wordsOf(data) : data };
};

const wordsOf = (data: Buffer): Uint16Array => new Uint16Array(data.buffer, data.byteOffset, data.length / 2);

/**
 * A profile of tables with more than 8 bits. The decoder computes these in a wide space and has to be asked for
 * sRGB, which would be wrong where it cannot use the profile.
 */
const decodeDeep = async (plan: DecodePlan): Promise<RgbImage> => {
  const image = upright(open(plan), plan.target).toColourspace('rgb16').removeAlpha().withIccProfile('srgb');
  try {
    const { data, info } = await decode(image, { depth: 'ushort', refuse: [lostData, unusableProfile] });
    const rgb = Uint8Array.from(wordsOf(data), (word) => Math.round(word / 257));
    return { width: info.width, height: info.height, data: rgb };
  } catch (error) {
    if (!(error instanceof Error) || !unusableProfile.test(error.message)) throw error;
    return await decodePixels({ ...plan, colour: 'srgb' });
  }
};

/** White where a canvas has been left bare. */
const paintAround = (image: RgbImage, { left, top, width, height }: Rectangle): RgbImage => {
  const data = new Uint8Array(image.data.length).fill(255);
  const right = Math.min(image.width, left + width);
  for (let y = top; y < Math.min(image.height, top + height); y++) {
    const row = 3 * y * image.width;
    if (left < right) data.set(image.data.subarray(row + 3 * left, row + 3 * right), row + 3 * left);
  }
  return { ...image, data };
};

/** The largest size of the same shape with at most `maxArea` pixels and sides of at least 1. */
export const fitArea = ({ width, height }: Size, maxArea: number): Size => {
  const scale = Math.min(1, Math.sqrt(maxArea / (width * height)));
  const scaled = {
    width: Math.max(1, Math.floor(width * scale)),
    height: Math.max(1, Math.floor(height * scale)),
  };
  return {
    width: Math.max(1, Math.min(scaled.width, Math.floor(maxArea / scaled.height))),
    height: Math.max(1, Math.min(scaled.height, Math.floor(maxArea / scaled.width))),
  };
};

const epsilon = 6 / 29;
const inverse = (value: number): number =>
  value > epsilon ? value ** 3 : 3 * epsilon ** 2 * (value - 4 / 29);

type LabSpace = { readonly white: Vector; readonly toSrgb: Matrix };

/** Of the TIFF standard: what other programs, too, take a picture for whose white is not said. */
const d65: LabSpace = { white: whiteXyz(srgbPrimaries.white), toSrgb: invert(toXyz(srgbPrimaries)) };
/** Of profiles. */
const d50: LabSpace = { white: whiteOfProfiles, toSrgb: xyzD50ToSrgb(greyMatrix) };

/** A picture of CIE L*a*b*, a byte each, in sRGB. */
const labToSrgb = (samples: Samples, encoding: LabEncoding): RgbImage => {
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
