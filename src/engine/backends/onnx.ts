import { GramzoomError } from '../../domain/errors.ts';
import type { OpenBackend } from '../backend.ts';
import { int8Obstacle } from './int8-network.ts';
import { FloatBackend } from './onnx-float.ts';
import { Int8Backend } from './onnx-int8.ts';

/** Opens onnxruntime's CPU engine for one network and objective. */
export const openOnnxBackend: OpenBackend = async (network, objective, { threads, precision = 'float' }) => {
  if (precision === 'float') return new FloatBackend(network, objective, { threads });
  const obstacle = int8Obstacle(network.spec);
  if (obstacle) {
    throw new GramzoomError('precision-unavailable', { name: network.spec.name, precision, obstacle });
  }
  return new Int8Backend(network, objective, { threads });
};
