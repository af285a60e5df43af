/**
 * The exact state of a half-made film as bytes, so that it goes on, bit for bit, in another process: the float
 * picture, the optimiser's momentum and secondMoments, the random state and what the loop's closure has measured. The
 * frames that are done are kept by whoever keeps this. Layout: length of the header (uint32), header (JSON), then
 * float32 values, little-endian.
 */
import { z } from 'zod';
import { GramzoomError } from '../../domain/errors.ts';
import type { RandomState } from '../../domain/random.ts';
import type { LoopMemory } from '../zoom/loop-closure.ts';
import type { Film } from '../zoom/warp.ts';

/** Raised whenever the state, the plan or the numerics change: an older film cannot be gone on with. */
const formatVersion = 4;

/** What must be the same for a film to be gone on with. */
export type CheckpointKey = {
  readonly engine: string;
  /** Everything else that decides the film's numbers, but for the photo: that is the caller's to keep. */
  readonly request: string;
};

export type ZoomState = {
  /** Levels, frames of the lead-in and frames that are done. */
  readonly stagesDone: number;
  readonly stepsDone: number;
  readonly film: Film;
  readonly random: RandomState;
  readonly loop: LoopMemory;
  readonly styleLoss: { readonly first: number; readonly last: number };
};

const word = z.int();
const headerSchema = z.strictObject({
  formatVersion: z.literal(formatVersion),
  engine: z.string(),
  request: z.string(),
  stagesDone: z.int().min(0),
  stepsDone: z.int().min(0),
  width: z.int().min(1).max(4096),
  height: z.int().min(1).max(4096),
  momentumWeight: z.number(),
  secondMoments: z.strictObject({ values: z.array(z.number()), weight: z.number() }),
  random: z.tuple([word, word, word, word]),
  loop: z.strictObject({
    changes: z.array(z.number()),
    left: z.number(),
  }),
  styleLoss: z.strictObject({ first: z.number(), last: z.number() }),
});

const unusable = (problem: string, cause?: unknown): GramzoomError =>
  new GramzoomError('checkpoint-unusable', { problem }, { cause });

export const encodeCheckpoint = (state: ZoomState, key: CheckpointKey): Uint8Array => {
  const { film, random, loop, styleLoss, stagesDone, stepsDone } = state;
  const header: z.input<typeof headerSchema> = {
    formatVersion,
    ...key,
    stagesDone,
    stepsDone,
    width: film.picture.width,
    height: film.picture.height,
    momentumWeight: film.descent.momentumWeight,
    secondMoments: { ...film.descent.secondMoments, values: [...film.descent.secondMoments.values] },
    random: [...random],
    loop: { ...loop, changes: [...loop.changes] },
    styleLoss,
  };
  const text = new TextEncoder().encode(JSON.stringify(header));
  const arrays = [film.picture.data, film.descent.momentum];
  const size = arrays.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const bytes = new Uint8Array(4 + text.length + size);
  new DataView(bytes.buffer).setUint32(0, text.length, true);
  bytes.set(text, 4);
  let at = 4 + text.length;
  for (const { buffer, byteOffset, byteLength } of arrays) {
    bytes.set(new Uint8Array(buffer, byteOffset, byteLength), at);
    at += byteLength;
  }
  return bytes;
};

const readHeader = (bytes: Uint8Array): { header: z.output<typeof headerSchema>; end: number } => {
  try {
    const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getUint32(0, true);
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(4, 4 + length));
    return { header: headerSchema.parse(JSON.parse(text)), end: 4 + length };
  } catch (cause) {
    throw unusable('it is damaged or of another version', cause);
  }
};

/**
 * @throws GramzoomError `checkpoint-unusable` where the bytes are damaged, of another version, or belong to
 * another request or engine
 */
export const decodeCheckpoint = (bytes: Uint8Array, key: CheckpointKey): ZoomState => {
  const { header, end } = readHeader(bytes);
  if (header.engine !== key.engine) throw unusable(`it was made by ${header.engine}, not ${key.engine}`);
  if (header.request !== key.request) throw unusable('it belongs to another request');
  const { width, height, momentumWeight, secondMoments } = header;
  const values = 3 * width * height;
  if (bytes.length !== end + 4 * values * 2) throw unusable('it is incomplete');
  // A copy, since the bytes may lie at any address and float32 values need one that is a multiple of 4. Not
  // by slice(), which copies nothing where the bytes are a Buffer.
  const floats = new Float32Array(new Uint8Array(bytes.subarray(end)).buffer);
  const part = (index: number) => floats.slice(index * values, (index + 1) * values);
  return {
    stagesDone: header.stagesDone,
    stepsDone: header.stepsDone,
    film: {
      picture: { width, height, data: part(0) },
      descent: { momentum: part(1), momentumWeight, secondMoments },
    },
    random: header.random,
    loop: header.loop,
    styleLoss: header.styleLoss,
  };
};
