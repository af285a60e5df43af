import { z } from 'zod';
import { precisionReasonSchema, precisions } from '../domain/engines.ts';
import { type RenderRequest, renderReportSchema } from '../domain/kinds.ts';
import { progressUnits } from '../domain/progress.ts';

/** What it is at: a film's start (levels and lead-in) and frames, a still's levels, the file. */
export const renderStages = ['start', 'frames', 'levels', 'encode'] as const;
export type RenderStage = (typeof renderStages)[number];

/** Where a render stood after a part of its work, exactly: it continues from there byte for byte. */
export type Checkpoint = {
  /** The engine's own state; its format is the engine's business. */
  readonly state: Uint8Array;
  /**
   * The frames that are done, RGB bytes row by row, in the order of a film that zooms in; first those that come
   * before it and are no part of it. A still has none.
   */
  readonly frames: readonly Uint8Array[];
};

const bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array);
const count = z.int().nonnegative();
/** In the units of the request's kind, whole ones. */
const progress = { done: count, total: count, unit: z.enum(progressUnits) };

export const renderEventSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('started'),
    engine: z.string(),
    engineVersion: z.string(),
    precision: z.enum(precisions),
    /** Why; null where it was asked for. */
    precisionReason: precisionReasonSchema.nullable(),
    threads: z.int().positive(),
    /** Sides of the picture, in pixels. */
    width: z.int().positive(),
    height: z.int().positive(),
    ...progress,
  }),
  z.strictObject({
    kind: z.literal('progress'),
    stage: z.enum(renderStages),
    /** Of the render's work, what is done: 0 to 1. */
    share: z.number().min(0).max(1),
    /** Side of the picture that the last step was about, in pixels, or of a square with as many of them. */
    size: z.int().positive(),
    ...progress,
  }),
  /** The render so far, at its own sides. */
  z.strictObject({ kind: z.literal('preview'), jpeg: bytes }),
  /** The state to continue from, after each part of the work. */
  z.strictObject({
    kind: z.literal('checkpoint'),
    state: bytes,
    /** The frame that was done with it, if one was, and its place among `Checkpoint.frames`. */
    frame: z.strictObject({ index: count, rgb: bytes }).nullable(),
    done: count,
  }),
  z.strictObject({
    kind: z.literal('done'),
    /** `still` is a PNG of the result, or of its first frame. */
    files: z.strictObject({ result: bytes, still: bytes }),
    report: renderReportSchema,
  }),
]);
export type RenderEvent = z.output<typeof renderEventSchema>;

export type RenderOptions = {
  /** Whether `checkpoint` events are wanted. */
  readonly checkpoints?: boolean;
  /** Image files of the further photos that a film goes through, in order; none by default. */
  readonly through?: readonly Uint8Array[];
  /** Where to continue; a state that this version cannot read is an error (`checkpoint-unusable`). */
  readonly resume?: Checkpoint;
};

/** What a unit of work costs in pictures of a size, in seconds. */
export type ProbedPace = { readonly size: number; readonly secondsPerWork: number };

/** Turns a photo into what a request asks for. */
export interface Renderer {
  /**
   * Renders one photo. The last event is `done`; anything else that ends the iteration is a throw.
   * @param photo the bytes of an image file, as the person sent them
   * @throws GramzoomError; `cancelled` once the signal aborts
   */
  render(
    request: RenderRequest,
    photo: Uint8Array,
    signal: AbortSignal,
    options?: RenderOptions,
  ): AsyncIterable<RenderEvent>;
  /** What a render costs, in units of work that `probe` gives the price of. Pure arithmetic. */
  work(request: RenderRequest): number;
  /**
   * Seconds per unit of work at one size or several, small ones first, from a short measurement; for estimates before
   * anything has been rendered.
   */
  probe(signal: AbortSignal): Promise<readonly ProbedPace[]>;
  /** Ends whatever runs and frees the renderer's resources. */
  close(): Promise<void>;
}
