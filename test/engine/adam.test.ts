import { describe, expect, it } from 'vitest';
import { createRandom } from '../../src/domain/random.ts';
import { type AdamOptions, type AdamState, initAdam, stepAdam } from '../../src/engine/optimise/adam.ts';

const options: AdamOptions = { rate: 0.1, beta1: 0.9, beta2: 0.99 };

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

  it('agrees with a plain loop in double precision over many steps', () => {
    const random = createRandom(3);
    const { rate, beta1, beta2 } = { rate: 0.03, beta1: 0.8, beta2: 0.95 };
    let state = initAdam(5);
    const m = [0, 0, 0, 0, 0];
    const v = [0, 0, 0, 0, 0];
    for (let t = 1; t <= 30; t++) {
      const gradient = Float32Array.from(m, (_, i) => (i + 1) * 1e-3 * random.normal());
      const { step, state: next } = updateAdam(gradient, state, { rate, beta1, beta2 });
      state = next;
      for (const [i, slope] of gradient.entries()) {
        m[i] = beta1 * m[i]! + (1 - beta1) * slope;
        v[i] = beta2 * v[i]! + (1 - beta2) * slope ** 2;
        const expected = (rate * (m[i]! / (1 - beta1 ** t))) / Math.sqrt(v[i]! / (1 - beta2 ** t));
        expect(step[i]).toBeCloseTo(expected, digits);
      }
    }
    expect(state.step).toBe(30);
  });

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
