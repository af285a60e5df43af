import { GramzoomError } from '../domain/errors.ts';
import type { RgbImage, Size } from '../domain/picture.ts';
import { orCancelled, throwIfCancelled } from './cancellation.ts';
import { decodePixels, fitArea } from './decode-pixels.ts';
import { openHeic } from './heic.ts';
import { prepare } from './prepare.ts';
import { sharp } from './sharp.ts';
import { isPhotoFormat, type PhotoFormat, sniffFormat } from './sniff.ts';
import { type DecodedHeader, sourceColour } from './source-colour.ts';

/** What a stranger's file may cost. */
export type PhotoLimits = {
  readonly maxBytes: number;
  readonly maxPixels: number;
  /** AVIF is decoded as a whole, at some 18 bytes a pixel, from files of hardly a kilobyte. */
  readonly maxAvifPixels: number;
  /** Longest side in pixels: some codecs need memory per row, whatever the area. */
  readonly maxSide: number;
  /** Longer side over shorter side. */
  readonly maxAspect: number;
  readonly timeoutSeconds: number;
  /** By how much the process may grow meanwhile, whatever the header says. */
  readonly maxMemoryBytes: number;
};

export const photoLimits: PhotoLimits = {
  maxBytes: 25e6,
  maxPixels: 50e6,
  maxAvifPixels: 24e6,
  maxSide: 12_000,
  maxAspect: 20,
  timeoutSeconds: 10,
  // Of what the limits above let in, an AVIF needs most: 620 MB.
  maxMemoryBytes: 750e6,
};

export type DecodeOptions = {
  /** The picture is scaled down until it has at most this many pixels; it is never scaled up. */
  readonly maxArea: number;
  readonly signal?: AbortSignal;
  readonly limits?: Partial<PhotoLimits>;
};

/** How often the process's memory is looked at while a photo is decoded. */
const memoryIntervalMs = 20;

/**
 * Reads a photo: its first page or frame, turned upright, on white where it is transparent, in sRGB with 8
 * bits per channel, scaled to `maxArea` by Lanczos. Nothing of its metadata is kept. Size limits are checked
 * on the header, before any pixel is decoded. Where it is given up (`photo-too-slow`, `photo-too-heavy`,
 * `cancelled`), the decoder may still be at work: whoever must be rid of it ends the process.
 * @param bytes a JPEG, PNG, WebP, AVIF, HEIC, GIF or TIFF file; its content decides, not its name
 * @throws GramzoomError one of the `photo-` codes that need no path, or `cancelled`
 */
export const decodePhoto = async (bytes: Uint8Array, options: DecodeOptions): Promise<RgbImage> => {
  const given = { ...photoLimits, ...options.limits };
  throwIfCancelled(options.signal);
  const format = checkFile(bytes, given);
  const maxPixels = format === 'avif' ? Math.min(given.maxPixels, given.maxAvifPixels) : given.maxPixels;
  const limits = { ...given, maxPixels };
  const { promise: givenUp, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(tooSlow(limits)), limits.timeoutSeconds * 1000);
  const { maxMemoryBytes } = limits;
  const before = process.memoryUsage.rss();
  const memoryTimer = setInterval(() => {
    if (process.memoryUsage.rss() - before > maxMemoryBytes) reject(tooHeavy(maxMemoryBytes));
  }, memoryIntervalMs);
  try {
    // sharp's own timeout counts only between rows: a codec that decodes in one go never asks it.
    return await orCancelled(
      Promise.race([decodeKindly(bytes, format, { maxArea: options.maxArea, limits }), givenUp]),
      options.signal,
    );
  } finally {
    clearTimeout(timer);
    clearInterval(memoryTimer);
  }
};

const tooHeavy = (maxBytes: number): GramzoomError => new GramzoomError('photo-too-heavy', { maxBytes });

const tooSlow = (limits: PhotoLimits, cause?: unknown): GramzoomError =>
  new GramzoomError('photo-too-slow', { seconds: limits.timeoutSeconds }, { cause });

const checkFile = (bytes: Uint8Array, { maxBytes }: PhotoLimits): PhotoFormat => {
  if (bytes.length === 0) throw new GramzoomError('photo-empty', {});
  if (bytes.length > maxBytes) {
    throw new GramzoomError('photo-too-many-bytes', { bytes: bytes.length, maxBytes });
  }
  const found = sniffFormat(bytes);
  if (!isPhotoFormat(found)) throw new GramzoomError('photo-format', { found });
  return found;
};

const checkSides = ({ width, height }: Size, limits: PhotoLimits): void => {
  const { maxPixels, maxSide, maxAspect } = limits;
  const longer = Math.max(width, height);
  if (longer > maxSide) throw new GramzoomError('photo-side-too-long', { width, height, maxSide });
  if (width * height > maxPixels) {
    throw new GramzoomError('photo-too-many-pixels', { width, height, maxMegapixels: maxPixels / 1e6 });
  }
  if (longer > maxAspect * Math.min(width, height)) {
    throw new GramzoomError('photo-too-narrow', { width, height, maxAspect });
  }
};

const decodeKindly = async (bytes: Uint8Array, format: PhotoFormat, options: Bounds): Promise<RgbImage> => {
  const { maxArea, limits } = options;
  if (format === 'heic') {
    return await openHeic(bytes, (size) => {
      checkSides(size, limits);
      return fitArea(size, maxArea);
    });
  }
  const photo = await prepare(bytes, format);
  const header = await readHeader(photo.bytes);
  checkSides(header.size, limits);
  const plan = {
    photo,
    colour: sourceColour(bytes, format, header),
    deep: header.deep,
    size: header.size,
    target: fitArea(header.size, maxArea),
    maxPixels: limits.maxPixels,
    timeoutSeconds: limits.timeoutSeconds,
  };
  const refuse = (error: unknown): GramzoomError =>
    isTimeout(error) ? tooSlow(limits, error) : damaged(error);
  try {
    return await decodePixels({ ...plan, failOn: 'warning' });
  } catch (error) {
    if (photo.secondTry === null || isTimeout(error)) throw refuse(error);
  }
  // Cameras write slightly odd files: what only warns is read in a second try, what lacks data is not.
  try {
    return await decodePixels({ ...plan, failOn: photo.secondTry });
  } catch (error) {
    throw refuse(error);
  }
};

type Bounds = { readonly maxArea: number; readonly limits: PhotoLimits };
const isTimeout = (error: unknown): boolean => error instanceof Error && /timeout/i.test(error.message);
const damaged = (cause: unknown): GramzoomError => new GramzoomError('photo-damaged', {}, { cause });

/** What can be known before any pixel is decoded. */
const readHeader = async (bytes: Uint8Array): Promise<DecodedHeader & { readonly size: Size }> => {
  try {
    const metadata = await sharp(bytes, { failOn: 'none', limitInputPixels: false }).metadata();
    const { autoOrient: size, channels, depth, hasAlpha, icc } = metadata;
    return {
      size,
      deep: depth === 'ushort',
      channels: channels - (hasAlpha ? 1 : 0),
      profile: icc ?? null,
    };
  } catch (error) {
    throw damaged(error);
  }
};
