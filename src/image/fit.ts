import { GramzoomError } from '../domain/errors.ts';
import { delayCentiseconds } from '../domain/kinds/zoom.ts';
import type { FitReport } from '../domain/report.ts';
import type { OutputFormat } from '../domain/request.ts';

export type FilmShape = {
  readonly format: OutputFormat;
  readonly frames: number;
  readonly fps: number;
  /** The longer side in pixels. */
  readonly size: number;
};

/** The best first: every one makes a smaller file than the one before. */
const coloursOf: { readonly [F in OutputFormat]?: readonly number[] } = { gif: [256, 128, 64] };
const qualitiesOf: { readonly [F in OutputFormat]?: readonly number[] } = {
  webp: [80, 60, 40, 20],
  // Quantisers.
  mp4: [22, 28, 34, 40],
};

/** Each size has about a fifth fewer pixels than the one before. */
const sizeFactor = 0.9;
const minSize = 32;
/** A film that is thinned out further than this jumps, so it gets smaller first. */
const slowestDelayCentiseconds = 20;
const fewestFrames = 8;
/** Below this there is no zoom left to see. */
const fewestFramesAtAll = 4;

/**
 * The settings to try, best first: with every step a file gets smaller. Every m-th frame is kept only where
 * m divides the number of frames, so that the step over the seam is like the others.
 */
export const planFit = (film: FilmShape): readonly FitReport[] => {
  const [bestColours = null, ...fewerColours] = coloursOf[film.format] ?? [];
  const [bestQuality = null, ...lowerQualities] = qualitiesOf[film.format] ?? [];
  const plan: FitReport[] = [{ colours: bestColours, quality: bestQuality, everyFrame: 1, size: film.size }];
  const add = (change: Partial<FitReport>): void => {
    plan.push({ ...plan.at(-1)!, ...change });
  };
  const thinnings = film.format === 'gif' ? divisors(film.frames) : [];
  for (const colours of fewerColours) add({ colours });
  for (const quality of lowerQualities) add({ quality });
  for (const everyFrame of thinnings.filter((m) => isBearable(film, m))) add({ everyFrame });
  for (const size of smallerSizes(film.size)) add({ size });
  const last = thinnings.filter((m) => !isBearable(film, m) && film.frames / m >= fewestFramesAtAll);
  for (const everyFrame of last) add({ everyFrame });
  return plan;
};

const divisors = (count: number): number[] =>
  Array.from({ length: count }, (_, index) => index + 1).filter((m) => m > 1 && count % m === 0);

const isBearable = ({ frames, fps }: FilmShape, m: number): boolean =>
  frames / m >= fewestFrames && delayCentiseconds(fps) * m <= slowestDelayCentiseconds;

const smallerSizes = (size: number): number[] => {
  const sizes: number[] = [];
  for (let next = size * sizeFactor; next >= minSize; next *= sizeFactor) {
    const side = 2 * Math.round(next / 2);
    if (side < (sizes.at(-1) ?? size)) sizes.push(side);
  }
  return sizes;
};

/** How much of the budget an estimate may fill. */
const margin = 0.97;

export type FitSearch<Encoded> = {
  readonly maxBytes: number;
  /** About how many bytes a candidate takes; asked at most once for each. */
  readonly estimate: (candidate: FitReport) => Promise<number>;
  readonly encode: (candidate: FitReport) => Promise<Encoded>;
  readonly sizeOf: (encoded: Encoded) => number;
};

/**
 * Encodes with the first candidate that keeps the budget: bisects on estimates, encodes, and where the
 * estimate was too kind corrects it and continues.
 * @throws GramzoomError `budget-too-small` where not even the last candidate is small enough
 */
export const searchFit = async <Encoded>(
  plan: readonly FitReport[],
  { maxBytes, estimate, encode, sizeOf }: FitSearch<Encoded>,
): Promise<{ readonly encoded: Encoded; readonly candidate: FitReport }> => {
  const estimates = new Map<number, number>();
  const estimateAt = async (index: number): Promise<number> => {
    const known = estimates.get(index) ?? (await estimate(plan[index]!));
    estimates.set(index, known);
    return known;
  };
  let correction = 1;
  let first = 0;
  let smallestBytes = Number.POSITIVE_INFINITY;
  while (first < plan.length) {
    let low = first;
    let high = plan.length - 1;
    while (low < high) {
      // The first candidate is asked first: most films need no fitting.
      const middle = low === 0 && high === plan.length - 1 ? 0 : (low + high) >> 1;
      if ((await estimateAt(middle)) * correction <= margin * maxBytes) high = middle;
      else low = middle + 1;
    }
    const encoded = await encode(plan[low]!);
    const bytes = sizeOf(encoded);
    if (bytes <= maxBytes) return { encoded, candidate: plan[low]! };
    smallestBytes = Math.min(smallestBytes, bytes);
    if (low < plan.length - 1) correction = Math.max(correction, bytes / (await estimateAt(low)));
    first = low + 1;
  }
  throw new GramzoomError('budget-too-small', { maxBytes, smallestBytes });
};
