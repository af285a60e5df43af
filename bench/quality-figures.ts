import { meanOf } from '../src/domain/statistics.ts';
import type { JudgeName, Scores } from './quality-judges.ts';

/** One judged picture. */
export type Judged = {
  readonly network: string;
  readonly photo: string;
  readonly seed: number;
  readonly scores: Scores;
};

export type Spread = { readonly mean: number; readonly deviation: number };

/** Mean and standard deviation (n - 1; 0 for a single value). */
export const spreadOf = (values: readonly number[]): Spread => {
  const middle = meanOf(values);
  const squares = values.reduce((sum, value) => sum + (value - middle) ** 2, 0);
  return { mean: middle, deviation: values.length < 2 ? 0 : Math.sqrt(squares / (values.length - 1)) };
};

export const geometricMean = (values: readonly number[]): number => Math.exp(meanOf(values.map(Math.log)));

const distinct = <T>(values: readonly T[]): readonly T[] => [...new Set(values)];

const scoresOf = (judged: readonly Judged[], judge: JudgeName): readonly number[] =>
  judged.flatMap(({ scores }) => scores[judge] ?? []);

/** Over the seeds of one photo and network; null where the judge is absent. */
export const overSeeds = (judged: readonly Judged[], judge: JudgeName): Spread | null => {
  const values = scoresOf(judged, judge);
  return values.length === 0 ? null : spreadOf(values);
};

/** The geometric mean over photos, seed by seed, then over seeds. */
export const overPhotos = (judged: readonly Judged[], judge: JudgeName): Spread | null => {
  const seeds = distinct(judged.map(({ seed }) => seed));
  const bySeed = seeds
    .map((seed) =>
      scoresOf(
        judged.filter((each) => each.seed === seed),
        judge,
      ),
    )
    .filter((values) => values.length > 0);
  return bySeed.length === 0 ? null : spreadOf(bySeed.map(geometricMean));
};

/** What the networks shall keep, each a ratio of distances: of `network` to `against`. */
export const claims = [
  { judge: 'vgg19-conv3', network: 'pocket', against: 'random', most: 1 / 3 },
  { judge: 'vgg19-conv3', network: 'pocket', against: 'pocket-v0', most: 0.7 },
  { judge: 'vgg19-16x', network: 'pocket', against: 'vgg19-conv3', most: 1.5 },
] as const;
export type Claim = (typeof claims)[number];

export type Ratio = {
  /** Over the photos and seeds that both have. */
  readonly ratio: number;
  readonly least: number;
  readonly most: number;
};

/** Geometric mean over photos and seeds of network / against, and its range over the seeds. */
export const ratioOf = (
  judged: readonly Judged[],
  {
    judge,
    network,
    against,
  }: { readonly judge: JudgeName; readonly network: string; readonly against: string },
): Ratio | null => {
  const bySeed = new Map<number, number[]>();
  for (const own of judged.filter((each) => each.network === network)) {
    const other = judged.find(
      (each) => each.network === against && each.photo === own.photo && each.seed === own.seed,
    );
    const [score, reference] = [own.scores[judge], other?.scores[judge]];
    if (score === undefined || reference === undefined) continue;
    bySeed.set(own.seed, [...(bySeed.get(own.seed) ?? []), score / reference]);
  }
  if (bySeed.size === 0) return null;
  const ratios = [...bySeed.values()].map(geometricMean);
  return {
    ratio: geometricMean([...bySeed.values()].flat()),
    least: Math.min(...ratios),
    most: Math.max(...ratios),
  };
};
