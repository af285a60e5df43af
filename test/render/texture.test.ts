import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterEach, describe, expect, it } from 'vitest';
import { parseRequest } from '../../src/domain/kinds.ts';
import { systemClock } from '../../src/ops/system-clock.ts';
import type { RenderEvent } from '../../src/ports/renderer.ts';
import { ChildRenderer } from '../../src/render/child-renderer.ts';
import { collect } from '../contract/renderer.ts';

const photo = readFileSync(fileURLToPath(new URL('../../docs/sample.png', import.meta.url)));
const never = new AbortController().signal;
/** Two parts of one level, as small as textures can be. */
const request = { ...parseRequest({ kind: 'texture', size: 64, steps: 8 }), seed: 11 };
type Done = Extract<RenderEvent, { kind: 'done' }>;

/** With the real engine. */
describe('a texture in the child process', () => {
  const opened: ChildRenderer[] = [];
  const openRenderer = (): ChildRenderer => {
    const settings = { threads: 1, engine: 'onnx:cpu', precision: 'float', previewIntervalMs: 0 } as const;
    const renderer = new ChildRenderer({ clock: systemClock, ...settings });
    opened.push(renderer);
    return renderer;
  };
  afterEach(async () => {
    for (const renderer of opened.splice(0)) await renderer.close();
  });

  it('is a PNG of its size, with progress in levels, previews and a report of its own', async () => {
    const events = await collect(openRenderer().render(request, photo, never));
    expect(events[0]).toMatchObject({
      kind: 'started',
      width: 64,
      height: 64,
      done: 0,
      total: 1,
      unit: 'level',
    });
    const stages = events.flatMap((event) => (event.kind === 'progress' ? [event.stage] : []));
    expect(new Set(stages)).toEqual(new Set(['levels', 'encode']));
    expect(events.some(({ kind }) => kind === 'preview')).toBe(true);
    const { files, report } = events.at(-1) as Done;
    expect(await sharp(files.result).metadata()).toMatchObject({ format: 'png', width: 64, height: 64 });
    expect(Buffer.from(files.still).equals(files.result)).toBe(true);
    expect(report).toMatchObject({ kind: 'texture', width: 64, height: 64, seed: 11, fit: null });
    expect(report.styleLoss).toBeGreaterThan(0);
  });

  it('as WebP keeps its budget and has a PNG beside it', async () => {
    const wanted = { ...request, format: 'webp', maxBytes: 20_000 } as const;
    const { files, report } = (await collect(openRenderer().render(wanted, photo, never))).at(-1) as Done;
    const metadata = await sharp(files.result).metadata();
    expect([metadata.format, metadata.pages ?? 1]).toEqual(['webp', 1]);
    expect(report.bytes).toBeLessThanOrEqual(20_000);
    expect(await sharp(files.still).metadata()).toMatchObject({ format: 'png', width: 64 });
  });

  it('is the same, byte for byte, whether it was killed and resumed in another process or not', async () => {
    const whole = (await collect(openRenderer().render(request, photo, never))).at(-1) as Done;
    const killed = openRenderer();
    let state: Uint8Array | undefined;
    const render = async (): Promise<void> => {
      for await (const event of killed.render(request, photo, never, { checkpoints: true })) {
        if (event.kind !== 'checkpoint') continue;
        state ??= event.state;
        process.kill(killed.pid!, 'SIGKILL');
      }
    };
    await expect(render()).rejects.toMatchObject({ code: 'render-crashed' });
    const resume = { state: state!, frames: [] };
    const events = await collect(openRenderer().render(request, photo, never, { resume }));
    const done = events.at(-1) as Done;
    expect(Buffer.from(done.files.result).equals(whole.files.result)).toBe(true);
    expect(done.report.styleLoss).toBe(whole.report.styleLoss);
    // Twelve of sixteen steps were behind it.
    const shares = events.flatMap((event) => (event.kind === 'progress' ? [event.share] : []));
    expect(shares[0]).toBeGreaterThan(12 / 16);
  });
});
