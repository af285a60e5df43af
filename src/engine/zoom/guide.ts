/** Frame 0 as a later frame is to show it, and the arithmetic of moving a picture towards it. */
import { createPicture, type Picture } from '../../domain/picture.ts';
import { resample } from './resample.ts';
import { clampPicture, enlarge } from './warp.ts';

export type Guide = {
  readonly picture: Picture;
  /** How much the guide counts at each pixel: 1 inside of it, less and less beyond its border. */
  readonly mask: Float32Array;
};

/** The guide goes on beyond its border for so many pixels, mirrored, or the border would show as a line. */
const outerPixels = 8;

const smooth = (t: number): number => {
  const clamped = Math.min(1, Math.max(0, t));
  return clamped * clamped * (3 - 2 * clamped);
};

/**
 * A picture shrunk by `shrink` (>= 1) in the middle of one of its own size.
 * @param options.softness 0: it fades beyond its border alone; 1: from the centre on
 */
export const guideFor = (picture: Picture, shrink: number, options: { softness?: number } = {}): Guide => {
  const { width, height } = picture;
  const shrunk = resample(picture, { width, height, kernel: 'bicubic', scale: shrink, border: 'mirror' });
  const along = (size: number): Float64Array => {
    const half = size / shrink / 2;
    const fading = half * (options.softness ?? 0) + outerPixels;
    return Float64Array.from({ length: size }, (_, i) =>
      smooth((half + outerPixels - Math.abs(i + 0.5 - size / 2)) / fading),
    );
  };
  const [columns, rows] = [along(width), along(height)];
  const mask = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) mask[y * width + x] = rows[y]! * columns[x]!;
  }
  return { picture: shrunk, mask };
};

/** a - b. */
export const difference = (a: Picture, b: Picture): Picture => {
  const output = createPicture(a.width, a.height);
  for (let i = 0; i < a.data.length; i++) output.data[i] = a.data[i]! - b.data[i]!;
  return output;
};

/** Moves the picture itself by `strength` of the way to the guide, where the guide counts. */
export const drawTowards = ({ data }: Picture, { picture, mask }: Guide, strength: number): void => {
  const pixels = mask.length;
  for (let plane = 0; plane < 3; plane++) {
    for (let i = 0; i < pixels; i++) {
      if (mask[i] === 0) continue;
      const at = plane * pixels + i;
      data[at] = data[at]! + strength * mask[i]! * (picture.data[at]! - data[at]!);
    }
  }
};

/** The picture plus `strength` times the guide's picture where the guide counts, clamped to 0..1. */
export const addMasked = (picture: Picture, guide: Guide, strength: number): Picture => {
  const { width, height } = picture;
  const pixels = width * height;
  const output = createPicture(width, height);
  for (let plane = 0; plane < 3; plane++) {
    for (let i = 0; i < pixels; i++) {
      const at = plane * pixels + i;
      output.data[at] = picture.data[at]! + strength * guide.mask[i]! * guide.picture.data[at]!;
    }
  }
  return clampPicture(output);
};

/** Mean absolute distance to the guide where it counts, in 0..1. */
export const distanceTo = (picture: Picture, guide: Guide): number => {
  const pixels = picture.width * picture.height;
  let sum = 0;
  let weight = 0;
  for (let plane = 0; plane < 3; plane++) {
    for (let i = 0; i < pixels; i++) {
      const at = plane * pixels + i;
      sum += guide.mask[i]! * Math.abs(picture.data[at]! - guide.picture.data[at]!);
      weight += guide.mask[i]!;
    }
  }
  return weight === 0 ? 0 : sum / weight;
};

/** What the zoom alone makes of a frame: bilinear, as d_k is defined. */
export const expectedAfter = (previous: Picture, zoom: number): Picture =>
  enlarge(previous, zoom, { kernel: 'bilinear' });

/** Mean absolute difference, in 0..1. */
export const meanDifference = (a: Picture, b: Picture): number => {
  let sum = 0;
  for (let i = 0; i < a.data.length; i++) sum += Math.abs(a.data[i]! - b.data[i]!);
  return sum / a.data.length;
};

/** Mean absolute change from one frame to the next beyond the zoom itself (d_k of the film, in 0..1). */
export const changeBetween = (previous: Picture, next: Picture, zoom: number): number =>
  meanDifference(next, expectedAfter(previous, zoom));
