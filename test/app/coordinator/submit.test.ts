import { describe, expect, it } from 'vitest';
import { GramzoomError } from '../../../src/domain/errors.ts';
import type { Job, JobId } from '../../../src/domain/job.ts';
import {
  codeOf,
  createWorld,
  messageWith,
  photoBytes,
  smallFilm,
  someone,
  type World,
} from '../../support/app-world.ts';
import { createFakeChat, says } from '../../support/fake-chat.ts';
import { createFakeNetworks, fakeNetworkFacts } from '../../support/fake-networks.ts';
import { createFakeRenderer, fakeFilm } from '../../support/fake-renderer.ts';

const rows = (world: World): Promise<readonly Job[]> =>
  world.opened.store.jobs.ofUser(someone, { limit: 100 });

/** A renderer that never gets anywhere. */
const stuck = () => createFakeRenderer({ before: () => new Promise(() => {}) });

describe('a render', () => {
  it('goes from photo to film, and its messages tell of it', async () => {
    const world = await createWorld();
    const bot = world.start();
    const { id } = await bot.renders.submit(world.submission());
    await bot.finished(id);
    const job = await world.job(id);
    expect(job).toMatchObject({ state: 'done', unitsDone: 8, failure: null });
    const { bytes, format } = await bot.renders.result(id);
    expect([...bytes]).toEqual([...fakeFilm(job.request, photoBytes)]);
    expect(format).toBe('gif');
    expect(says(messageWith(world.chat, `${id}:answer`))).toMatchObject({
      body: { kind: 'result', seed: smallFilm.seed, network: 'pocket', depth: 'style' },
    });
    expect(says(messageWith(world.chat, `${id}:final`))).toMatchObject({
      body: { kind: 'result' },
      attachments: [{ blob: job.result, format: 'gif', still: job.poster }],
      actions: ['reroll', 'larger', 'download', 'delete', 'delete-photo'],
      mentionsRequester: true,
    });
    const others = world.chat.messages.flatMap(({ key, history }) => (key === `${id}:final` ? [] : history));
    expect(others.filter(({ mentionsRequester }) => mentionsRequester)).toEqual([]);
  });

  it('offers no larger film where there is none', async () => {
    const world = await createWorld();
    const bot = world.start();
    const { id } = await bot.renders.submit(world.submission({ options: { ...smallFilm, size: 512 } }));
    await bot.finished(id);
    expect(says(messageWith(world.chat, `${id}:final`))?.actions).toEqual([
      'reroll',
      'download',
      'delete',
      'delete-photo',
    ]);
  });

  it('keeps the name of the photo and not the address where it lay', async () => {
    const world = await createWorld();
    const bot = world.start({ renderer: stuck() });
    const attachment = world.chat.attach(photoBytes, { name: 'dog.jpg', ref: 'https://cdn.example/key' });
    const { id } = await bot.renders.submit(world.submission({ attachment }));
    expect((await world.job(id)).attachment).toEqual({ platform: 'web', ref: '', name: 'dog.jpg' });
  });

  it.each([
    [null, undefined, undefined],
    [null, '1MB', 1_000_000],
    [500_000, undefined, 500_000],
    [500_000, '1MB', 500_000],
    [500_000, '300kB', 300_000],
  ])('fits into what can be attached there (%s) and what was asked for (%s)', async (there, asked, most) => {
    const world = await createWorld({ chat: createFakeChat({ maxFileBytes: there }) });
    const bot = world.start({ renderer: stuck() });
    const options = { ...smallFilm, ...(asked && { maxBytes: asked }) };
    const { id } = await bot.renders.submit(world.submission({ options }));
    expect((await world.job(id)).request.maxBytes).toBe(most);
  });

  it('leaves no checkpoint behind', async () => {
    const world = await createWorld();
    const bot = world.start();
    const { id } = await bot.renders.submit(world.submission());
    await bot.finished(id);
    expect(await world.opened.checkpoints.list()).toEqual([]);
  });

  it('answers in the order waiting, running, film', async () => {
    const world = await createWorld();
    const hold = Promise.withResolvers<void>();
    const bot = world.start({ renderer: createFakeRenderer({ before: () => hold.promise }) });
    const { id } = await bot.renders.submit(world.submission());
    await world.chat.until((chat) => says(messageWith(chat, `${id}:answer`))?.body.kind === 'running');
    hold.resolve();
    await bot.finished(id);
    const kinds = messageWith(world.chat, `${id}:answer`)?.history.map(({ body }) => body.kind) ?? [];
    expect(['waiting', 'running', 'result'].filter((kind) => kinds.includes(kind as never))).toEqual([
      ...new Set(kinds),
    ]);
    expect(kinds.at(-1)).toBe('result');
  });
});

describe('submitting', () => {
  it('has the row written before the photo is asked for, and the photo stored before it says so', async () => {
    const world = await createWorld();
    const asked = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<Uint8Array>();
    const bot = world.start({
      renderer: stuck(),
      changes: () => ({
        chats: new Map([
          [
            'web',
            {
              ...world.chat,
              openAttachment: () => {
                asked.resolve();
                return answer.promise;
              },
            },
          ],
        ]),
      }),
    });
    const submitted = bot.renders.submit(world.submission());
    await asked.promise;
    expect(await rows(world)).toMatchObject([{ state: 'fetching', photo: null }]);
    answer.resolve(photoBytes);
    const { id } = await submitted;
    const { photo } = await world.job(id);
    const stored = photo && (await world.opened.blobs.get(photo));
    expect(stored && [...stored]).toEqual([...photoBytes]);
  });

  it('draws a seed where none is given, and takes the network that is the default', async () => {
    const world = await createWorld();
    const bot = world.start({
      renderer: stuck(),
      changes: () => ({
        newSeed: () => 4242,
        defaults: { network: 'other' },
        networks: createFakeNetworks(fakeNetworkFacts.map((facts) => ({ ...facts, name: 'other' }))),
      }),
    });
    const view = await bot.renders.submit(world.submission({ options: { size: 64 } }));
    expect(view).toMatchObject({ seed: 4242, network: 'other', depth: 'style' });
  });

  it.each([
    ['an option that is wrong', { options: { size: 65 } }, 'request-field'],
    ['an option that does not exist', { options: { sise: 64 } }, 'request-field'],
    ['options that are none', { options: 'size:64' }, 'request-field'],
    ['a network that does not exist', { options: { network: 'vgg' } }, 'network-unknown'],
    ['a path instead of a network', { options: { network: 'file:/etc/passwd' } }, 'request-field'],
    ['a network that is not here yet', { options: { network: 'vgg19' } }, 'network-fetching'],
    ['a depth that the network does not have', { options: { depth: 'scene' } }, 'depth-not-offered'],
    ['a depth that does not exist', { options: { depth: 'abyss' } }, 'request-field'],
  ])('refuses %s before anything is written', async (_what, changes, code) => {
    const world = await createWorld();
    const bot = world.start();
    expect(await codeOf(bot.renders.submit(world.submission(changes)))).toBe(code);
    expect(await rows(world)).toEqual([]);
  });

  it('goes by what the networks say of the network and the depth', async () => {
    const world = await createWorld();
    const networks = createFakeNetworks();
    const bot = world.start({ renderer: stuck(), changes: () => ({ networks }) });
    const view = await bot.renders.submit(world.submission({ options: { size: 64, depth: 'texture' } }));
    expect(networks.required).toEqual(['pocket texture']);
    expect(view).toMatchObject({ network: 'pocket', depth: 'texture' });
    expect((await world.job(view.id)).request).toMatchObject({ network: 'pocket', depth: 'texture' });
    expect(await bot.renders.networks()).toEqual({ standard: 'pocket', all: fakeNetworkFacts });
  });

  it.each([
    new GramzoomError('network-missing', { name: 'pocket', path: '/data/networks/pocket.safetensors' }),
    new GramzoomError('network-absent', {
      ...{ name: 'pocket', bytes: 1, url: 'https://networks.example', path: '/data/x.h5', reason: 'none' },
    }),
    new GramzoomError('network-damaged', { name: '/own/pocket.safetensors', problem: 'it is cut off' }),
  ])('keeps from people what is wrong with the files of a network (%s)', async (error) => {
    const world = await createWorld();
    const renderer = createFakeRenderer({
      before: () => {
        throw error;
      },
    });
    const bot = world.start({ renderer });
    const { id } = await bot.renders.submit(world.submission());
    await bot.finished(id);
    expect((await world.job(id)).failure).toEqual({ code: 'network-not-here', data: { name: 'pocket' } });
  });

  it('ends the render where the photo will not do, and leaves the telling to whoever asked', async () => {
    const world = await createWorld();
    const bot = world.start({
      changes: () => ({
        inspectPhoto: async () => {
          throw new GramzoomError('photo-heic', {});
        },
      }),
    });
    expect(await codeOf(bot.renders.submit(world.submission()))).toBe('photo-heic');
    expect(await rows(world)).toMatchObject([{ state: 'failed', failure: { code: 'photo-heic' } }]);
    await bot.stop();
    expect(world.chat.messages).toEqual([]);
  });

  it('refuses a photo with too many bytes', async () => {
    const world = await createWorld();
    const bot = world.start();
    const attachment = world.chat.attach(new Uint8Array(1001));
    expect(await codeOf(bot.renders.submit(world.submission({ attachment })))).toBe('photo-too-many-bytes');
  });

  it('asks for the photo again where the attachment is gone', async () => {
    const world = await createWorld();
    const bot = world.start();
    const attachment = { platform: 'web', ref: 'never attached', name: 'cat.jpg' } as const;
    expect(await codeOf(bot.renders.submit(world.submission({ attachment })))).toBe('photo-expired');
  });

  it('says that the disk is full where the photo does not fit, and frees the place in the limits', async () => {
    const world = await createWorld();
    const full = new GramzoomError('disk-full', { folder: 'data' });
    let isFull = true;
    const bot = world.start({
      renderer: stuck(),
      changes: ({ blobs }) => ({
        limits: { perUser: 1, perServer: 1 },
        blobs: {
          ...blobs,
          put: async (bytes) => {
            if (isFull) throw full;
            return blobs.put(bytes);
          },
        },
      }),
    });
    expect(await codeOf(bot.renders.submit(world.submission()))).toBe('disk-full');
    isFull = false;
    expect(await codeOf(bot.renders.submit(world.submission()))).toBe('none');
  });

  it('counts what a person and a server have waiting and running against their limits', async () => {
    const world = await createWorld();
    const bot = world.start({ renderer: stuck(), changes: () => ({ limits: { perUser: 2, perServer: 3 } }) });
    const submit = (user: string, server = 'lounge') =>
      codeOf(bot.renders.submit(world.submission({ origin: { platform: 'web', server, user } })));
    const codes = [];
    for (const user of ['ann', 'ann', 'ann', 'bob', 'cid']) codes.push(await submit(user));
    expect(codes).toEqual(['none', 'none', 'user-limit', 'none', 'server-limit']);
    expect(await submit('cid', 'attic')).toBe('none');
  });

  it('keeps limits when many ask at once', async () => {
    const world = await createWorld();
    const bot = world.start({ renderer: stuck(), changes: () => ({ limits: { perUser: 2, perServer: 9 } }) });
    const codes = await Promise.all(
      Array.from({ length: 6 }, () => codeOf(bot.renders.submit(world.submission()))),
    );
    expect(codes.filter((code) => code === 'none')).toHaveLength(2);
  });

  it('takes the same photo twice at once', async () => {
    const world = await createWorld();
    const bot = world.start();
    const views = await Promise.all([1, 2].map(() => bot.renders.submit(world.submission())));
    for (const { id } of views) expect(await bot.finished(id)).toMatchObject({ state: 'done' });
  });
});

describe('an event that comes again', () => {
  it('leads to the same render, with nothing counted or fetched twice', async () => {
    const world = await createWorld();
    const networks = createFakeNetworks();
    const bot = world.start({
      renderer: stuck(),
      changes: () => ({ networks, limits: { perUser: 1, perServer: 1 } }),
    });
    const submission = world.submission({ event: 'interaction:1' });
    const first = await bot.renders.submit(submission);
    expect(await bot.renders.submit(submission)).toMatchObject({ id: first.id, seed: first.seed });
    expect(world.chat.calls.filter(({ operation }) => operation === 'openAttachment')).toHaveLength(1);
    expect(networks.required).toHaveLength(1);
    expect(await codeOf(bot.renders.submit({ ...submission, event: 'interaction:2' }))).toBe('user-limit');
  });

  it('leads to one render where it comes twice at the same moment, and its photo still arrives', async () => {
    const world = await createWorld();
    const bot = world.start();
    const submission = world.submission({ event: 'interaction:1' });
    const views = await Promise.all([1, 2, 3].map(() => bot.renders.submit(submission)));
    expect(new Set(views.map(({ id }) => id)).size).toBe(1);
    expect(await bot.finished(views[0]!.id)).toMatchObject({ state: 'done' });
    expect(await rows(world)).toHaveLength(1);
  });

  it('leads to the same render after a restart', async () => {
    const world = await createWorld();
    const submission = world.submission({ event: 'interaction:1' });
    const first = world.start();
    const { id } = await first.renders.submit(submission);
    await first.finished(id);
    await first.stop();
    expect(await world.start().renders.submit(submission)).toMatchObject({ id, state: 'done' });
  });
});

describe('a film that is asked for', () => {
  it('is not ready before it is done, and is nowhere for a render that does not exist or failed', async () => {
    const world = await createWorld();
    const bot = world.start({ renderer: stuck() });
    const { id } = await bot.renders.submit(world.submission());
    expect(await codeOf(bot.renders.result(id))).toBe('not-ready');
    await bot.renders.cancel(id, { actor: someone });
    expect(await codeOf(bot.renders.result(id))).toBe('not-found');
    expect(await codeOf(bot.renders.result('nothing' as JobId))).toBe('not-found');
    expect(await bot.renders.view('nothing' as JobId)).toBeUndefined();
  });
});
