import { describe, expect, it } from 'vitest';
import { type Failure, fromFailure } from '../../../src/domain/errors.ts';
import type { JobId } from '../../../src/domain/job.ts';
import { formWith, openWebChat, photoBytes, type WebHarness } from '../../support/web-chat.ts';

const ann = { user: 'Ann', server: 'cats' };

const post = (harness: WebHarness, body: FormData, headers: Record<string, string> = {}) =>
  harness.ask('/api/renders', { method: 'POST', body, headers });

type Body = { readonly id: JobId; readonly [field: string]: unknown };
const bodyOf = async (response: Response): Promise<Body> => (await response.json()) as Body;
const problemOf = async (response: Response) => ({ status: response.status, ...(await bodyOf(response)) });

/** A render of Ann's, accepted. */
const accepted = async (harness: WebHarness, texts: Readonly<Record<string, string>> = {}): Promise<JobId> =>
  (await bodyOf(await post(harness, formWith({ ...ann, ...texts })))).id;

describe('POST /api/renders', () => {
  it('accepts a photo with options, says where it stands and where to look', async () => {
    const harness = await openWebChat();
    const response = await post(
      harness,
      formWith({ ...ann, size: '64', zoom: '1.05', maxBytes: '8MB', seed: '' }),
    );
    expect(response.status).toBe(202);
    const body = await bodyOf(response);
    expect(body).toEqual({ id: expect.any(String), position: 1, etaSeconds: 10 });
    expect(response.headers.get('location')).toBe(`/api/renders/${body.id}`);
    expect(harness.renders.rows[0]).toMatchObject({
      origin: { platform: 'web', user: 'Ann', server: 'cats' },
      options: { size: 64, zoom: 1.05, maxBytes: 8_000_000, frames: 48 },
      photo: photoBytes(),
    });
  });

  it('takes a duration instead of frames, a shape and a quality', async () => {
    const harness = await openWebChat();
    await accepted(harness, { duration: '2', fps: '10', aspect: 'photo', quality: 'draft', steps: '' });
    expect(harness.renders.rows[0]?.options).toMatchObject({
      ...{ frames: 20, fps: 10, aspect: 'photo', quality: 'draft', steps: 1 },
    });
    const refused = await post(harness, formWith({ ...ann, duration: '60' }));
    expect(await problemOf(refused)).toMatchObject({
      status: 400,
      message: 'duration takes seconds from 0.4 to 12 at 20 frames per second, not 60.',
    });
    const both = await post(harness, formWith({ ...ann, duration: '2', frames: '40' }));
    expect(await problemOf(both)).toMatchObject({ status: 400, code: 'request-fields' });
  });

  it('takes who asks from headers, UTF-8 too, or else from the cookie', async () => {
    const harness = await openWebChat();
    const utf8 = Buffer.from('Zoë').toString('latin1');
    await post(harness, formWith({}), { user: utf8, server: 'dogs' });
    await post(harness, formWith({}), { cookie: 'gramzoom-name=Ben' });
    await post(harness, formWith({ user: 'Cleo' }), { cookie: 'gramzoom-name=Ben', user: 'Dan' });
    await post(harness, formWith({}));
    expect(harness.renders.rows.map(({ origin }) => [origin.user, origin.server])).toEqual([
      ['Zoë', 'dogs'],
      ['Ben', 'pumpkin-patch'],
      ['Cleo', 'pumpkin-patch'],
      ['guest', 'pumpkin-patch'],
    ]);
  });

  it('shows the photo and the options in the room of that server', async () => {
    const harness = await openWebChat();
    await accepted(harness, { size: '64' });
    const [asked, answer] = await harness.store.roomLog.latest('cats', { limit: 9 });
    expect(asked?.said).toMatchObject({ kind: 'person', name: 'Ann', text: '/gramzoom size:64' });
    expect(answer?.said).toMatchObject({ kind: 'render', content: { body: { kind: 'waiting' } } });
  });

  it.each([
    ['a field out of range', { size: '1000' }, /^size takes a multiple of 16/],
    ['a number that is none', { frames: 'many' }, /^frames takes a whole number .* not many\.$/],
    ['a field that nobody knows', { colour: 'red' }, /^There is no option colour: choose size/],
    ['a name with nothing in it', { user: ' \u200b ' }, /user needs a name/],
    ['a server with nothing in it', { server: '..' }, /server needs a name/],
  ] as const)('answers 400 to %s and keeps nothing', async (_what, texts, message) => {
    const harness = await openWebChat();
    const response = await post(harness, formWith({ ...ann, ...texts }));
    expect(await problemOf(response)).toMatchObject({ status: 400, message: expect.stringMatching(message) });
    expect(harness.renders.rows).toEqual([]);
    expect(await harness.store.roomLog.latest('cats', { limit: 9 })).toEqual([]);
  });

  it.each([
    ['no photo', formWith(ann, { photo: null }), 'photo-needed'],
    ['an empty photo', formWith(ann, { photo: photoBytes().subarray(0, 0) }), 'photo-empty'],
    ['a photo that is a text', formWith({ ...ann, photo: 'cat' }, { photo: null }), 'body-invalid'],
  ] as const)('answers 400 to %s', async (_what, form, code) => {
    expect(await problemOf(await post(await openWebChat(), form))).toMatchObject({ status: 400, code });
  });

  it('answers 413 to a photo above the limit', async () => {
    const harness = await openWebChat({ maxPhotoBytes: 100 });
    const response = await post(harness, formWith(ann, { photo: new Uint8Array(101) }));
    expect(await problemOf(response)).toMatchObject({ status: 413, code: 'photo-too-many-bytes' });
  });

  it('answers 429 with the time to wait where a person has enough', async () => {
    const harness = await openWebChat();
    const first = await accepted(harness);
    await accepted(harness);
    await harness.renders.start(first, 1);
    const response = await post(harness, formWith(ann));
    expect(response.headers.get('retry-after')).toBe('10');
    expect(await problemOf(response)).toMatchObject({ status: 429, code: 'user-limit' });
    const said = await harness.store.roomLog.latest('cats', { limit: 9 });
    expect(said.filter((message) => message.said.kind === 'person')).toHaveLength(2);
  });

  it.each([
    [{ code: 'server-limit', data: { limit: 6 } }, 429, true],
    [{ code: 'stopping', data: {} }, 503, true],
    [{ code: 'disk-full', data: { folder: '/data' } }, 503, true],
    [{ code: 'network-unknown', data: { name: 'x', known: ['pocket'] } }, 400, false],
    [{ code: 'network-fetching', data: { name: 'vgg19', bytes: 8e7, percent: 3 } }, 503, true],
    [{ code: 'network-not-here', data: { name: 'vgg19' } }, 503, true],
    [
      { code: 'depth-not-offered', data: { network: 'pocket', depth: 'scene', offered: ['style'] } },
      400,
      false,
    ],
    [{ code: 'photo-format', data: { found: 'svg' } }, 415, false],
    [{ code: 'photo-damaged', data: {} }, 400, false],
    [{ code: 'internal', data: { reason: 'a fault' } }, 500, false],
  ] satisfies readonly (readonly [Failure, number, boolean])[])(
    'answers %o with %i',
    async (failure, status, later) => {
      const harness = await openWebChat();
      harness.renders.refuseWith(fromFailure(failure));
      const response = await post(harness, formWith(ann));
      expect(response.headers.has('retry-after')).toBe(later);
      expect(await problemOf(response)).toEqual({ status, code: failure.code, message: expect.any(String) });
      expect(await harness.store.roomLog.latest('cats', { limit: 9 })).toEqual([]);
    },
  );

  it('logs what is a fault of its own, and nothing that is not', async () => {
    const harness = await openWebChat();
    await post(harness, formWith({ ...ann, size: '1' }));
    expect(harness.log.lines).toEqual([]);
    harness.renders.refuseWith(fromFailure({ code: 'internal', data: { reason: 'a fault' } }));
    await post(harness, formWith(ann));
    expect(harness.log.lines).toMatchObject([{ level: 'error' }]);
  });
});

describe('GET /api/renders/:id', () => {
  it('follows a render from the line to the film', async () => {
    const harness = await openWebChat();
    const id = await accepted(harness, { frames: '8', seed: '5' });
    const view = async () => (await harness.ask(`/api/renders/${id}`)).json();
    expect(await view()).toEqual({
      id,
      state: 'queued',
      position: 1,
      etaSeconds: 10,
      kind: 'zoom',
      progress: { done: 0, total: 8, unit: 'frame' },
      framesDone: 0,
      frames: 8,
      seed: 5,
      network: 'pocket',
      depth: 'style',
      quality: 'standard',
      width: null,
      height: null,
      parent: null,
      error: null,
    });
    await harness.renders.start(id, 3);
    expect(await view()).toMatchObject({ state: 'running', position: 0, framesDone: 3 });
    await harness.renders.finish(id, photoBytes());
    expect(await view()).toMatchObject({ width: 256, height: 256 });
    expect(await view()).toMatchObject({ state: 'done', etaSeconds: null, framesDone: 8 });
  });

  it('says why a render failed', async () => {
    const harness = await openWebChat();
    const id = await accepted(harness);
    await harness.renders.fail(id, { code: 'out-of-memory', data: { size: 512 } });
    expect(await (await harness.ask(`/api/renders/${id}`)).json()).toMatchObject({
      state: 'failed',
      error: { code: 'out-of-memory', message: expect.stringContaining('512 x 512') },
    });
  });

  it.each(['unknown', 'a%20b', '..%2f..%2fetc', '%00', 'x'.repeat(500)])('answers 404 to %s', async (id) => {
    const harness = await openWebChat();
    expect(await problemOf(await harness.ask(`/api/renders/${id}`))).toMatchObject({
      status: 404,
      code: 'not-found',
    });
  });
});

describe('GET /api/renders/:id/result', () => {
  it('is 409 before it is done, then the film, to be saved and kept', async () => {
    const harness = await openWebChat();
    const id = await accepted(harness);
    const path = `/api/renders/${id}/result`;
    expect(await problemOf(await harness.ask(path))).toMatchObject({ status: 409, code: 'not-ready' });
    await harness.renders.finish(id, photoBytes(1, 2, 3));
    const response = await harness.ask(path);
    expect(await response.bytes()).toEqual(photoBytes(1, 2, 3));
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'image/gif',
      'content-disposition': `attachment; filename="gramzoom-${id.slice(0, 8)}.gif"`,
      'cache-control': expect.stringContaining('immutable'),
      'x-content-type-options': 'nosniff',
    });
  });

  it('names the format that was asked for', async () => {
    const harness = await openWebChat();
    const id = await accepted(harness, { format: 'mp4' });
    await harness.renders.finish(id, photoBytes());
    expect((await harness.ask(`/api/renders/${id}/result`)).headers.get('content-type')).toBe('video/mp4');
  });

  it('is 404 for an unknown render', async () => {
    expect((await (await openWebChat()).ask('/api/renders/unknown/result')).status).toBe(404);
  });
});

describe('POST /api/renders/:id/reroll', () => {
  it.each([
    ['headers', { headers: { user: 'Ben', server: 'dogs' } }],
    ['a small form', { body: new URLSearchParams({ user: 'Ben', server: 'dogs' }) }],
  ] as const)('accepts the same photo with a new seed for whoever asks, by %s', async (_how, init) => {
    const harness = await openWebChat();
    const parent = await accepted(harness, { seed: '5' });
    const response = await harness.ask(`/api/renders/${parent}/reroll`, { method: 'POST', ...init });
    expect(response.status).toBe(202);
    const body = await bodyOf(response);
    expect(body).toMatchObject({ position: 2 });
    expect(await (await harness.ask(`/api/renders/${body.id}`)).json()).toMatchObject({ parent, seed: 6 });
    expect(harness.renders.rows[1]?.origin).toEqual({ platform: 'web', user: 'Ben', server: 'dogs' });
  });

  it('is 404 for an unknown render, and leaves no words in the room', async () => {
    const harness = await openWebChat();
    const response = await harness.ask('/api/renders/unknown/reroll', { method: 'POST', headers: ann });
    expect(response.status).toBe(404);
    expect(await harness.store.roomLog.latest('cats', { limit: 9 })).toEqual([]);
  });

  it('is 409 where the photo is no longer kept', async () => {
    const harness = await openWebChat();
    const id = await accepted(harness);
    harness.renders.refuseWith(fromFailure({ code: 'photo-expired', data: {} }));
    const response = await harness.ask(`/api/renders/${id}/reroll`, { method: 'POST' });
    expect(await problemOf(response)).toMatchObject({
      status: 409,
      message: expect.stringContaining('send it again'),
    });
  });
});

describe('POST /api/renders/:id/larger', () => {
  it('accepts the same photo and seed with longer sides, for whoever asks', async () => {
    const harness = await openWebChat();
    const parent = await accepted(harness, { seed: '5', size: '256' });
    const headers = { user: 'Ben', server: 'dogs' };
    const response = await harness.ask(`/api/renders/${parent}/larger`, { method: 'POST', headers });
    expect(response.status).toBe(202);
    const { id } = await bodyOf(response);
    expect(await (await harness.ask(`/api/renders/${id}`)).json()).toMatchObject({ parent, seed: 5 });
    expect(harness.renders.rows[1]).toMatchObject({
      options: { size: 384 },
      origin: { platform: 'web', user: 'Ben', server: 'dogs' },
    });
  });

  it('is 409 for a film of the greatest size, and 404 for an unknown one', async () => {
    const harness = await openWebChat();
    const id = await accepted(harness, { size: '512' });
    const ask = (render: string) => harness.ask(`/api/renders/${render}/larger`, { method: 'POST' });
    expect(await problemOf(await ask(id))).toMatchObject({ status: 409, code: 'largest-already' });
    expect((await ask('unknown')).status).toBe(404);
    expect(harness.renders.rows).toHaveLength(1);
  });
});

describe('DELETE /api/renders/:id', () => {
  const remove = (harness: WebHarness, id: string, headers: Record<string, string> = ann) =>
    harness.ask(`/api/renders/${id}`, { method: 'DELETE', headers });

  it('cancels an unfinished render, which stays to be looked at', async () => {
    const harness = await openWebChat();
    const id = await accepted(harness);
    const response = await remove(harness, id);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ id, state: 'cancelled' });
    expect(await (await harness.ask(`/api/renders/${id}`)).json()).toMatchObject({ state: 'cancelled' });
  });

  it('deletes a finished render, which is unknown from then on', async () => {
    const harness = await openWebChat();
    const id = await accepted(harness);
    await harness.renders.finish(id, photoBytes());
    expect((await remove(harness, id)).status).toBe(204);
    expect((await harness.ask(`/api/renders/${id}`)).status).toBe(404);
    expect((await remove(harness, id)).status).toBe(404);
  });

  it.each(['unfinished', 'finished'])("is 403 for somebody else's %s render, which stays", async (state) => {
    const harness = await openWebChat();
    const id = await accepted(harness);
    if (state === 'finished') await harness.renders.finish(id, photoBytes());
    const response = await remove(harness, id, { user: 'Mallory', server: 'cats' });
    expect(await problemOf(response)).toMatchObject({ status: 403, code: 'not-yours' });
    expect((await harness.ask(`/api/renders/${id}`)).status).toBe(200);
    expect(harness.renders.rows[0]?.state).toBe(state === 'finished' ? 'done' : 'queued');
  });
});

describe('deleting for good', () => {
  const from = (user: string) => ({ method: 'DELETE', headers: { user, server: 'cats' } });

  it('takes a photo with all that was made of it, for whoever it is from', async () => {
    const harness = await openWebChat();
    const id = await accepted(harness);
    await harness.renders.finish(id, photoBytes());
    await harness.ask(`/api/renders/${id}/reroll`, {
      method: 'POST',
      headers: { user: 'Mallory', server: 'cats' },
    });
    const refused = await harness.ask(`/api/renders/${id}/photo`, from('Mallory'));
    expect(await problemOf(refused)).toMatchObject({ status: 403, code: 'not-your-photo' });
    const { user } = harness.renders.rows[0]!.origin;
    const response = await harness.ask(`/api/renders/${id}/photo`, from(user));
    expect(await response.json()).toEqual({ photos: 1, renders: 2, ofOthers: 1 });
    expect((await harness.ask(`/api/renders/${id}`)).status).toBe(404);
  });

  it('takes everything of a person', async () => {
    const harness = await openWebChat();
    const id = await accepted(harness);
    expect(await (await harness.ask('/api/mine', from('Mallory'))).json()).toMatchObject({ renders: 0 });
    const { user } = harness.renders.rows[0]!.origin;
    expect(await (await harness.ask('/api/mine', from(user))).json()).toMatchObject({
      photos: 1,
      renders: 1,
    });
    expect((await harness.ask(`/api/renders/${id}`)).status).toBe(404);
  });
});

describe('errors of the interface', () => {
  it('are JSON with a code and a sentence, and are not kept', async () => {
    const harness = await openWebChat();
    for (const path of ['/api/nothing', '/api/renders/unknown', '/api/']) {
      const response = await harness.ask(path);
      expect(response.status).toBe(404);
      expect(response.headers.get('content-type')).toMatch(/^application\/json/);
      expect(await bodyOf(response)).toEqual({
        code: 'not-found',
        message: expect.stringMatching(/^[A-Z].*\.$/),
      });
    }
  });
});
