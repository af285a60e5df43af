import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from 'vitest';
import { precisions } from '../../src/domain/engines.ts';
import { parseRequest } from '../../src/domain/kinds.ts';
import type { RgbImage } from '../../src/domain/picture.ts';
import { openOnnxBackend } from '../../src/engine/backends/onnx.ts';
import type { ZoomEvent, ZoomOptions } from '../../src/engine/kinds/zoom.ts';
import { styleObjective } from '../../src/engine/objective/objective.ts';
import type { ZoomRequest, ZoomTuning } from '../../src/engine/zoom/plan.ts';
import { openNetwork } from '../../src/networks/open.ts';
import { createFakeBackend } from '../support/fake-backend.ts';
import { wavyPicture } from '../support/test-pictures.ts';
import { createRender, imagesOf, only } from '../support/zoom-events.ts';

const request: ZoomRequest = { ...parseRequest({ size: 64, frames: 9, zoom: 1.05, steps: 2 }), seed: 5 };
const tuning: ZoomTuning = {
  startSteps: { coarsest: 3, finer: 3 },
  leastLeadInFrames: 2,
  mostLoopFrames: 3,
  detailAngle: 0.33,
  startDescent: { rate: 0.2, beta1: 0.9, beta2: 0.99, colourShare: 0.1 },
  filmDescent: { rate: 0.1, beta1: 0.9, beta2: 0.95, colourShare: 0.1 },
};
const render = createRender({ request, photo: wavyPicture(96, 80, 1), tuning });

/** A level, the lead-in and the frames; one after the other, they leave a checkpoint each. */
const stages = 1 + 3 + request.frames;

describe('going on with a render', () => {
  const renderOn = async (resume?: ZoomOptions['resume']): Promise<readonly ZoomEvent[]> =>
    await render({}, createFakeBackend().backend, { checkpoints: true, ...(resume && { resume }) });

  it('a render resumed from any checkpoint gives what the uninterrupted one gives', async () => {
    const whole = await renderOn();
    const ends = whole.flatMap(({ kind }, i) => (kind === 'checkpoint' ? [i] : []));
    expect(ends).toHaveLength(stages);
    for (const end of ends) {
      const { state } = whole[end] as Extract<ZoomEvent, { kind: 'checkpoint' }>;
      const rest = await renderOn({ state, frames: imagesOf(whole.slice(0, end)) });
      expect(rest.map(({ kind }) => kind)).toEqual(whole.slice(end + 1).map(({ kind }) => kind));
      for (const [i, event] of rest.entries())
        expect(isDeepStrictEqual(event, whole[end + 1 + i])).toBe(true);
    }
  });

  it('hands on from step to step, over levels and frames, how large the gradients were', async () => {
    const header = new TextDecoder().decode(only(await renderOn(), 'checkpoint').at(-1)!.state);
    // The fake counts the steps there.
    expect(/"ranges":(\[\[\d+\]\])/.exec(header)?.[1]).toBe(`[[${/"stepsDone":(\d+)/.exec(header)?.[1]}]]`);
  });

  it.each<[string, number, (frames: readonly RgbImage[]) => readonly RgbImage[]]>([
    ['one is missing', 6, (frames) => frames.slice(1)],
    ['none is there', 2, () => []],
    ['those of the lead-in are missing', 7, (frames) => frames.slice(3)],
    ['one is too many', 6, (frames) => [...frames, frames[0]!]],
    ['there should be none', 0, (frames) => frames.slice(0, 1)],
  ])('needs its frames: %s', async (_, checkpoint, changed) => {
    const whole = await renderOn();
    const { state } = only(whole, 'checkpoint')[checkpoint]!;
    const own = imagesOf(whole).slice(0, checkpoint);
    const frames = changed(checkpoint === 0 ? imagesOf(whole) : own);
    const fake = createFakeBackend();
    const run = render({}, fake.backend, { resume: { state, frames } });
    await expect(run).rejects.toMatchObject({ code: 'checkpoint-unusable' });
    expect(fake.calls).toEqual([]);
    // It is the frames alone that it lacks.
    await expect(renderOn({ state, frames: own })).resolves.not.toHaveLength(0);
  });

  it('does not go on with another request or another tuning', async () => {
    const whole = await renderOn();
    const { state } = only(whole, 'checkpoint')[5]!;
    const resume = { state, frames: imagesOf(whole).slice(0, 5) };
    for (const changes of [{ seed: 2 }, { zoom: 1.06 }, { steps: 4 }, { frames: 10 }]) {
      const run = render(changes, createFakeBackend().backend, { resume });
      await expect(run).rejects.toMatchObject({ code: 'checkpoint-unusable' });
    }
    const other: ZoomTuning = { ...tuning, filmDescent: { ...tuning.filmDescent, beta1: 0.5 } };
    const run = render({}, createFakeBackend().backend, { resume, tuning: other });
    await expect(run).rejects.toMatchObject({ code: 'checkpoint-unusable' });
  });
});

describe.each(precisions)('going on with a render on onnx:cpu in %s', (precision) => {
  /** In a backend of its own, as another process would. */
  const renderAnew = async (options: Partial<ZoomOptions> = {}): Promise<readonly ZoomEvent[]> => {
    const network = await openNetwork('pocket');
    const backend = await openOnnxBackend(network, styleObjective, { threads: 2, precision });
    try {
      return await render({}, backend, { checkpoints: true, ...options });
    } finally {
      await backend.close();
    }
  };

  it('gives the uninterrupted film bit for bit, wherever it was interrupted', async () => {
    const whole = await renderAnew();
    const images = imagesOf(whole);
    const states = only(whole, 'checkpoint').map(({ state }) => state);
    expect(states).toHaveLength(stages);
    // After the level, amid the lead-in, at its end, after frame 0, before, in and at the end of the turn.
    for (const stagesDone of [1, 3, 4, 5, 10, 11, 12, 13]) {
      const frames = images.slice(0, stagesDone - 1);
      const rest = await renderAnew({ resume: { state: states[stagesDone - 1]!, frames } });
      expect(isDeepStrictEqual(imagesOf(rest), images.slice(stagesDone - 1))).toBe(true);
      const later = only(rest, 'checkpoint').map(({ state }) => state);
      expect(isDeepStrictEqual(later, states.slice(stagesDone))).toBe(true);
      expect(rest.at(-1)).toEqual(whole.at(-1));
    }
  });
});
