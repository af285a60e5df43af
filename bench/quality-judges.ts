import type { Picture } from '../src/domain/picture.ts';
import type { Backend } from '../src/engine/backend.ts';
import { openOnnxBackend } from '../src/engine/backends/onnx.ts';
import { colourEpsilon } from '../src/engine/objective/colour.ts';
import type { GramTarget } from '../src/engine/objective/gram.ts';
import { openShared } from './comparison-networks.ts';
import { openSharedInception } from './inception.ts';
import { type PatchStatistics, patchDistance, patchStatistics } from './patch-distance.ts';

/**
 * What judges, in the order of the columns. The first four are networks, absent without ../shared; those of Inception-v3
 * look at one layer each, which sees larger things.
 */
export const judgeNames = [
  'vgg19-conv3',
  'vgg19-16x',
  'inception-mixed2',
  'inception-mixed4',
  'patches',
  'colour',
] as const;
export type JudgeName = (typeof judgeNames)[number];

/** Distances to the photo: 0 is equal. */
export type Scores = { readonly [J in JudgeName]?: number };

const squaredNorm = (values: Iterable<number>): number => {
  let sum = 0;
  for (const value of values) sum += value * value;
  return sum;
};

const squaredDifference = (a: ArrayLike<number>, b: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2;
  return sum;
};

type Gram = Pick<GramTarget, 'gram'>;

/** The relative Gram distance: the mean over layers of |G - G*|^2 / |G*|^2 (facts: without octaves and eps). */
export const gramDistance = (grams: readonly Gram[], wanted: readonly Gram[]): number => {
  let sum = 0;
  wanted.forEach(({ gram }, tap) => {
    sum += squaredDifference(grams[tap]!.gram, gram) / squaredNorm(gram);
  });
  return sum / wanted.length;
};

type Colours = { readonly mean: readonly number[]; readonly covariance: readonly number[] };

const coloursOf = ({ width, height, data }: Picture): Colours => {
  const pixels = width * height;
  const planes = [0, 1, 2].map((plane) => data.subarray(plane * pixels, (plane + 1) * pixels));
  const mean = planes.map((plane) => plane.reduce((sum, value) => sum + value, 0) / pixels);
  const covariance = [0, 1, 2].flatMap((a) =>
    [0, 1, 2].map((b) => {
      let sum = 0;
      for (let i = 0; i < pixels; i++) sum += (planes[a]![i]! - mean[a]!) * (planes[b]![i]! - mean[b]!);
      return sum / pixels;
    }),
  );
  return { mean, covariance };
};

/** The colour term of src/engine/loss.ts: mean and covariance of the pixels. */
export const colourDistance = (picture: Picture, wanted: Picture): number => {
  const [is, goal] = [coloursOf(picture), coloursOf(wanted)];
  const trace = goal.covariance[0]! + goal.covariance[4]! + goal.covariance[8]!;
  return (
    squaredDifference(is.mean, goal.mean) / (trace + colourEpsilon) +
    squaredDifference(is.covariance, goal.covariance) / (squaredNorm(goal.covariance) + colourEpsilon ** 2)
  );
};

/** What there is to know of a picture to compare it with others. */
export type Measured = {
  readonly picture: Picture;
  readonly grams: ReadonlyMap<JudgeName, readonly Gram[]>;
  readonly patches: PatchStatistics;
};

/** Compares pictures with photos; owns the judging networks. */
export type Judges = {
  /** The judges that there are. */
  readonly names: readonly JudgeName[];
  measure(picture: Picture): Promise<Measured>;
  compare(measured: Measured, wanted: Measured): Scores;
  close(): Promise<void>;
};

/** Opens those judges whose networks are there. They look at a picture's own size only, with no octaves. */
export const openJudges = async ({ threads }: { readonly threads: number }): Promise<Judges> => {
  const backends = new Map<JudgeName, Backend>();
  const objective = { padding: 'reflect', octaves: 1, weights: { gram: 1 } } as const;
  for (const name of ['vgg19-conv3', 'vgg19-16x'] as const) {
    const network = await openShared(name);
    if (network) backends.set(name, await openOnnxBackend(network, objective, { threads }));
  }
  const inception = await openSharedInception({ threads });
  const present = new Set<JudgeName>([
    ...backends.keys(),
    ...(inception ? (['inception-mixed2', 'inception-mixed4'] as const) : []),
    ...(['patches', 'colour'] as const),
  ]);
  return {
    names: judgeNames.filter((name) => present.has(name)),
    measure: async (picture) => {
      const grams = new Map<JudgeName, readonly Gram[]>();
      for (const [name, backend] of backends) {
        grams.set(name, (await backend.measure(picture, picture)).grams[0]!);
      }
      const layers = await inception?.measure(picture);
      if (layers) {
        grams.set('inception-mixed2', [{ gram: layers.mixed_2 }]);
        grams.set('inception-mixed4', [{ gram: layers.mixed_4 }]);
      }
      return { picture, grams, patches: patchStatistics(picture) };
    },
    compare: (measured, wanted) => ({
      ...Object.fromEntries(
        [...wanted.grams].map(([name, goal]) => [name, gramDistance(measured.grams.get(name)!, goal)]),
      ),
      patches: patchDistance(measured.patches, wanted.patches),
      colour: colourDistance(measured.picture, wanted.picture),
    }),
    close: async () => {
      for (const backend of backends.values()) await backend.close();
      await inception?.close();
    },
  };
};
