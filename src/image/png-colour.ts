import { inflateSync } from 'node:zlib';
import { viewOf } from '../domain/bytes.ts';
import { type Cicp, cicpSpace, isSrgb } from './cicp.ts';
import {
  type ColourSpace,
  linearToSrgb,
  type Primaries,
  powerTransfer,
  srgbPrimaries,
  srgbTransfer,
  type Transfer,
} from './colour-space.ts';
import { readIccProfile } from './icc-profile.ts';
import { fourCharacters } from './iso-media.ts';
import { isFinite3 } from './matrix.ts';

/** A chunk's content, by its name; the first of each. */
const chunksBefore = (bytes: Uint8Array, last: string): ReadonlyMap<string, Uint8Array> => {
  const view = viewOf(bytes);
  const chunks = new Map<string, Uint8Array>();
  for (let at = 8; at + 12 <= bytes.length; ) {
    const length = view.getUint32(at);
    const name = fourCharacters(bytes, at + 4);
    if (name === last || at + 12 + length > bytes.length) break;
    if (!chunks.has(name)) chunks.set(name, bytes.subarray(at + 8, at + 8 + length));
    at += 12 + length;
  }
  return chunks;
};

/** Numbers as cHRM and gAMA have them: 100,000 is one. */
const fractions = (chunk: Uint8Array | undefined, count: number): readonly number[] | null => {
  if (chunk === undefined || chunk.length < 4 * count) return null;
  return Array.from({ length: count }, (_, index) => viewOf(chunk).getUint32(4 * index) / 100_000);
};

/** What libpng, too, takes for the same number: gAMA has few digits, and programs round. */
const sameGamma = (a: number, b: number): boolean => Math.abs(a / b - 1) < 0.05;
const srgbGamma = 1 / 2.2;

const transferFrom = (chunk: Uint8Array | undefined): Transfer => {
  const gamma = fractions(chunk, 1)?.[0];
  // What nobody can mean counts as not said.
  if (gamma === undefined || gamma < 0.05 || gamma > 5 || sameGamma(gamma, srgbGamma)) return srgbTransfer;
  return powerTransfer(1 / gamma);
};

const primariesFrom = (chunk: Uint8Array | undefined): Primaries => {
  const xy = fractions(chunk, 8);
  if (xy === null) return srgbPrimaries;
  const pair = (at: number) => [xy[at]!, xy[at + 1]!] as const;
  const primaries: Primaries = { white: pair(0), red: pair(2), green: pair(4), blue: pair(6) };
  const known = Object.entries(srgbPrimaries) as [keyof Primaries, Primaries['white']][];
  const same = known.every(([name, [x, y]]) =>
    [primaries[name][0] - x, primaries[name][1] - y].every((difference) => Math.abs(difference) < 0.002),
  );
  return same || !isFinite3(linearToSrgb(primaries)) ? srgbPrimaries : primaries;
};

/** Values of video, which leave room below black and above white. */
const narrowed =
  (transfer: Transfer, bits: number): Transfer =>
  (value) => {
    const codes = (value * (2 ** bits - 1)) / 2 ** (bits - 8);
    return transfer(Math.min(1, Math.max(0, (codes - 16) / 219)));
  };

const spaceFromCicp = (chunk: Uint8Array, bits: number): ColourSpace | null => {
  const [primaries = 2, transfer = 2, , fullRange = 1] = chunk;
  const cicp: Cicp = { primaries, transfer };
  if (fullRange !== 0) return isSrgb(cicp) ? null : cicpSpace(cicp);
  const space = cicpSpace(cicp);
  const narrow = narrowed(space.transfers[0], Math.max(8, bits));
  return { ...space, transfers: [narrow, narrow, narrow] };
};

/** No profile is larger; what says so is a bomb. */
const maxProfileBytes = 16 * 2 ** 20;

const hasUsableProfile = (chunk: Uint8Array, channels: number): boolean => {
  const nameEnd = chunk.indexOf(0);
  try {
    const profile = inflateSync(chunk.subarray(nameEnd + 2), { maxOutputLength: maxProfileBytes });
    return readIccProfile(profile, channels) !== null;
  } catch {
    return false;
  }
};

/**
 * What a PNG says about its colours outside of a profile, in the order of the standard: cICP, iCCP, sRGB, then gAMA
 * with cHRM.
 * @returns a space; `srgb` whatever a profile may say; or `profile` where that is what counts
 */
export const pngColour = (bytes: Uint8Array): ColourSpace | 'srgb' | 'profile' => {
  const chunks = chunksBefore(bytes, 'IDAT');
  const header = chunks.get('IHDR');
  const cicp = chunks.get('cICP');
  if (cicp !== undefined && cicp.length >= 4) return spaceFromCicp(cicp, header?.[8] ?? 8) ?? 'srgb';
  const colours = (header?.[9] ?? 2) & 2 ? 3 : 1;
  const profile = chunks.get('iCCP');
  if (profile !== undefined && hasUsableProfile(profile, colours)) return 'profile';
  // What reads profiles may still make something of one that we cannot.
  const otherwise = profile === undefined ? 'srgb' : 'profile';
  if (chunks.has('sRGB')) return otherwise;
  const transfer = transferFrom(chunks.get('gAMA'));
  const primaries = primariesFrom(chunks.get('cHRM'));
  if (transfer === srgbTransfer && primaries === srgbPrimaries) return otherwise;
  return { transfers: [transfer, transfer, transfer], toSrgb: linearToSrgb(primaries) };
};
