import type { Sharp, SharpOptions } from 'sharp';
import { GramzoomError } from '../domain/errors.ts';
import type { RgbImage } from '../domain/picture.ts';
import { orCancelled, throwIfCancelled } from './cancellation.ts';
import { type PhotoLimits, photoLimits } from './photo-limits.ts';
import { sharp } from './sharp.ts';
import { isPhotoFormat, type PhotoFormat, sniffFormat } from './sniff.ts';

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
 * @param bytes a JPEG, PNG, WebP, AVIF, GIF or TIFF file; its content decides, not its name
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
      Promise.race([decodeKindly(bytes, options.maxArea, limits), givenUp]),
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
  if (found === 'heic') throw new GramzoomError('photo-heic', {});
  if (!isPhotoFormat(found)) throw new GramzoomError('photo-format', { found });
  return found;
};

const checkSides = (width: number, height: number, limits: PhotoLimits): void => {
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

/** Cameras write slightly odd files: what only warns is read in a second try, what lacks data is not. */
const decodeKindly = async (bytes: Uint8Array, maxArea: number, limits: PhotoLimits): Promise<RgbImage> => {
  const size = await readSize(bytes, limits);
  const target = fitArea(size, maxArea);
  try {
    return await decodeTo(bytes, target, limits, 'warning');
  } catch (error) {
    if (error instanceof GramzoomError) throw error;
    try {
      return await decodeTo(bytes, target, limits, 'truncated');
    } catch (second) {
      throw second instanceof GramzoomError
        ? second
        : new GramzoomError('photo-damaged', {}, { cause: second });
    }
  }
};

type Size = { readonly width: number; readonly height: number };

/** The size once upright, from the header alone. */
const readSize = async (bytes: Uint8Array, limits: PhotoLimits): Promise<Size> => {
  let size: Size;
  try {
    const metadata = await sharp(bytes, { failOn: 'none', limitInputPixels: false }).metadata();
    size = metadata.autoOrient;
  } catch (error) {
    throw new GramzoomError('photo-damaged', {}, { cause: error });
  }
  checkSides(size.width, size.height, limits);
  return size;
};

/** The largest size of the same shape with at most `maxArea` pixels and sides of at least 1. */
const fitArea = ({ width, height }: Size, maxArea: number): Size => {
  const scale = Math.min(1, Math.sqrt(maxArea / (width * height)));
  const scaled = {
    width: Math.max(1, Math.floor(width * scale)),
    height: Math.max(1, Math.floor(height * scale)),
  };
  return {
    width: Math.max(1, Math.min(scaled.width, Math.floor(maxArea / scaled.height))),
    height: Math.max(1, Math.min(scaled.height, Math.floor(maxArea / scaled.width))),
  };
};

const decodeTo = async (
  bytes: Uint8Array,
  target: Size,
  limits: PhotoLimits,
  failOn: NonNullable<SharpOptions['failOn']>,
): Promise<RgbImage> => {
  const pipeline: Sharp = sharp(bytes, { failOn, limitInputPixels: limits.maxPixels, pages: 1 })
    .timeout({ seconds: Math.ceil(limits.timeoutSeconds) })
    .autoOrient()
    .flatten({ background: '#ffffff' })
    .resize(target.width, target.height, { fit: 'fill', kernel: 'lanczos3' })
    .toColourspace('srgb')
    .removeAlpha()
    .raw({ depth: 'uchar' });
  try {
    const { data, info } = await pipeline.toBuffer({ resolveWithObject: true });
    if (info.channels !== 3) throw new Error(`${info.channels} channels after conversion to sRGB`);
    const pixels = new Uint8Array(data.buffer, data.byteOffset, data.length);
    return { width: info.width, height: info.height, data: pixels };
  } catch (error) {
    if (error instanceof Error && /timeout/i.test(error.message)) throw tooSlow(limits, error);
    throw error;
  }
};
