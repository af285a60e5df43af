/**
 * The film: Gram matrices of a photo matched from noise on (Gatys et al. 2015), coarse to fine, then one
 * enlargement after another with a few steps each (Osinga's gramzoom, 2020). We differ from gramzoom in that
 * the optimiser's moments are enlarged with the picture instead of being thrown away, that three octaves are
 * matched in every step, and that the film leads back into its first frame.
 */

import { GramzoomError } from '../domain/errors.ts';
import { createPicture, type Picture, type Size } from '../domain/picture.ts';
import { createRandom, type Random, resumeRandom } from '../domain/random.ts';
import { type CheckpointKey, decodeCheckpoint, encodeCheckpoint, type ZoomState } from './checkpoint.ts';
import type { Backend, Evaluation, Target } from './loss.ts';
import { type AdamOptions, initAdam, stepAdam } from './optimise/adam.ts';
import { createLoopClosure, emptyLoopMemory, type LoopClosure } from './zoom/loop-closure.ts';
import { photoLevel } from './zoom/photo-level.ts';
import { planZoom, totalSteps, type ZoomPlan, type ZoomRequest, type ZoomTuning } from './zoom/plan.ts';
import { drawOffsets, shift, unshift } from './zoom/shift.ts';
import { clampPicture, type Film, rescale, warp } from './zoom/warp.ts';

export type ZoomEvent =
  | {
      readonly kind: 'step';
      readonly stage: 'start' | 'frames';
      readonly stepsDone: number;
      readonly stepsTotal: number;
      readonly framesDone: number;
      readonly frames: number;
    }
  /** A level that is not done: the next step changes the picture. */
  | { readonly kind: 'look'; readonly picture: Picture }
  /** A look at the start: a level at its own, smaller size, or a burn-in frame. */
  | { readonly kind: 'picture'; readonly picture: Picture }
  /** A finished frame, in the order of a film that zooms in. */
  | { readonly kind: 'frame'; readonly index: number; readonly picture: Picture }
  /** The state after a level, a burn-in frame or a frame, to go on from; behind the frame's own event. */
  | { readonly kind: 'checkpoint'; readonly state: Uint8Array }
  /** The last event. The style losses of frame 0 and frame N - 1: either may be the written film's last frame. */
  | { readonly kind: 'end'; readonly styleLoss: { readonly first: number; readonly last: number } };

export type ZoomOptions = {
  readonly signal: AbortSignal;
  readonly tuning?: ZoomTuning;
  /** Whether `checkpoint` events are wanted. */
  readonly checkpoints?: boolean;
  /** The state to go on from; frames that it has behind it are not yielded again. */
  readonly resume?: Uint8Array;
};

/** One pass without a call per value: the sum of finite values overflows only where they are absurd. */
const allFinite = (values: Float32Array): boolean => {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]!;
  return Number.isFinite(sum);
};

const startPicture = ({ width, height }: Size, target: Target, random: Random): Picture => {
  const picture = createPicture(width, height);
  const { mean, covariance } = target.colour;
  const pixels = width * height;
  for (let plane = 0; plane < 3; plane++) {
    const spread = Math.sqrt(Math.max(covariance[plane * 4]!, 1e-4));
    for (let i = 0; i < pixels; i++)
      picture.data[plane * pixels + i] = mean[plane]! + spread * random.normal();
  }
  return clampPicture(picture);
};

const keyOf = (plan: ZoomPlan, backend: Backend, { seed }: ZoomRequest): CheckpointKey => ({
  engine: `${backend.name} ${backend.version}`,
  request: JSON.stringify({ seed, plan, settings: backend.settings }),
});

/**
 * Renders a film frame by frame: levels from coarse to fine, burn-in frames, then the frames.
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
  const resumed: ZoomState | undefined = options.resume && decodeCheckpoint(options.resume, key);
  const random = resumed ? resumeRandom(resumed.random) : createRandom(request.seed);
  const stepsTotal = totalSteps(plan);
  const startStages = plan.levels.length + plan.burnInFrames;
  let { stagesDone, stepsDone, styleLoss } = resumed ?? {
    stagesDone: 0,
    stepsDone: 0,
    styleLoss: { first: 0, last: 0 },
  };

  const evaluate = async (picture: Picture, target: Target): Promise<Evaluation> => {
    signal.throwIfAborted();
    const evaluation = await backend.evaluate(picture, target);
    if (!Number.isFinite(evaluation.loss) || !allFinite(evaluation.gradient)) {
      throw new GramzoomError('render-diverged', {});
    }
    return evaluation;
  };

  /** Changes the film's arrays in place. */
  async function* optimise(
    film: Film,
    target: Target,
    how: {
      readonly steps: number;
      readonly adam: AdamOptions;
      readonly draw?: (picture: Picture) => void;
    },
  ): AsyncGenerator<ZoomEvent, Film> {
    const { picture } = film;
    let { adam } = film;
    const shifted = createPicture(picture.width, picture.height);
    const offsets = drawOffsets(random, how.steps);
    for (const offset of offsets) {
      how.draw?.(picture);
      const evaluation = await evaluate(shift(picture, offset, shifted), target);
      const { data: gradient } = unshift({ ...picture, data: evaluation.gradient }, offset, shifted);
      adam = stepAdam(picture.data, { gradient, state: adam }, how.adam);
      stepsDone++;
      const framesDone = Math.max(0, stagesDone - startStages);
      yield {
        kind: 'step',
        stage: framesDone > 0 ? 'frames' : 'start',
        stepsDone,
        stepsTotal,
        framesDone,
        frames: plan.frames,
      };
      if (stagesDone < plan.levels.length) yield { kind: 'look', picture };
    }
    return { picture, adam };
  }

  const targetAt = async (size: Size): Promise<Target> => {
    signal.throwIfAborted();
    const side = Math.sqrt(size.width * size.height);
    return await backend.measure(photoLevel(photo, side, { multiple: backend.photoMultiple }), size);
  };

  let film = resumed?.film;
  let target: { readonly width: number; readonly value: Target } | undefined;
  let loop = resumed?.loop ?? emptyLoopMemory;
  let frame0 = resumed?.frame0 ?? null;
  let closure: LoopClosure | undefined;
  const perFrame = { steps: plan.stepsPerFrame, adam: plan.filmAdam };

  while (stagesDone < startStages + plan.frames) {
    const level = plan.levels[Math.min(stagesDone, plan.levels.length - 1)]!;
    if (target?.width !== level.width) target = { width: level.width, value: await targetAt(level) };
    const goal = target.value;
    const index = stagesDone - startStages;
    if (stagesDone < plan.levels.length) {
      film = film
        ? rescale(film, level)
        : {
            picture: startPicture(level, goal, random),
            adam: initAdam(3 * level.width * level.height),
          };
      film = yield* optimise(film, goal, { steps: level.steps, adam: plan.startAdam });
    } else if (index < 0) {
      film = yield* optimise(warp(film!, plan.zoom), goal, perFrame);
    } else if (index > 0) {
      const previous = film!.picture;
      closure ??= createLoopClosure({ ...previous, data: frame0! }, plan, loop);
      const warped = warp(film!, plan.zoom);
      const draw = closure.draw(index, warped.picture);
      film = yield* optimise(warped, goal, { ...perFrame, ...(draw && { draw }) });
      film = { ...film, picture: closure.settle(index, { previous, picture: film.picture }) };
      loop = closure.memory();
    }
    const { picture } = film!;
    stagesDone++;
    if (index < 0) {
      yield { kind: 'picture', picture };
    } else {
      if (index === 0) frame0 = picture.data;
      if (index === 0 || index === plan.frames - 1) {
        const exact = (await evaluate(picture, goal)).styleLoss;
        styleLoss = index === 0 ? { ...styleLoss, first: exact } : { ...styleLoss, last: exact };
      }
      yield { kind: 'frame', index, picture };
    }
    if (options.checkpoints) {
      const state = { stagesDone, stepsDone, film: film!, random: random.state(), frame0, loop, styleLoss };
      yield { kind: 'checkpoint', state: encodeCheckpoint(state, key) };
    }
  }
  yield { kind: 'end', styleLoss };
}
