import { onTestFinished } from 'vitest';
import { createFakeClock, type FakeClock } from './fake-clock.ts';

/** A clock that is in a hurry: some seconds of it pass in a blink, until the test ends. */
export const createQuickClock = (): FakeClock => {
  const clock = createFakeClock();
  const passing = setInterval(() => clock.advance(200), 4);
  onTestFinished(() => clearInterval(passing));
  return clock;
};
