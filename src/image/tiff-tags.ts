import { viewOf } from './byte-view.ts';
/** What one entry of a TIFF's first directory says. */
export type TiffTag = {
  /** Where its value lies: inside the entry where that is short enough. */
  readonly at: number;
  /** Bytes of one value: 1, 2, 4 or 8. */
  readonly valueBytes: number;
  readonly count: number;
};

export type TiffDirectory = {
  readonly tags: ReadonlyMap<number, TiffTag>;
  /** The first values of a tag, or nothing. Offsets beyond 2^53 are no numbers that a file can have. */
  values(tag: number, most?: number): readonly number[];
};

const bytesOfType: Readonly<Record<number, number>> = {
  1: 1,
  2: 1,
  3: 2,
  4: 4,
  6: 1,
  7: 1,
  8: 2,
  9: 4,
  13: 4,
  16: 8,
  17: 8,
  18: 8,
};

/**
 * The first directory of a TIFF or BigTIFF in either byte order, or null if there is none. Tags of types that
 * are no whole numbers are left out.
 */
export const readTiffDirectory = (bytes: Uint8Array): TiffDirectory | null => {
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
      const valueBytes = bytesOfType[uint(entry + 2, 2)];
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
