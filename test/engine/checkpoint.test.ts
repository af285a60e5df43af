import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { GramzoomError } from '../../src/domain/errors.ts';
import { createRandom } from '../../src/domain/random.ts';
import {
  type CheckpointKey,
  decodeCheckpoint,
  encodeCheckpoint,
  precisionBefore,
  type RenderState,
  spentBefore,
} from '../../src/engine/synthesis/checkpoint.ts';

const key: CheckpointKey = { engine: 'fake 1', precision: 'float', request: '{"seed":1}' };

const floats = (seed: number, size: number): Float32Array => {
  const random = createRandom(seed);
  return Float32Array.from({ length: size }, () => random.normal());
};

const side = 8;
const ownSchema = z.strictObject({ changes: z.array(z.number()), left: z.number() });
const state: RenderState<z.output<typeof ownSchema>> = {
  stagesDone: 17,
  stepsDone: 120,
  current: {
    picture: { width: side, height: side, data: floats(1, 3 * side ** 2) },
    descent: {
      momentum: floats(2, 3 * side ** 2),
      momentumWeight: 1 - 0.8 ** 120,
      secondMoments: { values: [1e-12, 1 / 3], weight: 0.9 },
    },
    ranges: [[1e-9, 1 / 3], []],
  },
  random: [1, -2, 3, -4],
  own: { changes: [0.1, 1 / 3], left: 1e-9 },
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
    expect(decodeCheckpoint(shifted.subarray(3), key, ownSchema)).toEqual(state);
  });

  it('may lie in a Buffer, as files are read', () => {
    const bytes = encodeCheckpoint(state, key);
    const pool = Buffer.alloc(bytes.length + 5);
    pool.set(bytes, 5);
    expect(decodeCheckpoint(pool.subarray(5), key, ownSchema)).toEqual(state);
  });

  it('tells what was spent before it, whatever it belongs to', () => {
    const spent = { start: 1.5, frames: 1 / 3 };
    expect(spentBefore(encodeCheckpoint(state, key, { spent }))).toEqual(spent);
    expect(spentBefore(encodeCheckpoint(state, key))).toEqual({});
    expect(codeOf(() => spentBefore(Uint8Array.of(1, 2)))).toBe('checkpoint-unusable');
  });

  it('tells what it was computed with, whatever it belongs to', () => {
    expect(precisionBefore(encodeCheckpoint(state, key))).toBe('float');
    expect(precisionBefore(encodeCheckpoint(state, { ...key, precision: 'int8' }))).toBe('int8');
    expect(codeOf(() => precisionBefore(Uint8Array.of(1, 2)))).toBe('checkpoint-unusable');
  });

  it('is not resumed by another kind of render', () => {
    const bytes = encodeCheckpoint({ ...state, own: null }, key);
    expect(codeOf(() => decodeCheckpoint(bytes, key, ownSchema))).toBe('checkpoint-unusable');
  });

  it('may have nothing measured yet', () => {
    const early = { ...state, own: { changes: [], left: 0 } };
    expect(decodeCheckpoint(encodeCheckpoint(early, key), key, ownSchema)).toEqual(early);
  });

  it('shares nothing with the state: either may be changed afterwards', () => {
    const changes = [0.1];
    const own = { ...state, own: { ...state.own, changes } };
    const bytes = encodeCheckpoint(own, key);
    const decoded = decodeCheckpoint(bytes, key, ownSchema);
    bytes.fill(0);
    changes.push(0.2);
    expect(decoded).toEqual({ ...state, own: { ...state.own, changes: [0.1] } });
    decoded.current.picture.data.fill(0);
    expect(decoded.current.descent).toEqual(state.current.descent);
    expect(state.current.picture.data).toEqual(floats(1, 3 * side ** 2));
  });

  it('is not resumed where the version before, with other numerics, made it', () => {
    const bytes = encodeCheckpoint(state, key);
    const text = new TextDecoder().decode(bytes);
    const version = /"formatVersion":(\d+)/.exec(text)![1]!;
    const at = text.indexOf(`"formatVersion":${version}`) + '"formatVersion":'.length;
    bytes[at] = bytes[at]! - 1;
    expect(codeOf(() => decodeCheckpoint(bytes, key, ownSchema))).toBe('checkpoint-unusable');
  });

  it('is not resumed where bytes are left over', () => {
    const bytes = encodeCheckpoint(state, key);
    const longer = new Uint8Array(bytes.length + 4 * 3 * side ** 2);
    longer.set(bytes);
    expect(codeOf(() => decodeCheckpoint(longer, key, ownSchema))).toBe('checkpoint-unusable');
  });

  it.each([
    ['of another engine', { ...key, engine: 'fake 2' }],
    ['of another precision', { ...key, precision: 'int8' } as const],
    ['of another request', { ...key, request: '{"seed":2}' }],
  ])('a checkpoint %s is not resumed', (_, other) => {
    expect(codeOf(() => decodeCheckpoint(encodeCheckpoint(state, other), key, ownSchema))).toBe(
      'checkpoint-unusable',
    );
  });

  it.each([0, 3, 40, 500, 1500])('cut off after %i bytes is not gone on with', (length) => {
    const bytes = encodeCheckpoint(state, key).subarray(0, length);
    expect(codeOf(() => decodeCheckpoint(bytes, key, ownSchema))).toBe('checkpoint-unusable');
  });

  it('is not resumed where a huge length stands in front', () => {
    const bytes = encodeCheckpoint(state, key);
    bytes.fill(0xff, 0, 4);
    expect(codeOf(() => decodeCheckpoint(bytes, key, ownSchema))).toBe('checkpoint-unusable');
  });
});
