import type { Size } from '../../domain/picture.ts';
import { type Quality, type RenderRequest, sizeMultiple } from '../../domain/request.ts';
import type { LossOptions } from '../loss.ts';
import type { DescentOptions } from '../optimise/descent.ts';

/** The loss that films are made with; the reasons are in docs/decisions/0005-octaves-borders-and-offsets.md. */
export const zoomLossOptions: LossOptions = {
  padding: 'reflect',
  octaves: 3,
  colourWeight: 1,
  smoothnessWeight: 0,
};

/** What of a request decides the film's pictures. */
export type ZoomRequest = Pick<
  RenderRequest,
  'size' | 'aspect' | 'frames' | 'zoom' | 'quality' | 'steps' | 'seed'
>;

/** What a render does, decided before it starts: plain data that can be printed and compared. */
export type ZoomPlan = {
  /** Coarse to fine; the last level has the film's size. */
  readonly levels: readonly (Size & { readonly steps: number })[];
  readonly zoom: number;
  /** Frames before frame 0, which the film comes from and leads back into. */
  readonly leadInFrames: number;
  readonly frames: number;
  readonly stepsPerFrame: number;
  /** The last frames of the film, which are turned into the ones before frame 0; at most half of them. */
  readonly loopFrames: number;
  readonly startDescent: DescentOptions;
  readonly filmDescent: DescentOptions;
};

export type ZoomTuning = {
  readonly startSteps: readonly number[];
  /** At least so many frames come before the film, so that frame 0 looks like the others. */
  readonly leastLeadInFrames: number;
  readonly mostLoopFrames: number;
  readonly startDescent: DescentOptions;
  readonly filmDescent: DescentOptions;
};

const standard: ZoomTuning = {
  // From the coarsest level to the finest; a film with fewer levels begins with all that are left out. The finest is
  // left to the frames before the film: a first frame that took more steps than others would be unlike them.
  startSteps: [18, 6, 4],
  leastLeadInFrames: 12,
  mostLoopFrames: 24,
  startDescent: { rate: 0.2, beta1: 0.8, beta2: 0.95, colourShare: 0.5 },
  filmDescent: { rate: 0.2, beta1: 0.8, beta2: 0.95, colourShare: 0.5 },
};

/** How each quality is made; the reasons are in docs/decisions/0008-steps-per-frame.md. */
export const tunings: Readonly<Record<Quality, ZoomTuning>> = {
  draft: {
    ...standard,
    startSteps: [28, 12, 8],
    filmDescent: { ...standard.filmDescent, rate: 0.3, beta1: 0.7, beta2: 0.9 },
  },
  standard,
  fine: { ...standard, filmDescent: { ...standard.filmDescent, rate: 0.15 } },
};

/** Sides of films are at least this long, in pixels. */
const leastSide = 64;

const rounded = (side: number): number => Math.max(leastSide, Math.round(side / sizeMultiple) * sizeMultiple);

/** Longer films than this are cut: a sliver shows nothing, and its levels would not halve. */
const maxAspect = 3;

/**
 * The sides of a film in pixels: `size` x `size`, or that area in the photo's shape.
 * @param photo its sides, in any unit
 */
export const filmSides = ({ size, aspect }: Pick<ZoomRequest, 'size' | 'aspect'>, photo: Size): Size => {
  if (aspect === 'square') return { width: size, height: size };
  const ratio = Math.min(maxAspect, Math.max(1 / maxAspect, photo.width / photo.height));
  return { width: rounded(size * Math.sqrt(ratio)), height: rounded(size / Math.sqrt(ratio)) };
};

/**
 * No level has a shorter side, unless the film has. What grows at 64 px grows along rows and columns of its pixels, and
 * is four times as large in the film: leaves with square corners.
 */
const coarsestSide = 96;

const levelSizes = (film: Size): readonly Size[] => {
  const sizes = [film];
  for (;;) {
    const { width, height } = sizes[0]!;
    if (Math.min(width, height) / 2 < coarsestSide) return sizes;
    sizes.unshift({ width: rounded(width / 2), height: rounded(height / 2) });
  }
};

/**
 * The pyramid of a film of these sides, coarse to fine. Its first level begins with noise, and takes over the steps of
 * levels that are left out.
 */
export const planLevels = (
  film: Size,
  { startSteps }: Pick<ZoomTuning, 'startSteps'>,
): ZoomPlan['levels'] => {
  const sizes = levelSizes(film);
  const left = startSteps.slice(0, -sizes.length).reduce((sum, count) => sum + count, 0);
  return sizes.map((size, level) => ({
    ...size,
    steps: startSteps.at(level - sizes.length)! + (level === 0 ? left : 0),
  }));
};

/** Lays a render out. */
export const planZoom = (
  request: Omit<ZoomRequest, 'seed'>,
  photo: Size,
  { tuning = tunings[request.quality] }: { readonly tuning?: ZoomTuning } = {},
): ZoomPlan => {
  const film = filmSides(request, photo);
  const loopFrames = Math.min(tuning.mostLoopFrames, Math.floor(request.frames / 2));
  return {
    levels: planLevels(film, tuning),
    zoom: request.zoom,
    leadInFrames: Math.max(tuning.leastLeadInFrames, loopFrames),
    frames: request.frames,
    stepsPerFrame: request.steps,
    loopFrames,
    startDescent: tuning.startDescent,
    filmDescent: tuning.filmDescent,
  };
};

/** Optimisation steps of the whole render. */
export const totalSteps = (plan: ZoomPlan): number =>
  plan.levels.reduce((sum, level) => sum + level.steps, 0) +
  (plan.leadInFrames + plan.frames) * plan.stepsPerFrame;

/** What a render costs, in optimisation steps times pixels: time is nearly proportional to it. */
export const zoomWork = (request: Omit<ZoomRequest, 'seed'>): number => {
  const plan = planZoom({ ...request, aspect: 'square' }, { width: 1, height: 1 });
  const start = plan.levels.reduce((sum, { width, height, steps }) => sum + steps * width * height, 0);
  return start + (plan.leadInFrames + plan.frames) * plan.stepsPerFrame * request.size ** 2;
};
