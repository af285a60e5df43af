import { describe, expect, it } from 'vitest';
import {
  assembleNetwork,
  layersUpToLastTap,
  parseNetworkSpec,
  poolingDepth,
  tapIndex,
} from '../../src/engine/spec.ts';
import { oddNetwork, plainNetwork } from '../support/tiny-network.ts';

const conv = (name: string, inputs: number, out: number) => ({
  kind: 'conv',
  name,
  in: inputs,
  out,
  kernel: 3,
});
const spec = {
  name: 'small',
  input: { order: 'rgb', scale: [1, 1, 1], offset: [0, 0, 0] },
  layers: [conv('a', 3, 4), { kind: 'relu' }, { kind: 'pool', method: 'max' }, conv('b', 4, 5)],
  taps: [{ layer: 'a', weight: 1 }],
};
const damaged = (problem: RegExp) =>
  expect.objectContaining({
    code: 'network-damaged',
    data: expect.objectContaining({ problem: expect.stringMatching(problem) }),
  });

describe('a network spec', () => {
  it('is taken as it stands where it is sound', () => {
    expect(parseNetworkSpec(spec)).toEqual(spec);
  });

  it.each<[string, unknown, RegExp]>([
    ['is no object', 'pocket', /not valid/],
    ['has a field that nobody knows', { ...spec, author: 'x' }, /not valid/],
    ['has no layers', { ...spec, layers: [] }, /layers/],
    ['has a layer of an unknown kind', { ...spec, layers: [{ kind: 'dropout' }] }, /layers\.0/],
    ['has a kernel of five', { ...spec, layers: [{ ...conv('a', 3, 4), kernel: 5 }] }, /layers\.0\.kernel/],
    [
      'does not start with three channels',
      { ...spec, layers: [conv('a', 1, 4)] },
      /a takes 1 channels but is given 3/,
    ],
    [
      'does not chain',
      { ...spec, layers: [conv('a', 3, 4), conv('b', 5, 4)] },
      /b takes 5 channels but is given 4/,
    ],
    [
      'names two layers alike',
      { ...spec, layers: [conv('a', 3, 3), conv('a', 3, 3)] },
      /two layers are called a/,
    ],
    ['has no tap', { ...spec, taps: [] }, /taps/],
    ['taps a layer that is not there', { ...spec, taps: [{ layer: 'z', weight: 1 }] }, /tap z is no layer/],
    ['taps a layer twice', { ...spec, taps: [...spec.taps, ...spec.taps] }, /two taps are called a/],
    ['has a tap that counts for nothing', { ...spec, taps: [{ layer: 'a', weight: 0 }] }, /taps\.0\.weight/],
    ['scales two channels', { ...spec, input: { ...spec.input, scale: [1, 1] } }, /input\.scale/],
    [
      'has an infinite offset',
      { ...spec, input: { ...spec.input, offset: [0, 0, Number.POSITIVE_INFINITY] } },
      /input\.offset/,
    ],
  ])('is refused where it %s', (_, value, problem) => {
    expect(() => parseNetworkSpec(value)).toThrow(damaged(problem));
  });

  it('ends at its last tap, with the ReLU that belongs to it', () => {
    const parsed = parseNetworkSpec(spec);
    expect(layersUpToLastTap(parsed)).toEqual(spec.layers.slice(0, 2));
    expect(poolingDepth(parsed)).toBe(0);
    const deeper = parseNetworkSpec({ ...spec, taps: [{ layer: 'b', weight: 1 }, ...spec.taps] });
    expect(layersUpToLastTap(deeper)).toEqual(spec.layers);
    expect(poolingDepth(deeper)).toBe(1);
  });

  it('taps the ReLU behind a convolution, or the convolution where none follows at once', () => {
    expect(tapIndex(plainNetwork().spec, 'a')).toBe(1);
    const odd = oddNetwork().spec;
    expect(['mix', 'a', 'b', 'c'].map((layer) => tapIndex(odd, layer))).toEqual([0, 1, 5, 6]);
  });
});

describe('weights that do not belong to their spec', () => {
  const { spec: plain, tensors } = plainNetwork();

  it('are refused where one is missing', () => {
    const fewer = new Map(tensors);
    fewer.delete('b.bias');
    expect(() => assembleNetwork(plain, fewer)).toThrow(damaged(/b\.bias is missing/));
  });

  it('are refused where one has another shape', () => {
    const turned = new Map(tensors).set('c.weight', { ...tensors.get('c.weight')!, shape: [4, 6, 3, 3] });
    expect(() => assembleNetwork(plain, turned)).toThrow(
      damaged(/c\.weight has shape 4x6x3x3 instead of 6x4x3x3/),
    );
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('are refused where one holds %s', (value) => {
    const data = tensors.get('a.bias')!.data.slice();
    data[2] = value;
    const poisoned = new Map(tensors).set('a.bias', { shape: [4], data });
    expect(() => assembleNetwork(plain, poisoned)).toThrow(
      damaged(/a\.bias holds values that are not finite/),
    );
  });
});
