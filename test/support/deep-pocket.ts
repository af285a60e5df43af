import type { Network, NetworkSpec } from '../../src/engine/spec.ts';
import { openNetwork } from '../../src/networks/open.ts';
import { randomNetwork } from './tiny-network.ts';

const channels = 128;

const fourthBlock = ['conv4_1', 'conv4_2', 'conv4_3', 'conv4_4'].flatMap((name): NetworkSpec['layers'] => [
  { kind: 'conv', name, in: channels, out: channels, kernel: 3 },
  { kind: 'relu' },
]);

/** The pocket network with a fourth block of random weights behind its third: two taps lie behind three poolings. */
export const openDeepPocket = async (): Promise<Network> => {
  const { spec, tensors } = await openNetwork('pocket', { depth: 'style' });
  const deep = {
    ...spec,
    name: 'deep-pocket',
    layers: [...spec.layers, { kind: 'pool', method: 'average' }, ...fourthBlock],
    taps: [...spec.taps, { layer: 'conv4_1', weight: 1 }, { layer: 'conv4_4', weight: 1 }],
  };
  const random = randomNetwork(deep, { seed: 1 });
  return { ...random, tensors: new Map([...random.tensors, ...tensors]) };
};
