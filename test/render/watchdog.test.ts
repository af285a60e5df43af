import { describe, expect, it } from 'vitest';
import { createWatchdog } from '../../src/render/watchdog.ts';
import { createFakeClock } from '../support/fake-clock.ts';

const watched = () => {
  const clock = createFakeClock();
  const silences: number[] = [];
  const watch = createWatchdog(clock, { minimumMs: 30_000, onSilent: (ms) => silences.push(ms) });
  return { clock, silences, watch };
};

describe('the watch over a silent child', () => {
  it('calls after 30 seconds without a word', () => {
    const { clock, silences } = watched();
    clock.advance(29_999);
    expect(silences).toEqual([]);
    clock.advance(1);
    expect(silences).toEqual([30_000]);
  });

  it('starts anew with every word', () => {
    const { clock, silences, watch } = watched();
    clock.advance(29_000);
    watch.heard({ step: false });
    clock.advance(29_000);
    expect(silences).toEqual([]);
    clock.advance(1_000);
    expect(silences).toEqual([30_000]);
  });

  it('grants ten times the longest step', () => {
    const { clock, silences, watch } = watched();
    watch.heard({ step: true });
    clock.advance(5_000);
    watch.heard({ step: true });
    clock.advance(1_000);
    watch.heard({ step: true });
    clock.advance(49_999);
    expect(silences).toEqual([]);
    clock.advance(1);
    expect(silences).toEqual([50_000]);
  });

  it('does not take the time before the first step for a step', () => {
    const { clock, silences, watch } = watched();
    clock.advance(20_000);
    watch.heard({ step: false });
    watch.heard({ step: true });
    clock.advance(30_000);
    expect(silences).toEqual([30_000]);
  });

  it('forgives a pause in which this process stood still as well', () => {
    let now = 0;
    const callbacks: (() => void)[] = [];
    const silences: number[] = [];
    createWatchdog(
      {
        now: () => now,
        wallTime: () => 0,
        after: (_delayMs, callback) => {
          callbacks.push(callback);
          return { cancel: () => {} };
        },
      },
      { minimumMs: 30_000, onSilent: (ms) => silences.push(ms) },
    );
    now = 3_600_000;
    callbacks.shift()?.();
    expect(silences).toEqual([]);
    now += 30_000;
    callbacks.shift()?.();
    expect(silences).toEqual([30_000]);
  });

  it('expects nothing during a pause, and all again after it', () => {
    const { clock, silences, watch } = watched();
    watch.heard({ step: true });
    watch.stop();
    clock.advance(100_000);
    expect(silences).toEqual([]);
    watch.heard({ step: false });
    clock.advance(30_000);
    expect(silences).toEqual([30_000]);
  });

  it('is quiet once stopped', () => {
    const { clock, silences, watch } = watched();
    watch.stop();
    clock.advance(100_000);
    expect(silences).toEqual([]);
  });
});
