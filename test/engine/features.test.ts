import { describe, expect, it } from 'vitest';
import { openOnnxBackend } from '../../src/engine/backends/onnx.ts';
import { convolutionOutputs, type Features } from '../../src/engine/features.ts';
import { noisePicture } from '../../src/engine/noise-picture.ts';
import type { Network } from '../../src/engine/spec.ts';
import { oddNetwork, plainNetwork } from '../support/tiny-network.ts';

const gram = ({ channels, data }: Features, rectified: boolean): number[] => {
  const pixels = data.length / channels;
  const at = (channel: number, i: number): number => {
    const value = data[channel * pixels + i]!;
    return rectified ? Math.max(0, value) : value;
  };
  return Array.from({ length: channels * channels }, (_, entry) => {
    let sum = 0;
    for (let i = 0; i < pixels; i++) sum += at(Math.floor(entry / channels), i) * at(entry % channels, i);
    return sum / pixels;
  });
};

const isRectified = ({ spec }: Network, name: string): boolean => {
  const index = spec.layers.findIndex((layer) => layer.kind === 'conv' && layer.name === name);
  return spec.layers[index + 1]?.kind === 'relu';
};

describe('the outputs of convolutions, straight from the definition', () => {
  it.each([
    ['a plain network', plainNetwork(), 'c'],
    ['a network with everything that a spec can say', oddNetwork(), 'c'],
  ])('have the Gram matrices that a backend measures for %s', async (_, network, upTo) => {
    const noise = noisePicture(32);
    const backend = await openOnnxBackend(
      network,
      { padding: 'zero', octaves: 1, weights: { gram: 1 } },
      { threads: 1 },
    );
    const { grams } = await backend.measure(noise, noise);
    const outputs = new Map(convolutionOutputs(network, noise, { upTo }));
    network.spec.taps.forEach(({ layer }, tap) => {
      const own = gram(outputs.get(layer)!, isRectified(network, layer));
      const measured = grams[0]![tap]!.gram;
      const largest = Math.max(...own.map(Math.abs));
      // Float32 sums over 1024 pixels lose up to a few 1e-6 of the largest entry.
      own.forEach((value, i) => {
        expect(Math.abs(value - measured[i]!)).toBeLessThan(1e-4 * largest);
      });
    });
    await backend.close();
  });

  it('end with the convolution that was wanted last', () => {
    const outputs = convolutionOutputs(plainNetwork(), noisePicture(8), { upTo: 'b' });
    expect(
      [...outputs].map(([name, { channels, height, width }]) => [name, channels, height, width]),
    ).toEqual([
      ['a', 4, 8, 8],
      ['b', 4, 8, 8],
    ]);
  });
});
