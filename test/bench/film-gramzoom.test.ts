import { describe, expect, it } from 'vitest';
import {
  gramzoomFactor,
  gramzoomLoss,
  gramzoomNetwork,
  renderGramzoom,
  roll,
} from '../../bench/film-gramzoom.ts';
import { minimise } from '../../bench/film-lbfgs.ts';
import { parseRequest } from '../../src/domain/kinds.ts';
import { fromRgbImage, type RgbImage } from '../../src/domain/picture.ts';
import { openOnnxBackend } from '../../src/engine/backends/onnx.ts';
import { convolutionOutputs } from '../../src/engine/features.ts';
import { noisePicture } from '../../src/engine/noise-picture.ts';
import { wavyPicture } from '../support/test-pictures.ts';
import { plainNetwork } from '../support/tiny-network.ts';

/** Rosenbrock's valley, whose least value 0 lies at (1, 1). */
const valley = async (values: Float64Array) => {
  const [x, y] = [values[0]!, values[1]!];
  const gradient = Float64Array.of(-2 * (1 - x) - 400 * x * (y - x * x), 200 * (y - x * x));
  return { value: (1 - x) ** 2 + 100 * (y - x * x) ** 2, gradient };
};

describe('L-BFGS', () => {
  it('follows a bent valley to its end', async () => {
    const { values, value, evaluations } = await minimise(Float64Array.of(-1.2, 1), valley, {
      maxEvaluations: 60,
    });
    // Steepest descent is still at 4 after 60 evaluations; scipy ends below 1e-8 within 50.
    expect(value).toBeLessThan(1e-8);
    expect(values[0]).toBeCloseTo(1, 3);
    expect(evaluations).toBeLessThanOrEqual(82);
  });

  it('looks between two line searches whether it has had enough', async () => {
    let asked = 0;
    const { evaluations } = await minimise(
      Float64Array.of(-1.2, 1),
      async (values) => {
        asked++;
        return await valley(values);
      },
      { maxEvaluations: 5 },
    );
    expect(evaluations).toBe(asked);
    expect(evaluations).toBeGreaterThan(5);
    expect(evaluations).toBeLessThan(15);
  });

  it('stays where it is flat', async () => {
    const flat = async (values: Float64Array) => ({ value: 3, gradient: new Float64Array(values.length) });
    expect(await minimise(Float64Array.of(1), flat, { maxEvaluations: 9 })).toEqual({
      values: Float64Array.of(1),
      value: 3,
      evaluations: 1,
    });
  });
});

describe("gramzoom's method", () => {
  it('matches F - 1 of every convolution and leaves what lies behind it as it was', async () => {
    const own = plainNetwork();
    const theirs = gramzoomNetwork(own);
    expect(theirs.spec.taps.map(({ layer }) => layer)).toEqual(['a-less', 'b-less', 'c-less']);
    const picture = wavyPicture(16, 16, 1);
    const plain = new Map(convolutionOutputs(own, picture, { upTo: 'c' }));
    const shifted = new Map(convolutionOutputs(theirs, picture, { upTo: 'c-less' }));
    for (const name of ['a', 'b', 'c']) {
      const wanted = plain.get(name)!.data.map((value) => Math.max(0, value) - 1);
      const largest = shifted
        .get(`${name}-less`)!
        .data.reduce((most, value, index) => Math.max(most, Math.abs(value - wanted[index]!)), 0);
      // Adding 1 and taking it away again rounds in float32.
      expect(largest).toBeLessThan(1e-5);
    }
  });

  it('rolls a picture and back', () => {
    const picture = wavyPicture(16, 16, 3);
    const rolled = roll(picture, 5);
    expect(rolled.data[5 * 16 + 5]).toBe(picture.data[0]);
    expect(roll(rolled, 11)).toEqual(picture);
  });

  it('makes a film with about 21 evaluations for each of seven samples, and near the photo', async () => {
    const backend = await openOnnxBackend(gramzoomNetwork(plainNetwork()), gramzoomLoss, { threads: 1 });
    const { signal } = new AbortController();
    const request = { ...parseRequest({}), size: 32, frames: 2, seed: 1 };
    const photo = wavyPicture(32, 32, 2);
    const images: RgbImage[] = [];
    const distances: number[] = [];
    let [stepsBefore, steps] = [0, 0];
    try {
      for await (const event of renderGramzoom(request, photo, backend, { signal })) {
        if (event.kind === 'frame') images.push(event.image);
        if (event.kind !== 'step') continue;
        steps = event.stepsDone;
        if (event.stage === 'start') stepsBefore = steps;
      }
      const target = await backend.measure(photo, photo);
      for (const picture of [noisePicture(32), ...images.map(fromRgbImage)]) {
        distances.push((await backend.evaluate(picture, target)).losses.gram);
      }
    } finally {
      await backend.close();
    }
    // Two frames before the zoom and two behind it, of seven samples each.
    expect(steps).toBeGreaterThanOrEqual(4 * 7 * 21);
    expect(steps).toBeLessThan(4 * 7 * 26);
    expect(stepsBefore / steps).toBeCloseTo(1 / 2, 1);
    const [noise, ...film] = distances;
    expect(film).toHaveLength(2);
    // Found: 5.0 for noise, below 0.001 for both.
    for (const distance of film) expect(distance).toBeLessThan(noise! / 100);
  });

  it('enlarges by whole pixels', () => {
    expect(gramzoomFactor({ size: 256, zoom: 1.03 })).toBe(263 / 256);
  });
});
