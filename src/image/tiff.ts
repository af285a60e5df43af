import { createInflate } from 'node:zlib';
import { viewOf } from '../domain/bytes.ts';
import { GramzoomError } from '../domain/errors.ts';

const tagNumbers = {
  bits: 258,
  compression: 259,
  photometric: 262,
  stripOffsets: 273,
  samples: 277,
  stripBytes: 279,
  tileOffsets: 324,
  tileBytes: 325,
  sampleFormat: 339,
} as const;

const deflate: ReadonlySet<number> = new Set([8, 32946]);

/** None, LZW, Deflate and PackBits. */
const exact: ReadonlySet<number> = new Set([1, 5, 8, 32773, 32946]);

/** What the decoder was not built with, and turns into black. */
const unreadableCompressions: Readonly<Record<number, string>> = {
  6: 'old-style JPEG',
  34712: 'JPEG 2000',
  34887: 'LERC',
  34925: 'LZMA',
  50000: 'Zstandard',
  50002: 'JPEG XL',
};

/** How a TIFF whose samples are CIE L*a*b* stores a* and b* in a byte each. */
export type LabEncoding = 'signed' | 'offset';

const unreadable = (what: string): GramzoomError =>
  new GramzoomError('photo-format', { found: `tiff (${what})` });
const damaged = (problem: string): GramzoomError =>
  new GramzoomError('photo-damaged', {}, { cause: new Error(problem) });

/**
 * Refuses what the decoder would turn into a black or white picture without saying so: ways of compression that
 * it cannot read, data that lies outside of the file, compressed data that fail their own checksum.
 * @returns whether the decoder's warnings mean that data were lost; faxes and JPEGs are read with oddities
 * @throws GramzoomError photo-format, photo-damaged
 */
export const checkTiff = async (bytes: Uint8Array): Promise<{ readonly strict: boolean }> => {
  const directory = readTiffDirectory(bytes);
  if (directory === null) throw damaged('no directory inside of the file');
  const one = (tag: number, fallback: number): number => directory.values(tag, 1)[0] ?? fallback;
  const compression = one(tagNumbers.compression, 1);
  const name = unreadableCompressions[compression];
  if (name !== undefined) throw unreadable(name);
  const bits = one(tagNumbers.bits, 1);
  const integers = one(tagNumbers.sampleFormat, 1) !== 3;
  if (bits > 16 && integers) throw unreadable(`whole numbers of ${bits} bits`);
  const parts = partsOf(bytes, directory);
  if (deflate.has(compression)) await checkDeflated(parts);
  return { strict: exact.has(compression) };
};

/** More strips or tiles than a photo within the limits has. */
const maxParts = 250_000;
/** More bytes than the samples of a photo within the limits take. */
const maxInflatedBytes = 600e6;

/** Strips or tiles. */
const partsOf = (bytes: Uint8Array, directory: TiffDirectory): readonly Uint8Array[] => {
  const tiled = directory.tags.has(tagNumbers.tileOffsets);
  const offsets = directory.values(tiled ? tagNumbers.tileOffsets : tagNumbers.stripOffsets, maxParts + 1);
  const sizes = directory.values(tiled ? tagNumbers.tileBytes : tagNumbers.stripBytes, maxParts + 1);
  if (offsets.length === 0 || offsets.length > maxParts) throw damaged(`${offsets.length} parts`);
  return offsets.map((offset, index) => {
    // Some programs leave the sizes out: the decoder works out those of what is not compressed.
    const size = sizes[index];
    if (offset === 0 || size === 0) throw damaged(`part ${index} is missing`);
    const end = offset + (size ?? 0);
    if (end > bytes.length) throw damaged(`part ${index} lies outside of the file`);
    return bytes.subarray(offset, size === undefined ? bytes.length : end);
  });
};

/** The decoder stops as soon as it has its pixels, and so never comes to the checksum behind them. */
const checkDeflated = async (parts: readonly Uint8Array[]): Promise<void> => {
  let left = maxInflatedBytes;
  for (const part of parts) {
    const inflate = createInflate();
    inflate.end(part);
    try {
      for await (const chunk of inflate as AsyncIterable<Buffer>) {
        left -= chunk.length;
        if (left < 0) throw new Error('more data than pixels');
      }
    } catch (error) {
      throw new GramzoomError('photo-damaged', {}, { cause: error });
    }
  }
};

const rgb = 2;
const labEncodings: Readonly<Record<number, LabEncoding>> = { 8: 'signed', 9: 'offset' };

/**
 * A TIFF of L*a*b* in bytes, which the decoder does not know, called RGB so that it hands out the samples; null
 * for any other TIFF.
 */
export const openLabTiff = (
  bytes: Uint8Array,
): { readonly bytes: Uint8Array; readonly encoding: LabEncoding } | null => {
  const directory = readTiffDirectory(bytes);
  const photometric = directory?.tags.get(tagNumbers.photometric);
  if (!directory || !photometric) return null;
  const encoding = labEncodings[directory.values(tagNumbers.photometric, 1)[0] ?? rgb];
  const samples = directory.values(tagNumbers.samples, 1)[0] ?? 1;
  const bits = directory.values(tagNumbers.bits, 8);
  if (encoding === undefined || samples < 3 || bits.some((each) => each !== 8)) return null;
  const renamed = new Uint8Array(bytes);
  const little = bytes[0] === 0x49;
  renamed.fill(0, photometric.at, photometric.at + photometric.valueBytes);
  renamed[little ? photometric.at : photometric.at + photometric.valueBytes - 1] = rgb;
  return { bytes: renamed, encoding };
};

/** What one entry of a TIFF's first directory says. */
type TiffTag = {
  /** Where its value lies: inside the entry where that is short enough. */
  readonly at: number;
  /** Bytes of one value: 1, 2, 4 or 8. */
  readonly valueBytes: number;
  readonly count: number;
};

type TiffDirectory = {
  readonly tags: ReadonlyMap<number, TiffTag>;
  /** The first values of a tag, or nothing. Offsets beyond 2^53 are no numbers that a file can have. */
  values(tag: number, most?: number): readonly number[];
};

const typesOfBytes = { 1: [1, 2, 6, 7], 2: [3, 8], 4: [4, 9, 13], 8: [16, 17, 18] } as const;
const bytesOfType: ReadonlyMap<number, number> = new Map(
  Object.entries(typesOfBytes).flatMap(([bytes, types]) =>
    types.map((type) => [type, Number(bytes)] as const),
  ),
);

/**
 * The first directory of a TIFF or BigTIFF in either byte order, or null if there is none. Tags of types that
 * are no whole numbers are left out.
 */
const readTiffDirectory = (bytes: Uint8Array): TiffDirectory | null => {
  const view = viewOf(bytes);
  const little = bytes[0] === 0x49;
  const uint = (at: number, size: number): number => {
    if (size === 1) return view.getUint8(at);
    if (size === 2) return view.getUint16(at, little);
    return size === 4 ? view.getUint32(at, little) : Number(view.getBigUint64(at, little));
  };
  const tags = new Map<number, TiffTag>();
  try {
    const big = uint(2, 2) === 43;
    const word = big ? 8 : 4;
    const start = uint(big ? 8 : 4, word);
    const entries = uint(start, big ? 8 : 2);
    const first = start + (big ? 8 : 2);
    const entryBytes = 4 + 2 * word;
    for (let index = 0; index < entries; index++) {
      const entry = first + index * entryBytes;
      const valueBytes = bytesOfType.get(uint(entry + 2, 2));
      const count = uint(entry + 4, word);
      if (valueBytes === undefined) continue;
      const inside = count * valueBytes <= word;
      const at = inside ? entry + 4 + word : uint(entry + 4 + word, word);
      tags.set(uint(entry, 2), { at, valueBytes, count });
    }
  } catch {
    // It points outside of the file.
    return null;
  }
  const values = (tag: number, most = Number.POSITIVE_INFINITY): readonly number[] => {
    const found = tags.get(tag);
    if (found === undefined) return [];
    const { at, valueBytes, count } = found;
    const there = Math.floor((bytes.length - at) / valueBytes);
    const length = Math.max(0, Math.min(count, most, there));
    return Array.from({ length }, (_, index) => uint(at + index * valueBytes, valueBytes));
  };
  return { tags, values };
};
