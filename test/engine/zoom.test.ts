import { afterEach, describe, expect, it } from 'vitest';
import { parseRequest } from '../../src/domain/kinds.ts';
import { fromRgbImage, type Picture } from '../../src/domain/picture.ts';
import { meanOf } from '../../src/domain/statistics.ts';
import type { Backend, Evaluation } from '../../src/engine/backend.ts';
import { openOnnxBackend } from '../../src/engine/backends/onnx.ts';
import { renderZoom, type ZoomEvent } from '../../src/engine/kinds/zoom.ts';
import { styleObjective } from '../../src/engine/objective/objective.ts';
import { planZoom, tunings, type ZoomRequest, type ZoomTuning } from '../../src/engine/zoom/plan.ts';
import { openNetwork } from '../../src/networks/open.ts';
import { createFakeBackend } from '../support/fake-backend.ts';
import { flatPicture, wavyPicture } from '../support/test-pictures.ts';
import { collect, createRender, imagesOf, never, only } from '../support/zoom-events.ts';

const request: ZoomRequest = { ...parseRequest({ size: 160, frames: 8, zoom: 1.05, steps: 2 }), seed: 1 };

const drain = async (events: AsyncIterable<ZoomEvent>): Promise<void> => {
  for await (const _ of events);
};

/** Short, so that a render takes no time; the order of things is the same. */
const tuning: ZoomTuning = {
  ...tunings.standard,
  startSteps: { coarsest: 4, finer: 3 },
  leastLeadInFrames: 2,
  mostLoopFrames: 3,
};
const photo = wavyPicture(60, 40, 1);

const render = createRender({ request, photo, tuning });

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array | Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, byteLength);

/** Levels of 4 and 3 steps, then 2 for each of 3 frames of the lead-in and of 8 frames. */
const plannedSteps = 4 + 3 + (3 + 8) * 2;

describe('the events of a render', () => {
  it('come in order: coarse to fine, the lead-in, then frame by frame', async () => {
    const events = await render();
    const short = events.flatMap((event) => {
      if (event.kind === 'preview') return [];
      if (event.kind === 'level') return `level ${event.picture.width}`;
      return 'index' in event ? `${event.kind} ${event.index}` : event.kind;
    });
    const steps = (count: number): string[] => Array(count).fill('step');
    expect(short).toEqual([
      ...steps(4),
      'level 128',
      ...steps(3),
      'level 160',
      ...[0, 1, 2].flatMap((frame) => [...steps(2), `lead-in ${frame}`]),
      ...[0, 1, 2, 3, 4, 5, 6, 7].flatMap((frame) => [...steps(2), `frame ${frame}`]),
      'end',
    ]);
  });

  it('count the steps one by one up to the total', async () => {
    const steps = only(await render(), 'step');
    expect(steps.map((step) => step.stepsDone)).toEqual(
      Array.from({ length: plannedSteps }, (_, i) => i + 1),
    );
    expect(new Set(steps.map((step) => step.stepsTotal))).toEqual(new Set([plannedSteps]));
  });

  it('tell the stage and the frames that are done', async () => {
    const seen = only(await render(), 'step').map(({ stage, done, total }) => [stage, done, total]);
    expect(seen).toEqual([
      ...Array(4 + 3 + 6).fill(['start', 0, 8]),
      ...[0, 1, 2, 3, 4, 5, 6, 7].flatMap((done) => Array(2).fill(['frames', done, 8])),
    ]);
  });

  it('hold a checkpoint behind each level and each frame, where they are wanted', async () => {
    const all = await render({}, createFakeBackend().backend, { checkpoints: true });
    const short = all.flatMap(({ kind }) => (kind === 'step' || kind === 'preview' ? [] : [kind]));
    const pairs = (kind: string, count: number): string[] => Array(count).fill([kind, 'checkpoint']).flat();
    expect(short).toEqual([...pairs('level', 2), ...pairs('lead-in', 3), ...pairs('frame', 8), 'end']);
    // They change nothing else.
    expect(all.filter(({ kind }) => kind !== 'checkpoint' && kind !== 'preview')).toEqual(
      (await render()).filter(({ kind }) => kind !== 'preview'),
    );
  });

  it('hold frames in bytes, each another one, those before the film too', async () => {
    const images = imagesOf(await render());
    expect(images).toHaveLength(3 + 8);
    for (const { width, height, data } of images) {
      expect([width, height, data.length]).toEqual([160, 160, 3 * 160 * 160]);
      expect(data).toBeInstanceOf(Uint8Array);
    }
    // By its last frame a film may be where it came from, to the byte.
    expect(new Set(images.slice(3).map(({ data }) => data.join())).size).toBe(8);
    expect(new Set(images.slice(0, 4).map(({ data }) => data.join())).size).toBe(4);
  });

  it('are not changed by what comes after them', async () => {
    const copies: (Float32Array | Uint8Array)[] = [];
    const seen: (Float32Array | Uint8Array)[] = [];
    const note = (data: Float32Array | Uint8Array): void => {
      seen.push(data);
      copies.push(data.slice());
    };
    const { backend } = createFakeBackend();
    const events = renderZoom(request, photo, backend, { signal: never(), tuning, checkpoints: true });
    for await (const event of events) {
      if (event.kind === 'level') note(event.picture.data);
      if (event.kind === 'lead-in' || event.kind === 'frame') note(event.image.data);
      if (event.kind === 'checkpoint') note(event.state);
    }
    expect(seen).toHaveLength(2 * (2 + 3 + 8));
    for (const [i, data] of seen.entries())
      expect(Buffer.compare(bytesOf(data), bytesOf(copies[i]!))).toBe(0);
  });
});

describe('a preview of a level', () => {
  it('comes with each of its steps, as it is by then and as large as the level', async () => {
    const previews: { readonly width: number; readonly mean: number }[] = [];
    for await (const event of renderZoom(request, photo, createFakeBackend().backend, {
      signal: never(),
      tuning,
    })) {
      if (event.kind !== 'preview') continue;
      const { width, data } = event.picture;
      previews.push({ width, mean: data.reduce((sum, value) => sum + value, 0) });
    }
    expect(previews.map(({ width }) => width)).toEqual([128, 128, 128, 128, 160, 160, 160]);
    expect(new Set(previews.map(({ mean }) => mean)).size).toBe(previews.length);
  });
});

describe('the work of a render', () => {
  it('is the planned steps, and the losses of the first and the last frame as they are', async () => {
    const fake = createFakeBackend();
    await render({}, fake.backend);
    expect(fake.evaluations).toBe(plannedSteps + 2);
  });

  it('measures the photo once for each level, before its steps', async () => {
    const fake = createFakeBackend();
    await render({}, fake.backend);
    const sides = fake.calls.map(({ kind, side }) => `${kind} ${side}`);
    expect(sides.slice(0, 6)).toEqual(['measure 128', ...Array(4).fill('evaluate 128'), 'measure 160']);
    expect(new Set(sides.slice(6))).toEqual(new Set(['evaluate 160']));
    for (const call of fake.calls) {
      if (call.kind === 'measure') expect([call.width % 16, call.height % 16]).toEqual([0, 0]);
    }
  });

  it('reports the losses of the first and the last frame themselves', async () => {
    const fake = createFakeBackend();
    const events = await render({}, fake.backend);
    const frames = only(events, 'frame');
    const target = await fake.backend.measure(photo, { width: 160, height: 160 });
    const lossOf = async (index: number): Promise<number> =>
      (await fake.backend.evaluate(fromRgbImage(frames.at(index)!.image), target)).losses.gram;
    expect(only(events, 'end')[0]!.styleLoss).toEqual({ first: await lossOf(0), last: await lossOf(-1) });
  });

  it('lowers the loss', async () => {
    const losses: number[] = [];
    // Its goal is one grey, the same from every offset.
    const evaluate = async ({ data }: Picture): Promise<Evaluation> => {
      const gradient = data.map((value) => (2 * (value - 0.25)) / data.length);
      const loss = meanOf(data.map((value) => (value - 0.25) ** 2));
      losses.push(loss);
      return { loss, losses: { gram: loss, colour: 0, smoothness: 0 }, gradient, ranges: [] };
    };
    const startDescent = { ...tuning.startDescent, colourShare: 0 };
    const filmDescent = { ...tuning.filmDescent, colourShare: 0 };
    const backend = { ...createFakeBackend().backend, evaluate };
    await render({}, backend, { tuning: { ...tuning, startDescent, filmDescent } });
    for (let step = 1; step < 4; step++) expect(losses[step]!).toBeLessThan(losses[step - 1]!);
    expect(losses.at(-1)!).toBeLessThan(losses[3]!);
  });

  it.each<[string, Partial<ZoomRequest>]>([
    ['the least of everything', { size: 64, frames: 8, steps: 1, zoom: 1.005 }],
    ['a large zoom', { size: 64, frames: 8, steps: 1, zoom: 1.2 }],
    ['a long film at a large zoom', { size: 64, frames: 240, steps: 1, zoom: 1.2 }],
    ['an odd number of frames', { size: 64, frames: 9, steps: 3 }],
    ['a side that halves to no multiple of 16', { size: 208, frames: 8, steps: 1 }],
  ])('comes to its end: %s', async (_, changes) => {
    const whole = { ...request, ...changes };
    const events = await render(changes);
    const last = only(events, 'step').at(-1)!;
    expect(last.stepsDone).toBe(last.stepsTotal);
    const frames = only(events, 'frame');
    expect(frames.map(({ index }) => index)).toEqual(Array.from({ length: whole.frames }, (_, i) => i));
    for (const { image } of frames) expect([image.width, image.height]).toEqual([whole.size, whole.size]);
    const plan = planZoom(whole, photo, { tuning });
    expect(only(events, 'level').map(({ picture }) => picture.width)).toEqual(
      plan.levels.map((level) => level.width),
    );
    expect(only(events, 'lead-in').map(({ index }) => index)).toEqual(
      Array.from({ length: plan.leadInFrames }, (_, i) => i),
    );
  });
});

describe('the seed', () => {
  it('decides the film', async () => {
    const film = async (seed: number) => only(await render({ seed, size: 64 }), 'frame');
    const once = await film(1);
    expect(await film(1)).toEqual(once);
    const other = await film(2);
    for (let k = 0; k < 8; k++) expect(other[k]!.image.data).not.toEqual(once[k]!.image.data);
  });
});

describe('a render that is cancelled', () => {
  const reason = new Error('enough');

  /** Aborts at the given evaluation, while the engine works. */
  const abortAt = async (evaluation: number): Promise<number> => {
    const controller = new AbortController();
    const fake = createFakeBackend((result, before) => {
      if (before === evaluation) controller.abort(reason);
      return result;
    });
    const run = drain(renderZoom(request, photo, fake.backend, { signal: controller.signal, tuning }));
    await expect(run).rejects.toBe(reason);
    return fake.evaluations;
  };

  it.each([
    ['in the first level', 1],
    ['at the end of the first level', 3],
    ['in the lead-in', 8],
    ['at the end of the lead-in', 12],
    ['at the end of frame 0, before its loss', 14],
    ['between two frames', 17],
    ['in its last step, before the loss of the last frame', plannedSteps],
  ])('starts no other evaluation and throws the reason: %s', async (_, evaluation) => {
    expect(await abortAt(evaluation)).toBe(evaluation + 1);
  });

  it('does nothing at all where it is cancelled before it starts', async () => {
    const fake = createFakeBackend();
    const run = collect(
      renderZoom(request, photo, fake.backend, { signal: AbortSignal.abort(reason), tuning }),
    );
    await expect(run).rejects.toBe(reason);
    expect(fake.calls).toEqual([]);
  });

  it('stops where its reader stops', async () => {
    const fake = createFakeBackend();
    for await (const event of renderZoom(request, photo, fake.backend, { signal: never(), tuning })) {
      if (event.kind === 'level') break;
    }
    expect(fake.evaluations).toBe(4);
  });
});

describe('a render that diverges', () => {
  const drainWith = (backend: Backend): Promise<void> =>
    drain(renderZoom(request, photo, backend, { signal: never(), tuning }));

  it.each([
    ['in a step', Number.NaN, 6],
    ['in a step, to infinity', Number.POSITIVE_INFINITY, 6],
    ['in the loss of the last frame', Number.NaN, plannedSteps + 1],
  ])('says so: %s', async (_, loss, evaluation) => {
    const fake = createFakeBackend((result, before) =>
      before === evaluation ? { ...result, loss, losses: { ...result.losses, gram: loss } } : result,
    );
    await expect(drainWith(fake.backend)).rejects.toMatchObject({ code: 'render-diverged' });
    expect(fake.evaluations).toBe(evaluation + 1);
  });

  it.each([Number.NaN, Number.NEGATIVE_INFINITY])(
    'says so where a single value of the gradient is %f and the loss is not',
    async (value) => {
      const fake = createFakeBackend((result, before) =>
        before === 6 ? { ...result, gradient: result.gradient.with(100, value) } : result,
      );
      await expect(drainWith(fake.backend)).rejects.toMatchObject({ code: 'render-diverged' });
      expect(fake.evaluations).toBe(7);
    },
  );

  it('passes on what the backend throws', async () => {
    const broken = new Error('out of order');
    const fake = createFakeBackend(() => {
      throw broken;
    });
    await expect(drainWith(fake.backend)).rejects.toBe(broken);
  });
});

describe('a real render on onnx:cpu with the pocket network', () => {
  const opened: Backend[] = [];
  afterEach(async () => {
    for (const backend of opened.splice(0)) await backend.close();
  });

  const real = async (picture: Picture, seed: number): Promise<readonly ZoomEvent[]> => {
    const network = await openNetwork('pocket');
    const backend = await openOnnxBackend(network, styleObjective, { threads: 1 });
    opened.push(backend);
    const small: ZoomRequest = { ...request, size: 64, steps: 1, seed };
    return await collect(renderZoom(small, picture, backend, { signal: never() }));
  };

  it('is the same to the last bit for the same seed, and another for another', async () => {
    const film = async (seed: number) => only(await real(photo, seed), 'frame');
    const once = await film(1);
    expect(await film(1)).toEqual(once);
    const other = await film(2);
    for (let k = 0; k < 8; k++) expect(other[k]!.image.data).not.toEqual(once[k]!.image.data);
  });

  it('takes over the features of the photo', async () => {
    const { styleLoss } = only(await real(photo, 1), 'end')[0]!;
    // Far below 1, what a picture without any of the photo's features has.
    expect(styleLoss.first).toBeLessThan(0.5);
    expect(styleLoss.last).toBeLessThan(0.5);
  });

  it.each([
    ['all black', flatPicture(50, 40, 0)],
    ['all white', flatPicture(50, 40, 1)],
    ['a single pixel', flatPicture(1, 1, 0.3)],
    ['a sliver', wavyPicture(200, 10, 4)],
    ['an icon', wavyPicture(16, 16, 4)],
  ])('stays finite: %s', async (_, odd) => {
    const events = await real(odd, 1);
    const frames = only(events, 'frame');
    expect(frames).toHaveLength(8);
    const { first, last } = only(events, 'end')[0]!.styleLoss;
    expect([first, last].every(Number.isFinite)).toBe(true);
  });

  it('takes over the colour of a photo without features', async () => {
    const last = only(await real(flatPicture(50, 40, 0), 1), 'frame').at(-1)!.image.data;
    const mean = last.reduce((sum, value) => sum + value, 0) / last.length;
    expect(mean / 255).toBeLessThan(0.1);
  });
});
