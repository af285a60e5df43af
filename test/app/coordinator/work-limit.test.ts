import { describe, expect, it } from 'vitest';
import { workOf } from '../../../src/render/kinds.ts';
import { codeOf, createWorld, photoBytes, smallFilm, someone } from '../../support/app-world.ts';
import { createFakeRenderer } from '../../support/fake-renderer.ts';

const replyTarget = { platform: 'web', ref: 'lounge' } as const;
const endless = { size: 512, frames: 240, steps: 40 } as const;

/** With a renderer that counts work as the real one does. */
const started = async (maxWork: number) => {
  const world = await createWorld();
  const renderer = { ...createFakeRenderer(), work: workOf };
  return { world, bot: world.start({ renderer, changes: () => ({ maxWork }) }) };
};

describe('a film that is more work than one may be', () => {
  it('is refused before anything is written down or stored, with one that would fit', async () => {
    const { world, bot } = await started(6);
    const refused = bot.renders.submit(world.submission({ options: endless }));
    await expect(refused).rejects.toMatchObject({
      code: 'too-much-work',
      data: { most: 6, fitting: { size: 512, frames: 48, steps: 4 } },
    });
    const use = async () => {};
    const kept = bot.renders.keepPhoto(photoBytes, { origin: someone, options: endless, use });
    expect(await codeOf(kept)).toBe('too-much-work');
    expect(await codeOf(bot.renders.admit(someone, endless))).toBe('too-much-work');
    expect(await codeOf(bot.renders.admit(someone, { size: 7 }))).toBe('request-field');
    expect(await codeOf(bot.renders.admit(someone, smallFilm))).toBe('none');
    expect((await bot.renders.mine(someone)).length).toBe(0);
    expect(await codeOf(bot.renders.submit(world.submission({ options: { size: 512 } })))).toBe('none');
  });

  it('is not made by making one larger or re-rolling it, once the operator allows less', async () => {
    const { world, bot } = await started(3);
    const { id } = await bot.renders.submit(world.submission({ options: { size: 384 } }));
    await bot.finished(id);
    const by = { actor: someone, replyTarget };
    expect(await codeOf(bot.renders.reroll(id, by))).toBe('none');
    expect(await codeOf(bot.renders.enlarge(id, by))).toBe('too-much-work');
    await bot.stop();
    const stricter = world.start({
      renderer: { ...createFakeRenderer(), work: workOf },
      changes: () => ({ maxWork: 1 }),
    });
    expect(await codeOf(stricter.renders.reroll(id, by))).toBe('too-much-work');
    expect(await codeOf(stricter.renders.submit(world.submission({ options: smallFilm })))).toBe('none');
  });
});
