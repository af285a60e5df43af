import {
  type ColourSpace,
  linearToSrgb,
  type Primaries,
  powerTransfer,
  srgbPrimaries,
  srgbTransfer,
  type Transfer,
  toXyz,
} from './colour-space.ts';

/** Colour as ITU-T H.273 numbers it: AVIF and HEIC have these in their `nclx`, PNG in its `cICP`. */
export type Cicp = { readonly primaries: number; readonly transfer: number };

const c: Primaries['white'] = [0.31, 0.316];
const d65: Primaries['white'] = [0.3127, 0.329];
const smpte: Primaries = { red: [0.63, 0.34], green: [0.31, 0.595], blue: [0.155, 0.07], white: d65 };
const dciP3 = { red: [0.68, 0.32], green: [0.265, 0.69], blue: [0.15, 0.06] } as const;

const primariesByNumber: Readonly<Record<number, Primaries>> = {
  1: srgbPrimaries,
  4: { red: [0.67, 0.33], green: [0.21, 0.71], blue: [0.14, 0.08], white: c },
  5: { red: [0.64, 0.33], green: [0.29, 0.6], blue: [0.15, 0.06], white: d65 },
  6: smpte,
  7: smpte,
  8: { red: [0.681, 0.319], green: [0.243, 0.692], blue: [0.145, 0.049], white: c },
  9: { red: [0.708, 0.292], green: [0.17, 0.797], blue: [0.131, 0.046], white: d65 },
  10: { red: [1, 0], green: [0, 1], blue: [0, 0], white: [1 / 3, 1 / 3] },
  11: { ...dciP3, white: [0.314, 0.351] },
  12: { ...dciP3, white: d65 },
  22: { red: [0.63, 0.34], green: [0.295, 0.605], blue: [0.155, 0.077], white: d65 },
};

/** Luminance of white in nits (ITU-R BT.2408): what is brighter is a highlight. */
const whiteNits = 203;

/** SMPTE ST 2084. */
const pq: Transfer = (value) => {
  const power = value ** (32 / 2523);
  const light = Math.max(0, power - 3424 / 4096) / (2413 / 128 - (2392 / 128) * power);
  return (10_000 / whiteNits) * light ** (16_384 / 2610);
};

/** ARIB STD-B67, light as it was in front of the camera: 1 at the most. */
const hlg: Transfer = (value) => {
  const a = 0.17883277;
  const b = 1 - 4 * a;
  const offset = 0.5 - a * Math.log(4 * a);
  return value <= 0.5 ? value ** 2 / 3 : (Math.exp((value - offset) / a) + b) / 12;
};

/** A screen of 1000 nits, for which BT.2100 has a system gamma of 1.2. */
const hlgGain = (luminance: number): number => (1000 / whiteNits) * luminance ** 0.2;

const logarithmic =
  (decades: number): Transfer =>
  (value) =>
    value <= 0 ? 0 : 10 ** (decades * (value - 1));

const transfersByNumber: Readonly<Record<number, Transfer>> = {
  4: powerTransfer(2.2),
  5: powerTransfer(2.8),
  8: powerTransfer(1),
  9: logarithmic(2),
  10: logarithmic(2.5),
  16: pq,
  17: (value) => (52.37 / 48) * value ** 2.6,
  18: hlg,
};
const numbers = { pq: 16, hlg: 18 } as const;

const primariesOf = ({ primaries }: Cicp): Primaries => primariesByNumber[primaries] ?? srgbPrimaries;
/**
 * The transfers of video (BT.709, BT.601, BT.2020) count as that of sRGB, as they do in browsers: programs write
 * them for pictures that were made on a screen of sRGB. So does what is not specified.
 */
const transferOf = ({ transfer }: Cicp): Transfer => transfersByNumber[transfer] ?? srgbTransfer;

export const isSrgb = (cicp: Cicp): boolean =>
  primariesOf(cicp) === srgbPrimaries && transferOf(cicp) === srgbTransfer;

export const cicpSpace = (cicp: Cicp): ColourSpace => {
  const primaries = primariesOf(cicp);
  const transfer = transferOf(cicp);
  const space = { transfers: [transfer, transfer, transfer], toSrgb: linearToSrgb(primaries) } as const;
  const luminance = toXyz(primaries)[1];
  if (cicp.transfer === numbers.pq) return { ...space, highDynamicRange: { luminance } };
  if (cicp.transfer === numbers.hlg) return { ...space, highDynamicRange: { luminance, gain: hlgGain } };
  return space;
};
