/** What onnxruntime's backends have in common, whatever they compute with. */
import type { Picture } from '../../domain/picture.ts';
import { meanOf } from '../../domain/statistics.ts';
import type { Evaluation } from '../backend.ts';
import { noisePicture, noiseSide } from '../noise-picture.ts';
import { type Objective, type Target, terms, weightedTerms } from '../objective/objective.ts';
import type { NamedTensors } from '../objective/term.ts';
import { type Network, poolingDepth } from '../spec.ts';
import { names } from './onnx-graph.ts';
import { type Feeds, floatFeeds } from './onnx-session.ts';

const sumOf = (values: Float32Array): number => values.reduce((sum, value) => sum + value, 0);

/** What a step graph is fed of a target; built once per target, since that never changes. */
export const createTargetFeeds = (objective: Objective): ((target: Target) => Feeds) => {
  const known = new WeakMap<Target, Feeds>();
  const build = (target: Target): Feeds =>
    Object.assign({}, ...weightedTerms(objective).map(({ name }) => floatFeeds(terms[name].feeds(target))));
  return (target) => {
    const feeds = known.get(target) ?? build(target);
    known.set(target, feeds);
    return feeds;
  };
};

/** The losses that a step graph gave: each term's, and their weighted sum. */
export const lossesOf = (
  outputs: NamedTensors,
  { network, objective }: { readonly network: Network; readonly objective: Objective },
): Pick<Evaluation, 'loss' | 'losses'> => {
  const { taps } = network.spec;
  /** The mean over octaves and taps, each tap by its weight. */
  const tapMean = (values: Float32Array): number =>
    values.reduce((sum, value, i) => sum + value * taps[i % taps.length]!.weight, 0) / values.length;
  const losses = { gram: 0, colour: 0, smoothness: 0 };
  let loss = 0;
  for (const { name, weight } of weightedTerms(objective)) {
    const values = outputs[names.losses(name)]!.data;
    const isOfFeatures = terms[name].kind === 'features';
    losses[name] = isOfFeatures ? meanOf(values) : sumOf(values);
    loss += weight * (isOfFeatures ? tapMean(values) : sumOf(values));
  }
  return { loss, losses };
};

/** The noise picture that a network's taps are measured on: no smaller than its poolings allow. */
export const noiseFor = (network: Network): Picture =>
  noisePicture(Math.max(noiseSide, 2 ** poolingDepth(network.spec)));
