import { filmName, type Verdict } from './film-criteria.ts';
import type { FilmFigures, Judgement } from './film-figures.ts';
import type { PrecisionComparison } from './film-precisions.ts';
import type { JudgeName } from './quality-judges.ts';

const number = (value: number): string => value.toPrecision(value < 0.1 ? 2 : 3);

const range = ({ least, most }: { readonly least: number; readonly most: number }): string =>
  `${least.toFixed(2)}-${most.toFixed(2)}`;

const judgement = (value: Judgement | undefined): string => {
  if (!value) return '-';
  const { mean, deviation, first, middle, last } = value;
  const three = [first, middle, last].map(number).join(' ');
  return `${number(mean)} ±${(100 * deviation).toFixed(0)}% (${three})`;
};

type Column = readonly [heading: string, width: number, text: (figures: FilmFigures) => string];

const judgeColumn = (name: JudgeName): Column => [name, 35, ({ judges }) => judgement(judges[name])];

const columns: readonly Column[] = [
  ['film', 26, filmName],
  ['seam', 6, ({ motion }) => motion.seamRatio.toFixed(3)],
  ['d / median', 11, ({ motion }) => range(motion)],
  judgeColumn('vgg19-16x'),
  judgeColumn('vgg19-conv3'),
  judgeColumn('inception-mixed2'),
  judgeColumn('inception-mixed4'),
  ['flicker', 8, ({ flicker }) => number(flicker.flicker)],
  [
    'colour',
    14,
    ({ drift: { colour } }) => `${colour.last.toFixed(1)} ${colour.worst.toFixed(1)}@${colour.worstFrame}`,
  ],
  ['contrast', 10, ({ drift }) => range(drift.contrast)],
  ['gradients', 10, ({ drift }) => range(drift.gradientEnergy)],
  [
    'lines',
    38,
    ({ lines: { score, limit, strongest, ratios, others } }) =>
      `${score.toFixed(2)} ${score <= limit ? '<=' : '> '} ${limit.toFixed(2)} ` +
      `${strongest} ${ratios[strongest].toFixed(2)} (others ${others.toFixed(2)})`,
  ],
  [
    'seconds',
    24,
    ({ cost: { seconds } }) =>
      `${seconds.total.toFixed(1)} (${[seconds.start, seconds.frames, seconds.encode].map((s) => s.toFixed(1)).join(' ')})`,
  ],
  [
    'evaluations',
    20,
    ({ cost: { evaluations, perFrame } }) =>
      `${evaluations.start}+${evaluations.frames} (${perFrame.withStart.toFixed(1)} ${perFrame.alone.toFixed(1)})`,
  ],
  ['ms', 6, ({ cost }) => cost.msPerEvaluation.toFixed(1)],
  ['MB', 5, ({ cost }) => (cost.peakBytes / 1e6).toFixed(0)],
  ['GFLOP/s', 7, ({ cost }) => cost.productRate.toFixed(0)],
];

export const headingLine = (): string =>
  columns
    .map(([heading, width]) => heading.padEnd(width))
    .join(' ')
    .trimEnd();

export const filmLine = (figures: FilmFigures): string =>
  columns
    .map(([, width, text]) => text(figures).padEnd(width))
    .join(' ')
    .trimEnd();

export const legendLines: readonly string[] = [
  'All figures describe the GIF, decoded. d / median: least and most of all d_k. Judges: relative Gram distance to',
  'the photo, mean over frames 0, 10, 20 ..., the largest deviation from it (first, middle, last); those of',
  'Inception-v3 by one layer alone. Flicker: warp RMSE less what resampling a still costs, in steps of a byte.',
  'Colour: the mean colour of the last and the worst frame from that of frame 0, in steps of a byte. Contrast,',
  'gradients: standard deviation and gradient energy over their median. Lines: of axes and diagonals through the',
  'centre and of borders in the mean gradient, the one that differs most, in standard deviations of other',
  'directions or rows; the 95th percentile of 200 films whose gradient maps are rolled at random, frame by frame;',
  'its ratio to the others (and the largest of those). Seconds: start, frames, encode. Evaluations: before frame 0',
  "+ from it on (per frame with the start, and without it); ms: per evaluation; MB: the renderer's peak; GFLOP/s: a",
  '2048^2 matrix product right before the film.',
];

const word = (holds: boolean | null): string => {
  if (holds === null) return '-';
  return holds ? 'holds' : 'MISSED';
};

export const verdictLines = (verdicts: readonly Verdict[]): readonly string[] =>
  verdicts.flatMap((verdict) => [
    `  ${word(verdict.holds).padEnd(7)} ${verdict.criterion}`,
    ...verdict.missed.map((where) => `            ${where}`),
  ]);

/** A table for each quality of which there are films in both precisions. */
export const precisionLines = (comparisons: readonly PrecisionComparison[]): readonly string[] =>
  comparisons.flatMap(({ label, photos, rows }) => [
    '',
    `int8 against float, ${label}, ${photos === 1 ? '1 photo' : `mean over ${photos} photos`}`,
    `  ${''.padEnd(14)} ${'float'.padEnd(9)} ${'int8'.padEnd(9)} int8 / float (range over photos)`,
    ...rows.map(({ name, float, int8, ratio, limit, holds, spread }) => {
      const photoByPhoto = `(${range(spread)})`;
      const goal = limit
        ? `${limit.least ? `${limit.least} to` : 'at most'} ${limit.most}: ${word(holds)}`
        : '';
      const [of, to] = [float, int8].map((value) => number(value).padEnd(9));
      return `  ${name.padEnd(14)} ${of} ${to} ${ratio.toFixed(3)} ${photoByPhoto.padEnd(12)} ${goal}`.trimEnd();
    }),
  ]);
