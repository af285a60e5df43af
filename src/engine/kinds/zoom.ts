/**
 * The film: Gram matrices of a photo matched from noise on (Gatys et al. 2015), coarse to fine, then one
 * enlargement after another with a few steps each (Osinga's gramzoom, 2020). We differ from gramzoom in that
 * the optimiser works on octaves and principal colours instead of pixels, that its momentum is enlarged with the
 * picture instead of being thrown away, that three octaves are matched in every step and the photo's colours too,
 * that a frame is the mean of the pictures that its last steps made (Polyak & Juditsky 1992), that the point which it
 * zooms into goes around the centre, that films of one texture get detail from elsewhere in them, and that the film
 * leads back into its first frame.
 */

import { GramzoomError } from '../../domain/errors.ts';
import {
  createPicture,
  fromRgbImage,
  type Picture,
  type RgbImage,
  type Size,
  toRgbImage,
} from '../../domain/picture.ts';
import { createRandom, type Random, resumeRandom } from '../../domain/random.ts';
import { sizeMultiple } from '../../domain/request.ts';
import type { Backend, Evaluation } from '../backend.ts';
import type { Target } from '../objective/objective.ts';
import {
  type CheckpointKey,
  decodeCheckpoint,
  encodeCheckpoint,
  type ZoomState,
} from '../synthesis/checkpoint.ts';
import { type ColourTransfer, createColourTransfer } from '../synthesis/colour-transfer.ts';
import { type Contrast, contrastOf, noiseLike } from '../synthesis/contrast.ts';
import {
  createPreconditioner,
  type DescentOptions,
  descend,
  initDescent,
  type Preconditioner,
} from '../synthesis/descent.ts';
import { photoLevel } from '../synthesis/photo-level.ts';
import { drawOffsets, shift, unshift } from '../synthesis/shift.ts';
import { detailAngle, injectDetail, stationarity } from '../zoom/inject-detail.ts';
import { createLoopClosure, emptyLoopMemory, type LoopClosure } from '../zoom/loop-closure.ts';
import {
  planWork,
  planZoom,
  totalSteps,
  type ZoomPlan,
  type ZoomRequest,
  type ZoomTuning,
} from '../zoom/plan.ts';
import { clampPicture, type Film, rescale, warp } from '../zoom/warp.ts';
import { zoomCentreAt } from '../zoom/zoom-centre.ts';

export type ZoomEvent =
  | {
      readonly kind: 'step';
      readonly stage: 'start' | 'frames';
      readonly stepsDone: number;
      readonly stepsTotal: number;
      /** Of the render's work, what is done: 0 to 1. */
      readonly share: number;
      /** Side of the picture, or of a square with as many pixels. */
      readonly size: number;
      readonly framesDone: number;
      readonly frames: number;
    }
  /** A level that is not done: the next step changes the picture. */
  | { readonly kind: 'look'; readonly picture: Picture }
  /** A look at the start: a level, at its own size. */
  | { readonly kind: 'picture'; readonly picture: Picture }
  /** A frame before the film, from 0 on: it is no part of it, but whoever wants to go on needs it too. */
  | { readonly kind: 'lead-in'; readonly index: number; readonly image: RgbImage }
  /** A finished frame, in the order of a film that zooms in. */
  | { readonly kind: 'frame'; readonly index: number; readonly image: RgbImage }
  /** The state after a level or a frame, to go on from; behind the frame's own event. */
  | { readonly kind: 'checkpoint'; readonly state: Uint8Array }
  /** The last event. The style losses of frame 0 and frame N - 1: either may be the written film's last frame. */
  | { readonly kind: 'end'; readonly styleLoss: { readonly first: number; readonly last: number } };

export type ZoomOptions = {
  readonly signal: AbortSignal;
  readonly tuning?: ZoomTuning;
  /** Whether `checkpoint` events are wanted. */
  readonly checkpoints?: boolean;
  /** Where to go on; what is behind it is not yielded again. */
  readonly resume?: {
    readonly state: Uint8Array;
    /** The frames that are done, in bytes: those of the lead-in, then the film's. */
    readonly frames: readonly RgbImage[];
  };
};

/** So many steps look at the picture from every phase of the network's poolings; their mean shows none of them. */
const meanSteps = 4;

/** One pass without a call per value: the sum of finite values overflows only where they are absurd. */
const allFinite = (values: Float32Array): boolean => {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return Number.isFinite(sum);
};

/** What a picture of one size is to become like, and how it gets there. */
type Goal = {
  readonly target: Target;
  readonly contrast: Contrast;
  readonly precondition: Preconditioner;
  readonly transfer: ColourTransfer;
  /** How much detail a frame of the film gets from elsewhere in it, in radians. */
  readonly detailAngle: number;
};

const startFilm = ({ width, height }: Size, { target, contrast }: Goal, random: Random): Film => ({
  picture: clampPicture(noiseLike(contrast, target.colour.mean, { width, height, random })),
  descent: initDescent(3 * width * height),
});

const addShare = (sum: Picture, { data }: Picture, share: number): void => {
  for (let i = 0; i < data.length; i++) sum.data[i]! += share * data[i]!;
};

const incomplete = (): GramzoomError =>
  new GramzoomError('checkpoint-unusable', { problem: 'its frames are incomplete' });

const keyOf = (plan: ZoomPlan, backend: Backend, { seed }: ZoomRequest): CheckpointKey => ({
  engine: `${backend.name} ${backend.version}`,
  request: JSON.stringify({ seed, plan, settings: backend.settings }),
});

/**
 * Renders a film frame by frame: levels from coarse to fine, frames that lead in, then the film's.
 * @param photo the whole photo, any size and aspect
 * @throws GramzoomError `render-diverged` where the loss stops being finite, `checkpoint-unusable`; the signal's
 * reason once it aborts
 */
export async function* renderZoom(
  request: ZoomRequest,
  photo: Picture,
  backend: Backend,
  options: ZoomOptions,
): AsyncGenerator<ZoomEvent> {
  const { signal } = options;
  const plan = planZoom(request, photo, options);
  const key = keyOf(plan, backend, request);
  const resumed: ZoomState | undefined = options.resume && decodeCheckpoint(options.resume.state, key);
  const random = resumed ? resumeRandom(resumed.random) : createRandom(request.seed);
  const stepsTotal = totalSteps(plan);
  const startStages = plan.levels.length + plan.leadInFrames;
  const workTotal = planWork(plan);
  let { stagesDone, stepsDone, styleLoss } = resumed ?? {
    stagesDone: 0,
    stepsDone: 0,
    styleLoss: { first: 0, last: 0 },
  };
  let workDone = planWork(plan, stagesDone);
  /** The frames that are done, the lead-in first: in bytes, so that it makes no difference where they come from. */
  const done = [...(options.resume?.frames ?? [])];
  if (done.length !== Math.max(0, stagesDone - plan.levels.length)) throw incomplete();

  const evaluate = async (picture: Picture, target: Target): Promise<Evaluation> => {
    signal.throwIfAborted();
    const evaluation = await backend.evaluate(picture, target);
    if (!Number.isFinite(evaluation.loss) || !allFinite(evaluation.gradient)) {
      throw new GramzoomError('render-diverged', {});
    }
    return evaluation;
  };

  /** Changes the film's arrays in place. `mean` is that of the pictures after each of the last steps. */
  async function* optimise(
    film: Film,
    { target, precondition, transfer }: Goal,
    { steps, descent: options }: { readonly steps: number; readonly descent: DescentOptions },
  ): AsyncGenerator<ZoomEvent, { readonly film: Film; readonly mean: Picture }> {
    const { picture } = film;
    let { descent } = film;
    const shifted = createPicture(picture.width, picture.height);
    const mean = createPicture(picture.width, picture.height);
    const counted = Math.min(meanSteps, steps);
    for (const [step, offset] of drawOffsets(random, steps).entries()) {
      const evaluation = await evaluate(shift(picture, offset, shifted), target);
      const secondMoments = precondition(evaluation.gradient, descent.secondMoments, options);
      const { data: direction } = unshift({ ...picture, data: evaluation.gradient }, offset, shifted);
      transfer(picture, direction, options.colourShare);
      descent = descend(picture.data, { direction, state: { ...descent, secondMoments } }, options);
      if (step >= steps - counted) addShare(mean, picture, 1 / counted);
      stepsDone++;
      workDone += picture.width * picture.height;
      const framesDone = Math.max(0, stagesDone - startStages);
      yield {
        kind: 'step',
        stage: stagesDone < startStages ? 'start' : 'frames',
        stepsDone,
        stepsTotal,
        share: Math.min(1, workDone / workTotal),
        size: Math.round(Math.sqrt(picture.width * picture.height)),
        framesDone,
        frames: plan.frames,
      };
      if (stagesDone < plan.levels.length) yield { kind: 'look', picture };
    }
    return { film: { picture, descent }, mean };
  }

  // The photo and the film have to have the same bands: as many halvings as any film has.
  const multiple = Math.max(backend.photoMultiple, sizeMultiple);
  const goalAt = async (size: Size): Promise<Goal> => {
    signal.throwIfAborted();
    const level = photoLevel(photo, Math.sqrt(size.width * size.height), { multiple });
    const target = await backend.measure(level, size);
    const contrast = contrastOf(level, target.colour.covariance);
    return {
      target,
      contrast,
      precondition: createPreconditioner(size, contrast),
      transfer: createColourTransfer(level, size),
      detailAngle: detailAngle(plan.detailAngle, { stationarity: stationarity(level), zoom: plan.zoom }),
    };
  };

  let film = resumed?.film;
  let goals: { readonly width: number; readonly value: Goal } | undefined;
  let loop = resumed?.loop ?? emptyLoopMemory;
  let closure: LoopClosure | undefined;
  const closureOf = (): LoopClosure => {
    const guides = done.slice(plan.leadInFrames - plan.loopFrames, plan.leadInFrames);
    const { frames, zoom } = plan;
    return createLoopClosure({ guides, frame0: done[plan.leadInFrames]!, frames, zoom }, loop);
  };

  /** Frame `index` of the film, or of the lead-in where that is below 0. */
  async function* advance(index: number, before: Film, goal: Goal): AsyncGenerator<ZoomEvent, RgbImage> {
    const perFrame = { steps: plan.stepsPerFrame, descent: plan.filmDescent };
    const warped = warp(before, plan.zoom, { about: zoomCentreAt(index, plan.frames) });
    if (index > 0) closure ??= closureOf();
    // A frame that is turned into another has new detail from that.
    if (goal.detailAngle > 0 && index < plan.frames - plan.loopFrames) {
      injectDetail(warped.picture, { angle: goal.detailAngle, random });
    }
    const begun = closure ? { ...warped, picture: closure.blendIn(index, warped.picture) } : warped;
    const optimised = yield* optimise(begun, goal, perFrame);
    film = optimised.film;
    if (!closure) return toRgbImage(optimised.mean);
    film = { ...film, picture: closure.constrain(index, film.picture) };
    const previous = fromRgbImage(done.at(-1)!);
    const picture = closure.finalise(index, { previous, picture: closure.constrain(index, optimised.mean) });
    loop = closure.memory();
    return toRgbImage(picture);
  }

  while (stagesDone < startStages + plan.frames) {
    const level = plan.levels[Math.min(stagesDone, plan.levels.length - 1)]!;
    if (goals?.width !== level.width) goals = { width: level.width, value: await goalAt(level) };
    const goal = goals.value;
    if (stagesDone < plan.levels.length) {
      const begun = film ? rescale(film, level) : startFilm(level, goal, random);
      ({ film } = yield* optimise(begun, goal, { steps: level.steps, descent: plan.startDescent }));
      stagesDone++;
      yield { kind: 'picture', picture: film.picture };
    } else {
      const index = stagesDone - startStages;
      const image = yield* advance(index, film!, goal);
      done.push(image);
      stagesDone++;
      if (index === 0 || index === plan.frames - 1) {
        const exact = (await evaluate(fromRgbImage(image), goal.target)).losses.gram;
        styleLoss = index === 0 ? { ...styleLoss, first: exact } : { ...styleLoss, last: exact };
      }
      if (index < 0) yield { kind: 'lead-in', index: index + plan.leadInFrames, image };
      else yield { kind: 'frame', index, image };
    }
    if (options.checkpoints) {
      const state = { stagesDone, stepsDone, film: film!, random: random.state(), loop, styleLoss };
      yield { kind: 'checkpoint', state: encodeCheckpoint(state, key) };
    }
  }
  yield { kind: 'end', styleLoss };
}
