/**
 * Which photo each frame of a film is made of, where it goes through several: one after the other, each for its share
 * of the loop. Targets turn from one photo to the next over some frames.
 */

/** So many frames have a target between two photos. */
const turnFrames = 6;

/**
 * How much of the loop's closure shows what the film leads back into. The closure belongs to the first photo whole, but
 * its pictures are those of the last one when it begins.
 */
const shareOfClosure = 0.75;

/** The photos that a frame is made of, by their places in the order: `share` of `to`, the rest of `from`. */
export type PhotoMix = { readonly from: number; readonly to: number; readonly share: number };

/** The first frames of the second photo and of those behind it; last of all the frame that turns back to the first. */
export const photoTurns = ({
  photos,
  frames,
  loopFrames,
}: {
  readonly photos: number;
  readonly frames: number;
  readonly loopFrames: number;
}): readonly number[] => {
  const back = frames - loopFrames;
  return Array.from({ length: photos }, (_, photo) => {
    const begin = Math.round(((photo + 1) * frames) / photos - shareOfClosure * loopFrames);
    return photo === photos - 1 ? back : Math.min(back, Math.max(1, begin));
  });
};

/** What frame `index` is made of; below 0 it comes before the film. */
export const photoMixAt = (index: number, turns: readonly number[]): PhotoMix => {
  const passed = turns.filter((turn) => turn <= index).length;
  if (turns.length < 2 || passed === 0) return { from: 0, to: 0, share: 0 };
  const share = Math.min(1, (index - turns[passed - 1]! + 1) / (turnFrames + 1));
  return { from: passed - 1, to: passed % turns.length, share };
};
