import { viewOf } from '../domain/bytes.ts';
export type Rectangle = {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
};

const extension = 0x21;
const imageDescriptor = 0x2c;

const colourTableBytes = (packed: number): number => (packed & 0x80 ? 3 * 2 ** ((packed & 7) + 1) : 0);

/** Where on its canvas a GIF's first frame lies; null where it covers all of it, or cannot be found. */
export const firstFrameOf = (bytes: Uint8Array): Rectangle | null => {
  if (bytes.length < 13) return null;
  const view = viewOf(bytes);
  const canvas = { width: view.getUint16(6, true), height: view.getUint16(8, true) };
  let at = 13 + colourTableBytes(view.getUint8(10));
  while (bytes[at] === extension) {
    at += 2;
    while (bytes[at]) at += bytes[at]! + 1;
    at += 1;
  }
  if (bytes[at] !== imageDescriptor || at + 9 > bytes.length) return null;
  const valueAt = (offset: number): number => view.getUint16(at + offset, true);
  const [left, top, width, height] = [valueAt(1), valueAt(3), valueAt(5), valueAt(7)];
  const covers = left === 0 && top === 0 && width >= canvas.width && height >= canvas.height;
  return covers ? null : { left, top, width, height };
};
