import { describe, expect, it } from 'vitest';
import {
  barLine,
  createEstimate,
  createLines,
  type ProgressEvent,
  workOf,
} from '../../src/command-line/progress.ts';
import { createFakeClock } from '../support/fake-clock.ts';

const at = (given: Partial<ProgressEvent>): ProgressEvent => ({
  kind: 'progress',
  stage: 'frames',
  stepsDone: 50,
  stepsTotal: 100,
  share: 0.5,
  size: 256,
  framesDone: 11,
  frames: 48,
  ...given,
});

describe('the bar', () => {
  it('shows stage, frame, share and time left', () => {
    expect(barLine(at({}), { columns: 60, secondsLeft: 75 })).toBe(
      'frame 12/48      [#########--------]  50%  1 min 15 s left',
    );
  });

  it('leaves the time out while nothing is known of it', () => {
    expect(barLine(at({ stage: 'start', framesDone: 0, stepsDone: 0 }), { columns: 200 })).toBe(
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
    const lines = (['start', 'frames', 'encode'] as const).map((stage) =>
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
    const line = barLine(at({ stage: 'encode', stepsDone: 100, framesDone: 48 }), { columns: 80 });
    expect(line).toContain('####');
    expect(line).not.toContain('-');
    expect(line).toContain('100%');
  });
});

describe('the time left', () => {
  const evenWork = (steps: number): number => steps;

  it('is the pace of the last steps times the steps to come', () => {
    const clock = createFakeClock();
    const estimate = createEstimate(clock, evenWork);
    let left: number | undefined;
    for (let stepsDone = 10; stepsDone <= 20; stepsDone++) {
      left = estimate(at({ stepsDone }));
      clock.advance(500);
    }
    expect(left).toBe(40);
  });

  it('follows a machine that becomes slower', () => {
    const clock = createFakeClock();
    const estimate = createEstimate(clock, evenWork);
    let left: number | undefined;
    for (let stepsDone = 1; stepsDone <= 80; stepsDone++) {
      left = estimate(at({ stepsDone }));
      clock.advance(stepsDone < 40 ? 100 : 1000);
    }
    expect(left).toBe(20);
  });

  it('is not told from one or two steps', () => {
    const clock = createFakeClock();
    const estimate = createEstimate(clock, evenWork);
    const told = [1, 2, 3, 4].map((stepsDone) => {
      clock.advance(100);
      return estimate(at({ stepsDone }));
    });
    expect(told).toEqual([undefined, undefined, undefined, expect.any(Number)]);
  });

  it('knows that steps of coarse levels are cheap', () => {
    const work = workOf([
      { width: 64, height: 64, steps: 10 },
      { width: 128, height: 128, steps: 10 },
    ]);
    expect([10, 15, 20, 30].map((steps) => work(steps) / 64 ** 2)).toEqual([10, 30, 50, 90]);
    const clock = createFakeClock();
    const estimate = createEstimate(clock, work);
    let left: number | undefined;
    for (let stepsDone = 1; stepsDone <= 10; stepsDone++) {
      left = estimate(at({ stage: 'start', stepsDone, stepsTotal: 30 }));
      clock.advance(1000);
    }
    // 20 steps of four seconds each.
    expect(left).toBe(80);
    // The graph of the next level is built: no step took that long.
    clock.advance(60_000);
    expect(estimate(at({ stage: 'start', stepsDone: 11, stepsTotal: 30 }))).toBe(80);
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
      threads: 2,
      width: 320,
      height: 208,
      framesDone: 0,
    });
    for (let stepsDone = 1; stepsDone <= 960; stepsDone++) {
      view.show(at({ stepsDone, framesDone: Math.floor(stepsDone / 20) }));
    }
    view.show(at({ stage: 'encode', framesDone: 48 }));
    view.end();
    expect(text).toBe(
      [
        'Rendering 48 frames of 320 x 208 with onnx:cpu on 2 threads.',
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
