/**
 * How every kind of render makes pictures: Gram matrices of a photo matched from noise on (Gatys et al. 2015), coarse to
 * fine. The optimiser works on octaves and principal colours instead of pixels, its momentum is enlarged with the
 * picture, and what counts is the mean of the pictures that the last steps made (Polyak & Juditsky 1992).
 */

import { GramzoomError } from '../../domain/errors.ts';
import { createPicture, type Picture, type Size } from '../../domain/picture.ts';
import type { Random } from '../../domain/random.ts';
import { sizeMultiple } from '../../domain/request.ts';
import { type Backend, type Evaluation, type GradientRanges, noRanges } from '../backend.ts';
import type { Target } from '../objective/objective.ts';
import { type ColourTransfer, createColourTransfer } from './colour-transfer.ts';
import { type Contrast, contrastOf, noiseLike } from './contrast.ts';
import {
  createPreconditioner,
  type Descent,
  type DescentOptions,
  descend,
  initDescent,
  noSecondMoments,
  type Preconditioner,
} from './descent.ts';
import type { Level } from './levels.ts';
import { photoLevel } from './photo-level.ts';
import { clampPicture, type Kernel, resample } from './resample.ts';
import { drawOffsets, shift, unshift } from './shift.ts';

/** A picture that is being optimised, with the optimiser's state. */
export type PictureState = {
  readonly picture: Picture;
  readonly descent: Descent;
  /** Of the engine: see `Backend.evaluate`. */
  readonly ranges: GradientRanges;
};

/** What a picture of one size is optimised for, and how. */
export type Goal = {
  /** The photo as it was measured. */
  readonly level: Picture;
  readonly target: Target;
  readonly contrast: Contrast;
  readonly precondition: Preconditioner;
  readonly transfer: ColourTransfer;
};

/** Where a render stands, in the words of its kind: `total` units, `done` of them whole. */
export type Position<Stage extends string> = {
  readonly stage: Stage;
  readonly done: number;
  readonly total: number;
};

export type SynthesisEvent<Stage extends string = string> =
  | (Position<Stage> & {
      readonly kind: 'step';
      readonly stepsDone: number;
      readonly stepsTotal: number;
      /** Of the render's work, what is done: 0 to 1. */
      readonly share: number;
      /** Side of the picture, or of a square with as many pixels. */
      readonly size: number;
    })
  /** The picture as it is: the next step changes it. */
  | { readonly kind: 'preview'; readonly picture: Picture };

/** What a render has before it and behind it. */
export type Tally<Stage extends string> = {
  readonly stepsTotal: number;
  readonly workTotal: number;
  readonly stepsDone: number;
  readonly workDone: number;
  readonly position: () => Position<Stage>;
};

/** So many steps look at the picture from every phase of the network's poolings; their mean shows none of them. */
const meanSteps = 4;

const diverged = (): GramzoomError => new GramzoomError('render-diverged', {});

const addShare = ({ data: sum }: Picture, { data }: Picture, share: number): void => {
  for (let i = 0; i < data.length; i++) sum[i]! += share * data[i]!;
};

/**
 * The next level of the pyramid: the picture and its momentum at another size. Second moments are measured anew, since
 * every octave becomes another band.
 * @param options.kernel of the picture. A bicubic one keeps rows and columns sharp where the pixels of both sizes
 * coincide (from 400 to 512 px every 32 pixels) and blurs the others; steps at a size where the picture stays make a
 * grid of lines of it.
 */
export const rescale = (
  { picture, descent, ranges }: PictureState,
  { width, height }: Size,
  { kernel = 'bicubic' }: { readonly kernel?: Kernel } = {},
): PictureState => {
  const resized = (data: Float32Array, by: Kernel): Picture =>
    resample({ ...picture, data }, { width, height, kernel: by });
  const momentum = resized(descent.momentum, 'bilinear').data;
  return {
    picture: clampPicture(resized(picture.data, kernel)),
    descent: { ...descent, momentum, secondMoments: noSecondMoments },
    ranges,
  };
};

const noiseState = ({ width, height }: Size, { target, contrast }: Goal, random: Random): PictureState => ({
  picture: clampPicture(noiseLike(contrast, target.colour.mean, { width, height, random })),
  descent: initDescent(3 * width * height),
  ranges: noRanges,
});

/**
 * Everything random is drawn from `random`, in the order of the steps.
 * @param photo the whole photo, any size and aspect
 */
export const createSynthesis = <Stage extends string>(
  parts: {
    readonly photo: Picture;
    readonly backend: Backend;
    readonly random: Random;
    readonly signal: AbortSignal;
  },
  tally: Tally<Stage>,
) => {
  const { photo, backend, random, signal } = parts;
  let { stepsDone, workDone } = tally;
  let last: { readonly size: Size; readonly goals: Map<Picture, Goal> } | undefined;
  // The photo and the picture have to have the same bands: as many halvings as any picture has.
  const multiple = Math.max(backend.photoMultiple, sizeMultiple);
  // Behind every pooling of the third octave two rows are left: one alone has nothing to be mirrored in.
  const least = Math.max(8 * backend.photoMultiple, 2 * multiple);

  /** @throws GramzoomError `render-diverged` where the loss stops being finite */
  const evaluate = async (
    picture: Picture,
    target: Target,
    ranges: GradientRanges = noRanges,
  ): Promise<Evaluation> => {
    signal.throwIfAborted();
    const evaluation = await backend.evaluate(picture, target, ranges);
    if (!Number.isFinite(evaluation.loss)) throw diverged();
    return evaluation;
  };

  return {
    get stepsDone() {
      return stepsDone;
    },
    /**
     * What a picture of a size is optimised for. All that was asked for at the last size is remembered.
     * @param of the render's photo, or another one
     */
    async goalAt(size: Size, of: Picture = photo): Promise<Goal> {
      if (last?.size.width !== size.width || last.size.height !== size.height)
        last = { size, goals: new Map() };
      const { goals } = last;
      const known = goals.get(of);
      if (known) return known;
      signal.throwIfAborted();
      const level = photoLevel(of, Math.sqrt(size.width * size.height), { multiple, least });
      const target = await backend.measure(level, size);
      const contrast = contrastOf(level, target.colour.covariance);
      const precondition = createPreconditioner(size, contrast);
      const goal = { level, target, contrast, precondition, transfer: createColourTransfer(level, size) };
      goals.set(of, goal);
      return goal;
    },
    evaluate,
    /**
     * Some steps, which change the state's arrays in place.
     * @returns the state after them, and the mean of the pictures after each of the last steps
     */
    async *optimise(
      { picture, descent, ranges }: PictureState,
      { target, precondition, transfer }: Goal,
      how: {
        readonly steps: number;
        readonly descent: DescentOptions;
        readonly previews?: boolean;
        readonly margin?: number;
      },
    ): AsyncGenerator<SynthesisEvent<Stage>, { readonly state: PictureState; readonly mean: Picture }> {
      const { steps, margin = 0 } = how;
      let after = descent;
      let known = ranges;
      const shifted = createPicture(picture.width, picture.height);
      const mean = createPicture(picture.width, picture.height);
      const counted = Math.min(meanSteps, steps);
      for (const [step, offset] of drawOffsets(random, steps).entries()) {
        const evaluation = await evaluate(shift(picture, offset, shifted), target, known);
        known = evaluation.ranges;
        const secondMoments = precondition(evaluation.gradient, after.secondMoments, how.descent);
        // Means of squares of the whole gradient: one value that is not finite makes one of them so.
        if (!secondMoments.values.every(Number.isFinite)) throw diverged();
        const { data: direction } = unshift({ ...picture, data: evaluation.gradient }, offset, shifted);
        transfer(picture, direction, how.descent.colourShare);
        after = descend(picture.data, { direction, state: { ...after, secondMoments } }, how.descent);
        if (step >= steps - counted) addShare(mean, picture, 1 / counted);
        stepsDone++;
        workDone += picture.width * picture.height;
        yield {
          kind: 'step',
          ...tally.position(),
          stepsDone,
          stepsTotal: tally.stepsTotal,
          share: Math.min(1, workDone / tally.workTotal),
          size: Math.round(Math.sqrt((picture.width - 2 * margin) * (picture.height - 2 * margin))),
        };
        if (how.previews) yield { kind: 'preview', picture };
      }
      return { state: { picture, descent: after, ranges: known }, mean };
    },
    /** What the steps of a level start from: the level before, enlarged (see `rescale`), or noise. */
    begin: (
      level: Level,
      goal: Goal,
      before: PictureState | undefined,
      options?: { readonly kernel?: Kernel },
    ): PictureState => (before ? rescale(before, level, options) : noiseState(level, goal, random)),
  };
};
