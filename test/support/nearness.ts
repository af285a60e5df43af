/** How near a backend comes to the float64 reference. */
import { expect } from 'vitest';
import type { Picture, Size } from '../../src/domain/picture.ts';
import type { Backend } from '../../src/engine/backend.ts';
import { looksAtFeatures, type Objective, termNames, terms } from '../../src/engine/objective/objective.ts';
import type { Network } from '../../src/engine/spec.ts';
import {
  centralDifference,
  type Planes,
  type ReferenceTarget,
  referenceLoss,
  referenceTarget,
  toPlanes,
} from './reference-loss.ts';

/** Of what is computed from features; what looks at pixels alone is computed in floats by every backend. */
export type Exactness = {
  /** Of losses and of what is measured, relative. */
  readonly losses: number;
  /** Of gradients: the length of the error, and the worst value's relative to the largest. */
  readonly gradient: number;
};

export const ofFloats: Exactness = {
  /** Float32 sums of some thousand terms keep about five digits. */
  losses: 1e-4,
  /** Float32 gradients keep about four digits after a few layers. */
  gradient: 1e-3,
};

export type Setting = {
  readonly network: Network;
  readonly objective: Objective;
  readonly photo: Picture;
  readonly picture: Picture;
};

export const norm = (values: readonly number[]): number => Math.hypot(...values);

export const relativeError = (actual: ArrayLike<number>, expected: ArrayLike<number>): number => {
  const wanted = Array.from(expected);
  return norm(wanted.map((value, i) => actual[i]! - value)) / norm(wanted);
};

export const expectClose = (actual: number, expected: number, { losses }: Exactness): void => {
  expect(Math.abs(actual - expected)).toBeLessThanOrEqual(losses * Math.abs(expected));
};

/** Corners, borders, the lines next to them (a mirrored border reads those) and the inside; every channel. */
const telltaleIndices = ({ width, height }: Size): readonly number[] => {
  const [farX, farY] = [width - 1, height - 1];
  const [middleX, middleY] = [width / 2, height / 2];
  const places = [
    ...[0, farY].flatMap((y) => [0, farX].map((x) => [y, x] as const)),
    ...[0, 1, farY - 1, farY].map((y) => [y, middleX] as const),
    ...[0, 1, farX - 1, farX].map((x) => [middleY - 1, x] as const),
    [1, 1],
    [farY - 1, 1],
    [2, farX - 2],
    [middleY, middleX],
    [5, 9],
  ] as const;
  return places.flatMap(([y, x]) => [0, 1, 2].map((plane) => (plane * height + y) * width + x));
};

const expectGradient = (
  gradient: Float32Array,
  at: {
    readonly network: Network;
    readonly objective: Objective;
    readonly planes: Planes;
    readonly target: ReferenceTarget;
  },
  tolerance: number,
): void => {
  const { network, objective, planes: picture, target } = at;
  const all = [...picture.data.keys()];
  const indices = all.length <= 108 ? all : telltaleIndices(picture);
  const wanted: number[] = [];
  const found: number[] = [];
  for (const index of indices) {
    const difference = centralDifference(network, objective, { picture, target, index });
    if (difference === undefined) continue;
    wanted.push(difference);
    found.push(gradient[index]!);
  }
  // Kinks are rare at so small a step; where most were skipped, nothing would have been tested.
  expect(wanted.length).toBeGreaterThan(0.9 * indices.length);
  expect(relativeError(found, wanted)).toBeLessThan(tolerance);
  const largest = Math.max(...wanted.map(Math.abs));
  const worst = Math.max(...wanted.map((value, i) => Math.abs(value - found[i]!)));
  expect(worst).toBeLessThan(tolerance * largest);
};

/** Losses and gradient of one evaluation against the reference's. */
export const compareWithReference = async (
  backend: Backend,
  { network, objective, photo, picture }: Setting,
  exactness: Exactness,
): Promise<void> => {
  const evaluation = await backend.evaluate(picture, await backend.measure(photo, picture));
  const planes = toPlanes(picture);
  const target = referenceTarget(network, objective, { photo: toPlanes(photo), size: picture });
  const reference = referenceLoss(network, objective, { picture: planes, target });
  const whole = looksAtFeatures(objective) ? exactness : ofFloats;
  expectClose(evaluation.loss, reference.loss, whole);
  for (const term of termNames) {
    const wanted = objective.weights[term] ? reference.losses[term] : 0;
    expectClose(evaluation.losses[term], wanted, terms[term].kind === 'features' ? exactness : ofFloats);
  }
  expect(evaluation.gradient).toHaveLength(picture.data.length);
  expectGradient(evaluation.gradient, { network, objective, planes, target }, whole.gradient);
};
