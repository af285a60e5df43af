import { describe, expect, it } from 'vitest';
import { GramzoomError } from '../../src/domain/errors.ts';
import { int8Obstacle } from '../../src/engine/backends/int8-network.ts';
import { openOnnxBackend } from '../../src/engine/backends/onnx.ts';
import { styleObjective } from '../../src/engine/objective/objective.ts';
import { openNetwork } from '../../src/networks/open.ts';
import { plainNetwork, randomNetwork } from '../support/tiny-network.ts';

const conv = { kind: 'conv', name: 'a', in: 3, out: 4, kernel: 3 };
const next = { ...conv, name: 'b', in: 4 };
const relu = { kind: 'relu' };
const average = { kind: 'pool', method: 'average' };
const max = { kind: 'pool', method: 'max' };

const networkOf = (layers: readonly object[], tap: string) =>
  randomNetwork(
    {
      name: 'one',
      input: { order: 'rgb', scale: [1, 1, 1], offset: [0, 0, 0] },
      layers,
      taps: [{ layer: tap, weight: 1 }],
    },
    { seed: 1 },
  );

describe('what keeps a network from being computed in 8-bit integers', () => {
  it('is nothing in the networks of this project', async () => {
    expect(int8Obstacle((await openNetwork('pocket')).spec)).toBeUndefined();
    expect(int8Obstacle(plainNetwork().spec)).toBeUndefined();
  });

  it.each([
    ['a convolution without a ReLU before another', [conv, next, relu], 'b', 'no-relu'],
    ['a convolution without a ReLU at the end', [conv, relu, next], 'b', 'no-relu'],
    ['a pooling between a convolution and its ReLU', [conv, average, relu, next, relu], 'b', 'no-relu'],
    ['max pooling', [conv, relu, max, next, relu], 'b', 'max-pooling'],
    ['a ReLU behind another one', [conv, relu, relu, next, relu], 'b', 'lone-relu'],
    ['a pooling in front', [average, conv, relu], 'a', 'first-layer'],
    ['nothing where it comes behind the last tap', [conv, relu, max, next], 'a', undefined],
  ])('is %s', (_, layers, tap, obstacle) => {
    expect(int8Obstacle(networkOf(layers, tap).spec)).toBe(obstacle);
  });

  it('is said where such a network is to be computed in them', async () => {
    const network = networkOf([conv, relu, max, next, relu], 'b');
    await expect(openOnnxBackend(network, styleObjective, { threads: 1, precision: 'int8' })).rejects.toEqual(
      new GramzoomError('precision-unavailable', {
        ...{ name: 'one', precision: 'int8', obstacle: 'max-pooling' },
      }),
    );
  });
});
