import { describe, expect, it } from 'vitest';
import { KeyedMutex, Mutex } from '../../src/concurrency/keyed-mutex.ts';

describe('a keyed mutex', () => {
  it('runs what has the same key in the order of asking, also after a failure, and other keys meanwhile', async () => {
    const mutex = new KeyedMutex();
    const gate = Promise.withResolvers<void>();
    const done: string[] = [];
    const first = mutex.run('a', async () => {
      await gate.promise;
      throw new Error('failed');
    });
    const second = mutex.run('a', async () => void done.push('second'));
    await mutex.run('b', async () => void done.push('other'));
    expect(done).toEqual(['other']);
    gate.resolve();
    await expect(first).rejects.toThrow('failed');
    await second;
    expect(done).toEqual(['other', 'second']);
  });
});

describe('a mutex', () => {
  it('never runs two pieces of work at once', async () => {
    const mutex = new Mutex();
    let running = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      most = Math.max(most, ++running);
      await Promise.resolve();
      running -= 1;
    };
    await Promise.all(Array.from({ length: 5 }, () => mutex.run(work)));
    expect(most).toBe(1);
  });
});
