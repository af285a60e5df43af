import { z } from 'zod';

/** What computes loss and gradient, by name; `auto` leaves the choice to the renderer. */
export const engineNames = ['onnx:cpu'] as const;

export const engineChoices = ['auto', ...engineNames] as const;
export type EngineChoice = (typeof engineChoices)[number];

/** The numbers that a network computes with: 32-bit floats, or bytes (8-bit integers with scales). */
export const precisions = ['float', 'int8'] as const;
export type Precision = (typeof precisions)[number];

/** `auto`: bytes where they are quicker on this machine and good enough for the network. */
export const precisionChoices = ['auto', ...precisions] as const;
export type PrecisionChoice = (typeof precisionChoices)[number];

/** What of a network cannot be computed in bytes; a lone ReLU has no convolution in front of it. */
export const int8Obstacles = ['max-pooling', 'no-relu', 'lone-relu', 'first-layer'] as const;
export type Int8Obstacle = (typeof int8Obstacles)[number];

/** Cosine of the angle between both precisions' gradients: 1 where they point the same way. */
const cosine = z.number();
/** What a step in bytes takes of a step in floats. */
const ratio = z.number();

/** Why `auto` took the precision that it took: bytes where they are `quicker`, otherwise floats. */
export const precisionReasonSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('quicker'), ratio, cosine }),
  z.strictObject({ kind: z.literal('not-quicker'), ratio, cosine }),
  z.strictObject({ kind: z.literal('inaccurate'), cosine }),
  z.strictObject({ kind: z.literal('unsupported'), obstacle: z.enum(int8Obstacles) }),
  /** The engine failed with bytes: how, for the log. */
  z.strictObject({ kind: z.literal('failed'), problem: z.string() }),
]);
export type PrecisionReason = z.output<typeof precisionReasonSchema>;
