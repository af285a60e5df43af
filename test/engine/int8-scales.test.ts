import { describe, expect, it } from 'vitest';
import { quantiseNetwork } from '../../src/engine/backends/int8-network.ts';
import {
  activationPeaks,
  activationScales,
  firstScales,
  gradientScales,
  isKnown,
  type OctaveRanges,
  rangesAfter,
  rangesOf,
  triedScales,
} from '../../src/engine/backends/int8-scales.ts';
import { oddByteNetwork } from '../support/tiny-network.ts';

const pixels = 64 * 64;

/** What a step says of gradients whose largest values are these: the bytes of the largest and of the least. */
const extremesOf = (scales: Float32Array, largest: readonly number[]): Float32Array => {
  const byte = (value: number, scale: number): number =>
    Math.min(255, Math.max(0, 128 + Math.round(value / scale)));
  return Float32Array.from([
    ...largest.map((value, i) => byte(value, scales[i]!)),
    ...largest.map((value, i) => byte(-value / 2, scales[i]!)),
  ]);
};

/** Scales found by trial, and how many trials they took. */
const found = (largest: readonly number[]): { readonly scales: Float32Array; readonly trials: number } => {
  let scales = firstScales(largest.length, pixels);
  for (let trials = 0; ; trials++) {
    const better = triedScales(scales, extremesOf(scales, largest));
    if (!better) return { scales, trials };
    scales = better;
  }
};

const known = (largest: readonly number[]): OctaveRanges => {
  const { scales } = found(largest);
  return rangesOf(scales, extremesOf(scales, largest), { pixels });
};

/** One step after another; what each is given and what it says of its largest values. */
const follow = (ranges: OctaveRanges, course: readonly (readonly number[])[]) => {
  const steps: { readonly scales: Float32Array; readonly extremes: Float32Array }[] = [];
  let after = ranges;
  for (const largest of course) {
    const scales = gradientScales(after, pixels);
    const extremes = extremesOf(scales, largest);
    steps.push({ scales, extremes });
    after = rangesAfter(after, extremes, { scales, pixels });
  }
  return { steps, after };
};

describe('scales of gradients', () => {
  it('are found by trial for any size, so that bytes are used and none is out of range', () => {
    for (const largest of [1e-11, 3e-8, 0.002, 1, 5e4, 1e12]) {
      const { scales, trials } = found([largest]);
      expect(largest / scales[0]!).toBeGreaterThan(15);
      expect(largest / scales[0]!).toBeLessThan(127);
      expect(trials).toBeLessThan(20);
    }
  });

  it('are left alone by trials where there is no gradient', () => {
    const first = firstScales(2, pixels);
    expect(triedScales(first, extremesOf(first, [0, 0]))).toBeUndefined();
    const { scales } = found([0, 1]);
    expect(scales[0]).toBe(first[0]);
    expect(1 / scales[1]!).toBeGreaterThan(15);
  });

  it('are known once there is as much to remember as there are gradients', () => {
    expect(isKnown(undefined, 2)).toBe(false);
    expect(isKnown([], 2)).toBe(false);
    expect(isKnown(known([1, 2]), 2)).toBe(true);
    expect(isKnown(known([1, 2]), 3)).toBe(false);
  });

  it('are not known of a gradient that stays out of range: growing step by step would take too long', () => {
    const { after } = follow(known([1, 1]), Array<readonly number[]>(20).fill([1, 0]));
    expect(isKnown(after, 2)).toBe(true);
    expect(isKnown(follow(after, [[1, 1]]).after, 2)).toBe(true);
    expect(isKnown(follow(after, Array<readonly number[]>(4).fill([1, 1])).after, 2)).toBe(false);
  });

  it('reach half as far again as the largest of the last four steps, each gradient by itself', () => {
    const course = [
      [1, 10],
      [0.9, 12],
      [0.8, 11],
      [0.7, 10],
      [0.6, 9],
      [0.5, 8],
    ];
    const { steps } = follow(known([1, 10]), course);
    const reaches = (gradient: number) => steps.map(({ scales }) => 127 * scales[gradient]!);
    // As bytes tell it, the largest value is known to about 1 % (half of one of about 80).
    for (const [step, wanted] of [1, 1, 1, 1, 1, 0.9].entries())
      if (step > 0) expect(reaches(0)[step]! / (1.5 * wanted)).toBeCloseTo(1, 1);
    for (const [step, wanted] of [10, 10, 12, 12, 12, 12].entries())
      if (step > 0) expect(reaches(1)[step]! / (1.5 * wanted)).toBeCloseTo(1, 1);
  });

  it('serve at another size, where gradients are smaller by the pixels', () => {
    const ranges = known([1]);
    const [here, larger] = [gradientScales(ranges, pixels)[0]!, gradientScales(ranges, 4 * pixels)[0]!];
    expect(here / larger).toBeCloseTo(4, 5);
  });

  it('follow a gradient that grows to a million times its size within eight steps, and are no wider than it soon after', () => {
    const { steps } = follow(known([1]), Array<readonly number[]>(16).fill([1e6]));
    const fits = steps.map(({ scales }) => 127 * scales[0]! > 1e6);
    expect(fits.indexOf(true)).toBeLessThanOrEqual(8);
    expect(fits.slice(fits.indexOf(true)).every(Boolean)).toBe(true);
    expect(127 * steps.at(-1)!.scales[0]!).toBeLessThan(1.6e6);
  });

  it('follow a gradient that shrinks to a millionth, and do not forget one that vanishes for a while', () => {
    const small = follow(known([1]), Array<readonly number[]>(30).fill([1e-6]));
    expect(1e-6 / small.steps.at(-1)!.scales[0]!).toBeGreaterThan(60);
    const { after } = follow(known([1]), Array<readonly number[]>(8).fill([0]));
    const { steps } = follow(after, Array<readonly number[]>(4).fill([1]));
    expect(steps.map(({ scales }) => 127 * scales[0]! > 1)).toContain(true);
  });

  it('stay numbers that can be divided by, however long there is no gradient', () => {
    const { after } = follow(known([1]), Array<readonly number[]>(2000).fill([0]));
    const scale = gradientScales(after, pixels)[0]!;
    expect(scale).toBeGreaterThan(0);
    const { steps } = follow(after, Array<readonly number[]>(60).fill([1]));
    expect(127 * steps.at(-1)!.scales[0]!).toBeGreaterThan(1);
  });
});

describe('scales of activations', () => {
  it("reach beyond the photo's largest, and where the photo is dark have a share of the noise's", () => {
    const peaks = activationPeaks(Float32Array.of(2, 0, 4, 8), Float32Array.of(1, 10));
    expect(peaks).toHaveLength(2);
    for (const [octave, largest] of [
      [2, 0],
      [4, 8],
    ].entries()) {
      largest.forEach((value, convolution) => {
        expect(peaks[octave]![convolution]!).toBeGreaterThan(value);
      });
    }
    expect(peaks[0]![1]!).toBeGreaterThan(0.1);
  });

  it('are never zero as 32-bit floats, even of a network that answers nothing', () => {
    const quantised = quantiseNetwork(oddByteNetwork());
    const nothing = new Float32Array(quantised.chain.length);
    const { scales } = activationScales(quantised, activationPeaks(nothing, nothing)[0]!);
    for (const scale of scales) expect(scale).toBeGreaterThan(0);
  });

  it('turn biases into whole numbers of what goes into the convolution', () => {
    const quantised = quantiseNetwork(oddByteNetwork());
    const peaks = quantised.chain.map((_, link) => 2 + link);
    const { scales, biases } = activationScales(quantised, peaks);
    peaks.forEach((peak, link) => {
      expect(255 * scales[link]!).toBeCloseTo(peak, 5);
    });
    quantised.chain.forEach((link, at) => {
      if (link === 'pool') return;
      const { bias, forward } = quantised.convolutions[link]!;
      const ofInput = at === 0 ? quantised.input.scale : scales[at - 1]!;
      bias.forEach((value, channel) => {
        const step = ofInput * forward.scales[channel]!;
        expect(Math.abs(biases[link]![channel]! * step - value)).toBeLessThan(0.51 * step);
      });
    });
  });
});
