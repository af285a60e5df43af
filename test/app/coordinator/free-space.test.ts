import { describe, expect, it } from 'vitest';
import type { RetentionRules } from '../../../src/app/deps.ts';
import type { JobId } from '../../../src/domain/job.ts';
import { codeOf, createWorld, keepAll } from '../../support/app-world.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { createFakeRenderer } from '../../support/fake-renderer.ts';

describe('freeing space', () => {
  const films = async (count: number, rules: Partial<RetentionRules>, photo: number) => {
    const clock = createFakeClock();
    const world = await createWorld({ clock });
    const bot = world.start({
      clock,
      renderer: createFakeRenderer({
        before: ({ request }) => (request.seed === 999 ? new Promise(() => {}) : undefined),
      }),
      changes: () => ({ retention: { ...keepAll, ...rules }, maxPhotoBytes: 1e6 }),
    });
    const submit = async (seed: number, bytes: number) => {
      const attachment = world.chat.attach(new Uint8Array(bytes).fill(seed % 256));
      const options = { size: 64, frames: 8, steps: 2, seed };
      return (await bot.renders.submit(world.submission({ options, attachment }))).id;
    };
    const ids: JobId[] = [];
    for (let seed = 1; seed <= count; seed++) {
      const id = await submit(seed, photo);
      await bot.finished(id);
      ids.push(id);
    }
    const held = async (bytes: number) => {
      const id = await submit(999, bytes);
      await bot.event((event) => event.kind === 'started' && event.job === id);
      return id;
    };
    const gone = async () => {
      const codes = await Promise.all(ids.map((id) => codeOf(bot.renders.result(id))));
      return codes.filter((code) => code !== 'none').length;
    };
    const photos = async () =>
      (await Promise.all(ids.map((id) => world.job(id)))).filter((job) => job.photo !== null).length;
    return { world, bot, clock, held, gone, photos };
  };

  it('takes files that nobody needs first, and no film where that is enough', async () => {
    const { world, bot, clock, gone, photos } = await films(3, { maxDataBytes: 2000 }, 20);
    await world.opened.blobs.put(new Uint8Array(5000));
    clock.advance(2 * 3_600_000);
    await bot.renders.sweep();
    expect(await gone()).toBe(0);
    expect(await photos()).toBe(3);
  });

  it('takes no film in vain: none where what is under way is too much by itself', async () => {
    const { bot, held, gone, photos } = await films(3, { maxDataBytes: 2000 }, 20);
    await held(5000);
    await bot.renders.sweep();
    expect(await gone()).toBe(0);
    expect(await photos()).toBe(3);
  });

  it('takes only as many films as help', async () => {
    const { bot, held, gone } = await films(4, { maxDataBytes: 1700 }, 20);
    await held(800);
    await bot.renders.sweep();
    expect(await gone()).toBe(2);
  });

  it('takes photos first where all films would not be enough', async () => {
    const { bot, gone, photos } = await films(3, { maxDataBytes: 6000 }, 3000);
    await bot.renders.sweep();
    expect(await gone()).toBe(0);
    expect(await photos()).toBe(1);
  });
});
