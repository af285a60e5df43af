import { describe, expect, it } from 'vitest';
import type { BlobId, JobId } from '../../../src/domain/job.ts';
import { parseRequest, type RenderRequest } from '../../../src/domain/kinds.ts';
import type { Renderer } from '../../../src/ports/renderer.ts';
import { codeOf, createWorld, photoBytes, smallFilm, someone } from '../../support/app-world.ts';
import { createFakeRenderer } from '../../support/fake-renderer.ts';

const others = ['a photo of a dog', 'a photo of a cow'].map((text) => new TextEncoder().encode(text));
const byAnn = { actor: someone, replyTarget: { platform: 'web', ref: 'lounge' } } as const;

describe('a film that goes through further photos', () => {
  /** A world with such a film in the queue, and what renderers are handed. */
  const inQueue = async () => {
    const world = await createWorld();
    const { blobs, store } = world.opened;
    const [photo, ...further] = await Promise.all([photoBytes, ...others].map((bytes) => blobs.put(bytes)));
    const through = further.map((blob, index) => ({ photo: blob, root: `root-${index}` }));
    const request = { ...parseRequest(smallFilm), seed: 7, through } as RenderRequest;
    const id = 'reel' as JobId;
    const { attachment } = world.submission();
    const row = { id, origin: someone, request, attachment, replyTarget: byAnn.replyTarget };
    await store.jobs.insert(
      { ...row, parent: null, photo: photo!, event: null },
      { perUser: 9, perServer: 9 },
    );
    await store.jobs.move(id, 'fetching', 'queued');
    const handed: (readonly string[])[] = [];
    const fake = createFakeRenderer();
    const renderer: Renderer = {
      ...fake,
      render: (wanted, bytes, signal, options = {}) => {
        handed.push([bytes, ...(options.through ?? [])].map((each) => new TextDecoder().decode(each)));
        return fake.render(wanted, bytes, signal, options);
      },
    };
    return {
      world,
      id,
      handed,
      further: further as readonly BlobId[],
      start: () => world.start({ renderer }),
    };
  };

  it('hands all of them to the renderer, in order', async () => {
    const { id, handed, start } = await inQueue();
    const bot = start();
    await bot.renders.resume();
    expect(await bot.finished(id)).toMatchObject({ state: 'done' });
    expect(handed).toEqual([['a photo of a cat', 'a photo of a dog', 'a photo of a cow']]);
  });

  it('fails and says why where one of them is gone', async () => {
    const { world, id, handed, further, start } = await inQueue();
    await world.opened.blobs.remove(further[1]!);
    const bot = start();
    await bot.renders.resume();
    expect(await bot.finished(id)).toMatchObject({ state: 'failed', code: 'photo-expired' });
    expect(handed).toEqual([]);
  });

  it('goes through them again in a re-roll, while all of them are there', async () => {
    const { world, id, handed, further, start } = await inQueue();
    const bot = start();
    await bot.renders.resume();
    await bot.finished(id);
    await bot.finished((await bot.renders.reroll(id, byAnn)).id);
    expect(handed[1]).toEqual(handed[0]);
    await world.opened.blobs.remove(further[0]!);
    expect(await codeOf(bot.renders.reroll(id, byAnn))).toBe('photo-expired');
  });

  it('lends its options to a film of another photo without them: nobody can ask for them', async () => {
    const { id, start } = await inQueue();
    const bot = start();
    const { options } = await bot.renders.asked(id);
    expect(Object.keys(options)).not.toContain('through');
    const through = [{ photo: 'a'.repeat(64), root: 'root' }];
    const asked = bot.renders.admit(someone, { ...smallFilm, through });
    expect(await codeOf(asked)).toBe('request-field');
  });
});
