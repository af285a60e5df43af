import { changesFrom } from '../domain/frame-change.ts';
import type { RgbImage } from '../domain/picture.ts';
import { median } from '../domain/statistics.ts';

export type ZoomDirection = 'in' | 'out';

/** How well each frame follows from the one before it; all distances in steps of a byte, 0 to 255. */
export type Motion = {
  /** d_k, the difference between frame k + 1 and frame k after the known zoom; the last leads to frame 0. */
  readonly distances: number[];
  /**
   * d_(N-1) / median(d_0 .. d_(N-2)): near 1 the seam is invisible, below it stalls, above it jumps. 1 where
   * nothing differs at all.
   */
  readonly seamRatio: number;
};

/** Below this a median difference counts as none, so that the ratio stays finite. */
const leastMedian = 1e-6;

/**
 * Measures a film frame by frame, without holding more than three of them. A frame must not change after it
 * was added.
 * @param zoom enlargement from one frame to the next
 */
export const createMotionMeter = (zoom: number, direction: ZoomDirection) => {
  // A film that zooms out is reduced from frame to frame.
  const factor = direction === 'in' ? zoom : 1 / zoom;
  const distances: number[] = [];
  let first: RgbImage | undefined;
  let previous: RgbImage | undefined;

  const measure = (from: RgbImage, to: RgbImage): void => {
    distances.push(changesFrom(from, factor)(to));
  };

  return {
    add(frame: RgbImage): void {
      if (previous) measure(previous, frame);
      first ??= frame;
      previous = frame;
    },
    /** Closes the loop. To be called once, after at least one frame. */
    finish(): Motion {
      if (!first || !previous) throw new RangeError('no frames');
      measure(previous, first);
      const seam = distances.at(-1)!;
      const usual = distances.length > 1 ? median(distances.slice(0, -1)) : seam;
      const seamRatio = seam === usual ? 1 : seam / Math.max(usual, leastMedian);
      return { distances, seamRatio };
    },
  };
};
