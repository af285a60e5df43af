import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { precisions } from '../../src/domain/engines.ts';
import { parseRequest } from '../../src/domain/kinds.ts';
import { fromRgbImage, type Picture, type RgbImage } from '../../src/domain/picture.ts';
import { median } from '../../src/domain/statistics.ts';
import type { Backend } from '../../src/engine/backend.ts';
import { openOnnxBackend } from '../../src/engine/backends/onnx.ts';
import type { ZoomOptions } from '../../src/engine/kinds/zoom.ts';
import { styleObjective } from '../../src/engine/objective/objective.ts';
import { photoTurns } from '../../src/engine/zoom/photo-order.ts';
import { tunings, type ZoomRequest, type ZoomTuning } from '../../src/engine/zoom/plan.ts';
import { createMotionMeter } from '../../src/image/seam.ts';
import { createFakeBackend } from '../support/fake-backend.ts';
import { wavyPicture } from '../support/test-pictures.ts';
import { plainNetwork } from '../support/tiny-network.ts';
import { createRender, imagesOf, only } from '../support/zoom-events.ts';

const photos = [1, 2, 3].map((seed) => wavyPicture(64, 64, seed)) as [Picture, Picture, Picture];
const [first, ...through] = photos;
const side = { width: 64, height: 64 };

describe.each(precisions)('a film that goes through three photos in %s', (precision) => {
  const request: ZoomRequest = { ...parseRequest({ size: 64, frames: 48, steps: 3 }), seed: 5 };
  const tuning: ZoomTuning = { ...tunings.standard, leastLeadInFrames: 8, mostLoopFrames: 8 };
  const render = createRender({ request, photo: first, tuning });

  let backend: Backend;
  let frames: readonly RgbImage[];
  beforeAll(async () => {
    backend = await openOnnxBackend(plainNetwork(), styleObjective, { threads: 1, precision });
    frames = only(await render({}, backend, { through }), 'frame').map(({ image }) => image);
  });
  afterAll(() => backend.close());

  const losses = async (image: RgbImage): Promise<readonly number[]> => {
    const row: number[] = [];
    for (const photo of photos) {
      const target = await backend.measure(photo, side);
      row.push((await backend.evaluate(fromRgbImage(image), target)).losses.gram);
    }
    return row;
  };

  it('looks like each by the end of its turn, and like the first again at last', async () => {
    const turns = photoTurns({ photos: 3, frames: 48, loopFrames: 8 });
    for (const [place, until] of [...turns, 48].entries()) {
      const row = await losses(frames[until - 1]!);
      const own = place % 3;
      expect(row[own]!).toBeLessThan(Math.min(...row.toSpliced(own, 1)) / 2);
    }
  });

  it('jumps nowhere, neither where photos turn into each other nor at its seam', () => {
    const meter = createMotionMeter(request.zoom, 'in');
    for (const image of frames) meter.add(image);
    const { distances, seamRatio } = meter.finish();
    expect(seamRatio).toBeGreaterThan(0.6);
    expect(seamRatio).toBeLessThan(1.3);
    expect(Math.max(...distances) / median(distances)).toBeLessThan(2);
  });
});

describe('the photos that a film goes through', () => {
  const request: ZoomRequest = { ...parseRequest({ size: 64, frames: 12, steps: 2 }), seed: 5 };
  const tuning: ZoomTuning = {
    ...tunings.standard,
    startSteps: { coarsest: 2, finer: 2 },
    leastLeadInFrames: 2,
    mostLoopFrames: 3,
  };
  const render = createRender({ request, photo: first, tuning });

  it('are measured before the first step at the size of the film, when memory is to spare', async () => {
    const fake = createFakeBackend();
    await render({ size: 160, frames: 8, steps: 1 }, fake.backend, { through });
    const calls = fake.calls.map(({ kind, side: length }) => `${kind} ${length}`);
    const steps = (length: number) => Array(2).fill(`evaluate ${length}`);
    expect(calls.slice(0, 6)).toEqual(['measure 128', ...steps(128), ...Array(3).fill('measure 160')]);
    expect(new Set(calls.slice(6))).toEqual(new Set(['evaluate 160']));
  });

  it('are a part of what a checkpoint belongs to: with them it goes on bit for bit, without them not at all', async () => {
    const renderOn = (options: Partial<ZoomOptions>) =>
      render({}, createFakeBackend().backend, { checkpoints: true, ...options });
    const whole = await renderOn({ through });
    const images = imagesOf(whole);
    const states = only(whole, 'checkpoint').map(({ state }) => state);
    const levels = states.length - images.length;
    // In each turn, between them, and where the film leads back.
    for (const done of [1, 4, 7, 9, 12, 13]) {
      const resume = { state: states[levels + done - 1]!, frames: images.slice(0, done) };
      const rest = await renderOn({ through, resume });
      expect(isDeepStrictEqual(imagesOf(rest), images.slice(done))).toBe(true);
      expect(rest.at(-1)).toEqual(whole.at(-1));
      for (const others of [[], through.slice(1)]) {
        const run = renderOn({ through: others, resume });
        await expect(run).rejects.toMatchObject({ code: 'checkpoint-unusable' });
      }
    }
  });
});
