import { z } from 'zod';
import { GramzoomError } from '../domain/errors.ts';

/** What a checkpoint of the renderer holds: the engine's state, and what was spent on the way there. */
export type SavedState = {
  readonly engine: Uint8Array;
  /** How many of the frames that are kept beside it come before the film. */
  readonly leadIn: number;
  readonly steps: { readonly stepsDone: number; readonly stepsTotal: number };
  /** In all processes that worked on it. */
  readonly seconds: { readonly start: number; readonly frames: number };
};

const headerSchema = z.strictObject({
  leadIn: z.int().min(0),
  steps: z.strictObject({ stepsDone: z.int(), stepsTotal: z.int() }),
  seconds: z.strictObject({ start: z.number(), frames: z.number() }),
});

/** Layout: length of the header (uint32, little-endian), header (JSON), the engine's own bytes. */
export const encodeSavedState = ({ engine, ...header }: SavedState): Uint8Array => {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const bytes = new Uint8Array(4 + text.length + engine.length);
  new DataView(bytes.buffer).setUint32(0, text.length, true);
  bytes.set(text, 4);
  bytes.set(engine, 4 + text.length);
  return bytes;
};

/** @throws GramzoomError `checkpoint-unusable` where the bytes are damaged or of another version */
export const decodeSavedState = (bytes: Uint8Array): SavedState => {
  try {
    const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0, true);
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(4, 4 + length));
    return { ...headerSchema.parse(JSON.parse(text)), engine: bytes.subarray(4 + length) };
  } catch (cause) {
    throw new GramzoomError(
      'checkpoint-unusable',
      { problem: 'it is damaged or of another version' },
      { cause },
    );
  }
};
