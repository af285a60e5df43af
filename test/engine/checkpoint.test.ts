import { describe, expect, it } from 'vitest';
import { GramzoomError } from '../../src/domain/errors.ts';
import { createRandom } from '../../src/domain/random.ts';
import { parseRequest } from '../../src/domain/request.ts';
import { openOnnxBackend } from '../../src/engine/backends/onnx.ts';
import {
  type CheckpointKey,
  decodeCheckpoint,
  encodeCheckpoint,
  type ZoomState,
} from '../../src/engine/checkpoint.ts';
import { noisePicture } from '../../src/engine/noise-picture.ts';
import { renderZoom, type ZoomEvent, type ZoomOptions } from '../../src/engine/render-zoom.ts';
import { zoomLossOptions } from '../../src/engine/zoom/plan.ts';
import { openNetwork } from '../../src/networks/open.ts';

const key: CheckpointKey = { engine: 'fake 1', request: '{"seed":1}' };

const floats = (seed: number, size: number): Float32Array => {
  const random = createRandom(seed);
  return Float32Array.from({ length: size }, () => random.normal());
};

const side = 8;
const state: ZoomState = {
  stagesDone: 17,
  stepsDone: 120,
  film: {
    picture: { width: side, height: side, data: floats(1, 3 * side ** 2) },
    adam: { first: floats(2, 3 * side ** 2), second: floats(3, 3 * side ** 2), step: 120 },
  },
  random: [1, -2, 3, -4],
  frame0: floats(4, 3 * side ** 2),
  loop: { changes: [0.1, 1 / 3], startDistance: 0.25, undone: -1e-9 },
  styleLoss: { first: 0.125, last: 0 },
};

const codeOf = (action: () => unknown): string => {
  try {
    action();
  } catch (error) {
    return error instanceof GramzoomError ? error.code : String(error);
  }
  return 'nothing was thrown';
};

describe('a checkpoint', () => {
  it('gives back exactly what was put in, from any address', () => {
    const bytes = encodeCheckpoint(state, key);
    const shifted = new Uint8Array(bytes.length + 3);
    shifted.set(bytes, 3);
    expect(decodeCheckpoint(shifted.subarray(3), key)).toEqual(state);
  });

  it('may lie in a Buffer, as files are read', () => {
    const bytes = encodeCheckpoint(state, key);
    const pool = Buffer.alloc(bytes.length + 5);
    pool.set(bytes, 5);
    expect(decodeCheckpoint(pool.subarray(5), key)).toEqual(state);
  });

  it('may have no frame 0 yet', () => {
    const early = { ...state, frame0: null };
    expect(decodeCheckpoint(encodeCheckpoint(early, key), key)).toEqual(early);
  });

  it.each([
    ['of another engine', { ...key, engine: 'fake 2' }],
    ['of another request', { ...key, request: '{"seed":2}' }],
  ])('%s is not gone on with', (_, other) => {
    expect(codeOf(() => decodeCheckpoint(encodeCheckpoint(state, other), key))).toBe('checkpoint-unusable');
  });

  it.each([0, 3, 40, 500, 2000])('cut off after %i bytes is not gone on with', (length) => {
    const bytes = encodeCheckpoint(state, key).subarray(0, length);
    expect(codeOf(() => decodeCheckpoint(bytes, key))).toBe('checkpoint-unusable');
  });

  it('with a huge length in front is not gone on with', () => {
    const bytes = encodeCheckpoint(state, key);
    bytes.fill(0xff, 0, 4);
    expect(codeOf(() => decodeCheckpoint(bytes, key))).toBe('checkpoint-unusable');
  });
});

const request = { ...parseRequest({ size: 64, frames: 8, zoom: 1.05, steps: 2 }), seed: 5 };
const tuning = {
  startSteps: [3],
  burnInFrames: 2,
  offsetPixels: 4,
  startAdam: { rate: 0.03, beta1: 0.9, beta2: 0.99 },
  filmAdam: { rate: 0.02, beta1: 0.9, beta2: 0.95 },
};

/** Renders in a backend of its own, as another process would. */
const render = async (options: Partial<ZoomOptions>): Promise<readonly ZoomEvent[]> => {
  const network = await openNetwork('pocket');
  const backend = await openOnnxBackend(network, { ...zoomLossOptions, threads: 2 });
  const { signal } = new AbortController();
  try {
    return await Array.fromAsync(
      renderZoom(request, noisePicture(96), backend, { signal, tuning, ...options }),
    );
  } finally {
    await backend.close();
  }
};

const framesOf = (events: readonly ZoomEvent[]) =>
  events.flatMap((event) => (event.kind === 'frame' ? [Buffer.from(event.picture.data.buffer)] : []));

describe('a film gone on with', () => {
  it('equals the uninterrupted one bit for bit, wherever it was interrupted', async () => {
    const whole = await render({ checkpoints: true });
    const frames = framesOf(whole);
    expect(frames).toHaveLength(request.frames);
    const states = whole.flatMap((event) => (event.kind === 'checkpoint' ? [event.state] : []));
    expect(states).toHaveLength(1 + tuning.burnInFrames + request.frames);
    for (const stagesDone of [1, 3, 4, 7, 8, 10, 11]) {
      const resume = states[stagesDone - 1]!;
      const rest = await render({ resume });
      const framesDone = Math.max(0, stagesDone - 1 - tuning.burnInFrames);
      expect(framesOf(rest).map((frame, i) => frame.equals(frames[framesDone + i]!))).toEqual(
        frames.slice(framesDone).map(() => true),
      );
      expect(rest.at(-1)).toEqual(whole.at(-1));
      const lastStep = (events: readonly ZoomEvent[]) => events.findLast((event) => event.kind === 'step');
      if (framesDone < request.frames) expect(lastStep(rest)).toEqual(lastStep(whole));
    }
  });
});
