import { viewOf } from '../domain/bytes.ts';
import { type ColourSpace, greyMatrix, powerTransfer, type Transfer, xyzD50ToSrgb } from './colour-space.ts';
import { fourCharacters } from './iso-media.ts';
import { isFinite3, type Matrix, type Vector } from './matrix.ts';

/** A profile that fits its picture: as a space where curves and a matrix say all of it, else only that it fits. */
export type IccProfile = { readonly space: ColourSpace | null };

const headerBytes = 128;
const maxTags = 1000;
const channelsOf: Readonly<Record<string, number>> = { GRAY: 1, 'RGB ': 3, 'Lab ': 3, 'XYZ ': 3, CMYK: 4 };

/**
 * Reads a profile of the International Color Consortium (ICC.1, versions 2 and 4).
 * @param channels of the picture's colours, without transparency
 * @returns null where it is broken, or for another number of channels: readers then continue without it
 */
export const readIccProfile = (bytes: Uint8Array, channels: number): IccProfile | null => {
  try {
    return read(bytes, channels);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
};

const read = (bytes: Uint8Array, channels: number): IccProfile | null => {
  if (bytes.length < headerBytes + 4 || fourCharacters(bytes, 36) !== 'acsp') return null;
  const colours = fourCharacters(bytes, 16);
  if (channelsOf[colours] !== channels) return null;
  const tags = readTags(bytes);
  if (tags === null) return null;
  // A table says it better than the curves beside it.
  if (tags.has('A2B0')) return { space: null };
  if (colours === 'GRAY') return readGrey(tags, fourCharacters(bytes, 20));
  return colours === 'RGB ' ? readRgb(tags) : { space: null };
};

const readTags = (bytes: Uint8Array): ReadonlyMap<string, Uint8Array> | null => {
  const view = viewOf(bytes);
  const count = view.getUint32(headerBytes);
  if (count > maxTags) return null;
  const tags = new Map<string, Uint8Array>();
  for (let index = 0; index < count; index++) {
    const entry = headerBytes + 4 + 12 * index;
    const [offset, size] = [view.getUint32(entry + 4), view.getUint32(entry + 8)];
    // A reader that needs a tag that lies elsewhere does not find it.
    if (offset + size > bytes.length) continue;
    tags.set(fourCharacters(bytes, entry), bytes.subarray(offset, offset + size));
  }
  return tags;
};

const fixed = (view: DataView, at: number): number => view.getInt32(at) / 65_536;

const readXyz = (tag: Uint8Array | undefined): Vector | null => {
  if (tag === undefined || fourCharacters(tag, 0) !== 'XYZ ') return null;
  const view = viewOf(tag);
  return [fixed(view, 8), fixed(view, 12), fixed(view, 16)];
};

const readRgb = (tags: ReadonlyMap<string, Uint8Array>): IccProfile | null => {
  const columns = ['rXYZ', 'gXYZ', 'bXYZ'].map((name) => readXyz(tags.get(name)));
  const transfers = ['rTRC', 'gTRC', 'bTRC'].map((name) => readCurve(tags.get(name)));
  const [red, green, blue] = columns;
  const [r, g, b] = transfers;
  if (!red || !green || !blue || !r || !g || !b) return null;
  const matrix = [0, 1, 2].map((row) => [red[row]!, green[row]!, blue[row]!]) as unknown as Matrix;
  const toSrgb = xyzD50ToSrgb(matrix);
  return isFinite3(toSrgb) ? { space: { transfers: [r, g, b], toSrgb } } : null;
};

const readGrey = (tags: ReadonlyMap<string, Uint8Array>, connection: string): IccProfile | null => {
  const curve = readCurve(tags.get('kTRC'));
  if (curve === null) return null;
  const transfer: Transfer = connection === 'Lab ' ? (value) => luminanceOf(100 * curve(value)) : curve;
  return { space: { transfers: [transfer, transfer, transfer], toSrgb: greyMatrix } };
};

/** Of CIE lightness, 0 to 100. */
export const luminanceOf = (lightness: number): number =>
  lightness > 8 ? ((lightness + 16) / 116) ** 3 : (lightness * 27) / 24_389;

const readCurve = (tag: Uint8Array | undefined): Transfer | null => {
  if (tag === undefined || tag.length < 12) return null;
  const type = fourCharacters(tag, 0);
  return type === 'curv' ? readTable(tag) : type === 'para' ? readFormula(tag) : null;
};

const readTable = (tag: Uint8Array): Transfer | null => {
  const view = viewOf(tag);
  const count = view.getUint32(8);
  if (count === 0) return powerTransfer(1);
  if (12 + 2 * count > tag.length) return null;
  if (count === 1) return powerTransfer(view.getUint16(12) / 256);
  const table = Float64Array.from({ length: count }, (_, index) => view.getUint16(12 + 2 * index) / 65_535);
  return (value) => {
    const at = value * (count - 1);
    const below = Math.min(count - 2, Math.floor(at));
    return table[below]! + (at - below) * (table[below + 1]! - table[below]!);
  };
};

const parametersOf = [1, 3, 4, 5, 7];

/** Types 0 to 4 of ICC.1, 10.18: a power, with a line or a constant below it. */
const readFormula = (tag: Uint8Array): Transfer | null => {
  const view = viewOf(tag);
  const type = view.getUint16(8);
  const count = parametersOf[type];
  if (count === undefined) return null;
  const [g = 1, a = 1, b = 0, c = 0, d = 0, e = 0, f = 0] = Array.from({ length: count }, (_, index) =>
    fixed(view, 12 + 4 * index),
  );
  const power = (value: number): number => Math.max(0, a * value + b) ** g;
  switch (type) {
    case 0:
      return powerTransfer(g);
    case 1:
      return (value) => (value >= -b / a ? power(value) : 0);
    case 2:
      return (value) => (value >= -b / a ? power(value) : 0) + c;
    case 3:
      return (value) => (value >= d ? power(value) : c * value);
    default:
      return (value) => (value >= d ? power(value) + e : c * value + f);
  }
};
