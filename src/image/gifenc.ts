/**
 * The edge to gifenc 1.0, which has no types. It is a CommonJS module with a default export that loaders
 * disagree about, so it is required, not imported.
 */
import { createRequire } from 'node:module';

type FrameOptions = {
  /** [red, green, blue] per colour; given with the first frame only, it becomes the global palette. */
  readonly palette?: readonly (readonly number[])[];
  /** In milliseconds. */
  readonly delay?: number;
  /** 0: for ever. */
  readonly repeat?: number;
  /** Bits per index. */
  readonly colorDepth?: number;
};

type Encoder = {
  writeFrame(indices: Uint8Array, width: number, height: number, options: FrameOptions): void;
  finish(): void;
  bytes(): Uint8Array<ArrayBuffer>;
};

type Gifenc = {
  GIFEncoder(): Encoder;
  /** Pairwise nearest neighbour clustering of RGBA pixels; its time grows with the square of the bins. */
  quantize(rgba: Uint8Array, maxColours: number, options: { format: 'rgb565' | 'rgb444' }): number[][];
};

export const { GIFEncoder: createGifEncoder, quantize } = createRequire(import.meta.url)('gifenc') as Gifenc;
