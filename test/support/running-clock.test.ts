import { describe, expect, it } from 'vitest';
import { createRunningClock } from './running-clock.ts';

const hourMs = 3_600_000;

describe('a clock that runs and can be pushed', () => {
  it('calls in order what falls due while it is pushed, at its own time', () => {
    const clock = createRunningClock();
    const begun = clock.now();
    const called: [string, number][] = [];
    const note = (name: string) => () => void called.push([name, Math.round((clock.now() - begun) / hourMs)]);
    clock.after(2 * hourMs, note('second'));
    clock.after(hourMs, () => {
      note('first')();
      clock.after(hourMs / 2, note('nested'));
    });
    const later = clock.after(5 * hourMs, note('later'));
    clock.advance(3 * hourMs);
    expect(called.map(([name]) => name)).toEqual(['first', 'nested', 'second']);
    expect(called.map(([, hours]) => hours)).toEqual([1, 2, 2]);
    expect(clock.waiting).toBe(1);
    later.cancel();
    expect(clock.waiting).toBe(0);
    expect(clock.now() - begun).toBeGreaterThanOrEqual(3 * hourMs);
  });

  it('moves the time of day along', () => {
    const clock = createRunningClock();
    const before = clock.wallTime();
    clock.advance(hourMs);
    expect(clock.wallTime() - before).toBeGreaterThanOrEqual(hourMs);
  });

  it('calls by itself as time goes by', async () => {
    const clock = createRunningClock();
    const begun = clock.now();
    await new Promise<void>((resolve) => {
      // Its timers keep no process alive; this one does, as a test must.
      const alive = setInterval(() => {}, 1000);
      clock.after(20, () => {
        clearInterval(alive);
        resolve();
      });
    });
    expect(clock.now() - begun).toBeGreaterThanOrEqual(20);
  });
});
