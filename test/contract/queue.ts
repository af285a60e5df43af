import { describe, expect, it } from 'vitest';
import type { Queue } from '../../src/ports/queue.ts';

/** A task that waits until it is let go, and how many of them have begun. */
const createHeldTask = () => {
  const begun: PromiseWithResolvers<void>[] = [];
  let isOpen = false;
  return {
    task: async (): Promise<void> => {
      const gate = Promise.withResolvers<void>();
      begun.push(gate);
      if (!isOpen) await gate.promise;
    },
    get begun() {
      return begun.length;
    },
    /** Lets the newest go. */
    release: () => begun.at(-1)?.resolve(),
    /** From now on tasks do not wait. */
    open: () => {
      isOpen = true;
      for (const gate of begun) gate.resolve();
    },
  };
};

/** Everything that can happen without waiting for anything outside has happened. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** What every line in front of the pipeline does. */
export const describeQueue = (name: string, open: (task: () => Promise<void>) => Queue): void => {
  describe(name, () => {
    it('runs nothing before something is added', async () => {
      const held = createHeldTask();
      const queue = open(held.task);
      await settled();
      expect([held.begun, queue.waiting, queue.busy]).toEqual([0, 0, false]);
      await queue.close();
    });

    it('runs one task at a time and counts those that wait', async () => {
      const held = createHeldTask();
      const queue = open(held.task);
      for (let i = 0; i < 3; i++) queue.add();
      await settled();
      expect([held.begun, queue.waiting, queue.busy]).toEqual([1, 2, true]);
      held.release();
      await settled();
      expect([held.begun, queue.waiting, queue.busy]).toEqual([2, 1, true]);
      held.open();
      await settled();
      expect([held.begun, queue.waiting, queue.busy]).toEqual([3, 0, false]);
      await queue.close();
    });

    it('lets a task add the next one', async () => {
      let runs = 0;
      const ended = Promise.withResolvers<void>();
      const queue: Queue = open(async () => {
        runs++;
        if (runs < 3) queue.add();
        else ended.resolve();
      });
      queue.add();
      await ended.promise;
      await queue.close();
      expect(runs).toBe(3);
    });

    it('closes when the task that runs is over, and forgets those that wait', async () => {
      const held = createHeldTask();
      const queue = open(held.task);
      queue.add();
      queue.add();
      await settled();
      let isClosed = false;
      const closing = queue.close().then(() => {
        isClosed = true;
      });
      await settled();
      expect(isClosed).toBe(false);
      held.open();
      await closing;
      expect([held.begun, queue.waiting, queue.busy]).toEqual([1, 0, false]);
    });

    it('takes nothing once it is closed, and can be closed twice', async () => {
      const held = createHeldTask();
      const queue = open(held.task);
      await queue.close();
      queue.add();
      await settled();
      await queue.close();
      expect([held.begun, queue.waiting]).toEqual([0, 0]);
    });
  });
};
