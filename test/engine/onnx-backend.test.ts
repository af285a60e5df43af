import { openOnnxBackend } from '../../src/engine/backends/onnx.ts';
import { backendContract } from '../contract/backend.ts';

backendContract('onnx:cpu', openOnnxBackend);
