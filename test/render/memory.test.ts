import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { peakResidentBytes, residentBytes, watchMemory } from '../../src/render/memory.ts';
import { createFakeClock } from '../support/fake-clock.ts';

describe('the memory of a process', () => {
  it.skipIf(process.platform !== 'linux')('is what the system says (Linux: needs /proc)', async () => {
    const bytes = await residentBytes(process.pid);
    // The same number, read a moment apart.
    expect(bytes! / process.memoryUsage.rss()).toBeGreaterThan(0.5);
    expect(bytes! / process.memoryUsage.rss()).toBeLessThan(2);
  });

  it('cannot be told of a process that is not there', async () => {
    expect(await residentBytes(2 ** 30)).toBeNull();
  });

  it.skipIf(process.platform !== 'linux')(
    'is at its peak no more than it took itself (Linux: needs /proc)',
    () => {
      const parentBytes = 400e6;
      const memory = new URL('../../src/render/memory.ts', import.meta.url).href;
      const child = `import(${JSON.stringify(memory)}).then((m) => process.stdout.write(String(m.peakResidentBytes())))`;
      const parent = `
      globalThis.held = Buffer.alloc(${parentBytes}, 1);
      const { spawnSync } = require('node:child_process');
      const { stdout } = spawnSync(process.execPath, ['--eval', ${JSON.stringify(child)}], { encoding: 'utf8' });
      process.stdout.write(stdout);`;
      const { stdout } = spawnSync(process.execPath, ['--eval', parent], { encoding: 'utf8' });
      // Node alone takes some 40 MB.
      expect(Number(stdout)).toBeGreaterThan(20e6);
      expect(Number(stdout)).toBeLessThan(parentBytes / 2);
    },
  );

  it('is at its peak at least what it is', () => {
    // The system counts pages in batches, and the second reading is a moment later.
    expect(peakResidentBytes()).toBeGreaterThan(0.9 * process.memoryUsage.rss());
  });

  const watched = (readings: readonly (number | null)[]) => {
    const clock = createFakeClock();
    const over: number[] = [];
    const left = [...readings];
    const watch = watchMemory(clock, {
      read: async () => left.shift() ?? null,
      everyMs: 1000,
      maxBytes: 100,
      onOver: (bytes) => over.push(bytes),
    });
    /** One look: the reading is a promise. */
    const look = async (): Promise<void> => {
      clock.advance(1000);
      await new Promise((resolve) => setImmediate(resolve));
    };
    return { clock, over, watch, look };
  };

  it('is looked at again and again until it is too much', async () => {
    const { clock, over, look } = watched([50, null, 100, 101, 200]);
    for (let i = 0; i < 3; i++) await look();
    expect(over).toEqual([]);
    await look();
    expect(over).toEqual([101]);
    expect(clock.waiting).toBe(0);
  });

  it('is not looked at once that is stopped', async () => {
    const { clock, over, watch, look } = watched([200]);
    clock.advance(1000);
    watch.stop();
    await look();
    expect(over).toEqual([]);
    expect(clock.waiting).toBe(0);
  });
});
