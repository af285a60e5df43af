import { describe, expect, it } from 'vitest';
import { within } from '../../src/concurrency/within.ts';
import { createFakeClock } from '../support/fake-clock.ts';

describe('work that nobody waits for longer than so long', () => {
  it('gives what it gives in time, and leaves no timer', async () => {
    const clock = createFakeClock();
    expect(await within(Promise.resolve('done'), { clock, ms: 10, otherwise: 'late' })).toBe('done');
    await expect(
      within(Promise.reject(new Error('wrong')), { clock, ms: 10, otherwise: 'late' }),
    ).rejects.toThrow('wrong');
    expect(clock.waiting).toBe(0);
  });

  it('is left to itself after that, whatever becomes of it', async () => {
    const clock = createFakeClock();
    const work = Promise.withResolvers<string>();
    const waited = within(work.promise, { clock, ms: 10, otherwise: 'late' });
    clock.advance(10);
    expect(await waited).toBe('late');
    work.reject(new Error('too late'));
    await expect(work.promise).rejects.toThrow('too late');
  });
});
