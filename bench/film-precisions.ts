/** Films in bytes against the same films in floats. */
import type { Precision } from '../src/domain/engines.ts';
import { meanOf } from '../src/domain/statistics.ts';
import type { Range } from './film-drift.ts';
import type { FilmFigures } from './film-figures.ts';
import { judgeNames } from './quality-judges.ts';

/** How bytes may differ from floats, as a ratio; no `least` where less is better. */
type Limit = { readonly least?: number; readonly most: number };

export type PrecisionRow = {
  readonly name: string;
  /** Means over the photos. */
  readonly float: number;
  readonly int8: number;
  readonly ratio: number;
  /** The ratio's range, photo by photo. */
  readonly spread: Range;
  readonly limit: Limit | null;
  /** Null where there is no limit. */
  readonly holds: boolean | null;
};

export type PrecisionComparison = {
  readonly label: string;
  readonly photos: number;
  readonly rows: readonly PrecisionRow[];
};

type Measure = {
  readonly name: string;
  /** Undefined where nobody measured it. */
  readonly of: (figures: FilmFigures) => number | undefined;
  readonly limit: Limit | null;
};

const worse: Limit = { most: 1.05 };
const other: Limit = { least: 0.95, most: 1.05 };
const networkJudges: ReadonlySet<string> = new Set(['vgg19-conv3', 'vgg19-16x']);

const measures: readonly Measure[] = [
  ...judgeNames.map(
    (name): Measure => ({
      name,
      of: ({ judges }) => judges[name]?.mean,
      limit: networkJudges.has(name) ? worse : null,
    }),
  ),
  { name: 'seam ratio', of: ({ motion }) => motion.seamRatio, limit: other },
  { name: 'least step', of: ({ motion }) => motion.least, limit: other },
  { name: 'most step', of: ({ motion }) => motion.most, limit: other },
  { name: 'line score', of: ({ lines }) => lines.score, limit: worse },
  { name: 'colour drift', of: ({ drift }) => drift.colour.worst, limit: worse },
  { name: 'flicker', of: ({ flicker }) => flicker.flicker, limit: worse },
  { name: 'seconds', of: ({ cost }) => cost.seconds.total, limit: { most: 0.5 } },
  { name: 'ms', of: ({ cost }) => cost.msPerEvaluation, limit: null },
  { name: 'MB', of: ({ cost }) => cost.peakBytes / 1e6, limit: { most: 1 } },
];

type Pair = Readonly<Record<Precision, FilmFigures>>;

const pairsOf = (films: readonly FilmFigures[]): readonly Pair[] =>
  films
    .filter(({ film }) => film.precision === 'float')
    .flatMap((float) => {
      const int8 = films.find(({ film }) => film.precision === 'int8' && film.photo === float.film.photo);
      return int8 ? [{ float, int8 }] : [];
    });

const rowOf = ({ name, of, limit }: Measure, pairs: readonly Pair[]): PrecisionRow | null => {
  const values = pairs.flatMap(({ float, int8 }) => {
    const [ofFloat, ofInt8] = [of(float), of(int8)];
    return ofFloat === undefined || ofInt8 === undefined ? [] : [{ float: ofFloat, int8: ofInt8 }];
  });
  if (values.length === 0) return null;
  const [float, int8] = [meanOf(values.map((each) => each.float)), meanOf(values.map((each) => each.int8))];
  const ratio = int8 / float;
  const ratios = values.map((each) => each.int8 / each.float);
  return {
    ...{ name, float, int8, ratio, limit },
    spread: { least: Math.min(...ratios), most: Math.max(...ratios) },
    holds: limit && ratio >= (limit.least ?? 0) && ratio <= limit.most,
  };
};

/** For each label, the photos of which there is a film in both precisions. */
export const comparePrecisions = (films: readonly FilmFigures[]): readonly PrecisionComparison[] =>
  [...new Set(films.map(({ film }) => film.label))].flatMap((label) => {
    const pairs = pairsOf(films.filter(({ film }) => film.label === label));
    if (pairs.length === 0) return [];
    const rows = measures.flatMap((measure) => rowOf(measure, pairs) ?? []);
    return [{ label, photos: pairs.length, rows }];
  });
