import { readFile } from 'node:fs/promises';
import { parseRequest } from '../src/domain/request.ts';
import { systemClock } from '../src/ops/system-clock.ts';
import type { RenderReport } from '../src/ports/renderer.ts';
import { ChildRenderer } from '../src/render/child-renderer.ts';
import { type Bench, samplePhoto } from './bench.ts';
import { row } from './table.ts';

/** What the defaults shall keep on two idle cores; printed beside the figures, never a failure. */
const limits = { firstPictureSeconds: 3, wholeSeconds: 60, peakBytes: 700e6 };

const pictureIntervalMs = 2_000;

const against = (value: string, limit: string, keeps: boolean): string =>
  `${value}   (limit ${limit}${keeps ? '' : ': MISSED'})`;

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(0)} MB`;

/**
 * One film as a user gets it: defaults, in the child process. The bench's own process stands for the command
 * line's, so that this benchmark runs first, before another has loaded an engine here.
 */
export const film: Bench = async ({ threads, print }) => {
  const request = { ...parseRequest({}), seed: 1 };
  const photo = await readFile(samplePhoto);
  const renderer = new ChildRenderer({ clock: systemClock, threads, engine: 'auto', pictureIntervalMs });
  const begin = performance.now();
  const secondsSince = (): number => (performance.now() - begin) / 1000;
  let firstPicture: number | undefined;
  let whole = 0;
  let steps = 0;
  let report: RenderReport | undefined;
  try {
    for await (const event of renderer.render(request, photo, new AbortController().signal)) {
      if (event.kind === 'picture') firstPicture ??= secondsSince();
      else if (event.kind === 'progress') steps = event.stepsDone;
      else if (event.kind === 'done') {
        whole = secondsSince();
        report = event.report;
      }
    }
  } finally {
    await renderer.close();
  }
  if (!report || firstPicture === undefined) throw new Error('the film ended without a picture or a report');
  const { seconds, peakRssBytes: childPeak } = report;
  const ownPeak = process.resourceUsage().maxRSS * 1024;
  const peak = childPeak + ownPeak;
  const { firstPictureSeconds, wholeSeconds, peakBytes } = limits;
  const seconds1 = (value: number): string => `${value.toFixed(1)} s`;
  print(
    row('film', `${report.width} px, ${report.frames} frames, ${report.format}, docs/sample.png, seed 1`),
  );
  print(row('engine', `${report.engine} (onnxruntime ${report.engineVersion}), ${report.threads} threads`));
  print(
    row(
      'first coarse picture',
      against(seconds1(firstPicture), `${firstPictureSeconds} s`, firstPicture <= firstPictureSeconds),
    ),
  );
  print(row('whole film', against(seconds1(whole), `${wholeSeconds} s`, whole <= wholeSeconds)));
  print(
    row(
      '  of that',
      `start ${seconds1(seconds.start)}, frames ${seconds1(seconds.frames)}, encode ${seconds1(seconds.encode)}, ` +
        `process and messages ${seconds1(whole - seconds.total)}`,
    ),
  );
  print(row('steps', `${steps}, ${((1000 * (seconds.start + seconds.frames)) / steps).toFixed(1)} ms each`));
  print(row('peak memory', against(megabytes(peak), megabytes(peakBytes), peak < peakBytes)));
  print(row('  of that', `child ${megabytes(childPeak)}, parent ${megabytes(ownPeak)}`));
  print(row('file', `${report.bytes} bytes, seamRatio ${report.seamRatio?.toFixed(3)}`));
};
