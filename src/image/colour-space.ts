import { invert, type Matrix, multiply, type Vector } from './matrix.ts';

/** From an encoded value, 0 to 1, to linear light, where 1 is white. */
export type Transfer = (encoded: number) => number;
export type Chromaticity = readonly [x: number, y: number];
export type Primaries = {
  readonly red: Chromaticity;
  readonly green: Chromaticity;
  readonly blue: Chromaticity;
  readonly white: Chromaticity;
};

/** How a picture's samples become light. */
export type ColourSpace = {
  /** Of red, green and blue. */
  readonly transfers: readonly [Transfer, Transfer, Transfer];
  /** From its linear light to that of sRGB; rows. */
  readonly toSrgb: Matrix;
  /** Set where its light goes beyond white. */
  readonly highDynamicRange?: HighDynamicRange;
};

export type HighDynamicRange = {
  /** Given the luminance of a pixel, what its channels are multiplied by (the system gamma of HLG). */
  readonly gain?: (luminance: number) => number;
  /** Shares of red, green and blue in luminance. */
  readonly luminance: Vector;
};

const d65: Chromaticity = [0.3127, 0.329];
/** The white of the profile connection space. */
export const whiteOfProfiles: Vector = [0.9642, 1, 0.8249];

export const srgbPrimaries: Primaries = {
  red: [0.64, 0.33],
  green: [0.3, 0.6],
  blue: [0.15, 0.06],
  white: d65,
};

export const srgbTransfer: Transfer = (value) =>
  value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;

export const powerTransfer =
  (exponent: number): Transfer =>
  (value) =>
    value ** exponent;

export const whiteXyz = ([x, y]: Chromaticity): Vector => [x / y, 1, (1 - x - y) / y];

const bradford: Matrix = [
  [0.8951, 0.2664, -0.1614],
  [-0.7502, 1.7135, 0.0367],
  [0.0389, -0.0685, 1.0296],
];

const apply = (matrix: Matrix, [x, y, z]: Vector): Vector =>
  matrix.map(([a, b, c]) => a * x + b * y + c * z) as unknown as Vector;

const diagonal = ([x, y, z]: Vector): Matrix => [
  [x, 0, 0],
  [0, y, 0],
  [0, 0, z],
];

/** From XYZ seen under one white to XYZ under D50, by Bradford's cone responses. */
const adaptToD50 = (white: Vector): Matrix => {
  const from = apply(bradford, white);
  const to = apply(bradford, whiteOfProfiles);
  const scale = diagonal([to[0] / from[0], to[1] / from[1], to[2] / from[2]]);
  return multiply(multiply(invert(bradford), scale), bradford);
};

/** From linear light of these primaries to XYZ; its second row is luminance. */
export const toXyz = ({ red, green, blue, white }: Primaries): Matrix => {
  const columns = [red, green, blue].map(([x, y]): Vector => [x, y, 1 - x - y]);
  const unscaled = [0, 1, 2].map((row) => columns.map((column) => column[row]!)) as unknown as Matrix;
  return multiply(unscaled, diagonal(apply(invert(unscaled), whiteXyz(white))));
};

const toXyzD50 = (primaries: Primaries): Matrix =>
  multiply(adaptToD50(whiteXyz(primaries.white)), toXyz(primaries));

const srgbFromXyzD50 = invert(toXyzD50(srgbPrimaries));

/** From XYZ under D50, as profiles have it, to linear sRGB. */
export const xyzD50ToSrgb = (matrix: Matrix): Matrix => multiply(srgbFromXyzD50, matrix);

export const linearToSrgb = (primaries: Primaries): Matrix => xyzD50ToSrgb(toXyzD50(primaries));

/** The same values in each channel stay the same. */
export const greyMatrix: Matrix = diagonal([1, 1, 1]);

export const srgb: ColourSpace = {
  transfers: [srgbTransfer, srgbTransfer, srgbTransfer],
  toSrgb: greyMatrix,
};
