import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ZoomInput, ZoomReport } from '../../src/domain/kinds/zoom.ts';
import { parseRequest } from '../../src/domain/kinds.ts';
import { createRandom } from '../../src/domain/random.ts';
import type { OutputFormat } from '../../src/domain/request.ts';
import { encodeFilm } from '../../src/image/encode-film.ts';
import { maxPreviewBytes } from '../../src/image/preview.ts';
import { systemClock } from '../../src/ops/system-clock.ts';
import type { RenderEvent } from '../../src/ports/renderer.ts';
import { ChildRenderer } from '../../src/render/child-renderer.ts';
import { collect } from '../contract/renderer.ts';

const landscape = readFileSync(fileURLToPath(new URL('../../docs/sample.png', import.meta.url)));
const portrait = await sharp(landscape).rotate(90).png().toBuffer();
const never = new AbortController().signal;
type Done = Extract<RenderEvent, { kind: 'done' }>;

/** With the real engine: these films are as small as films can be. */
describe('a film in the shape of its photo', () => {
  let renderer: ChildRenderer;
  beforeAll(() => {
    const rest = { threads: 1, engine: 'onnx:cpu', precision: 'float', previewIntervalMs: 0 } as const;
    renderer = new ChildRenderer({ clock: systemClock, ...rest });
  });
  afterAll(async () => {
    await renderer.close();
  });

  const small = { size: 96, aspect: 'photo', frames: 8, quality: 'draft', steps: 1 } as const;
  const render = async (input: ZoomInput, photo: Uint8Array = landscape) => {
    const request = { ...parseRequest({ ...small, ...input }), seed: 3 };
    const events = await collect(renderer.render(request, photo, never));
    return { events, done: events.at(-1) as Done };
  };

  /** Sides and frames as a program reads them that did not write them. */
  const factsOf = async (format: OutputFormat, file: Uint8Array) => {
    if (format === 'mp4') {
      const bytes = Buffer.from(file);
      // The sides stand 16.16 at the end of the track's header, the number of samples behind stsz.
      const tkhd = bytes.indexOf('tkhd');
      const sides = { width: bytes.readUInt16BE(tkhd + 80), height: bytes.readUInt16BE(tkhd + 84) };
      return { ...sides, frames: bytes.readUInt32BE(bytes.indexOf('stsz') + 12) };
    }
    const { width, height, pageHeight, pages } = await sharp(file, { animated: true }).metadata();
    return { width, height: pageHeight ?? height, frames: pages ?? 1 };
  };

  it.for(['gif', 'webp', 'png', 'mp4'] as const)('is a file of those sides: %s', async (format) => {
    const { done, events } = await render({ format });
    const frames = format === 'png' ? 1 : 8;
    const sides = { width: 112, height: 80 };
    expect(events[0]).toMatchObject({ kind: 'started', ...sides });
    expect(await factsOf(format, done.files.result)).toEqual({ ...sides, frames });
    expect(done.report).toMatchObject({ ...sides, frames, quality: 'draft', fit: null });
    expect(await sharp(done.files.still).metadata()).toMatchObject({ format: 'png', ...sides });
    const { seamRatio } = done.report as ZoomReport;
    if (format === 'png') expect(seamRatio).toBeNull();
    else expect(seamRatio).toBeGreaterThan(0.3);
  });

  it('stands upright where the photo does, and is shown as large from its coarse level on', async () => {
    const { done, events } = await render({ size: 128 }, portrait);
    expect(done.report).toMatchObject({ width: 112, height: 144 });
    const previews = events.flatMap((event) => (event.kind === 'preview' ? [event.jpeg] : []));
    const firstFrame = events.findIndex((event) => event.kind === 'progress' && event.stage === 'frames');
    expect(events.findIndex((event) => event.kind === 'preview')).toBeLessThan(firstFrame);
    for (const jpeg of [previews[0]!, previews.at(-1)!]) {
      expect(jpeg.length).toBeLessThan(maxPreviewBytes);
      expect(await sharp(jpeg).metadata()).toMatchObject({ format: 'jpeg', width: 112, height: 144 });
    }
  });

  /** Each side is rounded to an even one: that may move either by a pixel. */
  const expectShape = (made: { readonly width: number; readonly height: number }): void => {
    expect(made.width).toBeLessThan(144);
    expect([made.width % 2, made.height % 2]).toEqual([0, 0]);
    expect(Math.abs(made.height - (made.width * 112) / 144)).toBeLessThanOrEqual(2);
  };
  const maxBytes = 20_000;

  it('keeps its shape where it is made to fit', async () => {
    const { done } = await render({ size: 128, frames: 24, maxBytes });
    const { width, height, fit } = done.report;
    expect(done.files.result.length).toBeLessThanOrEqual(maxBytes);
    expect(fit).toMatchObject({ size: Math.max(width, height) });
    expectShape({ width, height });
    expect(await factsOf('gif', done.files.result)).toMatchObject({ width, height });
  });

  it('keeps it as a video, too', async () => {
    // Noise, and fewer bytes than it takes at the lowest quality: only fewer pixels help.
    const least = 4000;
    const random = createRandom(1);
    const frames = Array.from({ length: 8 }, () => ({
      ...{ width: 144, height: 112 },
      data: Uint8Array.from({ length: 3 * 144 * 112 }, () => 255 * random.uniform()),
    }));
    const options = { format: 'mp4', fps: 20, zoom: 1.03, direction: 'in', maxBytes: least } as const;
    const { bytes, width, height } = await encodeFilm(frames, options);
    expect(bytes.length).toBeLessThanOrEqual(least);
    expectShape({ width, height });
    expect(await factsOf('mp4', bytes)).toEqual({ width, height, frames: 8 });
  });
});
