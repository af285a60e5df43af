import { describe, expect, it } from 'vitest';
import { GramzoomError } from '../../src/domain/errors.ts';
import { readSafetensors, writeSafetensors } from '../../src/engine/safetensors.ts';
import type { Tensor } from '../../src/engine/spec.ts';
import { rawSafetensors } from '../support/raw-safetensors.ts';

const halves = (...words: number[]): Uint8Array => new Uint8Array(Uint16Array.from(words).buffer);
const one = (shape: unknown, offsets: unknown, dtype: unknown = 'F32') => ({
  a: { dtype, shape, data_offsets: offsets },
});

const problemOf = (bytes: Uint8Array): string => {
  try {
    readSafetensors(bytes);
  } catch (error) {
    if (error instanceof GramzoomError && error.code === 'network-damaged') {
      return (error as GramzoomError<'network-damaged'>).data.problem;
    }
    throw error;
  }
  return 'none';
};

describe('reading safetensors', () => {
  const tensors = new Map<string, Tensor>([
    ['conv.weight', { shape: [2, 1, 1, 3], data: Float32Array.of(1, -2, 3.5, 0, -0, 1e-30) }],
    ['conv.bias', { shape: [2], data: Float32Array.of(7, Number.NEGATIVE_INFINITY) }],
    ['scalar', { shape: [], data: Float32Array.of(0.1) }],
    ['empty', { shape: [0, 5], data: new Float32Array(0) }],
  ]);

  it('gives back what was written', () => {
    const file = readSafetensors(writeSafetensors(tensors, { metadata: { network: 'test' } }));
    expect(file.tensors).toEqual(tensors);
    expect(file.metadata).toEqual({ network: 'test' });
    expect(readSafetensors(writeSafetensors(new Map())).tensors.size).toBe(0);
  });

  it('reads from the middle of a larger buffer, at any alignment, and keeps nothing of it', () => {
    const file = writeSafetensors(tensors);
    const around = Buffer.alloc(file.length + 8, 0xff);
    around.set(file, 3);
    const read = readSafetensors(around.subarray(3, 3 + file.length));
    around.fill(0xff);
    expect(read.tensors).toEqual(tensors);
  });

  it('takes the order of the data from the offsets, not from the header', () => {
    const header = {
      late: { dtype: 'F32', shape: [1], data_offsets: [4, 8] },
      early: { dtype: 'F32', shape: [1], data_offsets: [0, 4] },
    };
    const data = new Uint8Array(Float32Array.of(1, 2).buffer);
    const { tensors: read } = readSafetensors(rawSafetensors(header, data));
    expect(read.get('early')!.data[0]).toBe(1);
    expect(read.get('late')!.data[0]).toBe(2);
  });

  it('reads halves: normal, subnormal, zeros, infinities, NaN', () => {
    const words = [
      0x3c00, 0xc000, 0x3555, 0x7bff, 0x0400, 0x0001, 0x83ff, 0x0000, 0x8000, 0x7c00, 0xfc00, 0x7e00,
    ];
    const file = rawSafetensors(one([12], [0, 24], 'F16'), halves(...words));
    expect(Array.from(readSafetensors(file).tensors.get('a')!.data)).toEqual([
      1,
      -2,
      0.333251953125,
      65504,
      2 ** -14,
      2 ** -24,
      -1023 * 2 ** -24,
      0,
      -0,
      Number.POSITIVE_INFINITY,
      Number.NEGATIVE_INFINITY,
      Number.NaN,
    ]);
  });

  it('reads bfloat16', () => {
    const file = rawSafetensors(one([4], [0, 8], 'BF16'), halves(0x3f80, 0xc049, 0x7f80, 0x0080));
    expect(Array.from(readSafetensors(file).tensors.get('a')!.data)).toEqual([
      1,
      -3.140625,
      Number.POSITIVE_INFINITY,
      2 ** -126,
    ]);
  });

  it('calls the network by the name it is given', () => {
    expect(() => readSafetensors(new Uint8Array(3), { name: 'pocket' })).toThrow(
      expect.objectContaining({
        code: 'network-damaged',
        data: { name: 'pocket', problem: 'the file is cut off' },
      }),
    );
  });
});

describe('a hostile safetensors file', () => {
  const four = new Uint8Array(4);
  const eight = new Uint8Array(8);
  const huge = (length: bigint): Uint8Array => {
    const file = new Uint8Array(64);
    new DataView(file.buffer).setBigUint64(0, length, true);
    return file;
  };
  const pair = (a: readonly number[], b: readonly number[]) => ({
    a: { dtype: 'F32', shape: [1], data_offsets: a },
    b: { dtype: 'F32', shape: [1], data_offsets: b },
  });

  it.each<[string, Uint8Array, RegExp]>([
    ['is empty', new Uint8Array(0), /cut off/],
    ['ends within its length', new Uint8Array(7), /cut off/],
    ['ends within its header', rawSafetensors(one([1], [0, 4])).subarray(0, 30), /cut off/],
    ['ends within its data', rawSafetensors(one([2], [0, 8]), four), /beyond the end/],
    ['declares a header beyond all memory', huge(2n ** 64n - 1n), /header is too long/],
    ['declares a header of 2 GiB', huge(2n ** 31n), /header is too long/],
    ['declares a header a byte too long', huge(57n), /cut off/],
    ['has an empty header', rawSafetensors(''), /not JSON/],
    ['has a header that is no JSON', rawSafetensors('{"a":'), /not JSON/],
    [
      'has a header that is no UTF-8',
      rawSafetensors('{"?":1}').map((b) => (b === 63 ? 0xff : b)),
      /not JSON/,
    ],
    ['has a header that is a list', rawSafetensors('[]'), /no JSON object/],
    ['has a header that is null', rawSafetensors('null'), /no JSON object/],
    ['nests without end', rawSafetensors(`${'['.repeat(500_000)}${']'.repeat(500_000)}`), /JSON/],
    ['has tensors that are no objects', rawSafetensors({ a: 5 }), /"a" has a wrong entry/],
    ['lacks a dtype', rawSafetensors({ a: { shape: [1], data_offsets: [0, 4] } }, four), /"dtype"/],
    ['has an unknown dtype', rawSafetensors(one([1], [0, 8], 'F64'), eight), /"dtype"/],
    ['has a dtype from the prototype', rawSafetensors(one([1], [0, 4], 'toString'), four), /"dtype"/],
    ['has a negative dimension', rawSafetensors(one([-1, -1], [0, 4]), four), /"shape"/],
    ['has a fractional dimension', rawSafetensors(one([0.5, 2], [0, 4]), four), /"shape"/],
    ['has a dimension as text', rawSafetensors(one(['1'], [0, 4]), four), /"shape"/],
    [
      'has an infinite dimension',
      rawSafetensors('{"a":{"dtype":"F32","shape":[1e999],"data_offsets":[0,4]}}', four),
      /"shape"/,
    ],
    [
      'has more dimensions than any network',
      rawSafetensors(one(new Array(1000).fill(1), [0, 4]), four),
      /"shape"/,
    ],
    [
      'has dimensions whose product overflows',
      rawSafetensors(one([2 ** 32, 2 ** 32, 2 ** 32], [0, 4]), four),
      /too large/,
    ],
    ['hides an overflow behind a zero', rawSafetensors(one([2 ** 52, 2 ** 52, 0], [0, 0])), /too large/],
    [
      'has dimensions whose product wraps to the right size',
      rawSafetensors(one([2 ** 31, 2 ** 33, 1], [0, 4]), four),
      /too large/,
    ],
    ['has a shape larger than its data', rawSafetensors(one([2], [0, 4]), four), /does not fit its shape/],
    ['has a shape smaller than its data', rawSafetensors(one([1], [0, 8]), eight), /does not fit its shape/],
    [
      'has an odd number of bytes',
      rawSafetensors(one([1], [0, 3]), new Uint8Array(3)),
      /does not fit its shape/,
    ],
    ['has negative offsets', rawSafetensors(one([1], [-4, 0]), four), /"data_offsets"/],
    ['has offsets the wrong way round', rawSafetensors(one([1], [4, 0]), four), /does not fit its shape/],
    ['has offsets beyond its end', rawSafetensors(one([1], [4, 8]), four), /beyond the end/],
    ['has huge offsets', rawSafetensors(one([1], [2 ** 53 - 5, 2 ** 53 - 1]), four), /beyond the end/],
    ['has three offsets', rawSafetensors(one([1], [0, 4, 8]), eight), /"data_offsets"/],
    ['has two tensors in one place', rawSafetensors(pair([0, 4], [0, 4]), four), /overlaps/],
    ['has overlapping tensors', rawSafetensors(pair([0, 4], [2, 6]), new Uint8Array(6)), /overlaps/],
    ['leaves a gap in front', rawSafetensors(one([1], [4, 8]), eight), /gap/],
    ['leaves a gap between', rawSafetensors(pair([0, 4], [8, 12]), new Uint8Array(12)), /gap/],
    ['leaves bytes behind', rawSafetensors(one([1], [0, 4]), eight), /belong to no tensor/],
    [
      'names a tensor twice',
      rawSafetensors(
        `{"a":${JSON.stringify(one([1], [0, 4]).a)},"\\u0061":${JSON.stringify(one([1], [0, 4]).a)}}`,
        four,
      ),
      /twice/,
    ],
    [
      'names a dtype twice',
      rawSafetensors('{"a":{"dtype":"F16","dtype":"F32","shape":[1],"data_offsets":[0,4]}}', four),
      /twice/,
    ],
    ['has metadata that is no text', rawSafetensors({ __metadata__: { n: 1 } }), /metadata/],
  ])('is refused where it %s', (_, file, problem) => {
    expect(problemOf(file)).toMatch(problem);
  });

  it('is refused at every cut', () => {
    const file = writeSafetensors(new Map([['a', { shape: [3], data: Float32Array.of(1, 2, 3) }]]));
    for (let length = 0; length < file.length; length++) {
      expect(problemOf(file.subarray(0, length))).not.toBe('none');
    }
    expect(problemOf(file)).toBe('none');
  });

  it('may say the same key in different objects', () => {
    const nested = '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"a":{"a":["a:\\"a\\":","a"]}}}';
    expect(problemOf(rawSafetensors(nested, four))).toBe('none');
  });

  it('does not get a long or strange name of its own into the error', () => {
    const name = `\u001b[31m${'x'.repeat(10_000)}`;
    const problem = problemOf(rawSafetensors({ [name]: 1 }));
    expect(problem.length).toBeLessThan(200);
    expect(problem).not.toContain('\u001b');
  });
});
