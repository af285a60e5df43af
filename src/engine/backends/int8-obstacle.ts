import type { Int8Obstacle } from '../../domain/engines.ts';
import { layersUpToLastTap, type Network } from '../spec.ts';

/** Why a network cannot be computed in 8-bit integers; undefined where it can. */
export const int8Obstacle = ({ spec }: Pick<Network, 'spec'>): Int8Obstacle | undefined => {
  const layers = layersUpToLastTap(spec);
  if (layers.some(({ kind }, i) => kind === 'conv' && layers[i + 1]?.kind !== 'relu')) return 'no-relu';
  if (layers.some((layer) => layer.kind === 'pool' && layer.method === 'max')) return 'max-pooling';
  return undefined;
};
