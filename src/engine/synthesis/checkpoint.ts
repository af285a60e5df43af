/**
 * The exact state of a half-made render as bytes, so that it continues, bit for bit, in another process: the float
 * picture, the optimiser's moments, the random state and what its kind keeps. The frames that are done are kept by
 * whoever keeps this. Layout: length of the header (uint32), header (JSON), then float32 values, little-endian.
 */
import { z } from 'zod';
import { type Precision, precisions } from '../../domain/engines.ts';
import { GramzoomError } from '../../domain/errors.ts';
import type { RandomState } from '../../domain/random.ts';
import type { Backend } from '../backend.ts';
import type { PictureState } from './synthesis.ts';

/** Raised whenever the state, the plan or the numerics change: an older render cannot be continued. */
const formatVersion = 7;

/** What must be the same for a render to be continued. */
export type CheckpointKey = {
  readonly engine: string;
  readonly precision: Precision;
  /** Everything else that decides the render's numbers, but for the photo: that is the caller's to keep. */
  readonly request: string;
};

/** @param plan of the kind, with its seed: plain data */
export const checkpointKey = (
  { name, version, precision, settings }: Backend,
  plan: object,
): CheckpointKey => ({
  engine: `${name} ${version}`,
  precision,
  request: JSON.stringify({ ...plan, settings }),
});

/** @template Own what the kind keeps besides: plain data */
export type RenderState<Own> = {
  /** Stages of the kind's plan that are done: levels, frames. */
  readonly stagesDone: number;
  readonly stepsDone: number;
  readonly current: PictureState;
  readonly random: RandomState;
  readonly own: Own;
};

/** Seconds spent so far, in all processes, by stage: the caller's to give and to read. */
export type Spent = Readonly<Record<string, number>>;

const word = z.int();
const headerSchema = z.strictObject({
  formatVersion: z.literal(formatVersion),
  engine: z.string(),
  precision: z.enum(precisions),
  request: z.string(),
  stagesDone: z.int().min(0),
  stepsDone: z.int().min(0),
  width: z.int().min(1).max(4096),
  height: z.int().min(1).max(4096),
  momentumWeight: z.number(),
  secondMoments: z.strictObject({ values: z.array(z.number()), weight: z.number() }),
  ranges: z.array(z.array(z.number())),
  random: z.tuple([word, word, word, word]),
  own: z.unknown(),
  spent: z.record(z.string(), z.number()),
});

const unusable = (problem: string, cause?: unknown): GramzoomError =>
  new GramzoomError('checkpoint-unusable', { problem }, { cause });

export const encodeCheckpoint = (
  { current, random, stagesDone, stepsDone, own }: RenderState<unknown>,
  key: CheckpointKey,
  { spent = {} }: { readonly spent?: Spent } = {},
): Uint8Array => {
  const { picture, descent, ranges } = current;
  const header: z.input<typeof headerSchema> = {
    formatVersion,
    ...key,
    stagesDone,
    stepsDone,
    width: picture.width,
    height: picture.height,
    momentumWeight: descent.momentumWeight,
    secondMoments: { ...descent.secondMoments, values: [...descent.secondMoments.values] },
    ranges: ranges.map((ofOctave) => [...ofOctave]),
    random: [...random],
    own,
    spent,
  };
  const text = new TextEncoder().encode(JSON.stringify(header));
  const arrays = [picture.data, descent.momentum];
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

/** What was spent before a checkpoint. @throws GramzoomError `checkpoint-unusable` */
export const spentBefore = (bytes: Uint8Array): Spent => readHeader(bytes).header.spent;

/** What a checkpoint was computed with. @throws GramzoomError `checkpoint-unusable` */
export const precisionBefore = (bytes: Uint8Array): Precision => readHeader(bytes).header.precision;

/**
 * @param ownSchema of what the kind keeps
 * @throws GramzoomError `checkpoint-unusable` where the bytes are damaged, of another version, or belong to
 * another request or engine
 */
export const decodeCheckpoint = <Own>(
  bytes: Uint8Array,
  key: CheckpointKey,
  ownSchema: z.ZodType<Own>,
): RenderState<Own> => {
  const { header, end } = readHeader(bytes);
  if (header.engine !== key.engine) throw unusable(`it was made by ${header.engine}, not ${key.engine}`);
  if (header.precision !== key.precision) {
    throw unusable(`it was made in ${header.precision}, not ${key.precision}`);
  }
  if (header.request !== key.request) throw unusable('it belongs to another request');
  const own = ownSchema.safeParse(header.own);
  if (!own.success) throw unusable('it is damaged or of another version', own.error);
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
    current: {
      picture: { width, height, data: part(0) },
      descent: { momentum: part(1), momentumWeight, secondMoments },
      ranges: header.ranges,
    },
    random: header.random,
    own: own.data,
  };
};
