/**
 * Leads a film back into its frame 0. Some frames were rendered before frame 0 and kept; over the last frames of the
 * film the picture is turned, frame by frame, into those: frame N - j into the one j before frame 0. They zoom as
 * the film does and are as good as it, so that one texture grows out of the other. The optimiser goes back on the way,
 * or runs ahead; what it made of a frame is turned to where the frame has to be.
 */
import { median } from '../../domain/median.ts';
import { fromRgbImage, type Picture, type RgbImage } from '../../domain/picture.ts';
import { type Turn, turnBetween } from './blend.ts';
import { changeBetween, changesFrom } from './change.ts';

/**
 * What is left of a turn for the step from the last frame to frame 0, in shares of the others: with less, the last
 * frame would have to be turned away for that step to be as large as they are, in a step that stands out.
 */
const shareOfSeam = 0.9;

/** In the middle, where pictures are half of each and the optimiser changes them most, it turns slower by this share. */
const slowed = 0.12;

/** The share of the way that is behind after a share of the steps. */
const wayAfter = (share: number): number =>
  (share - (slowed / Math.PI) * (1 - Math.cos(Math.PI * share))) / (1 - (2 * slowed) / Math.PI);

/** How far what is shown last may be turned away from or into its guide for the seam to be as large as other steps. */
const seamShares = { least: -3, most: 1 } as const;
const halvings = 8;

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
  /** The angle that the last turned frame was to have to its guide, in radians. */
  readonly left: number;
};

export const emptyLoopMemory: LoopMemory = { changes: [], left: 0 };

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
  const changes = [...memory.changes];
  let { left } = memory;

  /** To the angle that is planned. Nothing is turned away from its guide by more than it is away from it. */
  const asPlanned = ({ angle, at }: Turn): Picture => at(angle > 0 ? Math.max(-1, 1 - left / angle) : 0);

  const turnOf = (index: number, picture: Picture): Turn | undefined => {
    const guide = guides[index - first];
    return guide && turnBetween(picture, fromRgbImage(guide));
  };

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
      const toGuide = turnOf(index, warped);
      if (!toGuide) return warped;
      const before = index === first ? toGuide.angle : left;
      const leftAfter = (steps: number): number => 1 - wayAfter(steps / (guides.length + shareOfSeam));
      left = (before * leftAfter(index - first + 1)) / leftAfter(index - first);
      return asPlanned(toGuide);
    },
    /** Turns what the optimiser made of frame `index` to where the frame has to be. */
    hold(index: number, picture: Picture): Picture {
      const toGuide = turnOf(index, picture);
      return toGuide ? asPlanned(toGuide) : picture;
    },
    /** Takes note of a frame that is done, and returns what is shown of it: the last one leads into frame 0. */
    settle(index: number, { previous, picture }: { previous: Picture; picture: Picture }): Picture {
      const stepInto = changesFrom(previous, zoom);
      const toGuide = index === frames - 1 && turnOf(index, picture);
      const settled = toGuide ? closeSeam(toGuide, stepInto) : picture;
      changes.push(stepInto(settled));
      return settled;
    },
    memory: (): LoopMemory => ({ changes: [...changes], left }),
  };
};
