/** Four 32-bit words: all there is to know of a generator, so that a checkpoint can hold it. */
export type RandomState = readonly [number, number, number, number];

export type Random = {
  /** The next number, 0 <= x < 1, with 32 random bits. */
  uniform(): number;
  /** The next number of a normal distribution with mean 0 and variance 1. */
  normal(): number;
  /** The state after everything drawn so far. */
  state(): RandomState;
};

/** Continues from a stored state. sfc32 (Chris Doty-Humphrey, PractRand; public domain). */
export const resumeRandom = (state: RandomState): Random => {
  let [a, b, c, counter] = state;
  const uniform = (): number => {
    const sum = (a + b + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (c << 21) | (c >>> 11);
    c = (c + sum) | 0;
    return (sum >>> 0) / 2 ** 32;
  };
  return {
    uniform,
    // Box-Muller; the second value is dropped so that the state stays four words.
    normal: () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform()),
    state: () => [a, b, c, counter],
  };
};

/** A generator that gives the same numbers for the same seed (an integer, 0 to 2^32 - 1). */
export const createRandom = (seed: number): Random => {
  const random = resumeRandom([seed | 0, 0x9e3779b9 | 0, 0x243f6a88 | 0, 1]);
  for (let i = 0; i < 16; i++) random.uniform();
  return random;
};
