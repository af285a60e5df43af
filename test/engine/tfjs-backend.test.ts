import * as tf from '@tensorflow/tfjs-core';
import { describe, expect, it } from 'vitest';
import { backendContract } from '../contract/backend.ts';
import { wavyPicture } from '../support/test-pictures.ts';
import { openTfjsBackend } from '../support/tfjs/tfjs-backend.ts';
import { oddNetwork } from '../support/tiny-network.ts';

backendContract('tfjs:cpu', openTfjsBackend);

describe('tfjs:cpu', () => {
  it('frees every tensor it makes', async () => {
    const atFirst = tf.memory().numTensors;
    const backend = await openTfjsBackend(
      oddNetwork(),
      { padding: 'reflect', octaves: 1, weights: { gram: 1, colour: 1, smoothness: 1 } },
      { threads: 1 },
    );
    const withWeights = tf.memory().numTensors;
    expect(withWeights).toBeGreaterThan(atFirst);
    const picture = wavyPicture(16, 16, 1);
    const target = await backend.measure(picture, { width: 16, height: 16 });
    await backend.evaluate(picture, target);
    expect(tf.memory().numTensors).toBe(withWeights);
    await expect(backend.evaluate(wavyPicture(15, 15, 1), target)).rejects.toMatchObject({
      code: 'internal',
    });
    expect(tf.memory().numTensors).toBe(withWeights);
    await backend.close();
    expect(tf.memory().numTensors).toBe(atFirst);
  });
});
