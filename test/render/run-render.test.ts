import { beforeEach, describe, expect, it } from 'vitest';
import { GramzoomError } from '../../src/domain/errors.ts';
import { createPicture, type RgbImage } from '../../src/domain/picture.ts';
import type { RenderRequest } from '../../src/domain/request.ts';
import type { Backend } from '../../src/engine/loss.ts';
import { type EngineWanted, withEngine } from '../../src/render/engine.ts';
import type { RenderJob } from '../../src/render/protocol.ts';
import { createRunRender, type RenderParts } from '../../src/render/run-render.ts';
import { collect, failureOf } from '../contract/renderer.ts';
import { createFakeClock, type FakeClock } from '../support/fake-clock.ts';
import { fakeRequest } from '../support/fake-run.ts';

const backend: Backend = {
  name: 'fake',
  version: '1',
  threads: 3,
  photoMultiple: 16,
  settings: 'fake',
  measure: () => Promise.reject(new Error('not asked for')),
  evaluate: () => Promise.reject(new Error('not asked for')),
  close: async () => {},
};

const frameCount = 4;
const secondsPerStep = 2;

describe('a render put together from its parts', () => {
  let clock: FakeClock;
  let encoded: { readonly frames: readonly RgbImage[]; readonly options: unknown } | undefined;
  let decoded: unknown;
  let zoomed: readonly number[] | undefined;

  /** A film of grey frames: frame k has the value k. Two steps at the start and one for each frame. */
  const parts = (changes: Partial<RenderParts> = {}): RenderParts => ({
    clock,
    openEngine: async () => backend,
    decodePhoto: async (_bytes, options) => {
      decoded = options;
      return { width: 2, height: 1, data: new Uint8Array(6) };
    },
    async *renderZoom(_request, _photo, _backend, { resume }) {
      zoomed = resume ? [...resume] : undefined;
      const first = resume?.[0] ?? 0;
      let stepsDone = 0;
      const step = (stage: 'start' | 'frames', framesDone: number) => {
        clock.advance(1000 * secondsPerStep);
        return {
          kind: 'step',
          stage,
          stepsDone: ++stepsDone,
          stepsTotal: 6,
          framesDone,
          frames: frameCount,
        } as const;
      };
      if (first === 0) {
        yield step('start', 0);
        yield { kind: 'picture', picture: createPicture(1, 1) };
        yield { kind: 'checkpoint', state: Uint8Array.of(0) };
        yield step('start', 0);
      }
      for (let index = first; index < frameCount; index++) {
        yield step('frames', index);
        const picture = { width: 1, height: 1, data: new Float32Array(3).fill(index / 255) };
        yield { kind: 'frame', index, picture };
        yield { kind: 'checkpoint', state: Uint8Array.of(index + 1) };
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

  const job = (request: Partial<RenderRequest> = {}, settings: Partial<RenderJob> = {}): RenderJob => ({
    request: { ...fakeRequest, size: 1, frames: frameCount, ...request },
    photo: new Uint8Array(),
    places: null,
    threads: 3,
    engine: 'auto',
    pictureIntervalMs: null,
    checkpoints: true,
    resume: null,
    ...settings,
  });
  const run = (order = job(), changes: Partial<RenderParts> = {}, signal = new AbortController().signal) =>
    createRunRender(parts(changes))(order, { signal });
  const greys = () => encoded?.frames.map(({ data }) => data[0]);

  it('closes the engine before it encodes the film', async () => {
    const log: string[] = [];
    const openEngine = async () => ({ ...backend, close: async () => void log.push('close') });
    const { encodeFilm } = parts();
    const noted: typeof encodeFilm = async (...film) => {
      log.push('encode');
      return await encodeFilm(...film);
    };
    await collect(run(job(), { openEngine, encodeFilm: noted }));
    expect(log).toEqual(['close', 'encode']);
  });

  it('tells of the engine, then of every step, then of the file', async () => {
    const events = await collect(run());
    expect(events[0]).toEqual({
      ...{ kind: 'started', engine: 'fake', engineVersion: '1', threads: 3 },
      ...{ width: 1, height: 1 },
    });
    const stages = events.flatMap((event) => (event.kind === 'progress' ? [event.stage] : []));
    expect(stages).toEqual(['start', 'start', 'frames', 'frames', 'frames', 'frames', 'encode']);
    expect(events.at(-1)?.kind).toBe('done');
  });

  it('asks for the network at the depth of the request, in the places of the order, and reports both', async () => {
    const places = { folder: '/data/networks', file: null };
    const opened: EngineWanted[] = [];
    const openEngine = async (wanted: EngineWanted) => {
      opened.push(wanted);
      return backend;
    };
    const order = job({ network: 'vgg19', depth: 'scene' }, { places });
    const done = (await collect(run(order, { openEngine }))).at(-1);
    expect(opened).toEqual([{ network: 'vgg19', depth: 'scene', places, engine: 'auto', threads: 3 }]);
    expect(done).toMatchObject({ report: { network: 'vgg19', depth: 'scene' } });
  });

  it('decodes the photo to twice the side of the film, so that the engine can scale it well', async () => {
    await collect(run(job({ size: 128 })));
    expect(decoded).toMatchObject({ maxArea: 256 * 256 });
  });

  it('encodes the frames in order, or backwards for a film that zooms out', async () => {
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
      return done?.kind === 'done' && [...done.poster];
    };
    expect(await posterOf(job())).toEqual([0]);
    expect(await posterOf(job({ direction: 'out' }))).toEqual([3]);
    // The only frame of a PNG is the file itself.
    expect(await posterOf(job({ format: 'png' }))).toEqual([1, 2]);
  });

  const checkpointsOf = async (order = job()) =>
    (await collect(run(order))).flatMap((event) => (event.kind === 'checkpoint' ? [event] : []));

  it('hands each frame over with the checkpoint that follows it, once', async () => {
    const frames = (await checkpointsOf()).map(({ frame }) => frame && [frame.index, frame.rgb[0]]);
    expect(frames).toEqual([null, [0, 0], [1, 1], [2, 2], [3, 3]]);
  });

  it.each(['in', 'out'] as const)(
    'goes on from any checkpoint to the same film and loss, zooming %s',
    async (direction) => {
      const whole = (await collect(run(job({ direction })))).at(-1);
      const film = greys();
      const states = await checkpointsOf(job({ direction }));
      for (const { state } of states) {
        const done = states.indexOf(states.find((each) => each.state === state)!);
        const frames = Array.from({ length: done }, (_, value) => new Uint8Array(3).fill(value));
        const resumed = (await collect(run(job({ direction }, { resume: { state, frames } })))).at(-1);
        expect(zoomed).toEqual([done]);
        expect(greys()).toEqual(film);
        expect(resumed?.kind === 'done' && resumed.report).toMatchObject({
          styleLoss: whole?.kind === 'done' && whole.report.styleLoss,
        });
      }
    },
  );

  it('counts the time of the process before', async () => {
    const third = (await checkpointsOf())[3]!;
    const frames = [0, 1, 2].map((value) => new Uint8Array(3).fill(value));
    const done = (await collect(run(job({}, { resume: { state: third.state, frames } })))).at(-1);
    expect(done).toMatchObject({
      report: { seconds: { start: 2 * secondsPerStep, frames: 4 * secondsPerStep, total: 12.5 } },
    });
  });

  it.each([
    ['too few', [0]],
    ['too many', [0, 1, 2]],
  ])('refuses a checkpoint with %s frames', async (_what, values) => {
    const second = (await checkpointsOf())[2]!;
    const frames = values.map((value) => new Uint8Array(3).fill(value));
    const failure = await failureOf(run(job({}, { resume: { state: second.state, frames } })));
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
          total: 6 * secondsPerStep + 0.5,
          start: 2 * secondsPerStep,
          frames: 4 * secondsPerStep,
          encode: 0.5,
        },
      },
    });
  });

  it('sends the first picture early and the next ones at most every so often', async () => {
    // Frames are two seconds apart, the first picture two seconds before the second step of the start.
    const events = await collect(run(job({}, { pictureIntervalMs: 4000 })));
    const pictures = events.flatMap((event) => (event.kind === 'picture' ? [event.frame] : []));
    expect(pictures).toEqual([null, 0, 2]);
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
          yield { kind: 'look', picture };
        }
        for (let index = 0; index < frameCount; index++) {
          yield { kind: 'frame', index, picture: createPicture(film.width, film.height) };
        }
        yield { kind: 'end', styleLoss: { first: 0, last: 0 } };
      },
      encodePreviewJpeg: async ({ data }, sides) => {
        shown.push({ at: clock.now(), value: data[0]!, sides });
        return data.subarray(0, 1);
      },
    };
    const begun = clock.now();
    const order = job({ size: 128, aspect: 'photo' }, { pictureIntervalMs: 3000 });
    const events = await collect(run(order, changes));
    expect(shown.map(({ at, value }) => [at - begun, value])).toEqual([
      [1000, 10],
      [4000, 40],
      [7000, 70],
    ]);
    expect(shown.every(({ sides }) => JSON.stringify(sides) === JSON.stringify(film))).toBe(true);
    expect(events[0]).toMatchObject({ kind: 'started', ...film });
    const frames = events.flatMap((event) => (event.kind === 'picture' ? [event.frame] : []));
    expect(frames).toEqual([null, null, null]);
  });

  it('sends no pictures where none are wanted', async () => {
    expect((await collect(run())).some(({ kind }) => kind === 'picture')).toBe(false);
  });

  it('hears a cancel that comes between two steps', async () => {
    const controller = new AbortController();
    const steps: number[] = [];
    const read = async (): Promise<void> => {
      for await (const event of run(job(), {}, controller.signal)) {
        if (event.kind !== 'progress') continue;
        steps.push(event.stepsDone);
        // As a message from the parent does: in a later turn of the event loop.
        setImmediate(() => controller.abort());
      }
    };
    await expect(read()).rejects.toMatchObject({ name: 'AbortError' });
    expect(steps.length).toBeLessThan(3);
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

describe('the engine of a render', () => {
  const counted = () => {
    const log: string[] = [];
    const engine = Promise.resolve({ ...backend, close: async () => void log.push('close') });
    return { log, engine };
  };

  it('is open until its work is done, and closed before the next thing', async () => {
    const { log, engine } = counted();
    const work = withEngine(engine, async function* () {
      yield 'event';
      log.push('last');
      return 'result';
    });
    expect(await work.next()).toEqual({ done: false, value: 'event' });
    expect(log).toEqual([]);
    expect(await work.next()).toEqual({ done: true, value: 'result' });
    expect(log).toEqual(['last', 'close']);
  });

  it('is closed where the work fails, and where nobody wants the rest', async () => {
    const failing = counted();
    const fails = withEngine(failing.engine, async function* () {
      yield 'event';
      throw new Error('it failed');
    });
    await expect(Array.fromAsync(fails)).rejects.toThrow('it failed');
    expect(failing.log).toEqual(['close']);
    const left = counted();
    for await (const _ of withEngine(left.engine, async function* () {
      yield 'event';
      yield 'another';
    }))
      break;
    expect(left.log).toEqual(['close']);
  });
});
