import type { RgbImage } from '../../src/domain/picture.ts';
import { createMotionMeter, type Motion, type ZoomDirection } from '../../src/image/seam.ts';

/** `unwarped`: the differences between frames without the zoom, which is how much moves at all. */
export type LoopMotion = Motion & { readonly unwarped: readonly number[] };

const measure = (frames: readonly RgbImage[], zoom: number, direction: ZoomDirection): Motion => {
  const meter = createMotionMeter(zoom, direction);
  for (const frame of frames) meter.add(frame);
  return meter.finish();
};

/**
 * The motion of a whole loop.
 * @param frames at least one, all of one size; frame k + 1 follows frame k, frame 0 the last
 */
export const warpDistances = (
  frames: readonly RgbImage[],
  zoom: number,
  direction: ZoomDirection,
): LoopMotion => ({
  ...measure(frames, zoom, direction),
  unwarped: measure(frames, 1, direction).distances,
});
