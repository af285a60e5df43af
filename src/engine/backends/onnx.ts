import { GramzoomError } from '../../domain/errors.ts';
import type { OpenBackend } from '../backend.ts';
import { int8Obstacle } from './int8-obstacle.ts';
import { FloatBackend } from './onnx-float.ts';
import { failed } from './onnx-session.ts';

/** Opens onnxruntime's CPU engine for one network and objective. */
export const openOnnxBackend: OpenBackend = async (network, objective, { threads, precision = 'float' }) => {
  if (precision === 'float') return new FloatBackend(network, objective, { threads });
  const obstacle = int8Obstacle(network);
  if (obstacle) {
    throw new GramzoomError('precision-unavailable', { name: network.spec.name, precision, obstacle });
  }
  throw failed(new Error('it has no 8-bit step'));
};
