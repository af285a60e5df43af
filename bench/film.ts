import { readFile } from 'node:fs/promises';
import type { PrecisionChoice } from '../src/domain/engines.ts';
import type { ZoomReport } from '../src/domain/kinds/zoom.ts';
import { parseRequest } from '../src/domain/kinds.ts';
import { meanOf } from '../src/domain/statistics.ts';
import { styleObjective } from '../src/engine/objective/objective.ts';
import { planZoom, totalSteps, zoomWork } from '../src/engine/zoom/plan.ts';
import { openNetwork } from '../src/networks/open.ts';
import { systemClock } from '../src/ops/system-clock.ts';
import { ChildRenderer } from '../src/render/child-renderer.ts';
import { peakResidentBytes } from '../src/render/memory.ts';
import { type Bench, type BenchOptions, samplePhoto } from './bench.ts';
import { productRate } from './film-machine.ts';
import { multiplyAdds } from './multiply-adds.ts';
import { against, megabytes, row } from './table.ts';

/** What the defaults shall keep on two idle cores; printed beside the figures, never a failure. */
const limits = { firstPictureSeconds: 3, wholeSeconds: 20, peakBytes: 500e6 };
/** What the film in bytes shall take at most of the one in floats, on a processor with 8-bit products. */
const mostOfFloat = 0.5;

const previewIntervalMs = 2_000;

const inSeconds = (value: number): string => `${value.toFixed(1)} s`;

type Outcome = {
  /** Seconds from the start, the child's own included. */
  readonly firstPicture: number;
  readonly whole: number;
  readonly steps: number;
  readonly asked: PrecisionChoice;
  readonly report: ZoomReport;
};

const render = async ({
  threads,
  precision,
}: {
  readonly threads: number;
  readonly precision: PrecisionChoice;
}): Promise<Outcome> => {
  const request = { ...parseRequest({}), seed: 1 };
  const photo = await readFile(samplePhoto);
  const renderer = new ChildRenderer({
    clock: systemClock,
    threads,
    engine: 'auto',
    precision,
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
          asked: precision,
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

type Films = {
  readonly asked: PrecisionChoice;
  /** In their order. */
  readonly outcomes: readonly Outcome[];
  readonly quickest: Outcome;
  /** Of the renderer's process, the highest. */
  readonly peakBytes: number;
};

const filmsOf = (asked: PrecisionChoice, all: readonly Outcome[]): Films => {
  const outcomes = all.filter((outcome) => outcome.asked === asked);
  return {
    ...{ asked, outcomes },
    quickest: outcomes.reduce((a, b) => (b.whole < a.whole ? b : a)),
    peakBytes: Math.max(...outcomes.map(({ report }) => report.peakRssBytes)),
  };
};

const filmRows = (
  { asked, outcomes, quickest, peakBytes }: Films,
  { ownPeakBytes }: { readonly ownPeakBytes: number },
): Readonly<Record<string, string>> => {
  const { firstPicture, whole, steps, report } = quickest;
  const { start, frames, encode, total } = report.seconds;
  const all = outcomes.map((outcome) => inSeconds(outcome.whole)).join(', ');
  const bothPeaks = peakBytes + ownPeakBytes;
  return {
    [asked === 'auto' ? `auto: ${report.precision}, whole film` : `${asked}, whole film`]: against(
      outcomes.length > 1 ? `${inSeconds(whole)}, in turn ${all}` : inSeconds(whole),
      `${limits.wholeSeconds} s`,
      whole <= limits.wholeSeconds,
    ),
    '  of that':
      `start ${inSeconds(start)}, frames ${inSeconds(frames)}, encode ${inSeconds(encode)}, ` +
      `process and messages ${inSeconds(whole - total)}`,
    '  first coarse picture': against(
      inSeconds(firstPicture),
      `${limits.firstPictureSeconds} s`,
      firstPicture <= limits.firstPictureSeconds,
    ),
    '  steps': `${steps}, on average ${((1000 * (start + frames)) / steps).toFixed(1)} ms`,
    '  peak memory': against(megabytes(bothPeaks), megabytes(limits.peakBytes), bothPeaks < limits.peakBytes),
    '    child and parent': `${megabytes(peakBytes)} and ${megabytes(ownPeakBytes)}, each at its own peak`,
    '  file': `${report.bytes} bytes, seamRatio ${report.seamRatio?.toFixed(3)}`,
  };
};

const comparisonRows = (films: Films, float: Films): Readonly<Record<string, string>> => {
  const meanWhole = ({ outcomes }: Films): number => meanOf(outcomes.map(({ whole }) => whole));
  const ratio = meanWhole(films) / meanWhole(float);
  const stages = (['start', 'frames', 'encode'] as const).map((stage) => {
    const [of, to] = [films, float].map(({ quickest }) => quickest.report.seconds[stage]) as [number, number];
    return `${stage} ${(of / to).toFixed(2)}`;
  });
  const byQuickest = (films.quickest.whole / float.quickest.whole).toFixed(3);
  return {
    [`${films.asked} / float`]: against(ratio.toFixed(3), `${mostOfFloat}`, ratio <= mostOfFloat),
    '  by the quickest films': `${byQuickest}: ${stages.join(', ')}`,
    '  peak memory of the child': against(
      `float ${megabytes(float.peakBytes)}, ${films.asked} ${megabytes(films.peakBytes)}`,
      "float's",
      films.peakBytes <= float.peakBytes,
    ),
  };
};

/** `auto` measures both precisions before it begins; that is left out where it has to be quick. */
const choicesFor = ({ quick }: Pick<BenchOptions, 'quick'>): readonly PrecisionChoice[] =>
  quick ? ['float', 'int8'] : ['float', 'int8', 'auto'];

/**
 * A film as a user gets it, in floats, in bytes and as the product chooses: defaults, in the child process. The bench's
 * own process stands for the command line's, so that this benchmark runs first, before another has loaded an engine here.
 */
export const film: Bench = async ({ quick, threads, print }) => {
  const choices = choicesFor({ quick });
  const outcomes: Outcome[] = [];
  for (const precision of quick ? choices : [...choices, ...choices.toReversed()]) {
    outcomes.push(await render({ threads, precision }));
  }
  const ownPeakBytes = peakResidentBytes();
  // After the peak is read, since it takes memory of its own.
  const rate = await productRate({ threads });
  const gigaflop = await filmGigaflop();
  const [float, ...others] = choices.map((choice) => filmsOf(choice, outcomes)) as [Films, ...Films[]];
  const { report } = float.quickest;
  const { wholeSeconds } = limits;
  const printRows = (rows: Readonly<Record<string, string>>): void => {
    for (const [name, value] of Object.entries(rows)) print(row(name, value));
  };
  printRows({
    film: `${report.width} px, ${report.frames} frames, ${report.format}, docs/sample.png, seed ${report.seed}`,
    engine: `${report.engine} (onnxruntime ${report.engineVersion}), ${report.threads} threads`,
    'matrix product':
      `${rate.toFixed(0)} GFLOP/s, at which the steps' ${gigaflop.toFixed(0)} GFLOP take ` +
      `${inSeconds(gigaflop / rate)}; in ${wholeSeconds} s at ${(gigaflop / wholeSeconds).toFixed(0)} GFLOP/s`,
  });
  for (const films of [float, ...others]) printRows(filmRows(films, { ownPeakBytes }));
  for (const films of others) printRows(comparisonRows(films, float));
};
