import { describe, expect, it } from 'vitest';
import type { OpenBackend } from '../../src/engine/backend.ts';
import { openOnnxBackend } from '../../src/engine/backends/onnx.ts';
import type { Objective } from '../../src/engine/objective/objective.ts';
import type { Padding } from '../../src/engine/spec.ts';
import { openNetwork } from '../../src/networks/open.ts';
import { wavyPicture } from '../support/test-pictures.ts';
import { openTfjsBackend } from '../support/tfjs/tfjs-backend.ts';

const norm = (values: Float32Array): number => Math.hypot(...values);

describe('the pocket network', () => {
  // 64 px is the smallest side with two octaves, 32 px keeps the two other paddings cheap.
  it.each<{ padding: Padding; side: number; octaves: number }>([
    { padding: 'wrap', side: 64, octaves: 2 },
    { padding: 'reflect', side: 32, octaves: 1 },
    { padding: 'zero', side: 32, octaves: 1 },
  ])(
    'has one gradient on onnx and tfjs: $padding padding, $octaves octaves',
    async ({ padding, side, octaves }) => {
      const network = await openNetwork('pocket');
      const objective: Objective = { padding, octaves, weights: { gram: 1, colour: 0.1, smoothness: 0.1 } };
      const evaluate = async (open: OpenBackend) => {
        const backend = await open(network, objective, { threads: 1 });
        try {
          const target = await backend.measure(wavyPicture(side + 8, side - 8, 1), {
            width: side,
            height: side,
          });
          expect(target.grams).toHaveLength(octaves);
          return await backend.evaluate(wavyPicture(side, side, 2), target);
        } finally {
          await backend.close();
        }
      };
      const [onnx, tfjs] = [await evaluate(openOnnxBackend), await evaluate(openTfjsBackend)];
      expect(onnx.gradient.every(Number.isFinite)).toBe(true);
      expect(Math.abs(onnx.loss - tfjs.loss)).toBeLessThan(1e-4 * tfjs.loss);
      const difference = onnx.gradient.map((value, i) => value - tfjs.gradient[i]!);
      // Both are Float32 and add in another order; about four digits are left after eight layers.
      expect(norm(difference)).toBeLessThan(1e-3 * norm(tfjs.gradient));
    },
  );
});
