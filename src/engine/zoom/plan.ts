import { type RenderRequest, sizeMultiple } from '../../domain/request.ts';
import type { LossOptions } from '../loss.ts';
import type { AdamOptions } from '../optimise/adam.ts';

/** The loss that films are made with; the reasons are in docs/decisions/0005-optimiser-octaves-and-borders.md. */
export const zoomLossOptions: LossOptions = {
  padding: 'reflect',
  octaves: 3,
  colourWeight: 1,
  smoothnessWeight: 0,
};

/** What a render does, decided before it starts: plain data that can be printed and compared. */
export type ZoomPlan = {
  /** Coarse to fine; the last level has the film's size. Sizes in pixels. */
  readonly levels: readonly { readonly size: number; readonly steps: number }[];
  readonly zoom: number;
  /** Frames rendered and dropped, so that frame 0 looks like the others. */
  readonly burnInFrames: number;
  readonly frames: number;
  readonly stepsPerFrame: number;
  /** Each step looks at the picture from a random offset of 0 to this many pixels (exclusive). */
  readonly offsetPixels: number;
  /** The last frames of the film, which lead back into frame 0; at most half of them. */
  readonly loopFrames: number;
  readonly startAdam: AdamOptions;
  readonly filmAdam: AdamOptions;
};

export type ZoomTuning = {
  readonly startSteps: readonly number[];
  readonly burnInFrames: number;
  readonly offsetPixels: number;
  readonly startAdam: AdamOptions;
  readonly filmAdam: AdamOptions;
};

export const defaultTuning: ZoomTuning = {
  // From the coarsest level to the finest; a film with fewer levels uses the last ones.
  startSteps: [60, 60, 60, 40],
  burnInFrames: 12,
  offsetPixels: 4,
  startAdam: { rate: 0.03, beta1: 0.9, beta2: 0.99 },
  filmAdam: { rate: 0.02, beta1: 0.9, beta2: 0.95 },
};

const coarsestSize = 64;

const levelSizes = (size: number): readonly number[] => {
  const sizes = [size];
  while (sizes[0]! / 2 >= coarsestSize) {
    sizes.unshift(Math.round(sizes[0]! / 2 / sizeMultiple) * sizeMultiple);
  }
  return sizes;
};

/** Frame 0 is first drawn at this side or larger, in pixels: less says nothing, and shrinking costs more. */
const leastGuideSide = 8;

const loopFramesOf = ({ size, frames, zoom }: Pick<RenderRequest, 'size' | 'frames' | 'zoom'>): number =>
  Math.min(Math.floor(frames / 2), Math.floor(Math.log(size / leastGuideSide) / Math.log(zoom)));

/** Lays a render out. */
export const planZoom = (
  request: Pick<RenderRequest, 'size' | 'frames' | 'zoom' | 'steps'>,
  tuning: ZoomTuning = defaultTuning,
): ZoomPlan => {
  const sizes = levelSizes(request.size);
  const steps = tuning.startSteps.slice(-sizes.length);
  return {
    levels: sizes.map((size, level) => ({ size, steps: steps[level]! })),
    zoom: request.zoom,
    burnInFrames: tuning.burnInFrames,
    offsetPixels: tuning.offsetPixels,
    frames: request.frames,
    stepsPerFrame: request.steps,
    loopFrames: loopFramesOf(request),
    startAdam: tuning.startAdam,
    filmAdam: tuning.filmAdam,
  };
};

/** Optimisation steps of the whole render. */
export const totalSteps = (plan: ZoomPlan): number =>
  plan.levels.reduce((sum, level) => sum + level.steps, 0) +
  (plan.burnInFrames + plan.frames - 1) * plan.stepsPerFrame;

/** What a render costs, in optimisation steps times pixels: time is nearly proportional to it. */
export const zoomWork = (request: Parameters<typeof planZoom>[0]): number => {
  const plan = planZoom(request);
  const start = plan.levels.reduce((sum, { size, steps }) => sum + steps * size ** 2, 0);
  return start + (plan.burnInFrames + plan.frames - 1) * plan.stepsPerFrame * request.size ** 2;
};
