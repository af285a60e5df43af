import { describe, expect, it } from 'vitest';
import { type FolderTime, isSettled, newFolderTime, passTime } from '../../src/domain/folder-time.ts';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const start = Date.UTC(2026, 9, 31);

/** Steps of a folder's life: how long it ran, and by how much the wall clock went on meanwhile. */
const live = (...steps: readonly { readonly ran: number; readonly wall: number }[]) => {
  let wall = start;
  let time: FolderTime = newFolderTime(start);
  const jumps: number[] = [];
  for (const step of steps) {
    wall += step.wall;
    const passed = passTime(time, { ranMs: step.ran, wall });
    time = passed.time;
    jumps.push(passed.jumpMs);
  }
  return { passed: time.seen - start, jumps, isSettled: isSettled(time) };
};

const run = (ms: number) => ({ ran: ms, wall: ms });
const off = (ms: number) => ({ ran: 0, wall: ms });
const setForward = off;
const setBack = (ms: number) => ({ ran: 0, wall: -ms });

describe('the time that a data folder has seen', () => {
  it('goes on while the bot runs, and while it is off for less than a day', () => {
    expect(live(run(hourMs), off(20 * hourMs), run(hourMs))).toEqual({
      passed: 22 * hourMs,
      jumps: [0, 0, 0],
      isSettled: true,
    });
  });

  it('counts a jump of more than a day as one day, and settles after an hour', () => {
    const jumped = live(run(hourMs), setForward(40 * dayMs));
    expect(jumped).toEqual({ passed: hourMs + dayMs, jumps: [0, 40 * dayMs], isSettled: false });
    expect(live(setForward(40 * dayMs), run(hourMs - 1)).isSettled).toBe(false);
    expect(live(setForward(40 * dayMs), run(hourMs))).toMatchObject({
      passed: dayMs + hourMs,
      isSettled: true,
    });
  });

  it('takes the day back where the clock is set right before it has settled', () => {
    const { passed, jumps } = live(setForward(40 * dayMs), run(1000), setBack(40 * dayMs), run(1000));
    expect(passed).toBe(2000);
    expect(jumps).toEqual([40 * dayMs, 0, -40 * dayMs, 0]);
  });

  it('never goes back where a clock is set back, by a little or by much', () => {
    expect(live(run(hourMs), setBack(30 * dayMs), run(hourMs)).passed).toBe(2 * hourMs);
    expect(live(run(hourMs), setBack(5 * hourMs), run(hourMs)).passed).toBe(2 * hourMs);
  });

  it('does not count the same hours again where a clock is set back and forth', () => {
    const backAndForth = [setBack(20 * hourMs), setForward(20 * hourMs)] as const;
    expect(live(run(hourMs), ...backAndForth, ...backAndForth, run(hourMs)).passed).toBe(2 * hourMs);
  });

  it('gets on by a day with each long absence, so that nothing stays for ever', () => {
    const lives = Array.from({ length: 7 }, () => [off(30 * dayMs), run(2 * hourMs)]).flat();
    expect(live(...lives).passed).toBe(7 * (dayMs + 2 * hourMs));
  });
});
