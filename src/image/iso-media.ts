import { viewOf } from '../domain/bytes.ts';
import type { Cicp } from './cicp.ts';

/** Boxes of an ISO base media file (ISO/IEC 14496-12) as far as still pictures (23008-12) need them. */
export type Box = {
  readonly type: string;
  /** Where its content begins and ends. */
  readonly start: number;
  readonly end: number;
};

export type PictureItem = {
  /** How it is coded, such as `av01` or `hvc1`; `grid` where it is put together from tiles. */
  readonly type: string;
  readonly properties: readonly Box[];
};

export const fourCharacters = (bytes: Uint8Array, at: number): string =>
  String.fromCharCode(...bytes.subarray(at, at + 4));

/** The boxes side by side in a part of a file, up to the first that is none. */
export const boxesOf = (bytes: Uint8Array, start = 0, end = bytes.length): readonly Box[] => {
  const view = viewOf(bytes);
  const boxes: Box[] = [];
  let at = start;
  while (at + 8 <= end) {
    let size = view.getUint32(at);
    let header = 8;
    if (size === 1) {
      if (at + 16 > end) break;
      size = Number(view.getBigUint64(at + 8));
      header = 16;
    } else if (size === 0) size = end - at;
    if (size < header || at + size > end) break;
    boxes.push({ type: fourCharacters(bytes, at + 4), start: at + header, end: at + size });
    at += size;
  }
  return boxes;
};

const find = (boxes: readonly Box[], type: string): Box | undefined => boxes.find((box) => box.type === type);

/** What the primary item is; null where the file names none, or its boxes cannot be read. */
export const primaryItemOf = (bytes: Uint8Array): PictureItem | null => {
  const meta = find(boxesOf(bytes), 'meta');
  if (!meta) return null;
  try {
    return readPrimaryItem(bytes, boxesOf(bytes, meta.start + 4, meta.end));
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
};

const readPrimaryItem = (bytes: Uint8Array, boxes: readonly Box[]): PictureItem | null => {
  const view = viewOf(bytes);
  const [pitm, iinf, iprp] = ['pitm', 'iinf', 'iprp'].map((type) => find(boxes, type));
  if (!pitm || !iinf) return null;
  const id =
    view.getUint8(pitm.start) === 0 ? view.getUint16(pitm.start + 4) : view.getUint32(pitm.start + 4);
  const type = itemTypes(bytes, iinf).get(id);
  if (type === undefined) return null;
  const own = iprp ? propertiesOf(bytes, iprp, id) : [];
  return { type, properties: own };
};

const itemTypes = (bytes: Uint8Array, iinf: Box): ReadonlyMap<number, string> => {
  const view = viewOf(bytes);
  const first = iinf.start + (view.getUint8(iinf.start) === 0 ? 6 : 8);
  const types = new Map<number, string>();
  for (const { type, start } of boxesOf(bytes, first, iinf.end)) {
    if (type !== 'infe') continue;
    const long = view.getUint8(start) >= 3;
    const id = long ? view.getUint32(start + 4) : view.getUint16(start + 4);
    types.set(id, fourCharacters(bytes, start + (long ? 10 : 8)));
  }
  return types;
};

const propertiesOf = (bytes: Uint8Array, iprp: Box, id: number): readonly Box[] => {
  const parts = boxesOf(bytes, iprp.start, iprp.end);
  const ipco = find(parts, 'ipco');
  if (!ipco) return [];
  const all = boxesOf(bytes, ipco.start, ipco.end);
  return parts
    .filter(({ type }) => type === 'ipma')
    .flatMap((ipma) => associationsOf(bytes, ipma, id))
    .flatMap((index) => all[index - 1] ?? []);
};

/** Numbers of an item's properties, from 1. */
const associationsOf = (bytes: Uint8Array, ipma: Box, id: number): readonly number[] => {
  const view = viewOf(bytes);
  const longId = view.getUint8(ipma.start) >= 1;
  const longIndex = (view.getUint8(ipma.start + 3) & 1) === 1;
  const entries = view.getUint32(ipma.start + 4);
  let at = ipma.start + 8;
  for (let entry = 0; entry < entries && at < ipma.end; entry++) {
    const item = longId ? view.getUint32(at) : view.getUint16(at);
    at += longId ? 4 : 2;
    const count = view.getUint8(at);
    at += 1;
    const indexBytes = longIndex ? 2 : 1;
    if (item === id) {
      return Array.from({ length: count }, (_, index) =>
        longIndex ? view.getUint16(at + 2 * index) & 0x7fff : view.getUint8(at + index) & 0x7f,
      );
    }
    at += count * indexBytes;
  }
  return [];
};

/** What an AVIF or HEIC says about the colours of its primary item; a profile counts for more than numbers. */
export const itemColour = (bytes: Uint8Array) => {
  const view = viewOf(bytes);
  let profile: Uint8Array | null = null;
  let cicp: Cicp | null = null;
  for (const { type, start, end } of primaryItemOf(bytes)?.properties ?? []) {
    if (type !== 'colr' || end - start < 4) continue;
    const kind = fourCharacters(bytes, start);
    if (kind === 'prof' || kind === 'rICC') profile = bytes.subarray(start + 4, end);
    if (kind === 'nclx' && end - start >= 8) {
      cicp = { primaries: view.getUint16(start + 4), transfer: view.getUint16(start + 6) };
    }
  }
  return { profile, cicp };
};
