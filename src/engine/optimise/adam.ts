/**
 * Adam (Kingma & Ba 2015) with bias correction. All state is plain data, so that it can be warped along with
 * the picture, stored and resumed; its arrays are updated in place, since a film takes hundreds of steps.
 */
export type AdamState = {
  /** Running mean of the gradient, one value per parameter. */
  readonly first: Float32Array;
  /** Running mean of its square; never negative. */
  readonly second: Float32Array;
  /** Steps taken so far. */
  readonly step: number;
};

export type AdamOptions = {
  readonly rate: number;
  readonly beta1: number;
  readonly beta2: number;
  /**
   * The epsilon of the paper, as a share of the root mean square of all roots: where the gradient is small against
   * the rest of the picture, steps are small too. 0: every parameter moves by about the rate.
   */
  readonly damping: number;
};

/** Small against any gradient that matters (about 1e-6 at 256 px), large against float32's dust. */
const epsilon = 1e-12;

export const initAdam = (size: number): AdamState => ({
  first: new Float32Array(size),
  second: new Float32Array(size),
  step: 0,
});

/**
 * One step against the gradient: changes `values` and the state's moments in place; values end up in 0..1.
 * @returns the state after the step, with the same arrays
 */
export const stepAdam = (
  values: Float32Array,
  { gradient, state }: { readonly gradient: Float32Array; readonly state: AdamState },
  options: AdamOptions,
): AdamState => {
  const { rate, beta1, beta2, damping } = options;
  const { first, second } = state;
  const count = state.step + 1;
  const size = gradient.length;
  let squares = 0;
  for (let i = 0; i < size; i++) {
    const slope = gradient[i]!;
    const square = beta2 * second[i]! + (1 - beta2) * slope * slope;
    first[i] = beta1 * first[i]! + (1 - beta1) * slope;
    second[i] = square;
    squares += square;
  }
  const correction2 = 1 / (1 - beta2 ** count);
  const stepSize = rate / (1 - beta1 ** count);
  const floor = damping * Math.sqrt((squares / size) * correction2) + epsilon;
  for (let i = 0; i < size; i++) {
    const value = values[i]! - (stepSize * first[i]!) / (Math.sqrt(second[i]! * correction2) + floor);
    values[i] = value > 1 ? 1 : value >= 0 ? value : 0;
  }
  return { first, second, step: count };
};
