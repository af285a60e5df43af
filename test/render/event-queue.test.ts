import { describe, expect, it } from 'vitest';
import { GramzoomError } from '../../src/domain/errors.ts';
import type { RenderEvent } from '../../src/ports/renderer.ts';
import { createEventQueue } from '../../src/render/event-queue.ts';

const started: RenderEvent = {
  kind: 'started',
  engine: 'fake',
  engineVersion: '1',
  precision: 'float',
  precisionReason: null,
  threads: 1,
  width: 64,
  height: 64,
  done: 0,
  total: 8,
  unit: 'frame',
};
const progress = (stepsDone: number): RenderEvent => ({
  kind: 'progress',
  stage: 'frames',
  share: stepsDone / 9,
  size: 64,
  done: 0,
  total: 8,
  unit: 'frame',
});
const preview = (value: number): RenderEvent => ({ kind: 'preview', jpeg: Uint8Array.of(value) });

describe('the queue of events', () => {
  it('keeps only the newest progress and preview, in the order in which they came', async () => {
    const queue = createEventQueue();
    for (const event of [started, progress(1), preview(0), progress(2), preview(1), progress(3)])
      queue.push(event);
    const events = queue.read();
    expect((await events.next()).value).toEqual(started);
    expect((await events.next()).value).toEqual(preview(1));
    expect((await events.next()).value).toEqual(progress(3));
  });

  it('wakes a reader that waits', async () => {
    const queue = createEventQueue();
    const next = queue.read().next();
    queue.push(started);
    expect((await next).value).toEqual(started);
  });

  it('throws at a reader that waits', async () => {
    const queue = createEventQueue();
    const next = queue.read().next();
    queue.fail(new GramzoomError('cancelled', {}));
    await expect(next).rejects.toMatchObject({ code: 'cancelled' });
  });

  it('drops what still waits when it fails, and keeps the first error', async () => {
    const queue = createEventQueue();
    queue.push(started);
    queue.fail(new GramzoomError('photo-damaged', {}));
    queue.fail(new GramzoomError('cancelled', {}));
    await expect(queue.read().next()).rejects.toMatchObject({ code: 'photo-damaged' });
  });

  it('ends with the answer to a probe', async () => {
    const queue = createEventQueue();
    queue.push({ kind: 'probed', paces: [] });
    const events = queue.read();
    expect((await events.next()).value).toEqual({ kind: 'probed', paces: [] });
    expect((await events.next()).done).toBe(true);
  });
});
