import { octavesFor } from '../src/engine/objective/objective.ts';
import { layersUpToLastTap, type NetworkSpec } from '../src/engine/spec.ts';

export type MultiplyAdds = { readonly convolutions: number; readonly grams: number };

/**
 * Multiply-adds of one step at a side, over all octaves: every convolution forward and backward (towards its
 * input; weights have no gradient), every Gram matrix and the product of its error with the features. Each
 * convolution counts as in x out x kernel^2 per pixel of the unpadded picture. Not counted: what is done per
 * value (ReLU, pooling, borders, the octaves' resampling), the colour term and the optimiser.
 */
export const multiplyAdds = (
  spec: NetworkSpec,
  { side, octaves }: { readonly side: number; readonly octaves: number },
): MultiplyAdds => {
  const taps = new Set(spec.taps.map((tap) => tap.layer));
  let convolutions = 0;
  let grams = 0;
  for (let octave = 0; octave < octavesFor({ width: side, height: side }, octaves); octave++) {
    let pixels = (side / 2 ** octave) ** 2;
    for (const layer of layersUpToLastTap(spec)) {
      if (layer.kind === 'pool') pixels /= 4;
      if (layer.kind !== 'conv') continue;
      convolutions += 2 * layer.in * layer.out * layer.kernel ** 2 * pixels;
      if (taps.has(layer.name)) grams += 2 * layer.out ** 2 * pixels;
    }
  }
  return { convolutions, grams };
};
