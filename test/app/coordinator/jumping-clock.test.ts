import { describe, expect, it } from 'vitest';
import { openStore } from '../../../src/store/open-store.ts';
import { codeOf, createLoudLog, createWorld, keepAll, photoBytes } from '../../support/app-world.ts';
import { createFakeClock, type FakeClock } from '../../support/fake-clock.ts';
import { jobIn } from '../../support/jobs.ts';
import { createTempFolder } from '../../support/temp-folder.ts';

const dayMs = 24 * 60 * 60 * 1000;

describe('a clock that jumps', () => {
  const rules = { photoDays: 1, resultDays: 1, rowDays: 9 };
  const jumped = 'warn clock: jumped, or the bot was off for long; counted as a day at most';
  const jump = (clock: FakeClock, days: number): FakeClock => {
    let shift = 0;
    const jumping = { ...clock, wallTime: () => clock.wallTime() + shift };
    shift = days * dayMs;
    return jumping;
  };

  it.each([40, 4000, -40])(
    'a start after a jump of %i days logs it once and deletes no file',
    async (days) => {
      const folder = await createTempFolder();
      const clock = createFakeClock();
      const first = await openStore(folder, { clock });
      const blob = await first.blobs.put(photoBytes);
      const id = await jobIn(first.store, 'done');
      await first.store.jobs.update(id, { result: blob, photo: blob });
      await first.close();
      const { log, lines } = createLoudLog();
      const world = await createWorld({ folder, clock: jump(clock, days) });
      const bot = world.start({ clock, changes: () => ({ retention: { ...keepAll, ...rules }, log }) });
      for (let minutes = 0; minutes < 60; minutes += 10) {
        await bot.renders.sweep();
        clock.advance(600_000);
      }
      expect((await bot.renders.result(id)).bytes).toHaveLength(photoBytes.length);
      expect(lines).toEqual([{ line: jumped, fields: { days } }]);
      clock.advance(2 * dayMs);
      await bot.renders.sweep();
      expect(await codeOf(bot.renders.result(id))).toBe('result-expired');
    },
  );

  it('deletes no file either where it jumps between two sweeps, and maybe back', async () => {
    let shift = 0;
    const clock = createFakeClock();
    const jumping = { ...clock, wallTime: () => clock.wallTime() + shift };
    const { log, lines } = createLoudLog();
    const world = await createWorld({ clock: jumping });
    const bot = world.start({ clock, changes: () => ({ retention: { ...keepAll, ...rules }, log }) });
    const { id } = await bot.renders.submit(world.submission());
    await bot.finished(id);
    for (const days of [0, 40, 40, 0, -40, 0]) {
      shift = days * dayMs;
      await bot.renders.sweep();
      clock.advance(600_000);
    }
    expect(await codeOf(bot.renders.result(id))).toBe('none');
    expect(lines.filter(({ line }) => line === jumped).map(({ fields }) => fields)).toEqual(
      [40, -40, -40, 40].map((days) => ({ days })),
    );
  });
});
