/**
 * Adam (Kingma & Ba 2015) with bias correction, as a pure init / update pair. All state is plain data, so
 * that it can be warped along with the picture, stored and resumed.
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
};

/** Small against any gradient that matters (about 1e-6 at 256 px), large against float32's dust. */
const epsilon = 1e-12;

export const initAdam = (size: number): AdamState => ({
  first: new Float32Array(size),
  second: new Float32Array(size),
  step: 0,
});

/** The step to subtract from the parameters, and the state after it. Inputs are left as they are. */
export const updateAdam = (
  gradient: Float32Array,
  state: AdamState,
  options: AdamOptions,
): { readonly step: Float32Array; readonly state: AdamState } => {
  const { rate, beta1, beta2 } = options;
  const count = state.step + 1;
  const size = gradient.length;
  const first = new Float32Array(size);
  const second = new Float32Array(size);
  const step = new Float32Array(size);
  const correction2 = 1 / (1 - beta2 ** count);
  const stepSize = rate / (1 - beta1 ** count);
  for (let i = 0; i < size; i++) {
    const slope = gradient[i]!;
    const mean = beta1 * state.first[i]! + (1 - beta1) * slope;
    const square = beta2 * state.second[i]! + (1 - beta2) * slope * slope;
    first[i] = mean;
    second[i] = square;
    step[i] = (stepSize * mean) / (Math.sqrt(square * correction2) + epsilon);
  }
  return { step, state: { first, second, step: count } };
};
