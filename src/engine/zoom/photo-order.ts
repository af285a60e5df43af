/**
 * Which photo each frame of a film is made of, where it goes through several: one after the other, and at last the
 * first one again. Targets turn from one photo to the next over some frames. See
 * docs/decisions/0019-the-winners-reel.md.
 */

/** So many frames have a target between two photos; fewer where the next turn comes before. */
const turnFrames = 12;

/** What of a film decides that. */
type Course = {
  /** How many photos it goes through. */
  readonly photos: number;
  readonly frames: number;
  /** The last frames, which are blended into the ones before frame 0. */
  readonly loopFrames: number;
};

/** The photos that a frame is made of, by their places in the order: `share` of `to`, the rest of `from`. */
export type PhotoMix = { readonly from: number; readonly to: number; readonly share: number };

/**
 * The first frames of the second photo and of those behind it; last of all the frame that turns back to the first.
 * Each photo has as many frames: the first one those that lead back, too.
 */
export const photoTurns = ({ photos, frames, loopFrames }: Course): readonly number[] =>
  Array.from({ length: photos }, (_, photo) =>
    Math.max(1, Math.round(((photo + 1) * frames) / photos) - loopFrames),
  );

/**
 * Slow at both ends. Targets grow with the square of a picture's contrast, so that a little of a photo with much of it
 * is soon most of a target.
 */
const eased = (share: number): number => share ** 2 / (share ** 2 + (1 - share) ** 2);

/** What frame `index` is made of; below 0 it comes before the film. */
export const photoMixAt = (index: number, course: Course): PhotoMix => {
  const turns = photoTurns(course);
  const turn = turns.findLastIndex((first) => first <= index);
  if (course.photos < 2 || turn < 0) return { from: 0, to: 0, share: 0 };
  const until = turns[turn + 1] ?? course.frames;
  const length = Math.min(turnFrames, until - turns[turn]! - 1);
  const share = Math.min(1, (index - turns[turn]! + 1) / (length + 1));
  return { from: turn, to: (turn + 1) % course.photos, share: eased(share) };
};
