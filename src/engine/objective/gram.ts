/**
 * The style of Gatys et al. (2015): with O octaves and T taps, F the C x (H W) features of a tap and G = F F^T / (H W)
 * its Gram matrix,
 *
 *   gram = 1/(O T) sum over octaves and taps of weight |G - G*|^2 / (|G*|^2 + eps)
 *
 * It is relative to the target, so that taps need no hand-made scales. eps is `gramEpsilon` times |G|^2 of a fixed
 * noise picture: relative to the tap. `gramFloor` keeps a tap that is dead on both from dividing by zero.
 */

import { gramOfBytes, placesOf } from '../backends/onnx-bytes.ts';
import type { GraphBuilder, Value } from '../backends/onnx-model.ts';
import { gramMatrix, scaled, slice, squaredNorm } from '../backends/onnx-operations.ts';
import type { Tensor } from '../spec.ts';
import type { FeatureTerm, NamedTensors, TapBytes, TapFeatures } from './term.ts';

/** One tap of one octave: the Gram matrix to match, C x C, and its squared norm plus eps. */
export type GramTarget = { readonly channels: number; readonly gram: Float32Array; readonly norm: number };

/** `grams[octave][tap]`. */
export type GramTargets = { readonly grams: readonly (readonly GramTarget[])[] };

const gramEpsilon = 1e-4;
const gramFloor = 1e-20;

/** eps of a tap, given |G|^2 of the noise picture. */
export const tapEpsilon = (noiseGramSquared: number): number => gramEpsilon * noiseGramSquared + gramFloor;

const nameOf = (octave: number, tap: number): string => `gram_${octave}_${tap}`;
const scalesName = 'gram_scales';

const squaresOf = (values: Float32Array): number => values.reduce((sum, value) => sum + value * value, 0);

/** Adds the Gram matrix of one tap to the measuring graph. */
export const measureGram = (graph: GraphBuilder, { octave, tap, features }: TapFeatures): void =>
  graph.output(gramMatrix(graph, features), nameOf(octave, tap));

/** The same of features in bytes. */
export const measureGramOfBytes = (
  graph: GraphBuilder,
  { octave, tap, features }: Pick<TapBytes, 'octave' | 'tap' | 'features'>,
): void => graph.output(gramOfBytes(graph, features), nameOf(octave, tap));

/** eps of every tap, from what was measured of the noise picture. */
export const gramEpsilons = (noise: NamedTensors, { taps }: { readonly taps: number }): readonly number[] =>
  Array.from({ length: taps }, (_, tap) => tapEpsilon(squaresOf(noise[nameOf(0, tap)]!.data)));

/** The target, from what was measured of the photo. */
export const gramTargets = (
  measured: NamedTensors,
  { octaves, epsilons }: { readonly octaves: number; readonly epsilons: readonly number[] },
): GramTargets => ({
  grams: Array.from({ length: octaves }, (_, octave) =>
    epsilons.map((epsilon, tap) => {
      const { shape, data: gram } = measured[nameOf(octave, tap)]!;
      return { channels: shape[0]!, gram, norm: squaresOf(gram) + epsilon };
    }),
  ),
});

type Context = Parameters<FeatureTerm<GramTargets>['step']>[1];
type Place = Omit<TapFeatures, 'features'> & { readonly pixels: number };

/** Compares Gram matrices with the target's. */
const comparison = (graph: GraphBuilder, { octaves, taps, weight }: Context) => {
  const scales = graph.input(scalesName, [octaves * taps]);
  return (gram: Value, { octave, tap, weight: tapWeight, pixels }: Place) => {
    const target = graph.input(nameOf(octave, tap), gram.shape);
    const difference = graph.node('Sub', [gram, target], gram.shape);
    const scale = slice(graph, scales, 0, octave * taps + tap, octave * taps + tap + 1);
    const scaledDifference = graph.node('Mul', [difference, scale], difference.shape);
    const factor = (4 * weight * tapWeight) / (octaves * taps * pixels);
    return {
      loss: graph.node('Mul', [squaredNorm(graph, difference), scale], [1]),
      /** (G - G*), scaled so that its product with the features is the loss's gradient. */
      matrix: scaled(graph, scaledDifference, factor),
    };
  };
};

export const gramTerm: FeatureTerm<GramTargets> = {
  kind: 'features',
  feeds: ({ grams }) => {
    const feeds: Record<string, Tensor> = {};
    grams.forEach((taps, octave) => {
      taps.forEach(({ channels, gram }, tap) => {
        feeds[nameOf(octave, tap)] = { shape: [channels, channels], data: gram };
      });
    });
    const scales = Float32Array.from(grams.flat(), ({ norm }) => 1 / norm);
    return { ...feeds, [scalesName]: { shape: [scales.length], data: scales } };
  },
  step: (graph, context) => {
    const compare = comparison(graph, context);
    return ({ features, ...at }) => {
      const [, pixels] = features.shape as [number, number];
      const { loss, matrix } = compare(gramMatrix(graph, features), { ...at, pixels });
      return {
        loss,
        gradient: (carried) =>
          graph.node('Gemm', [matrix, features, ...(carried ? [carried] : [])], features.shape),
      };
    };
  },
  stepInBytes: (graph, context) => {
    const compare = comparison(graph, context);
    return ({ features, ...at }) => {
      const { height, width } = placesOf(features.bytes);
      return compare(gramOfBytes(graph, features), { ...at, pixels: height * width });
    };
  },
};
