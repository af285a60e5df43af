import { describe, expect, it } from 'vitest';
import { createSlots } from '../../src/app/slots.ts';
import { codeOf } from '../support/app-world.ts';

const { signal: never } = new AbortController();

describe('slots', () => {
  /** Work that says when it has begun and ends when it is told to. */
  const createWork = () => {
    const end = Promise.withResolvers<void>();
    const work = { hasBegun: false, end: end.resolve, fail: end.reject };
    const run = (): Promise<void> => {
      work.hasBegun = true;
      return end.promise;
    };
    return { ...work, run, isRunning: () => work.hasBegun };
  };
  const turn = () => new Promise((resolve) => setImmediate(resolve));

  it('let so many work at once, and the others in the order in which they came', async () => {
    const slots = createSlots(2);
    const works = Array.from({ length: 4 }, createWork);
    const running = () => works.map(({ isRunning }) => isRunning());
    const all = works.map(({ run }) => slots.run(run, { signal: never }));
    await turn();
    expect(running()).toEqual([true, true, false, false]);
    works[1]!.fail(new Error('no matter'));
    await expect(all[1]).rejects.toThrow('no matter');
    await turn();
    expect(running()).toEqual([true, true, true, false]);
    for (const { end } of works) end();
    await Promise.all([all[0], all[2], all[3]]);
  });

  it('are not waited for any longer than somebody wants them', async () => {
    const slots = createSlots(1);
    const [first, given, last] = [createWork(), createWork(), createWork()];
    const controller = new AbortController();
    const held = slots.run(first.run, { signal: never });
    const abandoned = codeOf(slots.run(given.run, { signal: controller.signal }));
    const wanted = slots.run(last.run, { signal: never });
    controller.abort();
    expect(await abandoned).toBe('cancelled');
    first.end();
    last.end();
    await Promise.all([held, wanted]);
    expect(given.isRunning()).toBe(false);
    expect(await codeOf(slots.run(given.run, { signal: AbortSignal.abort() }))).toBe('cancelled');
  });
});
