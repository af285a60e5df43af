import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ZoomReport } from '../../src/domain/kinds/zoom.ts';
import { parseRequest } from '../../src/domain/kinds.ts';
import { systemClock } from '../../src/ops/system-clock.ts';
import { ChildRenderer } from '../../src/render/child-renderer.ts';
import { collect } from '../contract/renderer.ts';
import {
  blackPng,
  emojiPng,
  manyFrameGif,
  onePixelPng,
  transparentPng,
  whitePng,
} from '../support/hostile-images.ts';

const request = { ...parseRequest({ size: 64, frames: 8, steps: 1 }), seed: 11 };

/** With the real engine, which some of them give little to go by. */
describe('odd photos that can be used', () => {
  let renderer: ChildRenderer;
  beforeAll(() => {
    renderer = new ChildRenderer({
      ...{ clock: systemClock, threads: 1, engine: 'onnx:cpu', precision: 'float', previewIntervalMs: null },
    });
  });
  afterAll(() => renderer.close());

  it.each([
    ['a GIF of 20,000 frames', () => manyFrameGif()],
    ['an all black picture', () => blackPng()],
    ['an all white picture', () => whitePng()],
    ['a transparent picture', () => transparentPng()],
    ['a single pixel', () => onePixelPng()],
    ['an emoji of 16 x 16 pixels', () => emojiPng()],
  ])('become a film: %s', async (_what, make) => {
    const { signal } = new AbortController();
    const done = (await collect(renderer.render(request, await make(), signal))).at(-1);
    if (done?.kind !== 'done') throw new Error(`it ended with ${done?.kind}`);
    const { frames, styleLoss } = done.report as ZoomReport;
    expect(frames).toBe(8);
    expect(styleLoss).toBeGreaterThanOrEqual(0);
    expect(Buffer.from(done.files.result).subarray(0, 6).toString()).toBe('GIF89a');
  });
});
