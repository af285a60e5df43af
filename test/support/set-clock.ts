/** One time for a test and for the process of the bot: how far it is ahead of the machine's is in a file. */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { Clock } from '../../src/ports/clock.ts';
import type { FakeClock } from './fake-clock.ts';
import { createRunningClock } from './running-clock.ts';

const lookEveryMs = 10;

const aheadIn = (file: string): number => Number(readFileSync(file, 'utf8'));

/** Moves a clock, and with it the file that others follow. */
export const leadClock = (clock: FakeClock, file: string): Pick<FakeClock, 'advance' | 'wallTime'> => {
  const write = (): void => {
    const part = `${file}.part`;
    writeFileSync(part, String(clock.wallTime() - Date.now()));
    renameSync(part, file);
  };
  write();
  return {
    wallTime: clock.wallTime,
    advance: (ms) => {
      clock.advance(ms);
      write();
    },
  };
};

/** The clock that a file sets: it runs, and goes forward as soon as the file says so. */
export const followClock = (file: string): Clock => {
  const clock = createRunningClock({ startsAt: Date.now() + aheadIn(file) });
  const timer = setInterval(() => {
    const skippedMs = Date.now() + aheadIn(file) - clock.wallTime();
    // Less than that is not what somebody has set.
    if (skippedMs > 100) clock.advance(skippedMs);
  }, lookEveryMs);
  timer.unref();
  return clock;
};
