import type { RenderReport, RenderRequest } from '../domain/kinds.ts';

export type RenderStage = 'start' | 'frames' | 'encode';

/** Where a render stood after a frame (or a level of its start), exactly: it continues byte for byte. */
export type Checkpoint = {
  /** The engine's own state; its format is the engine's business. */
  readonly state: Uint8Array;
  /**
   * The frames that are done, RGB bytes row by row, in the order of a film that zooms in; first those that come
   * before it and are no part of it.
   */
  readonly frames: readonly Uint8Array[];
};

export type RenderEvent =
  | {
      readonly kind: 'started';
      readonly engine: string;
      readonly engineVersion: string;
      readonly threads: number;
      /** Sides of the film's frames, in pixels. */
      readonly width: number;
      readonly height: number;
      /** Frames of the film that are done already: those of the checkpoint that it continues from. */
      readonly framesDone: number;
    }
  | {
      readonly kind: 'progress';
      readonly stage: RenderStage;
      readonly stepsDone: number;
      readonly stepsTotal: number;
      /** Of the render's work, what is done: 0 to 1. Steps at the start are cheaper than the others. */
      readonly share: number;
      /** Side of the picture that the last step was about, in pixels, or of a square with as many of them. */
      readonly size: number;
      readonly framesDone: number;
      readonly frames: number;
    }
  /** A look at the render so far, as a JPEG; `frame` is null before the first frame. */
  | { readonly kind: 'picture'; readonly frame: number | null; readonly jpeg: Uint8Array }
  /** The state to continue from, after each level of the start, each frame before the film and each frame. */
  | {
      readonly kind: 'checkpoint';
      readonly state: Uint8Array;
      /** The frame that was done with it, if one was, and its place among `Checkpoint.frames`. */
      readonly frame: { readonly index: number; readonly rgb: Uint8Array } | null;
      /** Frames of the film itself. */
      readonly framesDone: number;
    }
  /** `poster` is a PNG of the film's first frame. */
  | {
      readonly kind: 'done';
      readonly file: Uint8Array;
      readonly poster: Uint8Array;
      readonly report: RenderReport;
    };

export type RenderOptions = {
  /** Whether `checkpoint` events are wanted. */
  readonly checkpoints?: boolean;
  /** Where to continue; a state that this version cannot read is an error (`checkpoint-unusable`). */
  readonly resume?: Checkpoint;
};

/** What a unit of work costs in films of a size, in seconds. */
export type ProbedPace = { readonly size: number; readonly secondsPerWork: number };

/** Turns a photo into a film. */
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
