import { once } from 'node:events';
import { getPriority } from 'node:os';
import { GramzoomError } from '../../src/domain/errors.ts';
import { kindOf, parseRequest } from '../../src/domain/kinds.ts';
import { type RunInspection, type RunProbe, type RunRender, wrap } from '../../src/render/protocol.ts';
import { reportOn } from './fake-report.ts';

export const fakeRequest = { ...parseRequest({ size: 64, frames: 8, steps: 1 }), seed: 7 };

/** What the fake does is written in the photo. */
export const order = (what: string): Uint8Array => new TextEncoder().encode(what);

/** Something to do for ever, so that a process does not end for want of it. */
const waitFor = async (signal: AbortSignal): Promise<void> => {
  const busy = setInterval(() => {}, 1000);
  if (!signal.aborted) await once(signal, 'abort');
  clearInterval(busy);
};

/** What the fake takes for a PNG. */
export const fakePoster = Uint8Array.of(0x89, 0x50);

/** Measures nothing: work is dear here. */
export const fakeProbe: RunProbe = async function* ({ network }, { signal }) {
  if (network === 'slow') await waitFor(signal);
  signal.throwIfAborted();
  yield { kind: 'probed', paces: [{ size: 64, secondsPerWork: 0.5 }] };
};

/** What only a child process can do, for ever or once and for all. */
const misbehave = async (what: string): Promise<void> => {
  if (what.startsWith('die ')) {
    const { signal, words }: { signal: NodeJS.Signals; words: string } = JSON.parse(what.slice(4));
    process.stderr.write(words);
    process.kill(process.pid, signal);
    await new Promise(() => {});
  }
  switch (what) {
    case 'crash':
      process.stderr.write('its last words\n');
      process.exit(3);
      break;
    case 'fault':
      process.kill(process.pid, 'SIGSEGV');
      await new Promise(() => {});
      break;
    case 'killed':
      process.kill(process.pid, 'SIGKILL');
      await new Promise(() => {});
      break;
    case 'block':
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
      break;
  }
};

/** An inspection without decoder: the photo says what is wrong with it. */
export const fakeInspection: RunInspection = async function* ({ photo, preview: within }, { signal }) {
  const what = new TextDecoder().decode(photo);
  if (what === 'damaged') throw new GramzoomError('photo-damaged', {});
  if (what === 'too slow') throw new GramzoomError('photo-too-slow', { seconds: 10 });
  if (what === 'grow') {
    // Touched, so that it is resident; held until this process is killed.
    const held = new Uint8Array(300e6).fill(1);
    await new Promise((resolve) => setTimeout(resolve, 2 ** 30, held));
  }
  await misbehave(what);
  signal.throwIfAborted();
  yield { kind: 'inspected', preview: within && { ...within, file: photo } };
};

/**
 * A render without engine: `film`, `flood`, `checkpoints` (two of them, the first with a frame that comes
 * before the film, or what is left of them), `wait`, `damaged`, `bug`, `places` (a file that says where networks lie), and what only a child can do.
 */
export const fakeRun: RunRender = async function* (job, { signal }) {
  const { request, photo, through, places, checkpoints, resume } = job;
  const what = new TextDecoder().decode(photo);
  if (what.startsWith('die ')) await misbehave(what);
  const frames = kindOf(request).units(request);
  const progress = (stepsDone: number) =>
    ({
      kind: 'progress',
      stage: 'frames',
      share: stepsDone / 5000,
      size: 64,
      done: 0,
      total: frames,
      unit: 'frame',
    }) as const;
  const done = (result: Uint8Array) => ({
    ...({ kind: 'done', files: { result, still: fakePoster } } as const),
    report: reportOn(request, result.length),
  });
  const framesBefore = Math.max(0, (resume?.frames.length ?? 0) - 1);
  yield {
    ...{
      kind: 'started',
      engine: 'fake',
      engineVersion: '1',
      precision: 'float',
      precisionReason: null,
      threads: 1,
    },
    ...{ width: 64, height: 64, done: framesBefore, total: frames, unit: 'frame' },
  };
  switch (what) {
    case 'film':
    case 'flood':
      for (let step = 1; step <= (what === 'flood' ? 5000 : 3); step++) yield progress(step);
      yield { kind: 'preview', jpeg: Uint8Array.of(0xff, 0xd8) };
      yield done(photo);
      return;
    case 'checkpoints': {
      const kept = resume?.frames ?? [];
      if (resume && resume.state[0] !== kept.length) {
        throw new GramzoomError('checkpoint-unusable', { problem: 'it is not one of these' });
      }
      const frames = [...kept];
      for (let index = kept.length; index < 2; index++) {
        const rgb = Uint8Array.of(index, 10 + index);
        frames.push(rgb);
        const state = Uint8Array.of(index + 1);
        if (checkpoints) yield { kind: 'checkpoint', state, frame: { index, rgb }, done: index };
        signal.throwIfAborted();
      }
      const file = Uint8Array.from(frames.flatMap((rgb) => [...rgb]));
      yield done(file);
      return;
    }
    case 'wait':
      await waitFor(signal);
      throw signal.reason;
    case 'photos':
      yield done(Uint8Array.from([photo, ...through].flatMap((bytes) => [...bytes, 0])));
      return;
    case 'places':
      yield done(order(JSON.stringify(places)));
      return;
    case 'damaged':
      throw new GramzoomError('photo-damaged', {});
    case 'too heavy':
      throw new GramzoomError('photo-too-heavy', { maxBytes: 750e6 });
    case 'bug':
      throw new TypeError('no such thing');
    case 'encode':
      yield { ...progress(5000), stage: 'encode' };
      await new Promise(() => {});
      return;
    // From here on: for a child process only.
    case 'crash':
    case 'killed':
    case 'block':
      await misbehave(what);
      return;
    case 'grow': {
      // Touched, so that it is resident; held until this process is killed.
      const held = new Uint8Array(200e6).fill(1);
      yield progress(held.length);
      await new Promise((resolve) => setTimeout(resolve, 2 ** 30));
      return;
    }
    case 'niceness':
      yield done(order(String(getPriority())));
      return;
    case 'garbage':
      process.send?.({ kind: 'started' });
      await new Promise(() => {});
      return;
    case 'other version':
      process.send?.({ version: 0, job: 1, message: { kind: 'heartbeat' } });
      await new Promise(() => {});
      return;
    case 'refuse':
      process.send?.(
        wrap(0, {
          kind: 'failed',
          failure: { code: 'protocol-mismatch', data: { expected: 8, received: 'version 2' } },
          detail: '',
        }),
      );
      await waitFor(signal);
      return;
    case 'process id':
      yield done(order(String(process.pid)));
      return;
    default:
      throw new Error(`the fake does not know ${what}`);
  }
};
