import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../src/ops/system-clock.ts';
import { residentBytes } from '../../src/render/memory.ts';
import { PosterDrawer } from '../../src/render/poster-drawer.ts';
import { createTempFolder } from '../support/temp-folder.ts';

const poster = { theme: 'Scariest cat', day: '2026-11-01', voters: 5, winners: [] };
const { signal: never } = new AbortController();

describe('the poster drawer', () => {
  let drawer: PosterDrawer;
  beforeEach(() => {
    drawer = new PosterDrawer({ clock: systemClock });
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await drawer.close();
  });

  it('draws in a process that is gone afterwards, one poster after another', async () => {
    const drawings = [drawer.draw(poster, { signal: never }), drawer.draw(poster, { signal: never })];
    const pid = drawer.pid!;
    expect(pid).not.toBe(process.pid);
    const [first, second] = await Promise.all(drawings);
    expect([...first!.slice(0, 3)]).toEqual([0xff, 0xd8, 0xff]);
    expect(second).toEqual(first);
    await expect.poll(() => residentBytes(pid)).toBeNull();
    expect(drawer.pid).toBeUndefined();
  });

  it('stops when it is told to, and draws the next one', async () => {
    const controller = new AbortController();
    const drawing = drawer.draw(poster, { signal: controller.signal });
    controller.abort();
    await expect(drawing).rejects.toMatchObject({ code: 'cancelled' });
    await expect(drawer.draw(poster, { signal: never })).resolves.toBeInstanceOf(Uint8Array);
  });

  it('leaves nothing in the temporary folder, and does without it where nothing can be written there', async () => {
    const folder = await createTempFolder();
    vi.stubEnv('TMPDIR', folder);
    const drawing = drawer.draw({ ...poster, theme: '最も怖い猫' }, { signal: never });
    await expect.poll(() => readdir(folder), { interval: 5, timeout: 50_000 }).toHaveLength(1);
    await drawing;
    expect(await readdir(folder)).toEqual([]);
    vi.stubEnv('TMPDIR', join(folder, 'not-there'));
    await expect(drawer.draw(poster, { signal: never })).resolves.toBeInstanceOf(Uint8Array);
  });

  it('says so when its process dies', async () => {
    const broken = new PosterDrawer({ clock: systemClock, entry: new URL('file:///no/such/child.ts') });
    await expect(broken.draw(poster, { signal: never })).rejects.toMatchObject({ code: 'render-crashed' });
    await broken.close();
  });
});
