import { createHash } from 'node:crypto';
import { GramzoomError } from '../../src/domain/errors.ts';
import { kindOf, type RenderRequest } from '../../src/domain/kinds.ts';
import type { Checkpoint, RenderEvent, Renderer, RenderStage } from '../../src/ports/renderer.ts';
import { reportOn } from './fake-report.ts';

/** What the fake is about to do. */
export type FakeStep = {
  readonly request: RenderRequest;
  /** The frame to be computed, below 0 before the film; `frames` where the file is to be written. */
  readonly frame: number;
  /** How many renders were begun, this one included. */
  readonly begun: number;
  readonly signal: AbortSignal;
};

export type FakeScript = {
  /** Called before each frame and before the file: may throw, wait or let time pass. */
  readonly before?: (step: FakeStep) => Promise<void> | void;
  readonly engine?: string;
  /** So many frames are made and kept before the film. */
  readonly leadIn?: number;
  readonly probe?: () => Promise<number>;
  /** The film's file and a picture of a frame, for who decodes them. */
  readonly encode?: { film(request: RenderRequest): Uint8Array; picture(request: RenderRequest): Uint8Array };
};

export type FakeRenderer = Renderer & {
  /** Every frame that was computed, as `seed:frame`, in order; those before the film are below 0. */
  readonly computed: readonly string[];
  readonly begun: number;
  readonly probes: number;
};

const digest = (...parts: readonly (string | Uint8Array)[]): Uint8Array => {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return new Uint8Array(hash.digest());
};

const stateOf = (engine: string, frame: Uint8Array): Uint8Array =>
  new TextEncoder().encode(JSON.stringify({ engine, frame: Buffer.from(frame).toString('hex') }));

const readState = (engine: string, { state, frames }: Checkpoint): Uint8Array[] => {
  const read = JSON.parse(new TextDecoder().decode(state)) as { engine: string; frame: string };
  if (read.engine !== engine) {
    throw new GramzoomError('checkpoint-unusable', { problem: `it is of ${read.engine}` });
  }
  const last = Buffer.from(frames.at(-1) ?? new Uint8Array()).toString('hex');
  if (last !== read.frame) throw new GramzoomError('checkpoint-unusable', { problem: 'a frame is missing' });
  return [...frames];
};

/** Frames, or whatever its kind counts. */
const unitsOf = (request: RenderRequest): number => kindOf(request).units(request);

/** The film that a request and a photo give, whatever happens on the way. */
export const fakeFilm = (
  request: RenderRequest,
  photo: Uint8Array,
  { leadIn = 0 }: Pick<FakeScript, 'leadIn'> = {},
): Uint8Array => {
  const frames: Uint8Array[] = [];
  for (let k = -leadIn; k < unitsOf(request); k++) frames.push(nextFrame(request, photo, frames));
  return Buffer.concat(frames.slice(leadIn));
};

const nextFrame = (request: RenderRequest, photo: Uint8Array, before: readonly Uint8Array[]): Uint8Array =>
  digest(before.at(-1) ?? '', String(request.seed), photo);

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    const stop = (): void => reject(new GramzoomError('cancelled', {}));
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });

/**
 * A renderer without an engine. Each frame follows from the one before, the seed and the photo, so that a
 * film that was interrupted can be told from one that was not. One unit of work is one step.
 */
export const createFakeRenderer = (script: FakeScript = {}): FakeRenderer => {
  const { engine = 'fake', leadIn = 0 } = script;
  const computed: string[] = [];
  let begun = 0;
  let probes = 0;

  async function* render(
    request: RenderRequest,
    photo: Uint8Array,
    signal: AbortSignal,
    resume: Checkpoint | undefined,
  ): AsyncGenerator<RenderEvent, void, undefined> {
    const mine = ++begun;
    const kept = resume ? readState(engine, resume) : [];
    const framesDone = (): number => Math.max(0, kept.length - leadIn);
    const counted = () =>
      ({ done: framesDone(), total: unitsOf(request), unit: kindOf(request).unit }) as const;
    const whenAborted = aborted(signal);
    whenAborted.catch(() => {});
    const before = async (frame: number): Promise<void> => {
      await Promise.race([script.before?.({ request, frame, begun: mine, signal }), whenAborted]);
      if (signal.aborted) throw new GramzoomError('cancelled', {});
    };
    const progress = (stage: RenderStage): RenderEvent => ({
      kind: 'progress',
      stage,
      share: kept.length / (leadIn + unitsOf(request)),
      size: request.size,
      ...counted(),
    });
    yield {
      kind: 'started',
      engine,
      engineVersion: '1',
      precision: 'float',
      precisionReason: null,
      threads: 1,
      width: request.size,
      height: request.size,
      ...counted(),
    };
    const stage = (): RenderStage => (kept.length < leadIn ? 'start' : 'frames');
    yield progress(stage());
    while (kept.length < leadIn + unitsOf(request)) {
      const index = kept.length;
      const frame = index - leadIn;
      await before(frame);
      const rgb = nextFrame(request, photo, kept);
      kept.push(rgb);
      computed.push(`${request.seed}:${frame}`);
      yield progress(stage());
      yield { kind: 'preview', jpeg: script.encode?.picture(request) ?? rgb };
      const state = stateOf(engine, rgb);
      yield { kind: 'checkpoint', state, frame: { index, rgb }, done: framesDone() };
    }
    await before(unitsOf(request));
    yield progress('encode');
    const film = kept.slice(leadIn);
    const file = script.encode?.film(request) ?? Buffer.concat(film);
    const files = { result: file, still: film[0]! };
    yield { kind: 'done', files, report: reportOn(request, file.length, { engine }) };
  }

  return {
    computed,
    get begun() {
      return begun;
    },
    get probes() {
      return probes;
    },
    render: (request, photo, signal, options = {}) => render(request, photo, signal, options.resume),
    work: (request) => (leadIn + unitsOf(request)) * request.steps,
    probe: async () => {
      probes++;
      return [{ size: 64, secondsPerWork: script.probe ? await script.probe() : 0.5 }];
    },
    close: async () => {},
  };
};
