import { changesFrom } from '../../src/domain/frame-change.ts';
import { fromRgbImage, type Picture, type RgbImage, toRgbImage } from '../../src/domain/picture.ts';
import { createRandom } from '../../src/domain/random.ts';
import { clampPicture } from '../../src/engine/synthesis/resample.ts';
import { createLoopClosure, type LoopMemory, type LoopOptions } from '../../src/engine/zoom/loop-closure.ts';
import { enlarge } from '../../src/engine/zoom/warp.ts';
import { angleBetween } from './slerps.ts';
import { wavyPicture } from './test-pictures.ts';

/** Of the films here, in pixels. */
export const side = 48;

/** What stands in for the optimiser: `before` is the enlarged frame, `begun` what the closure made of it. */
export type Optimise = (pictures: { readonly before: Picture; readonly begun: Picture }) => Picture;

/** New detail of the same strength in every frame, so that film and contrast go on as they are. */
export const addDetail = (): Optimise => {
  const random = createRandom(1);
  return ({ begun }) =>
    clampPicture({
      ...begun,
      data: begun.data.map((value) => 0.5 + 0.94 * (value - 0.5) + 0.05 * random.normal()),
    });
};

export const zoomed = (picture: Picture, zoom: number): Picture =>
  clampPicture(enlarge(picture, zoom, { kernel: 'band-limited' }));

export type Setup = {
  readonly frames: number;
  readonly loopFrames: number;
  readonly zoom: number;
  readonly optimise: Optimise;
  readonly closed?: boolean;
  /** The first frame of the lead-in. */
  readonly begin?: Picture;
  /** What frame 0 is enlarged from, where it is not the last frame of the lead-in. */
  readonly instead?: Picture;
  /** After each frame the closure gives way to another one, which has this of its memory. */
  readonly interrupt?: (memory: LoopMemory) => LoopMemory;
};

export type Film = {
  readonly options: LoopOptions;
  /** As bytes, as `renderZoom` keeps them. */
  readonly frames: readonly RgbImage[];
  /** The angle from each turned frame to its guide: before it was turned, after it, when it was done. */
  readonly angles: readonly { readonly before: number; readonly begun: number; readonly done: number }[];
};

/** Renders on from frame 0. */
const followed = (
  start: Picture,
  options: LoopOptions,
  { optimise, closed = true, interrupt }: Pick<Setup, 'optimise' | 'closed' | 'interrupt'>,
): Film => {
  const { guides, frame0, frames: count, zoom } = options;
  let closure = createLoopClosure(options);
  const frames = [frame0];
  const angles: Film['angles'][number][] = [];
  let picture = start;
  for (let index = 1; index < count; index++) {
    const before = zoomed(picture, zoom);
    const begun = closed ? closure.blendIn(index, before) : before;
    const made = optimise({ before, begun });
    picture = closed ? closure.constrain(index, made) : made;
    const previous = fromRgbImage(frames.at(-1)!);
    const done = closed ? closure.finalise(index, { previous, picture }) : picture;
    const image = guides[index - (count - guides.length)];
    if (image) {
      const toGuide = (from: Picture): number => angleBetween(from, fromRgbImage(image));
      angles.push({ before: toGuide(before), begun: toGuide(begun), done: toGuide(picture) });
    }
    frames.push(toRgbImage(done));
    if (interrupt) closure = createLoopClosure(options, interrupt(closure.memory()));
  }
  return { options, frames, angles };
};

/** A film as `renderZoom` makes it: a lead-in, frame 0, and so on until the loop is closed. */
export const filmOf = ({ begin = wavyPicture(side, side, 3), instead, ...setup }: Setup): Film => {
  const { frames, loopFrames, zoom, optimise } = setup;
  const guides: RgbImage[] = [];
  let picture = begin;
  for (let i = 0; i < loopFrames; i++) {
    const before = zoomed(picture, zoom);
    picture = optimise({ before, begun: before });
    guides.push(toRgbImage(picture));
  }
  const before = zoomed(instead ?? picture, zoom);
  const start = optimise({ before, begun: before });
  return followed(start, { guides, frame0: toRgbImage(start), frames, zoom }, setup);
};

/** The change from each frame to the next; the last one leads to frame 0. */
export const changesOf = ({ frames, options }: Film): readonly number[] =>
  frames.map((frame, k) =>
    changesFrom(fromRgbImage(frame), options.zoom)(fromRgbImage(frames[(k + 1) % frames.length]!)),
  );
