import { GramzoomError } from '../domain/errors.ts';

const marker = { startOfScan: 0xda, endOfImage: 0xd9 } as const;
const coefficients = 64;

const isFrameHeader = (code: number): boolean =>
  code >= 0xc0 && code <= 0xcf && code !== 0xc4 && code !== 0xc8 && code !== 0xcc;
/** Markers without a length: restarts, and TEM. */
const isBare = (code: number): boolean => (code >= 0xd0 && code <= 0xd8) || code === 0x01;

/** Walks the markers of the first picture; what is compressed between them is only stepped over. */
const readScans = (bytes: Uint8Array) => {
  /** Of each component, how many low bits its coefficients still lack; 255 for those of which there is nothing. */
  const lacking = new Map<number, Uint8Array>();
  /** Of the frame. */
  let components = 0;
  let progressive = false;
  const result = (ended: boolean) => ({ ended, components, progressive, lacking });
  let at = bytes.indexOf(0xff, 2);
  while (at >= 0 && at + 1 < bytes.length) {
    const code = bytes[at + 1]!;
    if (code === 0xff) {
      at += 1;
      continue;
    }
    if (code === marker.endOfImage) return result(true);
    if (code === 0 || isBare(code)) {
      at = bytes.indexOf(0xff, at + 2);
      continue;
    }
    const length = ((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0);
    const body = bytes.subarray(at + 4, at + 2 + length);
    if (isFrameHeader(code)) {
      components = body[5] ?? 0;
      progressive = (code & 3) === 2;
    }
    if (code === marker.startOfScan) noteScan(body, lacking);
    at = bytes.indexOf(0xff, at + 2 + Math.max(2, length));
  }
  return result(false);
};

const noteScan = (body: Uint8Array, lacking: Map<number, Uint8Array>): void => {
  const count = body[0] ?? 0;
  const [first = 0, last = 0, precision = 0] = body.subarray(1 + 2 * count, 4 + 2 * count);
  for (let index = 0; index < count; index++) {
    const id = body[1 + 2 * index];
    if (id === undefined) return;
    const left = lacking.get(id) ?? new Uint8Array(coefficients).fill(255);
    left.fill(precision & 15, first, Math.min(last, coefficients - 1) + 1);
    lacking.set(id, left);
  }
};

/**
 * Puts back the two bytes that end a JPEG where nothing else is missing; null where it has its end.
 * Whether the last scan is complete, the decoder tells once the end is there: it must not be forgiven any warning.
 * @throws GramzoomError photo-damaged where whole scans are missing
 */
export const endJpeg = (bytes: Uint8Array): Uint8Array | null => {
  const { ended, components, progressive, lacking } = readScans(bytes);
  if (ended) return null;
  const refined = [...lacking.values()].every((left) => left.every((bits) => bits === 0));
  const complete = refined || !progressive;
  if (lacking.size === 0 || lacking.size < components || !complete) {
    throw new GramzoomError('photo-damaged', {}, { cause: new Error('the JPEG lacks scans') });
  }
  // Half of the end may be there.
  const kept = bytes.at(-1) === 0xff ? bytes.length - 1 : bytes.length;
  const whole = new Uint8Array(kept + 2);
  whole.set(bytes.subarray(0, kept));
  whole.set([0xff, marker.endOfImage], kept);
  return whole;
};
