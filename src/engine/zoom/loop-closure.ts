/**
 * Closes the loop: leads a film back into its frame 0. The frames rendered before frame 0 (the lead-in) are kept as
 * guides. Over the last frames of the film the picture is blended into them by slerp: frame N - j into the guide j
 * frames before frame 0. Guides zoom as the film does, so that one texture grows out of the other. The optimisation
 * drifts from the planned angle, so each frame is projected back onto it.
 */

import { changesFrom } from '../../domain/frame-change.ts';
import { fromRgbImage, type Picture, type RgbImage } from '../../domain/picture.ts';
import { median } from '../../domain/statistics.ts';
import { type Slerp, slerpBetween } from './slerp.ts';

/**
 * How much of the blend is left for the step from the last frame to frame 0, relative to the other steps. With less,
 * the last frame would have to move away from its guide to make that step as large as the others, and would stand out.
 */
const shareOfSeam = 0.9;

/** The blend slows down by this share in the middle, where the optimiser changes the mixed picture most. */
const slowed = 0.12;

/** The share of the blend that is done after a share of the steps. */
const blendAfter = (share: number): number =>
  (share - (slowed / Math.PI) * (1 - Math.cos(Math.PI * share))) / (1 - (2 * slowed) / Math.PI);

/** How far the last frame may move away from its guide (negative) or into it, to make the seam a usual step. */
const seamShares = { least: -3, most: 1 } as const;
const halvings = 8;

/** The largest of those shares for which `holds`, by bisection: it must be true up to some share and false beyond. */
const lastShare = (holds: (share: number) => boolean): number => {
  let { least: from, most: to }: { least: number; most: number } = seamShares;
  for (let halving = 0; halving < halvings; halving++) {
    const share = (from + to) / 2;
    if (holds(share)) from = share;
    else to = share;
  }
  return to;
};

/** To close the seam, the step before it may grow to this many usual steps; beyond that no larger than the seam. */
const mostBeforeSeam = 1.6;

/** What the closure has measured so far: plain data, so that a checkpoint can hold it. */
export type LoopMemory = {
  /** d_k of the frames so far, in 0..1. */
  readonly changes: readonly number[];
  /** The planned angle between the last blended frame and its guide, in radians. */
  readonly left: number;
};

export const emptyLoopMemory: LoopMemory = { changes: [], left: 0 };

export type LoopOptions = {
  /** The frames before frame 0, in order; as many of the film's last frames are blended into them. */
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

  /** Projects onto the planned angle. A picture moves away from its guide by no more than its own angle to it. */
  const asPlanned = ({ angle, at }: Slerp): Picture => at(angle > 0 ? Math.max(-1, 1 - left / angle) : 0);

  /** A frame's guide is asked for several times in a row. */
  let last: { readonly image: RgbImage; readonly guide: Picture } | undefined;
  const slerpToGuide = (index: number, picture: Picture): Slerp | undefined => {
    const image = guides[index - first];
    if (!image) return undefined;
    if (last?.image !== image) last = { image, guide: fromRgbImage(image) };
    return slerpBetween(picture, last.guide);
  };

  /**
   * Makes the seam as large as the film's usual step: the nearer to the guide, the smaller it is. Stops where the step
   * before it would stand out.
   */
  const closeSeam = (toGuide: Slerp, stepInto: (last: Picture) => number): Picture => {
    const next = fromRgbImage(frame0);
    const stepsAt = (share: number) => {
      const tried = toGuide.at(share);
      const [before, seam] = [stepInto(tried), changesFrom(tried, zoom)(next)];
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
    /** What frame `index` starts from: the enlarged previous frame, blended towards its guide if it has one. */
    blendIn(index: number, warped: Picture): Picture {
      const toGuide = slerpToGuide(index, warped);
      if (!toGuide) return warped;
      const before = index === first ? toGuide.angle : left;
      const leftAfter = (steps: number): number => 1 - blendAfter(steps / (guides.length + shareOfSeam));
      left = (before * leftAfter(index - first + 1)) / leftAfter(index - first);
      return asPlanned(toGuide);
    },
    /** Projects the optimised frame `index` back onto the planned angle. */
    constrain(index: number, picture: Picture): Picture {
      const toGuide = slerpToGuide(index, picture);
      return toGuide ? asPlanned(toGuide) : picture;
    },
    /** Records the change of a finished frame and returns it as shown: the last one is adjusted to close the seam. */
    finalise(index: number, { previous, picture }: { previous: Picture; picture: Picture }): Picture {
      const stepInto = changesFrom(previous, zoom);
      const toGuide = index === frames - 1 && slerpToGuide(index, picture);
      const settled = toGuide ? closeSeam(toGuide, stepInto) : picture;
      changes.push(stepInto(settled));
      return settled;
    },
    memory: (): LoopMemory => ({ changes: [...changes], left }),
  };
};
