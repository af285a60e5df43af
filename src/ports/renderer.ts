import type { RenderReport, RenderRequest } from '../domain/kinds.ts';
import type { Progress } from '../domain/progress.ts';

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

/** `done` and `total` count the units of the request's kind, whole ones. */
export type RenderEvent =
  | (Progress & {
      readonly kind: 'started';
      readonly engine: string;
      readonly engineVersion: string;
      readonly threads: number;
      /** Sides of the picture, in pixels. */
      readonly width: number;
      readonly height: number;
    })
  | (Progress & {
      readonly kind: 'progress';
      readonly stage: RenderStage;
      /** Of the render's work, what is done: 0 to 1. */
      readonly share: number;
      /** Side of the picture that the last step was about, in pixels, or of a square with as many of them. */
      readonly size: number;
    })
  /** The render so far, at its own sides. */
  | { readonly kind: 'preview'; readonly jpeg: Uint8Array }
  /** The state to continue from, after each part of the work. */
  | {
      readonly kind: 'checkpoint';
      readonly state: Uint8Array;
      /** The frame that was done with it, if one was, and its place among `Checkpoint.frames`. */
      readonly frame: { readonly index: number; readonly rgb: Uint8Array } | null;
      readonly done: number;
    }
  | {
      readonly kind: 'done';
      /** `still` is a PNG of the result, or of its first frame. */
      readonly files: { readonly result: Uint8Array; readonly still: Uint8Array };
      readonly report: RenderReport;
    };

export type RenderOptions = {
  /** Whether `checkpoint` events are wanted. */
  readonly checkpoints?: boolean;
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
