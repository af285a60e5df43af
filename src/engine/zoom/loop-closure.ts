/**
 * Leads a film back into its frame 0. Some frames were rendered before frame 0 and kept; over the last frames of the
 * film the picture is turned, frame by frame, into those: frame N - j into the one j before frame 0. They zoom as
 * the film does and are as good as it, so that one texture grows out of the other. How far each frame is turned
 * follows from what was measured, since the optimiser goes back a little on the way.
 */
import { median } from '../../domain/median.ts';
import { fromRgbImage, type Picture, type RgbImage } from '../../domain/picture.ts';
import { type Turn, turnBetween } from './blend.ts';
import { changeBetween, changesFrom } from './change.ts';

/** What the optimiser goes back is followed as a running mean, with this share for the newest frame. */
const newestShare = 0.5;

/**
 * It is made up for less and less over this share of the guides: at the end that would make a jump. Instead, what is
 * shown of those frames is turned on by itself: what the optimiser makes of a frame is never its guide.
 */
const easedShare = 1 / 4;

/**
 * What is left of a turn for the step from the last frame to frame 0, in shares of the others: with less, the last
 * frame would have to be turned away for that step to be as large as they are, in a step that stands out.
 */
const shareOfSeam = 0.9;

/** The angle falls as this power of what is left of the way: pictures that are half of each take longest steps. */
const fallPower = 1.15;

/** How far what is shown last may be turned away from or into its guide for the seam to be as large as other steps. */
const seamShares = { least: -1, most: 1 } as const;
const halvings = 7;

/** Up to which of those shares something holds that holds for small ones, by halving. */
const lastShare = (holds: (share: number) => boolean): number => {
  let { least: from, most: to }: { least: number; most: number } = seamShares;
  for (let halving = 0; halving < halvings; halving++) {
    const share = (from + to) / 2;
    if (holds(share)) from = share;
    else to = share;
  }
  return to;
};

/** For it the step before may grow to so many usual ones, and no larger than the seam itself beyond that. */
const mostBeforeSeam = 1.6;

/** What the closure has measured so far: plain data, so that a checkpoint can hold it. */
export type LoopMemory = {
  /** d_k of the frames so far, in 0..1. */
  readonly changes: readonly number[];
  /** The angle that was left when the last frame had been turned, in radians. */
  readonly left: number;
  /** By how much the optimiser goes back in a frame, in radians. */
  readonly undone: number;
};

export const emptyLoopMemory: LoopMemory = { changes: [], left: 0, undone: 0 };

export type LoopOptions = {
  /** The frames before frame 0, in order; as many of the film's last frames are turned into them. */
  readonly guides: readonly RgbImage[];
  readonly frame0: RgbImage;
  readonly frames: number;
  readonly zoom: number;
};

export type LoopClosure = ReturnType<typeof createLoopClosure>;

/**
 * Follows a film frame by frame, from frame 1 on, and closes it by what it measures.
 * @param memory what an earlier closure of the same film had measured
 */
export const createLoopClosure = (options: LoopOptions, memory: LoopMemory = emptyLoopMemory) => {
  const { guides, frame0, frames, zoom } = options;
  const first = frames - guides.length;
  const easedFrames = easedShare * guides.length;
  const changes = [...memory.changes];
  let { left, undone } = memory;

  /**
   * A seam that is as large as the film's usual step: the nearer to the guide, the smaller it is. Where the step before
   * it, which shall not stand out either, would grow too large on the way, no further than that.
   */
  const closeSeam = (toGuide: Turn, stepInto: (last: Picture) => number): Picture => {
    const next = fromRgbImage(frame0);
    const stepsAt = (share: number) => {
      const tried = toGuide.at(share);
      const [before, seam] = [stepInto(tried), changeBetween(tried, next, zoom)];
      const usual = median([...changes, before]);
      return { isTooLarge: seam > usual, standsOut: before >= Math.max(seam, mostBeforeSeam * usual) };
    };
    const closed = lastShare((share) => stepsAt(share).isTooLarge);
    if (!stepsAt(closed).standsOut) return toGuide.at(closed);
    return toGuide.at(
      lastShare((share) => {
        const { isTooLarge, standsOut } = stepsAt(share);
        return isTooLarge && !standsOut;
      }),
    );
  };

  return {
    /** What frame `index` begins with: the enlarged frame before it, turned towards its guide if it has one. */
    turn(index: number, warped: Picture): Picture {
      const image = guides[index - first];
      if (!image) return warped;
      const { angle, at } = turnBetween(warped, fromRgbImage(image));
      if (index > first) undone += newestShare * (Math.max(0, angle - left) - undone);
      const stepsLeft = frames - index + shareOfSeam;
      const fall = 1 - ((stepsLeft - 1) / stepsLeft) ** fallPower;
      const made = undone * Math.min(1, (frames - index) / easedFrames);
      const share = angle > 0 ? Math.min(1, fall + made / angle) : 0;
      left = angle * (1 - share);
      return at(share);
    },
    /** Takes note of a frame that is done, and returns what is shown of it: the last ones lead into frame 0. */
    settle(index: number, { previous, picture }: { previous: Picture; picture: Picture }): Picture {
      const framesLeft = frames - index;
      const stepInto = changesFrom(previous, zoom);
      let settled = picture;
      if (framesLeft < easedFrames + 1) {
        const toGuide = turnBetween(picture, fromRgbImage(guides[index - first]!));
        const share = 1 - framesLeft / (easedFrames + 1);
        settled = framesLeft === 1 ? closeSeam(toGuide, stepInto) : toGuide.at(share);
      }
      changes.push(stepInto(settled));
      return settled;
    },
    memory: (): LoopMemory => ({ changes: [...changes], left, undone }),
  };
};
