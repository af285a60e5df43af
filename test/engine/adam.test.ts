import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/domain/random.ts';
import { type AdamOptions, type AdamState, initAdam, stepAdam } from '../../src/engine/optimise/adam.ts';

const options: AdamOptions = { rate: 0.1, beta1: 0.9, beta2: 0.99, damping: 0 };

/** A step from values of one half: what was subtracted from them, and the state after it. */
const updateAdam = (gradient: Float32Array, state: AdamState, how: AdamOptions) => {
  const values = new Float32Array(gradient.length).fill(0.5);
  const after = stepAdam(values, { gradient, state }, how);
  return { step: values.map((value) => 0.5 - value), state: after };
};

/** Moments and steps are float32: seven digits, of which some go in sums that nearly cancel. */
const digits = 6;

describe('Adam', () => {
  it('starts from moments of zero and no steps', () => {
    expect(initAdam(3)).toEqual({ first: new Float32Array(3), second: new Float32Array(3), step: 0 });
  });

  it('moves by the rate in its first step, however large the gradient, and not at all without one', () => {
    const { step } = updateAdam(Float32Array.of(0.5, -2, 0), initAdam(3), options);
    expect(step[0]).toBeCloseTo(0.1, digits);
    expect(step[1]).toBeCloseTo(-0.1, digits);
    expect(step[2]).toBe(0);
  });

  it('gives the second step that is worked out by hand', () => {
    const after1 = updateAdam(Float32Array.of(1), initAdam(1), options).state;
    expect(after1.first[0]).toBeCloseTo(0.1, digits);
    expect(after1.second[0]).toBeCloseTo(0.01, digits);
    const { step, state } = updateAdam(Float32Array.of(-1), after1, options);
    // m = 0.9 x 0.1 - 0.1 and v = 0.99 x 0.01 + 0.01; their corrections are 1 - 0.81 and 1 - 0.9801.
    expect(state.first[0]).toBeCloseTo(-0.01, digits);
    expect(state.second[0]).toBeCloseTo(0.0199, digits);
    expect(state.step).toBe(2);
    expect(step[0]).toBeCloseTo((0.1 * (-0.01 / 0.19)) / Math.sqrt(0.0199 / 0.0199), digits);
  });

  it.each([0, 0.3, 1])(
    'agrees with a plain loop in double precision over many steps: damping %f',
    (damping) => {
      const random = createRandom(3);
      const { rate, beta1, beta2 } = { rate: 0.03, beta1: 0.8, beta2: 0.95 };
      let state = initAdam(5);
      const m = [0, 0, 0, 0, 0];
      const v = [0, 0, 0, 0, 0];
      for (let t = 1; t <= 30; t++) {
        const gradient = Float32Array.from(m, (_, i) => (i + 1) * 1e-3 * random.normal());
        const { step, state: next } = updateAdam(gradient, state, { rate, beta1, beta2, damping });
        state = next;
        for (const [i, slope] of gradient.entries()) {
          m[i] = beta1 * m[i]! + (1 - beta1) * slope;
          v[i] = beta2 * v[i]! + (1 - beta2) * slope ** 2;
        }
        const roots = v.map((square) => Math.sqrt(square / (1 - beta2 ** t)));
        const usual = Math.sqrt(roots.reduce((sum, root) => sum + root ** 2, 0) / roots.length);
        for (const [i, root] of roots.entries()) {
          const expected = (rate * (m[i]! / (1 - beta1 ** t))) / (root + damping * usual);
          expect(step[i]).toBeCloseTo(expected, digits);
        }
      }
      expect(state.step).toBe(30);
    },
  );

  it('does not let its epsilon slow small gradients down', () => {
    // A thousandth of what a pixel gets at 256 px; within a per mille of the whole rate.
    const { step } = updateAdam(Float32Array.of(1e-9), initAdam(1), options);
    expect(step[0]! / 0.1).toBeGreaterThan(0.99);
    expect(step[0]! / 0.1).toBeLessThanOrEqual(1);
  });

  it('keeps values from 0 to 1, and the gradient as it is', () => {
    const gradient = Float32Array.of(1, -2);
    const values = Float32Array.of(0.05, 0.95);
    stepAdam(values, { gradient, state: initAdam(2) }, options);
    expect(values).toEqual(Float32Array.of(0, 1));
    expect(gradient).toEqual(Float32Array.of(1, -2));
  });

  it('goes on in the arrays of the state it was given', () => {
    const state: AdamState = { first: Float32Array.of(0.5), second: Float32Array.of(1), step: 4 };
    const { state: after } = updateAdam(Float32Array.of(1), state, options);
    expect(after.first).toBe(state.first);
    expect(after.second).toBe(state.second);
    expect(after.step).toBe(5);
  });
});

describe('damping', () => {
  const damped = (damping: number): AdamOptions => ({ ...options, damping });

  it('adds the root mean square of all roots to each, as worked out by hand', () => {
    // Of 1 and 7 the mean square is 25.
    const { step } = updateAdam(Float32Array.of(1, -7), initAdam(2), damped(1));
    expect(step[0]).toBeCloseTo(0.1 / (1 + 5), digits);
    expect(step[1]).toBeCloseTo((-0.1 * 7) / (7 + 5), digits);
    const half = updateAdam(Float32Array.of(1, -7), initAdam(2), damped(0.5)).step;
    expect(half[0]).toBeCloseTo(0.1 / (1 + 2.5), digits);
    expect(half[1]).toBeCloseTo((-0.1 * 7) / (7 + 2.5), digits);
  });

  it('takes small steps where the gradient is small against the rest, and only then', () => {
    const gradient = Float32Array.of(1e-3, 1, 1, 1);
    const [small, large] = updateAdam(gradient, initAdam(4), damped(1)).step as unknown as [number, number];
    // A thousandth of the root mean square, which the three others decide.
    expect(small / 0.1).toBeLessThan(0.002);
    expect(large / 0.1).toBeGreaterThan(0.5);
    const undamped = updateAdam(gradient, initAdam(4), damped(0)).step;
    expect(undamped[0]).toBeCloseTo(undamped[1]!, digits);
  });

  it('does nothing at 0: a parameter moves as if it were alone', () => {
    const gradients = [Float32Array.of(1e-4, 5), Float32Array.of(-2e-4, 7), Float32Array.of(3e-4, -1)];
    const together = initAdam(2);
    const alone = [initAdam(1), initAdam(1)];
    for (const [count, gradient] of gradients.entries()) {
      const { step } = updateAdam(gradient, { ...together, step: count }, damped(0));
      for (const [i, state] of alone.entries()) {
        const own = updateAdam(gradient.slice(i, i + 1), { ...state, step: count }, damped(0)).step;
        expect(step[i]).toBe(own[0]);
      }
    }
  });

  it.each([0, 1])('takes the same steps whatever the gradient is scaled by: damping %f', (damping) => {
    const random = createRandom(9);
    const gradients = Array.from({ length: 5 }, () =>
      Float32Array.from({ length: 6 }, () => random.normal()),
    );
    const stepsAt = (scale: number): readonly number[] => {
      let state = initAdam(6);
      return gradients.flatMap((gradient) => {
        const taken = updateAdam(
          gradient.map((slope) => scale * slope),
          state,
          damped(damping),
        );
        state = taken.state;
        return [...taken.step];
      });
    };
    const usual = stepsAt(1);
    // From what a pixel gets at 512 px to far above what any loss gives.
    for (const scale of [1e-6, 1e3]) {
      for (const [i, step] of stepsAt(scale).entries()) expect(step).toBeCloseTo(usual[i]!, 5);
    }
  });

  it.each([0, 1])('takes no step without a gradient: damping %f', (damping) => {
    const { step, state } = updateAdam(new Float32Array(3), initAdam(3), damped(damping));
    expect(step).toEqual(new Float32Array(3));
    expect(state.step).toBe(1);
  });
});
