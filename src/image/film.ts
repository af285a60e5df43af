import type { RgbImage } from '../domain/picture.ts';
import type { FitReport } from '../domain/report.ts';
import type { OutputFormat } from '../domain/request.ts';
import type { ZoomDirection } from './seam.ts';

export type FilmOptions = {
  readonly format: OutputFormat;
  /** 100/n, see `delayCentiseconds`. */
  readonly fps: number;
  /** Enlargement from one frame to the next. */
  readonly zoom: number;
  readonly direction: ZoomDirection;
  readonly maxBytes?: number | undefined;
};

/** A file and what it holds; everything describes the file as written. */
export type EncodedFilm = {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  readonly fps: number;
  /** Enlargement per written frame. */
  readonly zoom: number;
  /** Null where nothing had to be given up. */
  readonly fit: FitReport | null;
  /** See `Motion`; null for a single picture. */
  readonly seamRatio: number | null;
  /** d_0 .. d_(N-1), in steps of a byte; empty for a single picture. */
  readonly distances: readonly number[];
};

/** See `encodeFilm`. */
export type EncodeFilm = (
  frames: readonly RgbImage[],
  options: FilmOptions & { readonly signal?: AbortSignal },
) => Promise<EncodedFilm>;
