/** How much a film changes from one frame to the next beyond its zoom: d_k, on pictures that are not bytes yet. */
import type { Picture } from '../../domain/picture.ts';
import { enlarge } from './warp.ts';

/** What the zoom alone makes of a frame: bilinear, as d_k is defined. */
const expectedAfter = (previous: Picture, zoom: number): Picture =>
  enlarge(previous, zoom, { kernel: 'bilinear' });

/** Mean absolute difference, in 0..1. */
const meanDifference = (a: Picture, b: Picture): number => {
  let sum = 0;
  for (let i = 0; i < a.data.length; i++) sum += Math.abs(a.data[i]! - b.data[i]!);
  return sum / a.data.length;
};

/**
 * Mean absolute change from a frame to the next one beyond the zoom itself (d_k of the film, in 0..1), for any picture
 * that may come next.
 */
export const changesFrom = (previous: Picture, zoom: number): ((next: Picture) => number) => {
  const expected = expectedAfter(previous, zoom);
  return (next) => meanDifference(next, expected);
};

/** `changesFrom` for one picture that comes next. */
export const changeBetween = (previous: Picture, next: Picture, zoom: number): number =>
  changesFrom(previous, zoom)(next);
