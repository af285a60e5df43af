import { z } from 'zod';
import { precisions } from '../../src/domain/engines.ts';

/** Products of bytes at the largest values, in the middle of a picture, for an even and an odd channel. */
const productsSchema = z.object({
  /** QLinearConv 3 x 3, 32 channels, unsigned x signed: 128 + 120 and 128 - 120 if nothing saturates. */
  convolution: z.array(z.number()),
  /** MatMulInteger over 32 channels, unsigned x signed. */
  signed: z.array(z.number()),
  /** MatMulInteger over 32 channels, unsigned x unsigned: both factors 255. */
  unsigned: z.array(z.number()),
});
export type Products = z.infer<typeof productsSchema>;

/** What they are by arithmetic, with weights of `peak` and `-peak`. */
export const exactProducts = (peak: number): Products => ({
  convolution: [128 + 120, 128 - 120],
  signed: [255 * peak * 32, -255 * peak * 32],
  unsigned: [255 * 255 * 32, 255 * 255 * 32],
});

const stepSchema = z.object({
  loss: z.number(),
  /** Float32 values, little-endian, in base64. */
  gradient: z.string(),
});
export type Step = z.infer<typeof stepSchema>;

/** What a processor computed: a step in each precision that was asked for. */
export const answerSchema = z.object({
  /** Weights of -63 and 63. */
  sevenBits: productsSchema,
  /** Weights of -127 and 127. */
  eightBits: productsSchema,
  steps: z.partialRecord(z.enum(precisions), stepSchema),
});
export type Answer = z.infer<typeof answerSchema>;

const valuesOf = ({ gradient }: Step): Float32Array =>
  new Float32Array(Uint8Array.from(Buffer.from(gradient, 'base64')).buffer);

export type Agreement = {
  readonly sameBytes: boolean;
  /** |loss - loss'| / loss'. */
  readonly lossError: number;
  /** The cosine of the angle between the gradients. */
  readonly cosine: number;
};

/** How near a step is to another one, at which losses are measured. */
export const agreement = (actual: Step, expected: Step): Agreement => {
  const [a, b] = [valuesOf(actual), valuesOf(expected)];
  const dot = a.reduce((sum, value, i) => sum + value * b[i]!, 0);
  return {
    sameBytes: actual.loss === expected.loss && actual.gradient === expected.gradient,
    lossError: Math.abs(actual.loss - expected.loss) / expected.loss,
    cosine: dot / (Math.hypot(...a) * Math.hypot(...b)),
  };
};

/**
 * Other kernels round the float parts otherwise, so that some bytes are their neighbours: 4e-6 of the loss and 1e-5 to
 * 2e-4 of the cosine. Saturation, which is what must not happen, makes 3e-2 and 2e-3 of them: tried with 8-bit weights.
 */
export const isFine = ({ lossError, cosine }: Agreement): boolean => lossError < 1e-3 && cosine > 0.999;
