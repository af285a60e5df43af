import { describe, expect, it } from 'vitest';
import { Semaphore } from '../../src/concurrency/semaphore.ts';
import { codeOf } from '../support/app-world.ts';

const { signal: never } = new AbortController();

describe('a semaphore', () => {
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

  it('lets so many work at once, and the others in the order in which they came', async () => {
    const semaphore = new Semaphore(2);
    const works = Array.from({ length: 4 }, createWork);
    const running = () => works.map(({ isRunning }) => isRunning());
    const all = works.map(({ run }) => semaphore.run(run, { signal: never }));
    await turn();
    expect(running()).toEqual([true, true, false, false]);
    works[1]!.fail(new Error('no matter'));
    await expect(all[1]).rejects.toThrow('no matter');
    await turn();
    expect(running()).toEqual([true, true, true, false]);
    for (const { end } of works) end();
    await Promise.all([all[0], all[2], all[3]]);
  });

  it('does not begin work whose signal has aborted while it waited', async () => {
    const semaphore = new Semaphore(1);
    const [first, given, last] = [createWork(), createWork(), createWork()];
    const controller = new AbortController();
    const held = semaphore.run(first.run, { signal: never });
    const abandoned = codeOf(semaphore.run(given.run, { signal: controller.signal }));
    const wanted = semaphore.run(last.run, { signal: never });
    controller.abort();
    expect(await abandoned).toBe('cancelled');
    first.end();
    last.end();
    await Promise.all([held, wanted]);
    expect(given.isRunning()).toBe(false);
    expect(await codeOf(semaphore.run(given.run, { signal: AbortSignal.abort() }))).toBe('cancelled');
  });
});
