import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/domain/random.ts';
import { colourAxes } from '../../src/engine/synthesis/contrast.ts';

/** A^T M B for two columns of `axes`. */
const between = (
  matrix: ArrayLike<number>,
  axes: Float64Array,
  [i, j]: readonly [number, number],
): number => {
  let sum = 0;
  for (let row = 0; row < 3; row++) {
    for (let column = 0; column < 3; column++) {
      sum += axes[3 * row + i]! * matrix[3 * row + column]! * axes[3 * column + j]!;
    }
  }
  return sum;
};

const identity = [1, 0, 0, 0, 1, 0, 0, 0, 1];

/** The covariance of colours mixed of three others. */
const someCovariance = (seed: number): readonly number[] => {
  const random = createRandom(seed);
  const mix = Array.from({ length: 9 }, () => random.normal());
  return Array.from({ length: 9 }, (_, at) => {
    const [row, column] = [Math.floor(at / 3), at % 3];
    return [0, 1, 2].reduce((sum, k) => sum + mix[3 * row + k]! * mix[3 * column + k]!, 0);
  });
};

/** Float64 and a dozen turns. */
const digits = 12;

describe('the axes of colours', () => {
  it.each([1, 2, 3, 4, 5])('are orthonormal, and no two of them vary together: colours %i', (seed) => {
    const covariance = someCovariance(seed);
    const axes = colourAxes(covariance);
    for (const i of [0, 1, 2]) {
      for (const j of [0, 1, 2]) {
        expect(between(identity, axes, [i, j])).toBeCloseTo(i === j ? 1 : 0, digits);
        if (i !== j) expect(between(covariance, axes, [i, j])).toBeCloseTo(0, digits);
      }
    }
  });

  it('are grey and two chromas for a grey photo', () => {
    const axes = colourAxes(new Array<number>(9).fill(0.04));
    const along = [0, 1, 2].map((axis) => Math.abs(axes[axis]! + axes[3 + axis]! + axes[6 + axis]!));
    expect(Math.max(...along)).toBeCloseTo(Math.sqrt(3), digits);
    expect(along.filter((sum) => sum < 1e-9)).toHaveLength(2);
  });

  it.each([
    ['one colour', new Array<number>(9).fill(0)],
    ['channels that have nothing in common', [0.1, 0, 0, 0, 0.2, 0, 0, 0, 0.3]],
  ])('are the channels themselves for %s', (_, covariance) => {
    expect([...colourAxes(covariance)]).toEqual(identity);
  });
});
