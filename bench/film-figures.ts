import type { Precision } from '../src/domain/engines.ts';
import { fromRgbImage, type RgbImage } from '../src/domain/picture.ts';
import { median } from '../src/domain/statistics.ts';
import { warpDistances } from '../test/support/warp-distances.ts';
import { type Drift, driftOf, type Evenness, evenness, type Range, rangeOf } from './film-drift.ts';
import { type Flicker, flickerOf } from './film-flicker.ts';
import { type GradientMap, type LineFigures, lineFigures } from './film-lines.ts';
import type { Take } from './film-take.ts';
import { type JudgeName, type Judges, judgeNames, type Measured } from './quality-judges.ts';
import type { QualityPhoto } from './quality-photos.ts';

const judgedEvery = 10;

/** Distances to the photo by one judge. Mean and deviation are over frames 0, 10, 20 ... */
export type Judgement = Evenness & {
  readonly every: readonly number[];
  readonly first: number;
  readonly middle: number;
  readonly last: number;
};

export type FilmFigures = {
  readonly film: {
    readonly photo: string;
    readonly label: string;
    readonly precision: Precision;
    readonly size: number;
    readonly frames: number;
    readonly seed: number;
    readonly network: string;
  };
  /** d_k in steps of a byte, and their range relative to the median of all but the last. */
  readonly motion: Range & { readonly seamRatio: number; readonly distances: readonly number[] };
  readonly judges: Readonly<Partial<Record<JudgeName, Judgement>>>;
  readonly flicker: Flicker;
  readonly drift: Drift;
  readonly lines: LineFigures;
  readonly cost: {
    readonly seconds: Take['report']['seconds'];
    readonly evaluations: Take['evaluations'];
    readonly perFrame: { readonly withStart: number; readonly alone: number };
    readonly msPerEvaluation: number;
    readonly peakBytes: number;
    readonly fileBytes: number;
    /** GFLOP/s of a matrix product right before the film. */
    readonly productRate: number;
  };
};

const judge = async (
  frames: readonly RgbImage[],
  goal: Measured,
  judges: Judges,
): Promise<FilmFigures['judges']> => {
  const every = [...frames.keys()].filter((index) => index % judgedEvery === 0);
  const [middle, last] = [frames.length >> 1, frames.length - 1];
  const scores = new Map<number, ReturnType<Judges['compare']>>();
  for (const index of new Set([...every, middle, last])) {
    scores.set(index, judges.compare(await judges.measure(fromRgbImage(frames[index]!)), goal));
  }
  const judgementBy = (name: JudgeName): Judgement => {
    const at = (index: number): number => scores.get(index)![name]!;
    const values = every.map(at);
    return { every: values, ...evenness(values), first: at(0), middle: at(middle), last: at(last) };
  };
  return Object.fromEntries(
    judgeNames.filter((name) => judges.names.includes(name)).map((name) => [name, judgementBy(name)]),
  );
};

/** Everything that is measured of a film. */
export const figuresOf = async (
  take: Take,
  options: {
    readonly label: string;
    readonly photo: QualityPhoto;
    /** The photo, as the judges have measured it. */
    readonly goal: Measured;
    /** Enlargement per frame. */
    readonly zoom: number;
    readonly judges: Judges;
    readonly network: string;
    readonly productRate: number;
  },
): Promise<{ readonly figures: FilmFigures; readonly lineMap: GradientMap }> => {
  const { frames, report, evaluations } = take;
  const { label, photo, goal, zoom, network, productRate } = options;
  const { distances, seamRatio } = warpDistances(frames, zoom, 'in');
  const { map: lineMap, ...lines } = lineFigures(frames);
  const total = evaluations.start + evaluations.frames;
  const { seconds } = report;
  const figures: FilmFigures = {
    film: {
      photo: photo.name,
      label,
      precision: report.precision,
      size: report.width,
      frames: frames.length,
      seed: report.seed,
      network,
    },
    motion: { ...rangeOf(distances, median(distances.slice(0, -1))), seamRatio, distances },
    judges: await judge(frames, goal, options.judges),
    flicker: flickerOf(frames, zoom),
    drift: driftOf(frames),
    lines,
    cost: {
      seconds,
      evaluations,
      perFrame: { withStart: total / frames.length, alone: evaluations.frames / frames.length },
      msPerEvaluation: (1000 * (seconds.start + seconds.frames)) / total,
      peakBytes: report.peakRssBytes,
      fileBytes: report.bytes,
      productRate,
    },
  };
  return { figures, lineMap };
};
