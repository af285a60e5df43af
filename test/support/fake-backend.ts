import type { Picture, Size } from '../../src/domain/picture.ts';
import { type Backend, type Evaluation, noRanges } from '../../src/engine/backend.ts';
import type { Target } from '../../src/engine/objective/objective.ts';

/** What a fake backend was asked, in order; sizes in pixels. */
export type BackendCall =
  | { readonly kind: 'measure'; readonly side: number; readonly width: number; readonly height: number }
  | { readonly kind: 'evaluate'; readonly side: number; readonly target: Target };

/**
 * A loss without a network: the mean squared distance to a pattern that changes from pixel to pixel. The gradient
 * depends a little on how many steps came before, which only the ranges tell. `answer` may change what an evaluation
 * says, given how many came before it.
 */
export const createFakeBackend = (
  answer: (evaluation: Evaluation, before: number) => Evaluation = (evaluation) => evaluation,
) => {
  const calls: BackendCall[] = [];
  let evaluations = 0;
  const goal = (i: number, shift = 0): number => 0.5 + 0.4 * Math.sin(0.7 * i + shift);
  const backend: Backend = {
    name: 'fake',
    version: '1',
    threads: 1,
    precision: 'float',
    photoMultiple: 16,
    settings: 'fake',
    measure: async ({ width, height }: Picture, size: Size): Promise<Target> => {
      calls.push({ kind: 'measure', side: size.width, width, height });
      const covariance = Float32Array.of(0.04, 0, 0, 0, 0.04, 0, 0, 0, 0.04);
      return {
        grams: [[]],
        colour: { mean: Float32Array.of(0.6, 0.5, 0.4), covariance },
        activationPeaks: [],
      };
    },
    evaluate: async ({ width, data }: Picture, target: Target, ranges = noRanges): Promise<Evaluation> => {
      calls.push({ kind: 'evaluate', side: width, target });
      const steps = ranges[0]?.[0] ?? 0;
      const shift = 1e-3 * (steps % 8);
      const gradient = data.map((value, i) => (2 * (value - goal(i, shift))) / data.length);
      const loss = data.reduce((sum, value, i) => sum + (value - goal(i)) ** 2, 0) / data.length;
      const losses = { gram: loss / 2, colour: 0, smoothness: 0 };
      return answer({ loss, losses, gradient, ranges: [[steps + 1]] }, evaluations++);
    },
    close: async () => {},
  };
  return {
    backend,
    calls,
    get evaluations() {
      return evaluations;
    },
  };
};
