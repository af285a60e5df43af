import type { OpenBackend } from '../backend.ts';
import { FloatBackend } from './onnx-float.ts';
import { Int8Backend } from './onnx-int8.ts';

/** Opens onnxruntime's CPU engine for one network and objective. */
export const openOnnxBackend: OpenBackend = async (network, objective, options) =>
  options.precision === 'int8'
    ? new Int8Backend(network, objective, options)
    : new FloatBackend(network, objective, options);
