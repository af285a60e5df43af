import type { FilmFigures, Judgement } from '../../bench/film-figures.ts';
import { type LineName, lineNames } from '../../bench/film-lines.ts';

export const judgement = (mean: number, deviation: number): Judgement => ({
  mean,
  deviation,
  every: [mean],
  first: mean,
  middle: mean,
  last: mean,
});
const range = { least: 0.9, most: 1.1, lastOverFirst: 1 };
const shift = { last: 0, worst: 1, worstFrame: 3 };

const evenRatios = Object.fromEntries(lineNames.map((name) => [name, 1])) as Record<LineName, number>;

/** Figures of a film that keeps everything. */
export const goodFilm: FilmFigures = {
  film: {
    photo: 'cat',
    label: 'standard',
    precision: 'float',
    size: 256,
    frames: 48,
    seed: 1,
    network: 'pocket',
  },
  motion: { least: 0.8, most: 1.2, seamRatio: 1, distances: [] },
  judges: { 'vgg19-16x': judgement(0.2, 0.05) },
  flicker: { warpError: 3, floor: 2, flicker: 1 },
  drift: { colour: shift, spread: shift, contrast: range, gradientEnergy: range },
  lines: { ratios: { ...evenRatios, across: 1.1 }, score: 1, strongest: 'across', others: 1.2, limit: 1.5 },
  cost: {
    seconds: { total: 19, start: 5, frames: 13, encode: 1 },
    evaluations: { start: 100, frames: 92 },
    perFrame: { withStart: 4, alone: 2 },
    msPerEvaluation: 90,
    peakBytes: 400e6,
    fileBytes: 1e6,
    productRate: 250,
  },
};
