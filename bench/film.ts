import { readFile } from 'node:fs/promises';
import type { ZoomReport } from '../src/domain/kinds/zoom.ts';
import { parseRequest } from '../src/domain/kinds.ts';
import { styleObjective } from '../src/engine/objective/objective.ts';
import { planZoom, totalSteps, zoomWork } from '../src/engine/zoom/plan.ts';
import { openNetwork } from '../src/networks/open.ts';
import { systemClock } from '../src/ops/system-clock.ts';
import { ChildRenderer } from '../src/render/child-renderer.ts';
import { peakResidentBytes } from '../src/render/memory.ts';
import { type Bench, samplePhoto } from './bench.ts';
import { productRate } from './film-machine.ts';
import { multiplyAdds } from './multiply-adds.ts';
import { row } from './table.ts';

/** What the defaults shall keep on two idle cores; printed beside the figures, never a failure. */
const limits = { firstPictureSeconds: 3, wholeSeconds: 20, peakBytes: 500e6 };

const previewIntervalMs = 2_000;

const against = (value: string, limit: string, keeps: boolean): string =>
  `${value}   (limit ${limit}${keeps ? '' : ': MISSED'})`;

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;

const inSeconds = (value: number): string => `${value.toFixed(1)} s`;

type Outcome = {
  /** Seconds from the start, the child's own included. */
  readonly firstPicture: number;
  readonly whole: number;
  readonly steps: number;
  readonly report: ZoomReport;
};

const render = async ({ threads }: { readonly threads: number }): Promise<Outcome> => {
  const request = { ...parseRequest({}), seed: 1 };
  const photo = await readFile(samplePhoto);
  const renderer = new ChildRenderer({
    clock: systemClock,
    threads,
    engine: 'auto',
    precision: 'auto',
    previewIntervalMs,
  });
  const begin = performance.now();
  const secondsSince = (): number => (performance.now() - begin) / 1000;
  let firstPicture = Number.NaN;
  try {
    for await (const event of renderer.render(request, photo, new AbortController().signal)) {
      if (event.kind === 'preview' && Number.isNaN(firstPicture)) firstPicture = secondsSince();
      else if (event.kind === 'done' && event.report.kind === 'zoom') {
        return {
          firstPicture,
          whole: secondsSince(),
          steps: totalSteps(planZoom(request, { width: 1, height: 1 })),
          report: event.report,
        };
      }
    }
  } finally {
    await renderer.close();
  }
  throw new Error('the film ended without a file');
};

/** Floating-point operations of the network's convolutions and Gram matrices in all steps of a film, in billions. */
const filmGigaflop = async (): Promise<number> => {
  const { spec } = await openNetwork('pocket');
  const request = parseRequest({});
  const side = request.size;
  const { convolutions, grams } = multiplyAdds(spec, { side, octaves: styleObjective.octaves });
  return (zoomWork(request) / side ** 2) * ((2 * (convolutions + grams)) / 1e9);
};

/**
 * One film as a user gets it: defaults, in the child process. The bench's own process stands for the command
 * line's, so that this benchmark runs first, before another has loaded an engine here.
 */
export const film: Bench = async ({ threads, print }) => {
  const { firstPicture, whole, steps, report } = await render({ threads });
  const { seconds, peakRssBytes: childPeak } = report;
  const ownPeak = peakResidentBytes();
  const peak = childPeak + ownPeak;
  const { firstPictureSeconds, wholeSeconds, peakBytes } = limits;
  // After the peaks are read, since it takes memory of its own.
  const rate = await productRate({ threads });
  const gigaflop = await filmGigaflop();
  const rows = {
    film: `${report.width} px, ${report.frames} frames, ${report.format}, docs/sample.png, seed ${report.seed}`,
    engine: `${report.engine} (onnxruntime ${report.engineVersion}), ${report.precision}, ${report.threads} threads`,
    'first coarse picture': against(
      inSeconds(firstPicture),
      `${firstPictureSeconds} s`,
      firstPicture <= firstPictureSeconds,
    ),
    'whole film': against(inSeconds(whole), `${wholeSeconds} s`, whole <= wholeSeconds),
    '  of that':
      `start ${inSeconds(seconds.start)}, frames ${inSeconds(seconds.frames)}, ` +
      `encode ${inSeconds(seconds.encode)}, process and messages ${inSeconds(whole - seconds.total)}`,
    steps: `${steps}, on average ${((1000 * (seconds.start + seconds.frames)) / steps).toFixed(1)} ms`,
    'matrix product':
      `${rate.toFixed(0)} GFLOP/s, at which the steps' ${gigaflop.toFixed(0)} GFLOP take ` +
      `${inSeconds(gigaflop / rate)}; in ${wholeSeconds} s at ${(gigaflop / wholeSeconds).toFixed(0)} GFLOP/s`,
    'peak memory': against(megabytes(peak), megabytes(peakBytes), peak < peakBytes),
    '  child and parent': `${megabytes(childPeak)} and ${megabytes(ownPeak)}, each at its own peak`,
    file: `${report.bytes} bytes, seamRatio ${report.seamRatio?.toFixed(3)}`,
  };
  for (const [name, value] of Object.entries(rows)) print(row(name, value));
};
