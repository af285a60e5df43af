/** The texture: one still, grown from noise through the pyramid to the size asked for. */

import { z } from 'zod';
import { pyramidLevels } from '../../domain/kinds/kind.ts';
import type { TextureRequest } from '../../domain/kinds/texture.ts';
import { createPicture, type Picture, type RgbImage, type Size, toRgbImage } from '../../domain/picture.ts';
import { createRandom, resumeRandom } from '../../domain/random.ts';
import { sizeMultiple } from '../../domain/request.ts';
import type { Backend } from '../backend.ts';
import { checkpointKey, decodeCheckpoint, encodeCheckpoint, type Spent } from '../synthesis/checkpoint.ts';
import type { DescentOptions } from '../synthesis/descent.ts';
import { type Level, levelsWork, outputSides, planLevels } from '../synthesis/levels.ts';
import type { Kernel } from '../synthesis/resample.ts';
import { createSynthesis, type PictureState, type SynthesisEvent } from '../synthesis/synthesis.ts';

/** What of a request decides the picture. */
type Wanted = Pick<TextureRequest, 'size' | 'aspect' | 'steps' | 'seed'>;

export type TextureEvent =
  | SynthesisEvent<'levels'>
  /** `done` levels are whole. */
  | { readonly kind: 'checkpoint'; readonly state: Uint8Array; readonly done: number }
  /** The last event. */
  | { readonly kind: 'end'; readonly image: RgbImage; readonly styleLoss: number };

/** The coarsest level decides where things are, and costs next to nothing. */
const coarsestFactor = 2;

/** A level is done in parts of so many steps, with a checkpoint after each: those of large levels take minutes. */
const stepsPerPart = 12;

const descent: DescentOptions = { rate: 0.2, beta1: 0.8, beta2: 0.95, colourShare: 0.5 };

/** Levels are enlarged with a kernel that blurs alike everywhere: no film moves the picture away from what it leaves. */
const kernel: Kernel = 'band-limited';

/**
 * Pixels beyond each border that are made and cut off at the end: the network sees mirrored pixels beyond a border, which
 * leaves a rim. A film zooms away from it.
 */
const margin = sizeMultiple / 2;

/** A part of a level: its size, and as many of its steps. */
type Part = Level & { readonly level: number; readonly isFirst: boolean };

/** What a texture takes, decided before it starts: plain data. */
export const planTexture = ({ size, aspect, steps }: Omit<Wanted, 'seed'>, photo: Size) => {
  const counts = { coarsest: coarsestFactor * steps, finer: steps };
  const output = outputSides({ size, aspect }, photo);
  const drawn = { width: output.width + 2 * margin, height: output.height + 2 * margin };
  const levels = planLevels(drawn, counts, { count: pyramidLevels(size) });
  const parts = levels.flatMap(({ steps: all, ...sides }, level): Part[] =>
    Array.from({ length: Math.ceil(all / stepsPerPart) }, (_, part) => ({
      ...sides,
      level,
      isFirst: part === 0,
      steps: Math.min(stepsPerPart, all - part * stepsPerPart),
    })),
  );
  return { output, levels, parts, descent, kernel };
};

/** What a texture costs, in optimisation steps times pixels; one in the photo's shape counts as a square. */
export const textureWork = (request: Omit<Wanted, 'seed'>): number =>
  levelsWork(planTexture({ ...request, aspect: 'square' }, { width: 1, height: 1 }).levels);

/** The picture without its margin. */
const cut = (picture: Picture, { width, height }: Size): Picture => {
  const output = createPicture(width, height);
  for (let row = 0; row < 3 * height; row++) {
    const plane = Math.floor(row / height);
    const from = (plane * picture.height + margin + (row % height)) * picture.width + margin;
    output.data.set(picture.data.subarray(from, from + width), row * width);
  }
  return output;
};

/**
 * @param photo the whole photo, any size and aspect
 * @param options.resume a checkpoint to continue from
 * @throws GramzoomError `render-diverged` where the loss stops being finite, `checkpoint-unusable`; the signal's
 * reason once it aborts
 */
export async function* renderTexture(
  request: Wanted,
  photo: Picture,
  backend: Backend,
  options: {
    readonly signal: AbortSignal;
    readonly checkpoints?: boolean;
    readonly spent?: () => Spent;
    readonly resume?: Uint8Array;
  },
): AsyncGenerator<TextureEvent> {
  const plan = planTexture(request, photo);
  const { levels, parts } = plan;
  const key = checkpointKey(backend, { seed: request.seed, plan });
  const resumed = options.resume && decodeCheckpoint(options.resume, key, z.null());
  const random = resumed ? resumeRandom(resumed.random) : createRandom(request.seed);
  let { stagesDone, current }: { stagesDone: number; current?: PictureState } = resumed ?? { stagesDone: 0 };
  const synthesis = createSynthesis(
    { photo, backend, random, signal: options.signal },
    {
      stepsTotal: parts.reduce((sum, { steps }) => sum + steps, 0),
      workTotal: levelsWork(levels),
      stepsDone: resumed?.stepsDone ?? 0,
      workDone: levelsWork(parts.slice(0, stagesDone)),
      position: () => ({ stage: 'levels', done: parts[stagesDone]!.level, total: levels.length }),
    },
  );
  while (stagesDone < parts.length) {
    const part = parts[stagesDone]!;
    const goal = await synthesis.goalAt(part);
    const begun = part.isFirst ? synthesis.begin(part, goal, current, plan) : current!;
    const how = { steps: part.steps, descent: plan.descent, previews: true, margin };
    const { state, mean } = yield* synthesis.optimise(begun, goal, how);
    stagesDone++;
    current = stagesDone < parts.length ? state : { ...state, picture: mean };
    if (options.checkpoints) {
      const { stepsDone } = synthesis;
      const after = { stagesDone, stepsDone, current, random: random.state(), own: null };
      const bytes = encodeCheckpoint(after, key, { spent: options.spent?.() ?? {} });
      yield { kind: 'checkpoint', state: bytes, done: parts[stagesDone]?.level ?? levels.length };
    }
  }
  const { target } = await synthesis.goalAt(levels.at(-1)!);
  const { picture, ranges } = current!;
  const { losses } = await synthesis.evaluate(picture, target, ranges);
  yield { kind: 'end', image: toRgbImage(cut(picture, plan.output)), styleLoss: losses.gram };
}
