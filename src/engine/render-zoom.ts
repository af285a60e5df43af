/**
 * The film: Gram matrices of a photo matched from noise on (Gatys et al. 2015), coarse to fine, then one
 * enlargement after another with a few steps each (Osinga's gramzoom, 2020). We differ from gramzoom in that
 * the optimiser's moments are enlarged with the picture instead of being thrown away, that three octaves are
 * matched in every step, and that the film leads back into its first frame.
 */

import { GramzoomError } from '../domain/errors.ts';
import { createPicture, type Picture } from '../domain/picture.ts';
import { createRandom, type Random } from '../domain/random.ts';
import type { RenderRequest } from '../domain/request.ts';
import type { Backend, Target } from './loss.ts';
import { type AdamOptions, initAdam, updateAdam } from './optimise/adam.ts';
import { createLoopClosure } from './zoom/loop-closure.ts';
import { photoLevel } from './zoom/photo-level.ts';
import { defaultTuning, planZoom, totalSteps, type ZoomTuning } from './zoom/plan.ts';
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
  /** A look at the coarse stage, at its own, smaller size. */
  | { readonly kind: 'picture'; readonly picture: Picture }
  /**
   * A finished frame, in the order of a film that zooms in. `styleLoss` is exact for the first and the last
   * frame, and that of the last evaluation but one step for those between.
   */
  | { readonly kind: 'frame'; readonly index: number; readonly picture: Picture; readonly styleLoss: number };

export type ZoomRequest = Pick<RenderRequest, 'size' | 'frames' | 'zoom' | 'steps' | 'seed'>;

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

/**
 * Renders a film frame by frame.
 * @param photo the whole photo, any size and aspect
 * @returns events; the last is the `frame` with index `frames - 1`
 * @throws GramzoomError `render-diverged` where the loss stops being finite; the signal's reason once it aborts
 */
export async function* renderZoom(
  request: ZoomRequest,
  photo: Picture,
  backend: Backend,
  options: { readonly signal: AbortSignal; readonly tuning?: ZoomTuning },
): AsyncGenerator<ZoomEvent> {
  const { signal } = options;
  const plan = planZoom(request, options.tuning ?? defaultTuning);
  const stepsTotal = totalSteps(plan);
  const random = createRandom(request.seed);
  let stepsDone = 0;
  let framesDone = 0;
  let lastStyleLoss = 0;

  const progress = (): ZoomEvent => ({
    kind: 'step',
    stage: framesDone > 0 ? 'frames' : 'start',
    stepsDone,
    stepsTotal,
    framesDone,
    frames: plan.frames,
  });

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
      signal.throwIfAborted();
      if (how.draw) picture = how.draw(picture);
      const offset = drawOffset(random, plan.offsetPixels);
      const { loss, styleLoss, gradient: shifted } = await backend.evaluate(shift(picture, offset), target);
      const gradient = unshift({ ...picture, data: shifted }, offset).data;
      if (!Number.isFinite(loss)) throw new GramzoomError('render-diverged', {});
      const update = updateAdam(gradient, adam, how.adam);
      picture = clampPicture({ ...picture, data: picture.data.map((value, i) => value - update.step[i]!) });
      adam = update.state;
      lastStyleLoss = styleLoss;
      stepsDone++;
      yield progress();
    }
    return { picture, adam };
  }

  const targetAt = (size: number) =>
    backend.measure(photoLevel(photo, size, { multiple: backend.photoMultiple }), size);

  const { size: coarsest } = plan.levels[0]!;
  let target = await targetAt(coarsest);
  let film: Film = { picture: startPicture(coarsest, target, random), adam: initAdam(3 * coarsest ** 2) };
  for (const level of plan.levels) {
    if (level.size !== film.picture.width) {
      film = rescale(film, level.size);
      target = await targetAt(level.size);
    }
    film = yield* optimise(film, target, { steps: level.steps, adam: plan.startAdam });
    yield { kind: 'picture', picture: film.picture };
  }

  const perFrame = { steps: plan.stepsPerFrame, adam: plan.filmAdam };
  for (let frame = 0; frame < plan.burnInFrames; frame++) {
    film = yield* optimise(warp(film, plan.zoom), target, perFrame);
    yield { kind: 'picture', picture: film.picture };
  }

  const styleLossOf = async (picture: Picture): Promise<number> =>
    (await backend.evaluate(picture, target)).styleLoss;
  const frame0 = film.picture;
  framesDone = 1;
  yield { kind: 'frame', index: 0, picture: frame0, styleLoss: await styleLossOf(frame0) };

  const closure = createLoopClosure(frame0, plan);
  for (let index = 1; index < plan.frames; index++) {
    const previous = film.picture;
    const warped = warp(film, plan.zoom);
    const draw = closure.draw(index, warped.picture);
    film = yield* optimise(warped, target, { ...perFrame, ...(draw && { draw }) });
    film = { ...film, picture: closure.settle(index, { previous, picture: film.picture }) };
    framesDone = index + 1;
    const styleLoss = framesDone === plan.frames ? await styleLossOf(film.picture) : lastStyleLoss;
    yield { kind: 'frame', index, picture: film.picture, styleLoss };
  }
}
