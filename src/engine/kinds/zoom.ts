/**
 * The film: a picture from noise, then one enlargement after another with a few steps each (Osinga's gramzoom, 2020).
 * We differ from gramzoom in how pictures are made (see `../synthesis/synthesis.ts`), in that momentum is enlarged with
 * the picture instead of being thrown away, that the zoom centre moves on a small orbit, that films of one texture get
 * detail from elsewhere in them, and that the film leads back into its first frame.
 */

import { z } from 'zod';
import { GramzoomError } from '../../domain/errors.ts';
import { fromRgbImage, type Picture, type RgbImage, toRgbImage } from '../../domain/picture.ts';
import { createRandom, resumeRandom } from '../../domain/random.ts';
import type { Backend } from '../backend.ts';
import { checkpointKey, decodeCheckpoint, encodeCheckpoint, type Spent } from '../synthesis/checkpoint.ts';
import type { Level } from '../synthesis/levels.ts';
import { mixGoals } from '../synthesis/mix-goals.ts';
import {
  createSynthesis,
  type Goal,
  type PictureState,
  type SynthesisEvent,
} from '../synthesis/synthesis.ts';
import { detailAngle, injectDetail, stationarity } from '../zoom/inject-detail.ts';
import { createLoopClosure, emptyLoopMemory, type LoopClosure } from '../zoom/loop-closure.ts';
import { photoMixAt } from '../zoom/photo-order.ts';
import { planWork, planZoom, totalSteps, type ZoomRequest, type ZoomTuning } from '../zoom/plan.ts';
import { warp, zoomCentreAt } from '../zoom/warp.ts';

export type ZoomEvent =
  | SynthesisEvent<'start' | 'frames'>
  /** A level that is done, at its own size. */
  | { readonly kind: 'level'; readonly picture: Picture }
  /** A frame before the film, from 0 on: it is no part of it, but whoever wants to continue needs it too. */
  | { readonly kind: 'lead-in'; readonly index: number; readonly image: RgbImage }
  /** A finished frame, in the order of a film that zooms in. */
  | { readonly kind: 'frame'; readonly index: number; readonly image: RgbImage }
  /** The state after a level or a frame, to continue from; behind the frame's own event. */
  | { readonly kind: 'checkpoint'; readonly state: Uint8Array }
  /** The last event. The style losses of frame 0 and frame N - 1: either may be the written film's last frame. */
  | { readonly kind: 'end'; readonly styleLoss: { readonly first: number; readonly last: number } };

export type ZoomOptions = {
  readonly signal: AbortSignal;
  readonly tuning?: ZoomTuning;
  /** Further photos that the film goes through, in this order, before it leads back into the first. */
  readonly through?: readonly Picture[];
  /** Whether `checkpoint` events are wanted. */
  readonly checkpoints?: boolean;
  /** What a checkpoint notes as spent. */
  readonly spent?: () => Spent;
  /** Where to continue; what is behind it is not yielded again. */
  readonly resume?: {
    readonly state: Uint8Array;
    /** The frames that are done, in bytes: those of the lead-in, then the film's. */
    readonly frames: readonly RgbImage[];
  };
};

const lossesSchema = z.strictObject({ first: z.number(), last: z.number() });
const ownSchema = z.strictObject({
  loop: z.strictObject({ changes: z.array(z.number()), left: z.number() }),
  styleLoss: lossesSchema,
});

/**
 * Renders a film frame by frame: levels from coarse to fine, frames that lead in, then the film's.
 * @param photo the whole photo, any size and aspect; it decides the film's shape
 * @throws GramzoomError `render-diverged` where the loss stops being finite, `checkpoint-unusable`; the signal's
 * reason once it aborts
 */
export async function* renderZoom(
  request: ZoomRequest,
  photo: Picture,
  backend: Backend,
  options: ZoomOptions,
): AsyncGenerator<ZoomEvent> {
  const plan = planZoom(request, photo, options);
  const photos = [photo, ...(options.through ?? [])];
  const key = checkpointKey(backend, {
    ...{ seed: request.seed, plan },
    ...(photos.length > 1 && { photos: photos.length }),
  });
  const resumed = options.resume && decodeCheckpoint(options.resume.state, key, ownSchema);
  const random = resumed ? resumeRandom(resumed.random) : createRandom(request.seed);
  const startStages = plan.levels.length + plan.leadInFrames;
  let { stagesDone, current }: { stagesDone: number; current?: PictureState } = resumed ?? { stagesDone: 0 };
  let { loop, styleLoss } = resumed?.own ?? { loop: emptyLoopMemory, styleLoss: { first: 0, last: 0 } };
  /** The frames that are done, the lead-in first: in bytes, so that it makes no difference where they come from. */
  const done = [...(options.resume?.frames ?? [])];
  if (done.length !== Math.max(0, stagesDone - plan.levels.length)) {
    throw new GramzoomError('checkpoint-unusable', { problem: 'its frames are incomplete' });
  }
  const synthesis = createSynthesis(
    { photo, backend, random, signal: options.signal },
    {
      stepsTotal: totalSteps(plan),
      workTotal: planWork(plan),
      stepsDone: resumed?.stepsDone ?? 0,
      workDone: planWork(plan, stagesDone),
      position: () => ({
        stage: stagesDone < startStages ? 'start' : 'frames',
        done: Math.max(0, stagesDone - startStages),
        total: plan.frames,
      }),
    },
  );

  let closure: LoopClosure | undefined;
  const closureOf = (): LoopClosure => {
    const guides = done.slice(plan.leadInFrames - plan.loopFrames, plan.leadInFrames);
    const { frames, zoom } = plan;
    return createLoopClosure({ guides, frame0: done[plan.leadInFrames]!, frames, zoom }, loop);
  };
  const angles = new Map<Picture, number>();
  const angleFor = ({ level }: Goal): number => {
    const angle =
      angles.get(level) ??
      detailAngle(plan.detailAngle, { stationarity: stationarity(level), zoom: plan.zoom });
    angles.set(level, angle);
    return angle;
  };

  const course = { ...plan, photos: photos.length };
  /** What a stage is optimised for; `index` is the frame's, or below those of all frames. */
  const goalFor = async (level: Level, index: number): Promise<Goal> => {
    if (level !== plan.levels.at(-1)) return await synthesis.goalAt(level);
    // All of them before the first step of this size: measuring takes the memory that steps take then.
    const goals: Goal[] = [];
    for (const of of photos) goals.push(await synthesis.goalAt(level, of));
    const { from, to, share } = photoMixAt(index, course);
    return mixGoals(goals[from]!, goals[to]!, share);
  };

  /** Frame `index` of the film, or of the lead-in where that is below 0. */
  async function* advance(
    index: number,
    before: PictureState,
    goal: Goal,
  ): AsyncGenerator<ZoomEvent, { readonly state: PictureState; readonly image: RgbImage }> {
    const warped = warp(before, plan.zoom, { about: zoomCentreAt(index, plan.frames) });
    if (index > 0) closure ??= closureOf();
    const angle = angleFor(goal);
    // A frame that is blended into another has new detail from that.
    if (angle > 0 && index < plan.frames - plan.loopFrames) injectDetail(warped.picture, { angle, random });
    const begun = closure ? { ...warped, picture: closure.blendIn(index, warped.picture) } : warped;
    const how = { steps: plan.stepsPerFrame, descent: plan.filmDescent };
    const { state, mean } = yield* synthesis.optimise(begun, goal, how);
    if (!closure) return { state, image: toRgbImage(mean) };
    const previous = fromRgbImage(done.at(-1)!);
    const constrained = { ...state, picture: closure.constrain(index, state.picture) };
    const picture = closure.finalise(index, { previous, picture: closure.constrain(index, mean) });
    loop = closure.memory();
    return { state: constrained, image: toRgbImage(picture) };
  }

  while (stagesDone < startStages + plan.frames) {
    const level = plan.levels[Math.min(stagesDone, plan.levels.length - 1)]!;
    const goal = await goalFor(level, stagesDone - startStages);
    if (stagesDone < plan.levels.length) {
      const begun = synthesis.begin(level, goal, current);
      const how = { steps: level.steps, descent: plan.startDescent, previews: true };
      current = (yield* synthesis.optimise(begun, goal, how)).state;
      stagesDone++;
      yield { kind: 'level', picture: current.picture };
    } else {
      const index = stagesDone - startStages;
      const { state, image } = yield* advance(index, current!, goal);
      current = state;
      done.push(image);
      stagesDone++;
      if (index === 0 || index === plan.frames - 1) {
        const exact = (await synthesis.evaluate(fromRgbImage(image), goal.target, state.ranges)).losses.gram;
        styleLoss = index === 0 ? { ...styleLoss, first: exact } : { ...styleLoss, last: exact };
      }
      if (index < 0) yield { kind: 'lead-in', index: index + plan.leadInFrames, image };
      else yield { kind: 'frame', index, image };
    }
    if (options.checkpoints) {
      const own: z.input<typeof ownSchema> = { loop: { ...loop, changes: [...loop.changes] }, styleLoss };
      const { stepsDone } = synthesis;
      const state = { stagesDone, stepsDone, current, random: random.state(), own };
      yield { kind: 'checkpoint', state: encodeCheckpoint(state, key, { spent: options.spent?.() ?? {} }) };
    }
  }
  yield { kind: 'end', styleLoss };
}
