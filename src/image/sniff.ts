import { primaryItemOf } from './iso-media.ts';

/** The kinds of file that can become a photo. */
export const photoFormats = ['jpeg', 'png', 'webp', 'avif', 'heic', 'gif', 'tiff'] as const;
export type PhotoFormat = (typeof photoFormats)[number];

const avifBrands = new Set(['avif', 'avis', 'MA1A', 'MA1B']);
const hevcBrands = new Set(['heic', 'heix', 'heim', 'heis', 'hevc', 'hevx', 'hevm', 'hevs']);

const ascii = (bytes: Uint8Array, start: number, end: number): string =>
  String.fromCharCode(...bytes.subarray(start, end));

const startsWith = (bytes: Uint8Array, magic: readonly number[]): boolean =>
  bytes.length >= magic.length && magic.every((byte, index) => bytes[index] === byte);

const isPicture = new Set(['mif1', 'mif2', 'mif3', 'msf1', 'miaf', 'heif']);

/**
 * An ISO base media file tells its kind in the brands of its first box; the major one comes first. Brands that say
 * no more than that it is a picture leave it to the way in which that is coded.
 */
const isoMediaFormat = (bytes: Uint8Array): string | null => {
  if (bytes.length < 12 || ascii(bytes, 4, 8) !== 'ftyp') return null;
  const boxBytes = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0);
  const brands = [ascii(bytes, 8, 12)];
  for (let at = 16; at + 4 <= Math.min(boxBytes, bytes.length, 256); at += 4) {
    brands.push(ascii(bytes, at, at + 4));
  }
  if (brands.some((brand) => avifBrands.has(brand))) return 'avif';
  if (brands.some((brand) => hevcBrands.has(brand))) return 'heic';
  if (isPicture.has(brands[0]!)) return primaryItemOf(bytes)?.type === 'av01' ? 'avif' : 'heic';
  if (brands[0] === 'qt  ') return 'mov';
  if (brands[0] === 'crx ') return 'cr3';
  return 'mp4';
};

const riffFormat = (bytes: Uint8Array): string | null => {
  if (ascii(bytes, 0, 4) !== 'RIFF') return null;
  const kind = ascii(bytes, 8, 12);
  return kind === 'WEBP' ? 'webp' : kind === 'AVI ' ? 'avi' : null;
};

const textFormat = (bytes: Uint8Array): string | null => {
  const head = ascii(bytes, 0, 1024)
    .replace(/^\xef\xbb\xbf/, '')
    .trimStart()
    .toLowerCase();
  if (!head.startsWith('<')) return null;
  if (/<svg[\s>]/.test(head)) return 'svg';
  return /^<(!doctype html|html)[\s>]/.test(head) ? 'html' : null;
};

const magics: readonly (readonly [format: string, ...magic: number[]])[] = [
  ['jpeg', 0xff, 0xd8, 0xff],
  ['png', 0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
  ['gif', 0x47, 0x49, 0x46, 0x38],
  ['tiff', 0x49, 0x49, 0x2a, 0x00],
  ['tiff', 0x4d, 0x4d, 0x00, 0x2a],
  ['tiff', 0x49, 0x49, 0x2b, 0x00],
  ['tiff', 0x4d, 0x4d, 0x00, 0x2b],
  ['jxl', 0xff, 0x0a],
  ['jxl', 0x00, 0x00, 0x00, 0x0c, 0x4a, 0x58, 0x4c, 0x20],
  ['jp2', 0x00, 0x00, 0x00, 0x0c, 0x6a, 0x50, 0x20, 0x20],
  ['pdf', 0x25, 0x50, 0x44, 0x46],
  ['zip', 0x50, 0x4b, 0x03, 0x04],
  ['zip', 0x50, 0x4b, 0x05, 0x06],
  ['gzip', 0x1f, 0x8b],
  ['psd', 0x38, 0x42, 0x50, 0x53],
  ['ico', 0x00, 0x00, 0x01, 0x00],
  ['webm', 0x1a, 0x45, 0xdf, 0xa3],
  ['bmp', 0x42, 0x4d],
];

/**
 * What a file is, judged by its first bytes and never by its name: a short name such as `png`, `heic` or
 * `zip`; null where they are nothing that we know.
 */
export const sniffFormat = (bytes: Uint8Array): string | null =>
  magics.find(([, ...magic]) => startsWith(bytes, magic))?.[0] ??
  isoMediaFormat(bytes) ??
  riffFormat(bytes) ??
  textFormat(bytes);

export const isPhotoFormat = (format: string | null): format is PhotoFormat =>
  photoFormats.some((candidate) => candidate === format);
