import type { Depth } from './depth.ts';
import type { FitReport } from './fit.ts';
import type { OutputFormat, Quality } from './request.ts';

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
  readonly depth: Depth;
  readonly quality: Quality;
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
