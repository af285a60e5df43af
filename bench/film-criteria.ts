/** What films shall keep, and whether they do. */
import type { FilmFigures } from './film-figures.ts';
import type { JudgeName } from './quality-judges.ts';

export type Verdict = {
  readonly criterion: string;
  /** Null: nothing here says anything about it. */
  readonly holds: boolean | null;
  /** Where it is missed, and by how much. */
  readonly missed: readonly string[];
};

/** What a criterion finds in a film: null where it does not apply, '' where it holds, else what is wrong. */
type Check = (figures: FilmFigures) => string | null;

const outside = (value: number, least: number, most: number): boolean => !(value >= least && value <= most);

const networkJudges = ['vgg19-conv3', 'vgg19-16x'] as const satisfies readonly JudgeName[];
const mostDeviation = 0.1;
const secondsOf: Readonly<Record<string, number>> = { standard: 20, draft: 8 };
const mostPeakBytes = 500e6;
const leastSaving = 30;

const isDefaultFilm = ({ film }: FilmFigures): boolean => film.size === 256 && film.frames === 48;

const uneven = ({ judges }: FilmFigures): string | null => {
  const present = networkJudges.filter((name) => judges[name]);
  if (present.length === 0) return null;
  return present
    .filter((name) => judges[name]!.deviation > mostDeviation)
    .map((name) => `${name} ${(100 * judges[name]!.deviation).toFixed(0)} %`)
    .join(', ');
};

const slow = (figures: FilmFigures): string | null => {
  const limit = secondsOf[figures.film.label];
  if (limit === undefined || !isDefaultFilm(figures)) return null;
  const { total } = figures.cost.seconds;
  return total <= limit ? '' : `${total.toFixed(1)} s`;
};

const checks: readonly (readonly [criterion: string, check: Check])[] = [
  [
    'seamRatio 0.9 to 1.05',
    ({ motion }) => (outside(motion.seamRatio, 0.9, 1.05) ? motion.seamRatio.toFixed(3) : ''),
  ],
  [
    'every d_k within 0.75 to 1.3 of the median',
    ({ motion: { least, most } }) =>
      outside(least, 0.75, 1.3) || outside(most, 0.75, 1.3)
        ? `${least.toFixed(2)} to ${most.toFixed(2)}`
        : '',
  ],
  ['judge distance of every tenth frame within 10 % of its mean', uneven],
  [
    'line score at most the 95th percentile by chance',
    ({ lines: { score, limit, strongest } }) =>
      score <= limit ? '' : `${strongest} ${score.toFixed(3)} > ${limit.toFixed(3)}`,
  ],
  ['256 px, 48 frames: standard within 20 s, draft within 8 s', slow],
  [
    'renderer under 500 MB',
    (figures) => {
      const { peakBytes } = figures.cost;
      return peakBytes < mostPeakBytes ? '' : `${(peakBytes / 1e6).toFixed(0)} MB`;
    },
  ],
];

export const filmName = ({ film }: FilmFigures): string => `${film.photo} ${film.label} ${film.precision}`;

const combine = (criterion: string, found: readonly (readonly [name: string, what: string])[]): Verdict => {
  const missed = found.filter(([, what]) => what !== '').map(([name, what]) => `${name}: ${what}`);
  return { criterion, holds: found.length === 0 ? null : missed.length === 0, missed };
};

/** Every criterion over all films of our own. */
export const verdictsOf = (films: readonly FilmFigures[]): readonly Verdict[] =>
  checks.map(([criterion, check]) =>
    combine(
      criterion,
      films.flatMap((figures) => {
        const what = check(figures);
        return what === null ? [] : [[filmName(figures), what] as const];
      }),
    ),
  );

/** What is wrong with a film against gramzoom's of the same photo; null where no judge is there. */
const worse = (own: FilmFigures, theirs: FilmFigures): string | null => {
  const present = networkJudges.filter((name) => own.judges[name] && theirs.judges[name]);
  if (present.length === 0) return null;
  const saving = theirs.cost.perFrame.withStart / own.cost.perFrame.withStart;
  // It starts from noise and gets nearer: what counts is where it gets to.
  const reached = (name: JudgeName): number => Math.min(theirs.judges[name]!.mean, theirs.judges[name]!.last);
  return [
    ...present
      .filter((name) => own.judges[name]!.mean > reached(name))
      .map((name) => `${name} ${own.judges[name]!.mean.toFixed(4)} > ${reached(name).toFixed(4)}`),
    ...(saving < leastSaving ? [`1/${saving.toFixed(1)} of the evaluations`] : []),
  ].join(', ');
};

/** Against gramzoom's method: all evaluations of the film, its start too, over its frames, on both sides. */
export const againstGramzoom = (films: readonly FilmFigures[], reference: readonly FilmFigures[]): Verdict =>
  combine(
    'against gramzoom: as near or nearer, with 1/30 of the evaluations per frame',
    films.flatMap((own) => {
      const theirs = reference.find(({ film }) => film.photo === own.film.photo);
      const what = theirs ? worse(own, theirs) : null;
      return what === null ? [] : [[filmName(own), what] as const];
    }),
  );
