import { beforeEach, describe, expect, it } from 'vitest';
import { GramzoomError } from '../../src/domain/errors.ts';
import type { ZoomRequest } from '../../src/domain/kinds/zoom.ts';
import { createPicture, type RgbImage } from '../../src/domain/picture.ts';
import type { Backend } from '../../src/engine/backend.ts';
import { encodeCheckpoint, spentBefore } from '../../src/engine/synthesis/checkpoint.ts';
import { initDescent } from '../../src/engine/synthesis/descent.ts';
import type { ProbeJob, RenderJob } from '../../src/render/protocol.ts';
import { createRunRender, type RenderParts } from '../../src/render/run-render.ts';
import { collect, failureOf } from '../contract/renderer.ts';
import { createFakeClock, type FakeClock } from '../support/fake-clock.ts';
import { fakeRequest } from '../support/fake-run.ts';

const backend: Backend = {
  name: 'fake',
  version: '1',
  threads: 3,
  precision: 'float',
  photoMultiple: 16,
  settings: 'fake',
  measure: () => Promise.reject(new Error('not asked for')),
  evaluate: () => Promise.reject(new Error('not asked for')),
  close: async () => {},
};

const frameCount = 4;
/** Before the film, as it is planned. */
const leadInCount = 12;
const stepCount = 1 + leadInCount + frameCount;
const secondsPerStep = 2;

const grey = (value: number): RgbImage => ({ width: 1, height: 1, data: new Uint8Array(3).fill(value) });
/** Of frame k of the film the value is k. */
const leadInValue = 100;

/** A checkpoint after so many stages. */
const stateAfter = (stagesDone: number, spent: Readonly<Record<string, number>> = {}): Uint8Array =>
  encodeCheckpoint(
    {
      ...{ stagesDone, stepsDone: stagesDone, random: [0, 0, 0, 0], own: null },
      current: { picture: createPicture(1, 1), descent: initDescent(3), ranges: [] },
    },
    { engine: 'fake', precision: 'float', request: 'fake' },
    { spent },
  );
const stagesOf = (state: Uint8Array): number =>
  Number(/"stagesDone":(\d+)/.exec(new TextDecoder().decode(state))?.[1]);

describe('a render put together from its parts', () => {
  let clock: FakeClock;
  let encoded: { readonly frames: readonly RgbImage[]; readonly options: unknown } | undefined;
  let decoded: unknown;
  let zoomed: { readonly stagesDone: number; readonly greys: readonly number[] } | undefined;

  /** A film of grey frames, with one step for a level, for each frame before the film and for each of its own. */
  const parts = (changes: Partial<RenderParts> = {}): RenderParts => ({
    clock,
    openEngine: async () => ({ backend, reason: null }),
    decodePhoto: async (_bytes, options) => {
      decoded = options;
      return { width: 2, height: 1, data: new Uint8Array(6) };
    },
    async *renderZoom(_request, _photo, _backend, { resume, spent }) {
      const stagesDone = resume ? stagesOf(resume.state) : 0;
      zoomed = resume && { stagesDone, greys: resume.frames.map(({ data }) => data[0]!) };
      const startStages = 1 + leadInCount;
      for (let stage = stagesDone; stage < startStages + frameCount; stage++) {
        clock.advance(1000 * secondsPerStep);
        const index = stage - startStages;
        yield {
          kind: 'step',
          stage: index < 0 ? 'start' : 'frames',
          stepsDone: stage + 1,
          stepsTotal: startStages + frameCount,
          share: (stage + 1) / (startStages + frameCount),
          size: 64,
          done: Math.max(0, index),
          total: frameCount,
        };
        if (stage === 0) yield { kind: 'level', picture: createPicture(1, 1) };
        else if (index < 0) yield { kind: 'lead-in', index: stage - 1, image: grey(leadInValue + stage - 1) };
        else yield { kind: 'frame', index, image: grey(index) };
        yield { kind: 'checkpoint', state: stateAfter(stage + 1, spent?.()) };
      }
      yield { kind: 'end', styleLoss: { first: 0.1, last: 0.3 } };
    },
    encodePreviewJpeg: async (image) => image.data.subarray(0, 1),
    encodePng: async (image) => image.data.slice(0, 1),
    encodeFilm: async (frames, { fps, zoom, ...options }) => {
      encoded = { frames, options: { fps, zoom, ...options } };
      clock.advance(500);
      const [width, height] = [1, 1];
      return {
        bytes: Uint8Array.of(1, 2),
        width,
        height,
        frames: frames.length,
        fps,
        zoom,
        fit: null,
        seamRatio: 1,
        distances: [],
      };
    },
    ...changes,
  });
  beforeEach(() => {
    clock = createFakeClock();
    encoded = undefined;
  });

  const job = (request: Partial<ZoomRequest> = {}, settings: Partial<RenderJob> = {}): RenderJob => ({
    request: { ...fakeRequest, size: 1, frames: frameCount, ...request },
    photo: new Uint8Array(),
    through: [],
    places: null,
    threads: 3,
    engine: 'auto',
    precision: 'auto',
    previewIntervalMs: null,
    checkpoints: true,
    resume: null,
    ...settings,
  });
  const run = (order = job(), changes: Partial<RenderParts> = {}, signal = new AbortController().signal) =>
    createRunRender(parts(changes))(order, { signal });
  const greys = () => encoded?.frames.map(({ data }) => data[0]);

  it('closes the engine before it encodes the film', async () => {
    const log: string[] = [];
    const closing = { ...backend, close: async () => void log.push('close') };
    const openEngine = async () => ({ backend: closing, reason: null });
    const encodeFilm: RenderParts['encodeFilm'] = (...film) => {
      log.push('encode');
      return parts().encodeFilm(...film);
    };
    await collect(run(job(), { openEngine, encodeFilm }));
    expect(log).toEqual(['close', 'encode']);
  });

  it('tells of the engine, then of every step, then of the file', async () => {
    const events = await collect(run());
    expect(events[0]).toEqual({
      ...{
        kind: 'started',
        engine: 'fake',
        engineVersion: '1',
        precision: 'float',
        precisionReason: null,
        threads: 3,
      },
      ...{ width: 1, height: 1, done: 0, total: frameCount, unit: 'frame' },
    });
    const stages = events.flatMap((event) => (event.kind === 'progress' ? [event.stage] : []));
    expect(stages).toEqual([
      ...Array(1 + leadInCount).fill('start'),
      ...Array(frameCount).fill('frames'),
      'encode',
    ]);
    expect(events.at(-1)?.kind).toBe('done');
  });

  it('asks for the network at the depth of the request, in the places of the order, and reports both', async () => {
    const places = { folder: '/data/networks', file: null };
    const opened: ProbeJob[] = [];
    const openEngine = async (wanted: ProbeJob) => {
      opened.push(wanted);
      return { backend, reason: null };
    };
    const asked = { network: 'vgg19', depth: 'scene' } as const;
    const done = (await collect(run(job(asked, { places }), { openEngine }))).at(-1);
    expect(opened).toEqual([{ ...asked, places, engine: 'auto', precision: 'auto', threads: 3 }]);
    expect(done).toMatchObject({ report: asked });
  });

  it('decodes the photo to twice the side of the film, so that the engine can scale it well', async () => {
    await collect(run(job({ size: 128 })));
    expect(decoded).toMatchObject({ maxArea: 256 * 256 });
  });

  it('decodes the photos that a film goes through, in order, and refuses more or fewer than it names', async () => {
    const seen: unknown[] = [];
    const { renderZoom } = parts();
    const changes: Partial<RenderParts> = {
      decodePhoto: async ([byte]) => ({ width: 1, height: 1, data: new Uint8Array(3).fill(byte!) }),
      renderZoom: (...args) => {
        const [, photo, , { through = [] }] = args;
        seen.push(...[photo, ...through].map(({ data }) => Math.round(255 * data[0]!)));
        return renderZoom(...args);
      },
    };
    const named = ['a', 'b'].map((root) => ({ photo: root.repeat(64), root }));
    const photo = Uint8Array.of(10);
    const through = [Uint8Array.of(20), Uint8Array.of(30)];
    await collect(run(job({ through: named }, { photo, through }), changes));
    expect(seen).toEqual([10, 20, 30]);
    for (const order of [job({ through: named }, { photo }), job({}, { photo, through })])
      expect(await failureOf(run(order, changes))).toMatchObject({ code: 'internal' });
  });

  it('encodes the frames of the film in order, or backwards for one that zooms out', async () => {
    await collect(run());
    expect(greys()).toEqual([0, 1, 2, 3]);
    await collect(run(job({ direction: 'out' })));
    expect(greys()).toEqual([3, 2, 1, 0]);
  });

  it('hands the file wishes over to the encoder', async () => {
    await collect(run(job({ format: 'webp', fps: 10, maxBytes: 50_000 })));
    expect(encoded?.options).toMatchObject({ format: 'webp', fps: 10, zoom: 1.03, maxBytes: 50_000 });
  });

  it('shows the first frame as written in the poster', async () => {
    const posterOf = async (order: RenderJob) => {
      const done = (await collect(run(order))).at(-1);
      return done?.kind === 'done' && [...done.files.still];
    };
    expect(await posterOf(job())).toEqual([0]);
    expect(await posterOf(job({ direction: 'out' }))).toEqual([3]);
    // The only frame of a PNG is the file itself.
    expect(await posterOf(job({ format: 'png' }))).toEqual([1, 2]);
  });

  const checkpointsOf = async (order = job()) =>
    (await collect(run(order))).flatMap((event) => (event.kind === 'checkpoint' ? [event] : []));

  it('hands each frame over with the checkpoint that follows it, once, those before the film first', async () => {
    const kept = (await checkpointsOf()).map(({ frame, done }) => [frame?.index, frame?.rgb[0], done]);
    expect(kept).toEqual([
      [undefined, undefined, 0],
      ...Array.from({ length: leadInCount }, (_, index) => [index, leadInValue + index, 0]),
      ...Array.from({ length: frameCount }, (_, index) => [leadInCount + index, index, index + 1]),
    ]);
  });

  /** What is kept of a render after so many of its checkpoints. */
  const keptAfter = (checkpoints: Awaited<ReturnType<typeof checkpointsOf>>, count: number) => ({
    state: checkpoints[count - 1]!.state,
    frames: checkpoints.slice(0, count).flatMap(({ frame }) => (frame ? [frame.rgb] : [])),
  });

  it.each(['in', 'out'] as const)(
    'goes on from any checkpoint to the same film and loss, zooming %s',
    async (direction) => {
      const whole = (await collect(run(job({ direction })))).at(-1);
      const film = greys();
      const checkpoints = await checkpointsOf(job({ direction }));
      expect(checkpoints).toHaveLength(1 + leadInCount + frameCount);
      for (let count = 1; count <= checkpoints.length; count++) {
        const resume = keptAfter(checkpoints, count);
        const events = await collect(run(job({ direction }, { resume })));
        expect(zoomed).toEqual({ stagesDone: count, greys: resume.frames.map((rgb) => rgb[0]) });
        expect(events[0]).toMatchObject({ done: Math.max(0, count - 1 - leadInCount) });
        expect(events.filter(({ kind }) => kind === 'checkpoint')).toEqual(checkpoints.slice(count));
        expect(greys()).toEqual(film);
        const resumed = events.at(-1);
        expect(resumed?.kind === 'done' && resumed.report).toEqual({
          ...(whole?.kind === 'done' && whole.report),
          peakRssBytes: expect.any(Number),
        });
      }
    },
  );

  it('counts the time of the processes before', async () => {
    const first = await checkpointsOf();
    const second = (await collect(run(job({}, { resume: keptAfter(first, 2) })))).filter(
      (event) => event.kind === 'checkpoint',
    );
    const resume = keptAfter([...first.slice(0, 2), ...second], leadInCount + 3);
    expect(spentBefore(resume.state)).toEqual({
      start: (1 + leadInCount) * secondsPerStep,
      frames: 2 * secondsPerStep,
    });
    expect((await collect(run(job({}, { resume })))).at(-1)).toMatchObject({
      report: {
        seconds: {
          start: (1 + leadInCount) * secondsPerStep,
          frames: frameCount * secondsPerStep,
          total: stepCount * secondsPerStep + 0.5,
        },
      },
    });
  });

  it.each([
    ['too few', 'in its lead-in', 5, 3],
    ['too many', 'in its lead-in', 5, 5],
    ['too many', 'right before its film', 1 + leadInCount, leadInCount + 1],
    ['too few', 'in its film', 3 + leadInCount, leadInCount + 1],
    ['hardly any', 'in its film', 3 + leadInCount, 1],
    ['too many', 'in its film', 3 + leadInCount, leadInCount + 3],
    ['too few', 'at its end', stepCount, stepCount - 2],
    ['too many', 'at its end', stepCount, stepCount],
  ])('refuses a checkpoint with %s frames %s', async (_what, _where, count, kept) => {
    const { state } = (await checkpointsOf())[count - 1]!;
    const frames = Array.from({ length: kept }, (_, index) => grey(index).data);
    const failure = await failureOf(run(job({}, { resume: { state, frames } })));
    expect(failure.code).toBe('checkpoint-unusable');
  });

  it('refuses a frame of another size, and a state that is none', async () => {
    const [, first] = await checkpointsOf();
    for (const resume of [
      { state: first!.state, frames: [new Uint8Array(5)] },
      { state: Uint8Array.of(1, 2), frames: [] },
      { state: first!.state.subarray(0, 9), frames: [] },
    ]) {
      expect((await failureOf(run(job({}, { resume })))).code).toBe('checkpoint-unusable');
    }
  });

  it('reports the loss of the last frame and where the time went', async () => {
    const done = (await collect(run())).at(-1);
    expect(done).toMatchObject({
      report: {
        styleLoss: 0.3,
        bytes: 2,
        seconds: {
          total: stepCount * secondsPerStep + 0.5,
          start: (1 + leadInCount) * secondsPerStep,
          frames: frameCount * secondsPerStep,
          encode: 0.5,
        },
      },
    });
  });

  it('sends the first preview early and the next ones at most every so often', async () => {
    // All are two seconds apart: a level, the frames before the film, the film's own.
    const events = await collect(run(job({}, { previewIntervalMs: 4000 })));
    const values = events.flatMap((event) => (event.kind === 'preview' ? [event.jpeg[0]] : []));
    const leadIn = [1, 3, 5, 7, 9, 11].map((index) => leadInValue + index);
    expect(values).toEqual([0, ...leadIn, 1, 3]);
  });

  it('shows a coarse level after its first second, as large as the film, and again while it takes long', async () => {
    const shown: { readonly at: number; readonly value: number; readonly sides: unknown }[] = [];
    const film = { width: 160, height: 96 };
    const changes: Partial<RenderParts> = {
      decodePhoto: async () => ({ width: 5, height: 3, data: new Uint8Array(45) }),
      async *renderZoom() {
        const picture = createPicture(80, 64);
        for (let look = 1; look <= 99; look++) {
          clock.advance(100);
          picture.data.fill(look / 255);
          yield { kind: 'preview', picture };
        }
        for (let index = 0; index < frameCount; index++) {
          yield { kind: 'frame', index, image: { ...film, data: new Uint8Array(3 * 160 * 96) } };
        }
        yield { kind: 'end', styleLoss: { first: 0, last: 0 } };
      },
      encodePreviewJpeg: async ({ data }, sides) => {
        shown.push({ at: clock.now(), value: data[0]!, sides });
        return data.subarray(0, 1);
      },
    };
    const begun = clock.now();
    const order = job({ size: 128, aspect: 'photo' }, { previewIntervalMs: 3000 });
    const events = await collect(run(order, changes));
    expect(shown.map(({ at, value }) => [at - begun, value])).toEqual([
      [1000, 10],
      [4000, 40],
      [7000, 70],
    ]);
    expect(shown.every(({ sides }) => JSON.stringify(sides) === JSON.stringify(film))).toBe(true);
    expect(events[0]).toMatchObject({ kind: 'started', ...film });
  });

  it('sends no previews where none are wanted', async () => {
    expect((await collect(run())).some(({ kind }) => kind === 'preview')).toBe(false);
  });

  it('hears a cancel that comes between two steps', async () => {
    const controller = new AbortController();
    const shares: number[] = [];
    const read = async (): Promise<void> => {
      for await (const event of run(job(), {}, controller.signal)) {
        if (event.kind !== 'progress') continue;
        shares.push(event.share);
        // As a message from the parent does: in a later turn of the event loop.
        setImmediate(() => controller.abort());
      }
    };
    await expect(read()).rejects.toMatchObject({ name: 'AbortError' });
    expect(shares.length).toBeLessThan(3);
  });

  it.each([
    new RangeError('Array buffer allocation failed'),
    new GramzoomError('engine-failed', { engine: 'onnx:cpu', reason: 'std::bad_alloc' }),
  ])('calls a failed allocation what it is (%s)', async (thrown) => {
    const encodeFilm = () => Promise.reject(thrown);
    expect(await failureOf(run(job(), { encodeFilm }))).toMatchObject({
      code: 'out-of-memory',
      data: { size: 1 },
    });
  });
});
