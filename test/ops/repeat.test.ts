import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { repeat } from '../../src/ops/repeat.ts';
import { createFakeClock } from '../support/fake-clock.ts';

describe('something that is done again and again', () => {
  it('is done at once and after each pause, whatever goes wrong', async () => {
    const clock = createFakeClock();
    const told: string[] = [];
    const stop = repeat(
      async () => {
        told.push('turn');
        if (told.length === 1) throw new Error('not today');
      },
      { clock, everyMs: 1000, onError: (error) => told.push(String(error)) },
    );
    await nextTurn();
    expect(told).toEqual(['turn', 'Error: not today']);
    clock.advance(1000);
    await nextTurn();
    expect(told).toHaveLength(3);
    await stop();
    expect(clock.waiting).toBe(0);
  });

  it('is waited for by whoever stops it, and not done again', async () => {
    const clock = createFakeClock();
    const work = Promise.withResolvers<void>();
    const stop = repeat(() => work.promise, { clock, everyMs: 1000, onError: () => {} });
    let stopped = false;
    const stopping = stop().then(() => {
      stopped = true;
    });
    await nextTurn();
    expect(stopped).toBe(false);
    work.resolve();
    await stopping;
    expect(clock.waiting).toBe(0);
  });
});
