import { describe, expect, it } from 'vitest';
import type { RetentionRules } from '../../../src/app/deps.ts';
import type { BlobId, JobId } from '../../../src/domain/job.ts';
import type { AppLog } from '../../../src/ports/log.ts';
import {
  codeOf,
  createLoudLog,
  createWorld,
  keepAll,
  messageWith,
  photoBytes,
  someone,
} from '../../support/app-world.ts';
import { says } from '../../support/fake-chat.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { createFakeRenderer } from '../../support/fake-renderer.ts';

const dayMs = 24 * 60 * 60 * 1000;
const filmBytes = 8 * 32;

/** Films in a world, one after the other, each from a photo of its own. */
const createFilms = async (
  count: number,
  rules: Partial<RetentionRules>,
  { held = false, log }: { readonly held?: boolean; readonly log?: AppLog } = {},
) => {
  const clock = createFakeClock();
  const world = await createWorld({ clock });
  const stuck = createFakeRenderer({
    before: ({ request }) => (request.seed === 999 ? new Promise(() => {}) : undefined),
  });
  const bot = world.start({
    clock,
    renderer: stuck,
    changes: () => ({ retention: { ...keepAll, ...rules }, ...(log && { log }) }),
  });
  const ids: JobId[] = [];
  for (let seed = 1; seed <= count; seed++) {
    const attachment = world.chat.attach(new TextEncoder().encode(`photo number ${seed}`));
    const options = { size: 64, frames: 8, steps: 2, seed };
    const { id } = await bot.renders.submit(world.submission({ options, attachment }));
    await bot.finished(id);
    ids.push(id);
    clock.advance(dayMs);
  }
  if (held) {
    const options = { size: 64, frames: 8, steps: 2, seed: 999 };
    ids.push((await bot.renders.submit(world.submission({ options }))).id);
    await bot.event((event) => event.kind === 'started' && event.job === ids.at(-1));
  }
  const results = async () => Promise.all(ids.map((id) => codeOf(bot.renders.result(id))));
  const photos = async () => Promise.all(ids.map(async (id) => (await world.job(id)).photo !== null));
  return { world, clock, bot, ids, results, photos };
};

describe('retention', () => {
  it('forgets acknowledged events after three days, whatever the rules say', async () => {
    const { clock, world, bot } = await createFilms(0, {});
    const { inbox } = world.opened.store;
    await inbox.add('chat', { id: 'old', body: '' });
    clock.advance(2 * dayMs);
    await inbox.add('chat', { id: 'young', body: '' });
    await bot.renders.sweep();
    expect(await inbox.pending('chat')).toHaveLength(2);
    clock.advance(1.5 * dayMs);
    await bot.renders.sweep();
    expect((await inbox.pending('chat')).map(({ id }) => id)).toEqual(['young']);
  });

  it('keeps everything without rules', async () => {
    const { clock, bot, results, photos } = await createFilms(2, {});
    clock.advance(1000 * dayMs);
    await bot.renders.sweep();
    expect(await results()).toEqual(['none', 'none']);
    expect(await photos()).toEqual([true, true]);
  });

  it('removes films by their age and says so where they were shown', async () => {
    const { world, bot, ids, results, photos } = await createFilms(3, { resultDays: 1.5 });
    const [oldest, , newest] = ids as [JobId, JobId, JobId];
    const { result, poster } = await world.job(oldest);
    const answer = messageWith(world.chat, `${oldest}:answer`);
    const said = answer?.history.length;
    await bot.renders.sweep();
    expect(await results()).toEqual(['result-expired', 'result-expired', 'none']);
    expect(await photos()).toEqual([true, true, true]);
    for (const blob of [result, poster]) expect(await world.opened.blobs.has(blob!)).toBe(false);
    await world.chat.until((chat) => says(messageWith(chat, `${oldest}:final`))?.body.kind === 'expired');
    expect(says(messageWith(world.chat, `${oldest}:final`))).toMatchObject({
      attachments: [],
      actions: ['reroll', 'delete'],
    });
    expect(says(messageWith(world.chat, `${newest}:final`))?.body.kind).toBe('result');
    expect(answer?.history).toHaveLength(said ?? 0);
  });

  it('removes photos and what shows them by an age of their own; a re-roll asks for them again', async () => {
    const { world, bot, ids, results, photos } = await createFilms(3, { photoDays: 1.5 });
    const { blobs, roomLog } = world.opened;
    const { photo } = await world.job(ids[0]!);
    const preview = { blob: await blobs.put(Uint8Array.of(1)), width: 4, height: 3 };
    const said = { kind: 'person', name: 'Ann', text: '', photo, preview } as const;
    await roomLog.append({ room: 'room', thread: null, key: null, said });
    await bot.renders.sweep();
    expect(await photos()).toEqual([false, false, true]);
    expect(await blobs.has(photo!)).toBe(false);
    expect(await blobs.has(preview.blob)).toBe(false);
    expect(await results()).toEqual(['none', 'none', 'none']);
    const by = { actor: someone, replyTarget: { platform: 'web', ref: 'lounge' } } as const;
    expect(await codeOf(bot.renders.reroll(ids[0]!, by))).toBe('photo-expired');
    expect(await codeOf(bot.renders.reroll(ids[2]!, by))).toBe('none');
  });

  it('evicts the oldest films first where there are too many bytes', async () => {
    // Photos and posters are small beside three films.
    const { bot, results, photos } = await createFilms(3, { maxDataBytes: 2 * filmBytes + 200 });
    await bot.renders.sweep();
    expect(await results()).toEqual(['result-expired', 'none', 'none']);
    expect(await photos()).toEqual([true, true, true]);
  });

  it('takes photos only when no film is left to take', async () => {
    const { bot, results, photos } = await createFilms(2, { maxDataBytes: 20 });
    await bot.renders.sweep();
    expect(await results()).toEqual(['result-expired', 'result-expired']);
    expect(await photos()).toEqual([false, true]);
  });

  it('never touches a photo of an unfinished render', async () => {
    const { world, clock, bot, ids } = await createFilms(
      1,
      { maxDataBytes: 0, photoDays: 0, resultDays: 0 },
      { held: true },
    );
    clock.advance(10 * dayMs);
    await bot.renders.sweep();
    const { photo, state } = await world.job(ids[1]!);
    expect(state).toBe('running');
    const kept = photo && (await world.opened.blobs.get(photo));
    expect(kept && [...kept]).toEqual([...photoBytes]);
    expect(await world.opened.checkpoints.list()).toEqual([]);
  });

  it('removes files that no row points at once they are an hour old', async () => {
    const { world, bot, clock } = await createFilms(1, {});
    const { blobs } = world.opened;
    const old = await blobs.put(Uint8Array.of(1));
    clock.advance(31 * 60_000);
    const young = await blobs.put(Uint8Array.of(2));
    clock.advance(30 * 60_000);
    await bot.renders.sweep();
    const left: BlobId[] = [];
    for await (const { id } of blobs.list()) left.push(id);
    expect(left).not.toContain(old);
    expect(left).toContain(young);
    expect(left).toHaveLength(4);
  });

  it('does not take an old file that is being sent again at the same moment', async () => {
    const world = await createWorld();
    const { blobs, store } = world.opened;
    const looked = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    const photo = await blobs.put(photoBytes);
    const bot = world.start({
      changes: () => ({
        blobs: {
          ...blobs,
          list: async function* () {
            yield { id: photo, bytes: photoBytes.length, idleMs: null };
          },
        },
        store: {
          ...store,
          retention: {
            ...store.retention,
            uses: async (ids) => {
              const uses = await store.retention.uses(ids);
              looked.resolve();
              await goOn.promise;
              return uses;
            },
          },
        },
      }),
    });
    const swept = bot.renders.sweep();
    await looked.promise;
    const submitted = bot.renders.submit(world.submission());
    await world.chat.until(({ calls }) => calls.some(({ operation }) => operation === 'openAttachment'));
    for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
    goOn.resolve();
    await swept;
    const { id } = await submitted;
    expect(await bot.finished(id)).toMatchObject({ state: 'done' });
  });

  it('goes on after a checkpoint that cannot be removed', async () => {
    const clock = createFakeClock();
    const world = await createWorld({ clock });
    const { checkpoints } = world.opened;
    const bot = world.start({
      clock,
      changes: () => ({
        retention: { ...keepAll, resultDays: 1 },
        checkpoints: {
          list: async () => ['lost' as JobId],
          load: (id) => checkpoints.load(id),
          save: (id, ...rest) => checkpoints.save(id, ...rest),
          remove: (id) => (id === 'lost' ? Promise.reject(new Error('EIO')) : checkpoints.remove(id)),
        },
      }),
    });
    const { id } = await bot.renders.submit(world.submission());
    await bot.finished(id);
    clock.advance(2 * dayMs);
    await bot.renders.sweep();
    expect(await codeOf(bot.renders.result(id))).toBe('result-expired');
  });

  it('removes checkpoints of renders that are over or unknown', async () => {
    const { world, bot, ids } = await createFilms(1, {});
    const { checkpoints } = world.opened;
    for (const id of [ids[0]!, 'unknown' as JobId]) {
      await checkpoints.save(id, Uint8Array.of(1), { frame: null });
    }
    await bot.renders.sweep();
    expect(await checkpoints.list()).toEqual([]);
  });

  it('does not take the photo that is being re-rolled at the same moment', async () => {
    const { world, bot, ids } = await createFilms(1, { photoDays: 0 });
    const by = { actor: someone, replyTarget: { platform: 'web', ref: 'lounge' } } as const;
    const [rerolled] = await Promise.allSettled([bot.renders.reroll(ids[0]!, by), bot.renders.sweep()]);
    if (rerolled.status === 'rejected') {
      expect(rerolled.reason).toMatchObject({ code: 'photo-expired' });
      return;
    }
    expect(await bot.finished(rerolled.value.id)).toMatchObject({ state: 'done' });
    expect(await world.job(rerolled.value.id)).toMatchObject({ parent: ids[0] });
  });

  it('says in one line what went, and why', async () => {
    const { log, lines } = createLoudLog();
    const { bot, world } = await createFilms(3, { resultDays: 1.5, photoDays: 2.5 }, { log });
    await world.opened.blobs.put(Uint8Array.of(1));
    bot.clock.advance(2 * 3_600_000);
    await bot.renders.sweep();
    const removed = lines.filter(({ line }) => line === 'info retention: removed old files and rows');
    expect(removed).toEqual([
      {
        line: expect.any(String),
        fields: {
          bytes: expect.any(Number),
          files: {
            'result: age': { files: 4, bytes: expect.any(Number) },
            'photo: age': { files: 1, bytes: 14 },
            'unreferenced: nothing points at it': { files: 1, bytes: 1 },
          },
        },
      },
    ]);
    await bot.renders.sweep();
    expect(lines.filter(({ line }) => line.includes('removed'))).toHaveLength(1);
  });
});
