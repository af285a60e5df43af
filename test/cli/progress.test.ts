import { describe, expect, it } from 'vitest';
import { barLine, createEstimate, createLines, type ProgressEvent } from '../../src/command-line/progress.ts';
import { createFakeClock } from '../support/fake-clock.ts';

const at = (given: Partial<ProgressEvent>): ProgressEvent => ({
  kind: 'progress',
  stage: 'frames',
  share: 0.5,
  size: 256,
  done: 11,
  total: 48,
  unit: 'frame',
  ...given,
});

describe('the bar', () => {
  it('shows stage, frame, share and time left', () => {
    expect(barLine(at({}), { columns: 60, secondsLeft: 75 })).toBe(
      'frame 12/48      [#########--------]  50%  1 min 15 s left',
    );
  });

  it('leaves the time out while nothing is known of it', () => {
    expect(barLine(at({ stage: 'start', done: 0, share: 0 }), { columns: 200 })).toBe(
      `first frame      [${'-'.repeat(40)}]   0%`,
    );
  });

  it('keeps its width when the time left appears', () => {
    const [without, known] = [
      barLine(at({}), { columns: 60 }),
      barLine(at({}), { columns: 60, secondsLeft: 9 }),
    ];
    expect(known.indexOf(']')).toBe(without.indexOf(']'));
  });

  it('keeps its parts in place from stage to stage', () => {
    const lines = (['start', 'frames', 'levels', 'encode'] as const).map((stage) =>
      barLine(at({ stage }), { columns: 80 }),
    );
    expect(new Set(lines.map((line) => line.indexOf('[')))).toHaveLength(1);
  });

  it.each([1, 5, 20, 30, 38, 40, 47, 80, 300])('fits into %i columns', (columns) => {
    for (const stage of ['start', 'frames', 'encode'] as const) {
      const line = barLine(at({ stage }), { columns, secondsLeft: 100 });
      expect(line.length).toBeLessThan(columns);
    }
  });

  it('stays full at the end', () => {
    const line = barLine(at({ stage: 'encode', share: 1, done: 48 }), { columns: 80 });
    expect(line).toContain('####');
    expect(line).not.toContain('-');
    expect(line).toContain('100%');
  });
});

describe('the time left', () => {
  const afterSteps = (steps: number): ProgressEvent => at({ share: steps / 100 });

  it('is the pace of the last steps times the steps to come', () => {
    const clock = createFakeClock();
    const estimate = createEstimate(clock);
    let left: number | undefined;
    for (let stepsDone = 10; stepsDone <= 20; stepsDone++) {
      left = estimate(afterSteps(stepsDone));
      clock.advance(500);
    }
    expect(left).toBe(40);
  });

  it('follows a machine that becomes slower', () => {
    const clock = createFakeClock();
    const estimate = createEstimate(clock);
    let left: number | undefined;
    for (let stepsDone = 1; stepsDone <= 80; stepsDone++) {
      left = estimate(afterSteps(stepsDone));
      clock.advance(stepsDone < 40 ? 100 : 1000);
    }
    expect(left).toBe(20);
  });

  it('is not told from one or two steps', () => {
    const clock = createFakeClock();
    const estimate = createEstimate(clock);
    const told = [1, 2, 3, 4].map((stepsDone) => {
      clock.advance(100);
      return estimate(afterSteps(stepsDone));
    });
    expect(told).toEqual([undefined, undefined, undefined, expect.any(Number)]);
  });

  it('knows that steps of coarse levels are cheap', () => {
    const clock = createFakeClock();
    const estimate = createEstimate(clock);
    // Ten steps of a 64 px level, then twenty of four times the work.
    const shareAfter = (steps: number): number => (steps <= 10 ? steps : 10 + 4 * (steps - 10)) / 90;
    let left: number | undefined;
    for (let stepsDone = 1; stepsDone <= 10; stepsDone++) {
      left = estimate(at({ stage: 'start', share: shareAfter(stepsDone), size: 64 }));
      clock.advance(1000);
    }
    // 20 steps of four seconds each.
    expect(left).toBe(80);
    // The graph of the next level is built: no step took that long.
    clock.advance(60_000);
    expect(estimate(at({ stage: 'start', share: shareAfter(11), size: 128 }))).toBe(80);
  });
});

describe('plain lines', () => {
  it('are a few, however many steps there are', () => {
    let text = '';
    const view = createLines({ write: (more) => (text += more) });
    view.show({
      kind: 'started',
      engine: 'onnx:cpu',
      engineVersion: '1',
      precision: 'float',
      precisionReason: null,
      threads: 2,
      width: 320,
      height: 208,
      done: 0,
      total: 48,
      unit: 'frame',
    });
    for (let stepsDone = 1; stepsDone <= 960; stepsDone++) {
      view.show(at({ share: stepsDone / 960, done: Math.floor(stepsDone / 20) }));
    }
    view.show(at({ stage: 'encode', done: 48 }));
    view.end();
    expect(text).toBe(
      [
        'Rendering 48 frames of 320 x 208 with onnx:cpu (float) on 2 threads.',
        'Frame 12 of 48.',
        'Frame 24 of 48.',
        'Frame 36 of 48.',
        'Frame 48 of 48.',
        'Writing the file.',
        '',
      ].join('\n'),
    );
  });
});
