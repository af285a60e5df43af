/**
 * The film: Gram matrices of a photo matched from noise on (Gatys et al. 2015), coarse to fine, then one
 * enlargement after another with a few steps each (Osinga's gramzoom, 2020). We differ from gramzoom in that
 * the optimiser's moments are enlarged with the picture instead of being thrown away, that three octaves are
 * matched in every step, and that the film leads back into its first frame.
 */

import { GramzoomError } from '../domain/errors.ts';
import { createPicture, type Picture } from '../domain/picture.ts';
import { createRandom, type Random, resumeRandom } from '../domain/random.ts';
import type { RenderRequest } from '../domain/request.ts';
import { type CheckpointKey, decodeCheckpoint, encodeCheckpoint, type ZoomState } from './checkpoint.ts';
import type { Backend, Evaluation, Target } from './loss.ts';
import { type AdamOptions, initAdam, updateAdam } from './optimise/adam.ts';
import { createLoopClosure, emptyLoopMemory, type LoopClosure } from './zoom/loop-closure.ts';
import { photoLevel } from './zoom/photo-level.ts';
import { defaultTuning, planZoom, totalSteps, type ZoomPlan, type ZoomTuning } from './zoom/plan.ts';
import { type Offset, shift, unshift } from './zoom/shift.ts';
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
  /** A look at the start: a level at its own, smaller size, or a burn-in frame. */
  | { readonly kind: 'picture'; readonly picture: Picture }
  /** A finished frame, in the order of a film that zooms in. */
  | { readonly kind: 'frame'; readonly index: number; readonly picture: Picture }
  /** The state after a level, a burn-in frame or a frame, to go on from; behind the frame's own event. */
  | { readonly kind: 'checkpoint'; readonly state: Uint8Array }
  /** The last event. The style losses of frame 0 and frame N - 1: either may be the written film's last frame. */
  | { readonly kind: 'end'; readonly styleLoss: { readonly first: number; readonly last: number } };

export type ZoomRequest = Pick<RenderRequest, 'size' | 'frames' | 'zoom' | 'steps' | 'seed'>;

export type ZoomOptions = {
  readonly signal: AbortSignal;
  readonly tuning?: ZoomTuning;
  /** Whether `checkpoint` events are wanted. */
  readonly checkpoints?: boolean;
  /** The state to go on from; frames that it has behind it are not yielded again. */
  readonly resume?: Uint8Array;
};

const drawOffset = (random: Random, pixels: number): Offset => ({
  x: Math.floor(random.uniform() * pixels),
  y: Math.floor(random.uniform() * pixels),
});

const startPicture = (side: number, target: Target, random: Random): Picture => {
  const picture = createPicture(side, side);
  const { mean, covariance } = target.colour;
  const pixels = side * side;
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
  const plan = planZoom(request, options.tuning ?? defaultTuning);
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
    if (!Number.isFinite(evaluation.loss) || !evaluation.gradient.every(Number.isFinite)) {
      throw new GramzoomError('render-diverged', {});
    }
    return evaluation;
  };

  async function* optimise(
    film: Film,
    target: Target,
    how: {
      readonly steps: number;
      readonly adam: AdamOptions;
      readonly draw?: (picture: Picture) => Picture;
    },
  ): AsyncGenerator<ZoomEvent, Film> {
    let { picture, adam } = film;
    for (let step = 0; step < how.steps; step++) {
      if (how.draw) picture = how.draw(picture);
      const offset = drawOffset(random, plan.offsetPixels);
      const { gradient: shifted } = await evaluate(shift(picture, offset), target);
      const gradient = unshift({ ...picture, data: shifted }, offset).data;
      const update = updateAdam(gradient, adam, how.adam);
      picture = clampPicture({ ...picture, data: picture.data.map((value, i) => value - update.step[i]!) });
      adam = update.state;
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
    }
    return { picture, adam };
  }

  const targetAt = async (size: number): Promise<Target> => {
    signal.throwIfAborted();
    return await backend.measure(photoLevel(photo, size, { multiple: backend.photoMultiple }), size);
  };

  let film = resumed?.film;
  let target: { readonly size: number; readonly value: Target } | undefined;
  let loop = resumed?.loop ?? emptyLoopMemory;
  let frame0 = resumed?.frame0 ?? null;
  let closure: LoopClosure | undefined;
  const perFrame = { steps: plan.stepsPerFrame, adam: plan.filmAdam };

  while (stagesDone < startStages + plan.frames) {
    const level = plan.levels[Math.min(stagesDone, plan.levels.length - 1)]!;
    if (target?.size !== level.size) target = { size: level.size, value: await targetAt(level.size) };
    const goal = target.value;
    const index = stagesDone - startStages;
    if (stagesDone < plan.levels.length) {
      film = film
        ? rescale(film, level.size)
        : { picture: startPicture(level.size, goal, random), adam: initAdam(3 * level.size ** 2) };
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
