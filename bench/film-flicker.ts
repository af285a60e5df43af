import { fromRgbImage, type Picture, type RgbImage } from '../src/domain/picture.ts';
import { meanOf } from '../src/domain/statistics.ts';
import { clampPicture } from '../src/engine/synthesis/resample.ts';
import { enlarge } from '../src/engine/zoom/warp.ts';

export type Flicker = {
  /** RMSE of each frame against the one before it, enlarged: the mean, in steps of a byte. */
  readonly warpError: number;
  /** What the measure's own resampling costs a still: the mean. */
  readonly floor: number;
  /** Warp error less the floor. */
  readonly flicker: number;
};

/** In steps of a byte. */
const rmse = (a: Picture, b: Picture): number => {
  let sum = 0;
  for (let i = 0; i < a.data.length; i++) sum += (a.data[i]! - b.data[i]!) ** 2;
  return 255 * Math.sqrt(sum / a.data.length);
};

/**
 * Warp error under the known zoom (bilinear, as d_k is), without the step back to frame 0. The floor is the
 * difference of that zoom from the film's own, band-limited one: what a frame that is only enlarged would show.
 */
export const flickerOf = (frames: readonly RgbImage[], zoom: number): Flicker => {
  const errors: number[] = [];
  const floors: number[] = [];
  for (let index = 1; index < frames.length; index++) {
    const before = fromRgbImage(frames[index - 1]!);
    const expected = enlarge(before, zoom, { kernel: 'bilinear' });
    errors.push(rmse(fromRgbImage(frames[index]!), expected));
    floors.push(rmse(clampPicture(enlarge(before, zoom, { kernel: 'band-limited' })), expected));
  }
  const [warpError, floor] = [meanOf(errors), meanOf(floors)];
  return { warpError, floor, flicker: warpError - floor };
};
