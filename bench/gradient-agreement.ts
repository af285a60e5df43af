import { precisions } from '../src/domain/engines.ts';
import type { Picture } from '../src/domain/picture.ts';
import { cosineBetween } from '../src/engine/backends/choose-precision.ts';
import { openOnnxBackend } from '../src/engine/backends/onnx.ts';
import { noisePicture } from '../src/engine/noise-picture.ts';
import { styleObjective } from '../src/engine/objective/objective.ts';
import type { Network } from '../src/engine/spec.ts';
import { mirrored } from './quality-photos.ts';
import { repeatedStep, sampleLevel } from './sample-step.ts';

/** Noise in the shape of a picture. */
const noiseLike = ({ width, height }: Picture): Picture => ({
  width,
  height,
  data: noisePicture(Math.max(width, height)).data.slice(0, 3 * width * height),
});

export type Agreement = { readonly noise: number; readonly mirrored: number };

/**
 * How far the gradient in bytes points the way of the one in floats, each with its own target: a cosine, of noise and of
 * the sample photo's mirror image, both in the photo's shape.
 * @param network one that can be computed in bytes
 */
export const gradientAgreement = async (
  network: Network,
  { side, threads }: { readonly side: number; readonly threads: number },
): Promise<Agreement> => {
  const gradients: Float32Array[][] = [];
  for (const precision of precisions) {
    const backend = await openOnnxBackend(network, styleObjective, { threads, precision });
    try {
      const level = await sampleLevel(backend, side);
      const target = await backend.measure(level, level);
      const ofPrecision: Float32Array[] = [];
      for (const picture of [noiseLike(level), mirrored(level)]) {
        const step = repeatedStep(backend, { picture, target });
        // The first one finds scales; along a film they are those of the steps before.
        await step();
        ofPrecision.push((await step()).gradient);
      }
      gradients.push(ofPrecision);
    } finally {
      await backend.close();
    }
  }
  const [noise, ofMirrored] = gradients[0]!.map((gradient, index) =>
    cosineBetween(gradient, gradients[1]![index]!),
  );
  return { noise: noise!, mirrored: ofMirrored! };
};
