import type { ZoomRequest as WholeRequest } from '../../domain/kinds/zoom.ts';
import type { Size } from '../../domain/picture.ts';
import type { Quality } from '../../domain/request.ts';
import type { DescentOptions } from '../synthesis/descent.ts';
import { levelsWork, outputSides, planLevels } from '../synthesis/levels.ts';

/** What of a request decides the film's pictures. */
export type ZoomRequest = Pick<
  WholeRequest,
  'size' | 'aspect' | 'frames' | 'zoom' | 'quality' | 'steps' | 'seed'
>;

export type ZoomTuning = {
  /** Of the coarsest level, which begins with noise, and of each finer one. */
  readonly startSteps: { readonly coarsest: number; readonly finer: number };
  /** At least so many frames come before the film, so that frame 0 looks like the others. */
  readonly leastLeadInFrames: number;
  readonly mostLoopFrames: number;
  /** In radians, of photos that are the same texture everywhere, at a zoom of 1.03: see `inject-detail.ts`. */
  readonly detailAngle: number;
  readonly startDescent: DescentOptions;
  readonly filmDescent: DescentOptions;
};

const standard: ZoomTuning = {
  startSteps: { coarsest: 18, finer: 3 },
  leastLeadInFrames: 12,
  mostLoopFrames: 24,
  detailAngle: 0.33,
  startDescent: { rate: 0.2, beta1: 0.8, beta2: 0.95, colourShare: 0.5 },
  filmDescent: { rate: 0.2, beta1: 0.8, beta2: 0.95, colourShare: 0.5 },
};

/** How each quality is made; the reasons are in docs/decisions/0008-steps-per-frame.md. */
export const tunings: Readonly<Record<Quality, ZoomTuning>> = {
  draft: {
    ...standard,
    startSteps: { coarsest: 28, finer: 4 },
    detailAngle: 0,
    filmDescent: { ...standard.filmDescent, rate: 0.3, beta1: 0.7, beta2: 0.9 },
  },
  standard,
  fine: { ...standard, filmDescent: { ...standard.filmDescent, rate: 0.15 } },
};

/** What a render does, decided before it starts: plain data that can be printed and compared. */
export const planZoom = (
  request: Omit<ZoomRequest, 'seed'>,
  photo: Size,
  { tuning = tunings[request.quality] }: { readonly tuning?: ZoomTuning } = {},
) => {
  const film = outputSides(request, photo);
  const loopFrames = Math.min(tuning.mostLoopFrames, Math.floor(request.frames / 2));
  return {
    /** Coarse to fine; the last level has the film's size. */
    levels: planLevels(film, tuning.startSteps),
    zoom: request.zoom,
    /** Frames before frame 0, which the film comes from and leads back into. */
    leadInFrames: Math.max(tuning.leastLeadInFrames, loopFrames),
    frames: request.frames,
    stepsPerFrame: request.steps,
    detailAngle: tuning.detailAngle,
    /** The last frames of the film, which are blended into the ones before frame 0; at most half of them. */
    loopFrames,
    startDescent: tuning.startDescent,
    filmDescent: tuning.filmDescent,
  };
};

type ZoomPlan = ReturnType<typeof planZoom>;

/** Optimisation steps of the whole render. */
export const totalSteps = (plan: ZoomPlan): number =>
  plan.levels.reduce((sum, level) => sum + level.steps, 0) +
  (plan.leadInFrames + plan.frames) * plan.stepsPerFrame;

/**
 * What the first stages of a render cost, levels and then frames, in optimisation steps times pixels: time is nearly
 * proportional to it.
 */
export const planWork = (
  { levels, leadInFrames, frames, stepsPerFrame }: ZoomPlan,
  stages: number = levels.length + leadInFrames + frames,
): number => {
  const film = levels.at(-1)!;
  const framesDone = Math.max(0, stages - levels.length);
  return levelsWork(levels.slice(0, stages)) + framesDone * stepsPerFrame * film.width * film.height;
};

/** What a render costs, in the unit of `planWork`; a film in the photo's shape counts as a square. */
export const zoomWork = (request: Omit<ZoomRequest, 'seed'>): number =>
  planWork(planZoom({ ...request, aspect: 'square' }, { width: 1, height: 1 }));
