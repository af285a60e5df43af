import { describe, expect, it } from 'vitest';
import type { PrecisionReason } from '../../src/domain/engines.ts';
import { commandLine, summaryLine } from '../../src/messages/command-line-words.ts';
import { aReport } from '../support/jobs.ts';

describe('the details', () => {
  const { engineVersion: _, ...report } = aReport;
  const linesFor = (reason: PrecisionReason | null) => commandLine.details(report, reason).split('\n');

  it('name the precision, and nothing of a choice where there was none', () => {
    expect(linesFor(null)).toEqual([
      'network pocket, depth style, quality standard, engine onnx:cpu, float, 2 threads',
      'start 1 s, frames 2 s, encode 1 s',
      'style loss 0.125, seam ratio none, peak memory 123 MB',
    ]);
  });

  it.each<[string, PrecisionReason]>([
    [
      'int8, since a step takes 0.31 of its time in float (gradients: cosine 0.989)',
      { kind: 'quicker', ratio: 0.3123, cosine: 0.9888 },
    ],
    [
      'float, since a step in int8 takes 0.93 of its time (gradients: cosine 0.989)',
      { kind: 'not-quicker', ratio: 0.93, cosine: 0.989 },
    ],
    [
      'float, since the gradient in int8 points elsewhere (cosine -0.200)',
      { kind: 'inaccurate', cosine: -0.2 },
    ],
    ['float, since int8 is not for max pooling', { kind: 'unsupported', obstacle: 'max-pooling' }],
    ['float, since int8 failed (no kernel)', { kind: 'failed', problem: 'no kernel' }],
  ])('say why it was chosen: %s', (line, reason) => {
    expect(linesFor(reason)[1]).toBe(line);
  });
});

describe('the last line', () => {
  const film = {
    file: 'zoom.gif',
    width: 256,
    height: 256,
    frames: 48,
    fps: 20,
    bytes: 4_100_000,
    seed: 123,
    seconds: { total: 31.2 },
  };

  it('has all that matters of a film', () => {
    expect(summaryLine(film)).toBe('zoom.gif: 256 x 256, 48 frames, 2.4 s loop, 4.1 MB, seed 123 (31 s)');
  });

  it('does not call a picture a loop', () => {
    expect(summaryLine({ ...film, file: 'zoom.png', frames: 1 })).toBe(
      'zoom.png: 256 x 256, one frame, 4.1 MB, seed 123 (31 s)',
    );
  });
});
