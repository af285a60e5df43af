import type { RenderReport } from '../domain/kinds.ts';

/** The line that `--json` prints, key by key in this order. */
export type JsonReport = {
  readonly file: string;
  readonly format: string;
  readonly width: number;
  readonly height: number;
  readonly frames: number;
  readonly fps: number;
  readonly zoom: number;
  readonly direction: string;
  /** Whether the last frame leads back into the first: true for films, false for a single picture. */
  readonly loop: boolean;
  readonly seed: number;
  readonly network: string;
  readonly depth: string;
  readonly quality: string;
  readonly engine: string;
  readonly threads: number;
  readonly styleLoss: number;
  readonly seamRatio: number | null;
  readonly seconds: RenderReport['seconds'];
  readonly bytes: number;
  readonly peakRssBytes: number;
  readonly fit: RenderReport['fit'];
};

const significant = (value: number, digits: number): number => Number(value.toPrecision(digits));
const milliseconds = (seconds: number): number => Number(seconds.toFixed(3));

/**
 * The renderer's report in the words of the command line.
 * @param options.totalSeconds since the command was started, so that the start of the processes counts
 * @param options.ownPeakRssBytes peak memory of this process, which is added to the renderer's
 */
export const jsonReport = (
  file: string,
  report: RenderReport,
  options: { readonly totalSeconds: number; readonly ownPeakRssBytes: number },
): JsonReport => {
  const {
    format,
    width,
    height,
    frames,
    fps,
    zoom,
    direction,
    seed,
    network,
    depth,
    quality,
    engine,
    threads,
  } = report;
  const { start, frames: framesSeconds, encode } = report.seconds;
  return {
    file,
    format,
    width,
    height,
    frames,
    fps: significant(fps, 6),
    zoom: significant(zoom, 6),
    direction,
    loop: frames > 1,
    seed,
    network,
    depth,
    quality,
    engine,
    threads,
    styleLoss: significant(report.styleLoss, 4),
    seamRatio: report.seamRatio === null ? null : significant(report.seamRatio, 4),
    seconds: {
      total: milliseconds(options.totalSeconds),
      start: milliseconds(start),
      frames: milliseconds(framesSeconds),
      encode: milliseconds(encode),
    },
    bytes: report.bytes,
    peakRssBytes: report.peakRssBytes + options.ownPeakRssBytes,
    fit: report.fit,
  };
};
