import type { FitReport } from '../domain/fit.ts';
import type { OutputFormat, RenderRequest } from '../domain/request.ts';

export type { FitReport } from '../domain/fit.ts';

export type RenderStage = 'start' | 'frames' | 'encode';

/** Facts about a finished render; everything describes the file as written. */
export type RenderReport = {
  readonly format: OutputFormat;
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  readonly fps: number;
  /** Enlargement per written frame. */
  readonly zoom: number;
  readonly direction: 'in' | 'out';
  readonly seed: number;
  readonly network: string;
  readonly engine: string;
  readonly engineVersion: string;
  readonly threads: number;
  /** Unweighted mean over taps on the last frame before encoding. */
  readonly styleLoss: number;
  /** d_(N-1) / median(d_0..d_(N-2)) over the frames as encoded; null for a single picture. */
  readonly seamRatio: number | null;
  readonly seconds: {
    readonly total: number;
    readonly start: number;
    readonly frames: number;
    readonly encode: number;
  };
  readonly bytes: number;
  /** Peak resident memory of the process that rendered. */
  readonly peakRssBytes: number;
  /** Null where the file was within its budget, or had none. */
  readonly fit: FitReport | null;
};

export type RenderEvent =
  | {
      readonly kind: 'started';
      readonly engine: string;
      readonly engineVersion: string;
      readonly threads: number;
    }
  | {
      readonly kind: 'progress';
      readonly stage: RenderStage;
      readonly stepsDone: number;
      readonly stepsTotal: number;
      readonly framesDone: number;
      readonly frames: number;
    }
  /** A look at the render so far, as a JPEG; `frame` is null before the first frame. */
  | { readonly kind: 'picture'; readonly frame: number | null; readonly jpeg: Uint8Array }
  | { readonly kind: 'done'; readonly file: Uint8Array; readonly report: RenderReport };

/** Turns a photo into a film. */
export interface Renderer {
  /**
   * Renders one photo. The last event is `done`; anything else that ends the iteration is a throw.
   * @param photo the bytes of an image file, as the person sent them
   * @throws GramzoomError; `cancelled` once the signal aborts
   */
  render(request: RenderRequest, photo: Uint8Array, signal: AbortSignal): AsyncIterable<RenderEvent>;
  /** Ends whatever runs and frees the renderer's resources. */
  close(): Promise<void>;
}
