import { describe, expect, it } from 'vitest';
import { requestAsAsked } from '../../../src/app/coordinator/new-row.ts';
import type { JobId, ReplyTarget } from '../../../src/domain/job.ts';
import { codeOf, createWorld, smallFilm, someone } from '../../support/app-world.ts';
import { createFakeChat } from '../../support/fake-chat.ts';
import { createFakeNetworks, fakeNetworkFacts } from '../../support/fake-networks.ts';
import { createFakeRenderer } from '../../support/fake-renderer.ts';

const bob = { ...someone, user: 'bob' };
const replyTarget = { platform: 'web', ref: 'lounge' } as const;
const byAnn = { actor: someone, replyTarget };
const byBob = { actor: bob, replyTarget };

describe('a re-roll', () => {
  it('is the same photo and options with a new seed, for whoever asked, and names its parent', async () => {
    const world = await createWorld();
    const bot = world.start();
    const { id } = await bot.renders.submit(world.submission());
    await bot.finished(id);
    const again = await bot.renders.reroll(id, byBob);
    expect(again).toMatchObject({ parent: id, origin: bob });
    expect(again.seed).not.toBe(smallFilm.seed);
    await bot.finished(again.id);
    const [first, second] = [await world.job(id), await world.job(again.id)];
    expect(second).toMatchObject({
      photo: first.photo,
      request: { ...first.request, seed: again.seed },
      state: 'done',
    });
    expect(second.result).not.toBe(first.result);
  });

  it('works while its parent still runs', async () => {
    const world = await createWorld();
    const bot = world.start({ renderer: createFakeRenderer({ before: () => new Promise(() => {}) }) });
    const { id } = await bot.renders.submit(world.submission());
    expect(await bot.renders.reroll(id, byBob)).toMatchObject({ parent: id, state: 'queued', position: 1 });
  });

  it("counts against the asker's limits", async () => {
    const world = await createWorld();
    const bot = world.start({
      renderer: createFakeRenderer({ before: () => new Promise(() => {}) }),
      changes: () => ({ limits: { perUser: 2, perServer: 3 } }),
    });
    const { id } = await bot.renders.submit(world.submission());
    expect(await codeOf(bot.renders.reroll(id, byAnn))).toBe('none');
    expect(await codeOf(bot.renders.reroll(id, byAnn))).toBe('user-limit');
    expect(await codeOf(bot.renders.reroll(id, byBob))).toBe('none');
    expect(await codeOf(bot.renders.reroll(id, byBob))).toBe('server-limit');
  });

  it('needs its network to be here still, and is not written down where it is not', async () => {
    const world = await createWorld();
    const networks = createFakeNetworks();
    const bot = world.start({ changes: () => ({ networks }) });
    const { id } = await bot.renders.submit(world.submission({ options: { size: 64, depth: 'texture' } }));
    await bot.finished(id);
    expect(await codeOf(bot.renders.reroll(id, byBob))).toBe('none');
    expect(networks.required).toEqual(['pocket texture', 'pocket texture']);
    await bot.stop();
    const gone = fakeNetworkFacts.map((facts) => ({ ...facts, present: false }));
    const later = world.start({ changes: () => ({ networks: createFakeNetworks(gone) }) });
    expect(await codeOf(later.renders.reroll(id, byAnn))).toBe('network-fetching');
    expect(await world.opened.store.jobs.ofUser(someone, { limit: 9 })).toHaveLength(1);
  });

  it('asks for the photo again where it is no longer kept', async () => {
    const world = await createWorld();
    const bot = world.start();
    const { id } = await bot.renders.submit(world.submission());
    await bot.finished(id);
    const { photo } = await world.job(id);
    await world.opened.blobs.remove(photo!);
    expect(await codeOf(bot.renders.reroll(id, byAnn))).toBe('photo-expired');
    await world.opened.store.retention.forget(photo!);
    expect(await codeOf(bot.renders.reroll(id, byAnn))).toBe('photo-expired');
    expect(await codeOf(bot.renders.reroll('nothing' as JobId, byAnn))).toBe('not-found');
  });

  it('is taken up again when the process dies between row and line', async () => {
    const world = await createWorld();
    const first = world.start();
    const { id } = await first.renders.submit(world.submission());
    await first.finished(id);
    await first.stop();
    const parent = await world.job(id);
    const row = { ...parent, id: 'a-reroll' as JobId, parent: id, event: null };
    await world.opened.store.jobs.insert(row, { perUser: 9, perServer: 9 });
    const second = world.start();
    expect(await second.renders.resume()).toMatchObject({ fetching: 1 });
    expect(await second.finished(row.id)).toMatchObject({ state: 'done' });
    expect(world.chat.calls.filter(({ operation }) => operation === 'openAttachment')).toHaveLength(1);
  });
});

describe('a larger film', () => {
  it('has the same photo, options and seed and the next longer sides, up to the longest', async () => {
    const world = await createWorld();
    const bot = world.start();
    let { id } = await bot.renders.submit(world.submission());
    await bot.finished(id);
    const first = await world.job(id);
    for (const size of [256, 384, 512]) {
      const view = await bot.renders.enlarge(id, byBob);
      expect(view).toMatchObject({ parent: id, origin: bob, seed: smallFilm.seed, size });
      expect(await world.job(view.id)).toMatchObject({
        photo: first.photo,
        request: { ...first.request, size },
      });
      id = view.id;
      await bot.finished(id);
    }
    await expect(bot.renders.enlarge(id, byBob)).rejects.toMatchObject({
      code: 'largest-already',
      data: { size: 512 },
    });
  });

  it('is a render like others: limits count, and its photo has to be here', async () => {
    const world = await createWorld();
    const bot = world.start({
      renderer: createFakeRenderer({ before: () => new Promise(() => {}) }),
      changes: () => ({ limits: { perUser: 1, perServer: 9 } }),
    });
    const { id } = await bot.renders.submit(world.submission());
    expect(await codeOf(bot.renders.enlarge(id, byAnn))).toBe('user-limit');
    const { photo } = await world.job(id);
    await world.opened.blobs.remove(photo!);
    expect(await codeOf(bot.renders.enlarge(id, byBob))).toBe('photo-expired');
  });
});

describe('the event of a re-roll', () => {
  it.each(['reroll', 'enlarge'] as const)(
    'leads to one render, however often it comes (%s)',
    async (again) => {
      const world = await createWorld();
      const bot = world.start({ renderer: createFakeRenderer({ before: () => new Promise(() => {}) }) });
      const { id } = await bot.renders.submit(world.submission());
      const by = { ...byBob, event: 'interaction:2' };
      const [first, second] = await Promise.all([bot.renders[again](id, by), bot.renders[again](id, by)]);
      expect(second?.id).toBe(first?.id);
      // What it needed then need not be here any more.
      const { photo } = await world.job(id);
      await world.opened.blobs.remove(photo!);
      expect(await bot.renders[again](id, by)).toMatchObject({ id: first?.id });
      expect(await world.opened.store.jobs.ofUser(bob, { limit: 9 })).toHaveLength(1);
    },
  );

  it('does not bring the address of the photo into another row, and fits where it goes', async () => {
    const world = await createWorld({ chat: createFakeChat({ maxFileBytes: 400_000 }) });
    const id = await world.rowIn('queued');
    const bot = world.start({ renderer: createFakeRenderer({ before: () => new Promise(() => {}) }) });
    const again = await bot.renders.reroll(id, byBob);
    expect(await world.job(again.id)).toMatchObject({
      attachment: { ref: '', name: 'cat.jpg' },
      request: { maxBytes: 400_000 },
    });
  });
});

describe('a re-roll in another place', () => {
  const [small, roomy] = ['lounge', 'ballroom'];
  const caps = new Map([
    [small, 400_000],
    [roomy, 2_000_000],
  ]);

  it.each([
    // What was asked for, and what is the most in the place of the film, in a roomier one, and in the smaller one again.
    [undefined, 400_000, 2_000_000, 400_000],
    ['1MB', 400_000, 1_000_000, 400_000],
    ['300kB', 300_000, 300_000, 300_000],
    ['5MB', 400_000, 2_000_000, 400_000],
  ])('keeps what was asked for (%s) apart from what its place takes', async (asked, first, second, third) => {
    const chat = createFakeChat();
    const world = await createWorld({ chat });
    const maxFileBytes = ({ ref }: ReplyTarget): number | null => caps.get(ref) ?? null;
    const bot = world.start({
      renderer: createFakeRenderer({ before: () => new Promise(() => {}) }),
      changes: () => ({ chats: new Map([['web', { ...chat, maxFileBytes }]]) }),
    });
    const options = { ...smallFilm, ...(asked && { maxBytes: asked }) };
    const { id } = await bot.renders.submit(world.submission({ options }));
    const again = (of: JobId, ref: string) =>
      bot.renders.reroll(of, { ...byBob, replyTarget: { platform: 'web', ref } });
    const there = await again(id, roomy!);
    const back = await again(there.id, small!);
    const most = async (of: JobId) => (await world.job(of)).request.maxBytes;
    expect([await most(id), await most(there.id), await most(back.id)]).toEqual([first, second, third]);
  });

  it('gets the limit of its new place where the render did not store its own', async () => {
    const chat = createFakeChat({ maxFileBytes: 400_000 });
    const world = await createWorld({ chat });
    const id = await world.rowIn('queued');
    const { request } = await world.job(id);
    expect(
      requestAsAsked(
        { chats: new Map([['web', chat]]) },
        {
          ...(await world.job(id)),
          request: { ...request, maxBytes: 400_000 },
        },
      ),
    ).toEqual(request);
  });
});

it('is out of sight where what it re-rolls is', async () => {
  const world = await createWorld();
  const id = await world.rowIn('queued');
  const bot = world.start({ renderer: createFakeRenderer({ before: () => new Promise(() => {}) }) });
  world.chat.hide((await world.job(id)).replyTarget.ref);
  const again = await bot.renders.reroll(id, byBob);
  expect((await world.job(again.id)).replyTarget).toEqual({ platform: 'web', ref: 'lounge:hidden' });
});

describe('removing', () => {
  it('takes a finished render away with its messages and its film', async () => {
    const world = await createWorld();
    const bot = world.start();
    const { id } = await bot.renders.submit(world.submission());
    await bot.finished(id);
    const { result, poster, photo } = await world.job(id);
    await bot.renders.remove(id, { actor: someone });
    expect(await bot.renders.view(id)).toBeUndefined();
    expect(world.chat.messages).toEqual([]);
    expect(await world.opened.blobs.has(result!)).toBe(false);
    expect(await world.opened.blobs.has(poster!)).toBe(false);
    // It may be on its way into another row; a later sweep takes it.
    expect(await world.opened.blobs.has(photo!)).toBe(true);
    expect(await codeOf(bot.renders.remove(id, { actor: someone }))).toBe('not-found');
  });

  it('leaves the film that another render has too', async () => {
    const world = await createWorld();
    const bot = world.start();
    const first = await bot.renders.submit(world.submission());
    await bot.finished(first.id);
    const second = await bot.renders.submit(world.submission());
    await bot.finished(second.id);
    await bot.renders.remove(first.id, { actor: someone });
    expect((await bot.renders.result(second.id)).bytes.length).toBeGreaterThan(0);
  });

  it('is for finished renders of one’s own', async () => {
    const world = await createWorld();
    const hold = Promise.withResolvers<void>();
    const bot = world.start({ renderer: createFakeRenderer({ before: () => hold.promise }) });
    const { id } = await bot.renders.submit(world.submission());
    expect(await codeOf(bot.renders.remove(id, { actor: someone }))).toBe('not-ready');
    hold.resolve();
    await bot.finished(id);
    expect(await codeOf(bot.renders.remove(id, { actor: bob }))).toBe('not-yours');
    expect(await bot.renders.view(id)).toMatchObject({ state: 'done' });
  });

  it('works for one that was cancelled before anybody was told', async () => {
    const world = await createWorld();
    const bot = world.start({ renderer: createFakeRenderer({ before: () => new Promise(() => {}) }) });
    const { id } = await bot.renders.submit(world.submission());
    await bot.renders.cancel(id, { actor: someone });
    await bot.renders.remove(id, { actor: someone });
    await bot.stop();
    expect(await bot.renders.view(id)).toBeUndefined();
    expect(world.chat.messages).toEqual([]);
  });
});

it('how a render was asked for can be asked for again with another photo, by another process too', async () => {
  const world = await createWorld();
  const submission = world.submission();
  const { id } = await world.start().renders.submit({ ...submission, photoOwner: bob });
  const { renders } = world.start();
  const { options, ...asked } = await renders.asked(id);
  expect(asked).toEqual({ replyTarget: submission.replyTarget, photoOwner: bob });
  const other = await renders.submit({ ...submission, options });
  const [first, second] = [await world.job(id), await world.job(other.id)];
  expect(second.request).toEqual({ ...first.request, seed: second.request.seed });
  expect(second.request.seed).not.toBe(first.request.seed);
  expect(await codeOf(renders.asked('nobody' as JobId))).toBe('not-found');
});
