import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { GramzoomError } from '../../../src/domain/errors.ts';
import type { JobId } from '../../../src/domain/job.ts';
import { renderSubject } from '../../../src/domain/subject.ts';
import { formWith, openWebChat, photoBytes, previewOf, type WebHarness } from '../../support/web-chat.ts';

const asAnn = { cookie: 'gramzoom-name=Ann', 'hx-request': 'true' };

const sendPhoto = (harness: WebHarness, photo = photoBytes()) =>
  harness.ask('/rooms/cats/messages', { method: 'POST', headers: asAnn, body: formWith({}, { photo }) });

const photoTag = async (harness: WebHarness): Promise<string> =>
  /<img class="photo"[^>]*>/.exec(await (await harness.ask('/rooms/cats')).text())?.[0] ?? '';

const addressIn = (tag: string): string => /src="([^"]+)"/.exec(tag)?.[1] ?? '';

/** A message as a version without previews has left it. */
const sayAsBefore = async (harness: WebHarness, photo: Uint8Array) => {
  const blob = await harness.store.blobs.put(photo);
  const said = { kind: 'person', name: 'Ann', text: '', photo: blob, preview: null } as const;
  const message = await harness.store.roomLog.append({ room: 'cats', thread: null, key: null, said });
  return { message, blob, path: `/media/${message.id}/${blob}` };
};

describe('photos', () => {
  it('are shown by a preview with its sides: nobody is sent what was uploaded', async () => {
    const harness = await openWebChat();
    await sendPhoto(harness);
    const tag = await photoTag(harness);
    expect(tag).toMatch(/width="352" height="176"/);
    expect(tag).toContain('loading="lazy"');
    const response = await harness.ask(addressIn(tag));
    expect(await response.bytes()).toEqual(previewOf(photoBytes()));
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'image/webp',
      'x-content-type-options': 'nosniff',
      'cache-control': expect.stringContaining('immutable'),
    });
    const [message] = await harness.store.roomLog.latest('cats', { limit: 9 });
    const photo = message?.said.kind === 'person' ? message.said.photo : null;
    expect(await harness.store.blobs.has(photo!)).toBe(true);
    const original = await harness.ask(`/media/${message?.id}/${photo}`);
    expect(await original.bytes()).toEqual(previewOf(photoBytes()));
  });

  it('get their preview, where an older version stored them, when they are first asked for, once, and the room is told', async () => {
    let made = 0;
    const harness = await openWebChat({
      previewPhoto: async (photo) => {
        made += 1;
        return { file: previewOf(photo), width: 100, height: 50 };
      },
    });
    const { message, blob, path } = await sayAsBefore(harness, photoBytes());
    expect(await photoTag(harness)).not.toContain('width=');
    const all = await Promise.all([harness.ask(path), harness.ask(path)]);
    for (const response of all) expect(await response.bytes()).toEqual(previewOf(photoBytes()));
    expect(made).toBe(1);
    const now = await harness.store.roomLog.get(message.id);
    expect(now?.said).toMatchObject({ photo: blob, preview: { width: 100, height: 50 } });
    expect(now?.version).toBeGreaterThan(message.version);
    expect(await photoTag(harness)).toContain('width="100" height="50"');
  });

  it('are shown to nobody where an older version stored them and they cannot be opened', async () => {
    const harness = await openWebChat({
      previewPhoto: async () => {
        throw new GramzoomError('photo-damaged', {});
      },
    });
    const { path } = await sayAsBefore(harness, photoBytes());
    expect((await harness.ask(path)).status).toBe(404);
    expect(await photoTag(harness)).toBe('');
  });

  it('stay where they cannot be opened at the moment', async () => {
    const harness = await openWebChat({
      previewPhoto: async () => {
        throw new GramzoomError('disk-full', { folder: '' });
      },
    });
    const { path, message } = await sayAsBefore(harness, photoBytes());
    expect((await harness.ask(path)).status).toBe(503);
    expect(await harness.store.roomLog.get(message.id)).toEqual(message);
  });

  it('are refused where they cannot be opened, before anything is said or kept', async () => {
    const harness = await openWebChat({
      previewPhoto: async () => {
        throw new GramzoomError('photo-damaged', {});
      },
    });
    const response = await sendPhoto(harness);
    expect(response.status).toBe(400);
    expect(await harness.store.roomLog.latest('cats', { limit: 9 })).toEqual([]);
    expect(harness.renders.rows).toEqual([]);
    for await (const { id } of harness.store.blobs.list()) expect(id).toBeUndefined();
  });

  it('are not found where no message shows them', async () => {
    const harness = await openWebChat();
    await harness.ask('/rooms/cats/messages', {
      method: 'POST',
      headers: asAnn,
      body: formWith({ text: 'hello' }, { photo: null }),
    });
    await sendPhoto(harness);
    const [words, photo] = await harness.store.roomLog.latest('cats', { limit: 9 });
    const secret = await harness.store.blobs.put(photoBytes(9));
    const blob = photo?.said.kind === 'person' ? photo.said.preview?.blob : null;
    for (const path of [
      `${photo?.id}/${secret}`,
      `${words?.id}/${blob}`,
      `unknown/${blob}`,
      `${photo?.id}/..%2f..`,
    ]) {
      expect((await harness.ask(`/media/${path}`)).status).toBe(404);
    }
  });
});

describe('files', () => {
  const film = new Uint8Array(100_000).map((_, i) => i % 251);

  /** The two addresses that films have. */
  const openFilm = async () => {
    const harness = await openWebChat();
    await sendPhoto(harness);
    const { id } = harness.renders.rows[0]!;
    await harness.renders.finish(id, film);
    const blob = await harness.store.blobs.put(film);
    const message = await harness.web.chat.send(
      { platform: 'web', ref: 'cats' },
      {
        subject: renderSubject(id as JobId),
        body: { kind: 'expired', renderKind: 'zoom' },
        attachments: [{ blob, name: 'f.mp4', format: 'mp4', alt: 'cat' }],
        actions: [],
        mentionsRequester: false,
      },
      { key: 'film' },
    );
    return { harness, blob, paths: [`/media/${message.ref}/${blob}`, `/api/renders/${id}/result`] };
  };

  const ask = async (headers: Record<string, string>, init: RequestInit = {}) => {
    const { harness, paths, blob } = await openFilm();
    const answers = await Promise.all(paths.map((path) => harness.ask(path, { ...init, headers })));
    return Promise.all(
      answers.map(async (response) => ({
        status: response.status,
        bytes: await response.bytes(),
        length: response.headers.get('content-length'),
        range: response.headers.get('content-range'),
        accepts: response.headers.get('accept-ranges'),
        isTagged: response.headers.get('etag') === `"${blob}"`,
      })),
    );
  };

  it.each([
    ['the beginning', 'bytes=0-9', 0, 10],
    ['what follows', 'bytes=99990-', 99_990, 100_000],
    ['the end', 'bytes=-7', 99_993, 100_000],
    ['more than there is', 'bytes=50000-999999999999999999999', 50_000, 100_000],
    ['an end longer than all', 'bytes=-999999', 0, 100_000],
    ['in other letters', 'Bytes = 5-5', 5, 6],
  ])('are given in part: %s', async (_what, range, start, end) => {
    for (const answer of await ask({ range })) {
      expect(answer).toMatchObject({
        status: 206,
        range: `bytes ${start}-${end - 1}/100000`,
        length: String(end - start),
        accepts: 'bytes',
        isTagged: true,
      });
      expect(Buffer.from(answer.bytes).equals(film.subarray(start, end))).toBe(true);
    }
  });

  it.each(['bytes=100000-', 'bytes=200000-300000', 'bytes=-0'])('have no part %s', async (range) => {
    for (const answer of await ask({ range })) {
      expect(answer).toMatchObject({ status: 416, range: 'bytes */100000' });
      expect(answer.bytes).toHaveLength(0);
    }
  });

  it.each(['bytes=0-1,5-6', 'bytes=9-3', 'lines=1-2', 'bytes=', 'bytes=-', 'bytes=a-b', ''])(
    'are given whole where %j is asked for',
    async (range) => {
      for (const answer of await ask({ range })) {
        expect(answer).toMatchObject({ status: 200, range: null, length: '100000', accepts: 'bytes' });
        expect(Buffer.from(answer.bytes).equals(film)).toBe(true);
      }
    },
  );

  it('tell a HEAD what a GET would, without the bytes', async () => {
    const { harness, paths } = await openFilm();
    for (const path of paths) {
      const [head, get] = [await harness.ask(path, { method: 'HEAD' }), await harness.ask(path)];
      expect(Object.fromEntries(head.headers)).toEqual(Object.fromEntries(get.headers));
      expect([head.status, (await head.bytes()).length]).toEqual([200, 0]);
      expect((await get.bytes()).length).toBe(100_000);
    }
  });

  it('are given in part only of what the asker has the rest of', async () => {
    const { harness, paths, blob } = await openFilm();
    const status = async (path: string, ifRange: string) =>
      (await harness.ask(path, { headers: { range: 'bytes=5-', 'if-range': ifRange } })).status;
    for (const path of paths) {
      expect(await status(path, `"${blob}"`)).toBe(206);
      for (const other of ['"another"', `W/"${blob}"`, 'Wed, 21 Oct 2015 07:28:00 GMT']) {
        expect(await status(path, other)).toBe(200);
      }
    }
  });

  it('are not sent again to whoever has them', async () => {
    const { harness, paths, blob } = await openFilm();
    for (const path of paths) {
      for (const tags of [`"${blob}"`, `"x", W/"${blob}"`, '*']) {
        const response = await harness.ask(path, { headers: { 'if-none-match': tags, range: 'bytes=0-1' } });
        expect([response.status, (await response.bytes()).length]).toEqual([304, 0]);
        expect(response.headers.get('etag')).toBe(`"${blob}"`);
      }
      expect((await harness.ask(path, { headers: { 'if-none-match': '"x"' } })).status).toBe(200);
    }
  });

  it.each([
    ['with other bytes', new Uint8Array(film.length)],
    ['shorter', film.slice(0, 70_000)],
    ['longer', Uint8Array.from([...film, 1])],
  ])(
    'files that were damaged on the disk are refused before anything of them is sent: %s',
    async (_what, damaged) => {
      const { harness, paths, blob } = await openFilm();
      await writeFile(join(harness.folder, 'blobs', blob.slice(0, 2), blob), damaged);
      for (const headers of [{}, { range: 'bytes=0-' }]) {
        expect((await harness.ask(paths[0]!, { headers })).status).toBe(500);
      }
    },
  );

  it('are not found once they are gone, whatever the request', async () => {
    const { harness, paths, blob } = await openFilm();
    await harness.store.blobs.remove(blob);
    for (const method of ['GET', 'HEAD']) {
      expect((await harness.ask(paths[0]!, { method, headers: { range: 'bytes=0-' } })).status).toBe(404);
    }
  });
});
