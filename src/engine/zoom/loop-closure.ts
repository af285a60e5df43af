/**
 * Leads a film back into its frame 0. Seen from frame k of N, frame 0 stands in the centre, shrunk by
 * zoom^-(N - k). Over the last frames the picture there is drawn towards it before every step, and the
 * optimiser makes a texture of the mixture. How hard it is drawn follows from what was measured, so that the
 * distance that is left falls steadily and the last step, into frame 0 itself, is as large as any other.
 */
import { median } from '../../domain/median.ts';
import type { Picture } from '../../domain/picture.ts';
import {
  addMasked,
  changeBetween,
  difference,
  distanceTo,
  drawTowards,
  expectedAfter,
  type Guide,
  guideFor,
  meanDifference,
} from './guide.ts';

export type LoopPlan = {
  readonly frames: number;
  /** How many of the last frames are drawn towards frame 0. */
  readonly loopFrames: number;
  readonly zoom: number;
  readonly stepsPerFrame: number;
};

/** Of the way to the guide in one frame: the optimiser is to go on changing the picture as before. */
const maxStrength = 0.45;

/**
 * Frame 0 comes in without an edge, for its grain is finer when it is shrunk; well before the seam it must count up
 * to its border, or the border would be left to the last step.
 */
const hardening = 1.15;

/** How large the seam may be, in usual steps: sharpening frame N - 1 further would show. */
const seamAllowance = 1;
const maxSeamRounds = 3;

/** In the last few frames the optimiser's own detail gives way to that of frame 0, step by step. */
const mostApproachFrames = 6;
const approachAllowance = 1.1;
const maxApproach = 0.35;
const halvings = 7;

/**
 * How much of the way to frame 0 is behind after each of the last frames. Early frames take larger shares:
 * frame 0 covers zoom^(-2 (N - k)) of the picture, so that a change of it changes less of the whole. In
 * proportion to that area the first ones would stand out; the exponent was found by measurement.
 */
const shareExponent = 1.2;

const wayBehind = ({ loopFrames, zoom }: LoopPlan): readonly number[] => {
  const shares = Array.from({ length: loopFrames }, (_, i) => zoom ** (shareExponent * (loopFrames - i)));
  const total = shares.reduce((sum, share) => sum + share, 0);
  let behind = 0;
  return shares.map((share) => {
    behind += share / total;
    return behind;
  });
};

/** The largest strength of 0 to `most` at which `fits` still holds; it must hold for all below it. */
const largestStrength = (most: number, fits: (strength: number) => boolean): number => {
  let [low, high] = [0, most];
  for (let halving = 0; halving < halvings; halving++) {
    const strength = (low + high) / 2;
    if (fits(strength)) low = strength;
    else high = strength;
  }
  return low;
};

/**
 * Back-projection (Irani & Peleg 1991): what frame 0 has and the enlarged last frame lacks is shrunk and
 * added to it, as much as it takes for the seam to be no larger than `limit`.
 */
const closeSeam = (last: Picture, frame0: Picture, options: { zoom: number; limit: number }): Picture => {
  const { zoom, limit } = options;
  const seamOf = (picture: Picture) => changeBetween(picture, frame0, zoom);
  let picture = last;
  for (let round = 0; round < maxSeamRounds && seamOf(picture) > limit; round++) {
    const lacking = difference(frame0, expectedAfter(picture, zoom));
    const correction = guideFor(lacking, zoom);
    const start = picture;
    const short = largestStrength(1, (strength) => seamOf(addMasked(start, correction, strength)) > limit);
    picture = addMasked(start, correction, Math.min(1, short + 2 ** -halvings));
  }
  return picture;
};

/** As far towards the guide as a step of the film may go without standing out, and no nearer than `least`. */
const approach = (
  picture: Picture,
  guide: Guide,
  options: { previous: Picture; zoom: number; limit: number; least: number },
): Picture => {
  const { previous, zoom, limit, least } = options;
  const way = { ...guide, picture: difference(guide.picture, picture) };
  const expected = expectedAfter(previous, zoom);
  const strength = largestStrength(maxApproach, (tried) => {
    const moved = addMasked(picture, way, tried);
    return meanDifference(moved, expected) <= limit && distanceTo(moved, guide) >= least;
  });
  return addMasked(picture, way, strength);
};

/** What the closure has measured so far: plain data, so that a checkpoint can hold it. */
export type LoopMemory = {
  /** d_k of the frames so far, in 0..1. */
  readonly changes: readonly number[];
  /** Distance to frame 0 when the drawing began. */
  readonly startDistance: number;
  /** By how much the optimiser went back on the way in the frame before. */
  readonly undone: number;
};

export const emptyLoopMemory: LoopMemory = { changes: [], startDistance: 0, undone: 0 };

export type LoopClosure = ReturnType<typeof createLoopClosure>;

/**
 * Follows a film frame by frame, from frame 1 on, and closes it by what it measures.
 * @param memory what an earlier closure of the same film had measured
 */
export const createLoopClosure = (frame0: Picture, plan: LoopPlan, memory: LoopMemory = emptyLoopMemory) => {
  const { frames, loopFrames, zoom, stepsPerFrame } = plan;
  const first = frames - loopFrames;
  const approachFrames = Math.min(mostApproachFrames, Math.floor(loopFrames / 3));
  const way = wayBehind(plan);
  const changes = [...memory.changes];
  let guide: Guide | undefined;
  let { startDistance, undone } = memory;
  let wanted = 0;
  let expected = 0;
  /** How much of a step is left when nothing but resampling lies between two frames. */
  let resampling: number | undefined;

  /** The distance to frame 0 at which the last step of the film is as large as its other steps. */
  const endDistance = (): number => {
    const usual = median(changes);
    resampling ??= changeBetween(guideFor(frame0, zoom).picture, frame0, zoom);
    return Math.sqrt(Math.max(0.1 * usual * usual, usual * usual - resampling * resampling));
  };

  return {
    /** What to do to the picture (in place) before each step of a frame; undefined before the last part of the film. */
    draw(index: number, warped: Picture): ((picture: Picture) => void) | undefined {
      if (index < first) return undefined;
      const current = guideFor(frame0, zoom ** (frames - index), {
        softness: Math.max(0, 1 - hardening * way[index - first]!),
      });
      guide = current;
      const before = distanceTo(warped, current);
      if (index === first) startDistance = before;
      wanted = startDistance + (endDistance() - startDistance) * way[index - first]!;
      const strength = before === 0 ? 0 : Math.min(maxStrength, Math.max(0, 1 - (wanted - undone) / before));
      expected = before * (1 - strength);
      const perStep = 1 - (1 - strength) ** (1 / stepsPerFrame);
      return (picture) => drawTowards(picture, current, perStep);
    },
    /** Takes note of a frame that is done. The last few are returned closer to frame 0. */
    settle(index: number, { previous, picture }: { previous: Picture; picture: Picture }): Picture {
      if (guide) undone = distanceTo(picture, guide) - expected;
      const usual = median(changes);
      let settled = picture;
      if (index === frames - 1) {
        settled = closeSeam(picture, frame0, { zoom, limit: seamAllowance * usual });
      } else if (guide && index >= frames - approachFrames) {
        settled = approach(picture, guide, {
          previous,
          zoom,
          limit: approachAllowance * usual,
          least: wanted,
        });
      }
      changes.push(changeBetween(previous, settled, zoom));
      return settled;
    },
    memory: (): LoopMemory => ({ changes: [...changes], startDistance, undone }),
  };
};
