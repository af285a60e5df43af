import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ZoomReport, ZoomRequest } from '../../src/domain/kinds/zoom.ts';
import { parseRequest } from '../../src/domain/kinds.ts';
import { planWork, planZoom } from '../../src/engine/zoom/plan.ts';
import { systemClock } from '../../src/ops/system-clock.ts';
import type { Checkpoint, RenderEvent } from '../../src/ports/renderer.ts';
import { ChildRenderer } from '../../src/render/child-renderer.ts';
import { collect, failureOf } from '../contract/renderer.ts';

const photo = readFileSync(fileURLToPath(new URL('../../docs/sample.png', import.meta.url)));
const never = new AbortController().signal;
const request = { ...parseRequest({ size: 64, frames: 8, steps: 1 }), seed: 11 };
/** Twice as wide as high: a film in its shape has other sides both ways. */
const widePhoto = await sharp(photo).resize(120, 60, { fit: 'cover' }).png().toBuffer();
/** What a render does, stage by stage: levels, frames before the film, the film's. */
const plan = planZoom(request, { width: 1, height: 1 });
const { levels, leadInFrames } = plan;
const startStages = levels.length + leadInFrames;
/** Frames that are not turned into others. */
const open = request.frames - plan.loopFrames;
type Done = Extract<RenderEvent, { kind: 'done' }> & { readonly report: ZoomReport };

/** With the real engine: these films are as small as films can be. */
describe('a film that was killed', () => {
  let renderer: ChildRenderer;
  const films = new Map<'in' | 'out', Done>();
  /** The film that nobody killed, rendered once. */
  const uninterrupted = async (direction: 'in' | 'out'): Promise<Done> => {
    const done =
      films.get(direction) ??
      ((await collect(renderer.render({ ...request, direction }, photo, never))).at(-1) as Done);
    films.set(direction, done);
    return done;
  };
  beforeAll(() => {
    renderer = new ChildRenderer({
      ...{ clock: systemClock, threads: 1, engine: 'onnx:cpu', precision: 'float', previewIntervalMs: null },
    });
  });
  afterAll(() => renderer.close());

  /** Kills the child after so many checkpoints and tells what was left. */
  const killAfter = async (
    count: number,
    direction: 'in' | 'out',
    wanted: ZoomRequest = request,
    of: Uint8Array = photo,
  ): Promise<Checkpoint & { /** The id of the process. */ readonly killed: number | undefined }> => {
    const frames: Uint8Array[] = [];
    const counted: number[] = [];
    let state: Uint8Array | undefined;
    let seen = 0;
    let killed: number | undefined;
    try {
      const events = renderer.render({ ...wanted, direction }, of, never, { checkpoints: true });
      for await (const event of events) {
        // What had been sent before the child died still comes, as it may in earnest.
        if (event.kind !== 'checkpoint') continue;
        state = event.state;
        counted.push(event.done);
        if (event.frame) expect(frames.push(event.frame.rgb)).toBe(event.frame.index + 1);
        if (++seen !== count) continue;
        killed = renderer.pid;
        process.kill(killed!, 'SIGKILL');
      }
    } catch (error) {
      expect(error).toMatchObject({ code: 'render-crashed', data: { how: 'SIGKILL' } });
      // Each level and each frame has a checkpoint; what comes before the film is not counted.
      expect(frames).toHaveLength(seen - levels.length);
      expect(counted).toEqual(Array.from(counted, (_, stage) => Math.max(0, stage + 1 - startStages)));
      return { state: state!, frames, killed };
    }
    throw new Error('it was finished before it could be killed');
  };

  it.each([
    ['in its first level', 1, 'in'],
    ['in its lead-in', levels.length + 2, 'in'],
    ['at the end of its lead-in', startStages, 'in'],
    ['after frame 0', startStages + 1, 'out'],
    ['before the frames that close the loop', startStages + open, 'in'],
    ['in the frames that close the loop', startStages + open + 1, 'out'],
    ['before its last frame', startStages + request.frames - 1, 'in'],
    ['after its last frame', startStages + request.frames, 'out'],
  ] as const)(
    'a film that was killed %s and resumed in another process equals one that was not, byte for byte',
    async (_where, count, direction) => {
      const whole = await uninterrupted(direction);
      const resume = await killAfter(count, direction);
      const events = await collect(renderer.render({ ...request, direction }, photo, never, { resume }));
      expect(renderer.pid).not.toBe(resume.killed);
      const done = events.at(-1) as Done;
      expect(Buffer.from(done.files.result).equals(whole.files.result)).toBe(true);
      expect(Buffer.from(done.files.still).equals(whole.files.still)).toBe(true);
      expect(done.report.styleLoss).toBe(whole.report.styleLoss);
      expect(done.report.seamRatio).toBe(whole.report.seamRatio);
      // Not a step was computed again. A slow reader hears of the newest only; the last event is of the encoder.
      const shares = events.flatMap((event) => (event.kind === 'progress' ? [event.share] : []));
      const shareBefore = planWork(plan, count) / planWork(plan);
      const computed = shares.slice(0, -1);
      expect(computed.filter((share, at) => share <= (computed[at - 1] ?? shareBefore))).toEqual([]);
      expect(shares.at(-1)).toBe(1);
    },
  );

  it('is not gone on with where a frame of its lead-in was lost', async () => {
    const { state, frames } = await killAfter(startStages + 1, 'in');
    const failure = await failureOf(
      renderer.render(request, photo, never, { resume: { state, frames: frames.slice(1) } }),
    );
    expect(failure).toMatchObject({ code: 'checkpoint-unusable' });
  });

  it('a film in the shape of its photo that was killed and resumed equals one that was not', async () => {
    const shaped = { ...request, aspect: 'photo' } as const;
    const whole = (await collect(renderer.render(shaped, widePhoto, never))).at(-1) as Done;
    expect(whole.report).toMatchObject({ width: 96, height: 64 });
    const resume = await killAfter(startStages + 5, 'in', shaped, widePhoto);
    expect(resume.frames[0]).toHaveLength(3 * 96 * 64);
    const rest = await collect(renderer.render(shaped, widePhoto, never, { resume }));
    const done = rest.at(-1) as Done;
    expect(Buffer.from(done.files.result).equals(whole.files.result)).toBe(true);
    expect(Buffer.from(done.files.still).equals(whole.files.still)).toBe(true);
    expect(done.report.seamRatio).toBe(whole.report.seamRatio);
    expect(rest.filter((event) => event.kind === 'progress')[0]?.done).toBe(5);
    // The square film of the same photo is another one.
    const square = renderer.render(request, widePhoto, never, { resume });
    expect(await failureOf(square)).toMatchObject({ code: 'checkpoint-unusable' });
  });

  it('is another film at another depth, for which its checkpoint is of no use', async () => {
    const resume = await killAfter(2, 'in');
    const other = { ...request, depth: 'texture' } as const;
    const failure = await failureOf(renderer.render(other, photo, never, { resume }));
    expect(failure).toMatchObject({ code: 'checkpoint-unusable' });
    const style = await uninterrupted('in');
    const texture = (await collect(renderer.render(other, photo, never))).at(-1) as Done;
    expect([style.report.depth, texture.report.depth]).toEqual(['style', 'texture']);
    expect(Buffer.from(texture.files.result).equals(style.files.result)).toBe(false);
  });

  it('tells the price of work of this machine', async () => {
    const [{ secondsPerWork } = { secondsPerWork: 0 }] = await renderer.probe(never);
    expect(secondsPerWork).toBeGreaterThan(0);
    expect(renderer.work(request) * secondsPerWork).toBeGreaterThan(0);
  });
});
