import { describe, expect, it } from 'vitest';
import { createWorld, keepAll, photoBytes, someone } from '../../support/app-world.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { finishedRows } from '../../support/jobs.ts';

const dayMs = 24 * 60 * 60 * 1000;

describe('a sweep over many rows', () => {
  it('reads pages, and lets others store files and rows in between', async () => {
    const clock = createFakeClock();
    const world = await createWorld({ clock });
    const { store, blobs } = world.opened;
    const ids = await finishedRows(world.folder, 20_000);
    const photo = await blobs.put(photoBytes);
    for (const id of ids.slice(0, 60)) await store.jobs.update(id, { result: photo });
    let pages = 0;
    let most = 0;
    const count =
      <P extends { readonly limit: number }, T>(read: (page: P) => Promise<T>) =>
      (page: P) => {
        pages++;
        most = Math.max(most, page.limit);
        return read(page);
      };
    const { retention } = store;
    const bot = world.start({
      clock,
      changes: () => ({
        retention: { ...keepAll, resultDays: 1, photoDays: 1, rowDays: 1 },
        store: {
          ...store,
          retention: {
            ...retention,
            films: count(retention.films),
            photos: count(retention.photos),
            removeRows: count(retention.removeRows),
          },
        },
      }),
    });
    let turns = 0;
    let isOver = false;
    const others = (async () => {
      while (!isOver) {
        await new Promise((resolve) => setImmediate(resolve));
        await store.check();
        turns++;
      }
    })();
    clock.advance(3 * dayMs);
    await bot.renders.sweep();
    isOver = true;
    await others;
    expect(most).toBeLessThanOrEqual(500);
    expect(pages).toBeGreaterThan(20_000 / 500);
    expect(turns).toBeGreaterThanOrEqual(pages - 1);
    expect(await store.jobs.ofUser(someone, { limit: 9 })).toEqual([]);
    expect(await blobs.has(photo)).toBe(false);
  });

  it('lets somebody store a photo between one file and the next', async () => {
    const clock = createFakeClock();
    const world = await createWorld({ clock });
    const { store, blobs } = world.opened;
    const count = 40;
    for (const id of await finishedRows(world.folder, count)) {
      await store.jobs.update(id, { result: await blobs.put(new TextEncoder().encode(id)) });
    }
    let removed = 0;
    const begun = Promise.withResolvers<void>();
    const bot = world.start({
      clock,
      changes: () => ({
        retention: { ...keepAll, resultDays: 1 },
        blobs: {
          ...blobs,
          remove: async (id) => {
            await blobs.remove(id);
            removed++;
            begun.resolve();
          },
        },
      }),
    });
    clock.advance(3 * dayMs);
    const swept = bot.renders.sweep();
    await begun.promise;
    await bot.renders.submit(world.submission());
    expect(removed).toBeLessThan(count / 2);
    await swept;
    expect(removed).toBe(count);
  });
});
