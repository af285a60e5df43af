import type { OpenBackend } from '../backend.ts';
import { FloatBackend } from './onnx-float.ts';

/** Opens onnxruntime's CPU engine for one network and objective. */
export const openOnnxBackend: OpenBackend = async (network, objective, options) =>
  new FloatBackend(network, objective, options);
