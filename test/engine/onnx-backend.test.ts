import { openOnnxBackend } from '../../src/engine/backends/onnx.ts';
import { backendContract } from '../contract/backend.ts';
import type { Exactness } from '../support/nearness.ts';
import { oddByteNetwork, plainNetwork } from '../support/tiny-network.ts';

backendContract('onnx:cpu', openOnnxBackend);

/**
 * Rounding to bytes is an error of about 1 % of a layer's activations or gradients. The networks here have few channels,
 * in which errors hardly cancel. A loss is a small difference of large Gram matrices, squared. A gradient's relative
 * error of 0.2 leaves a cosine of 0.98.
 */
const ofBytes: Exactness = { losses: 0.08, gradient: 0.2 };

backendContract(
  'onnx:cpu in int8',
  (network, objective, options) => openOnnxBackend(network, objective, { ...options, precision: 'int8' }),
  { exactness: ofBytes, networks: [plainNetwork(), oddByteNetwork()] },
);
