import { expect, it } from 'vitest';
import { SlidingWindow } from '../../src/concurrency/sliding-window.ts';
import { createFakeClock } from '../support/fake-clock.ts';

it('A sliding window forgets what happened before it, and says from when on there is room', () => {
  const clock = createFakeClock();
  const window = new SlidingWindow(clock, 1000);
  expect(window.freeAt(2)).toBe(0);
  window.add();
  clock.advance(400);
  window.add();
  expect(window.count).toBe(2);
  expect(window.freeAt(2) - clock.now()).toBe(600);
  clock.advance(600);
  expect(window.count).toBe(1);
  expect(window.freeAt(2)).toBe(0);
});
