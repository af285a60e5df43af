import { describe, expect, it } from 'vitest';
import { commandNames } from '../../../src/domain/command-name.ts';
import { renderSubject } from '../../../src/domain/subject.ts';
import {
  asAnn,
  openWebChat,
  pageOf,
  photoBytes,
  saidIn,
  send,
  type WebHarness,
} from '../../support/web-chat.ts';

const press = (harness: WebHarness, id: string, action: string, headers: Record<string, string> = asAnn) =>
  harness.ask(`/rooms/cats/renders/${id}/${action}`, {
    method: 'POST',
    headers: { ...headers, 'hx-request': 'true' },
  });

describe('the page of a room', () => {
  it('is where the front door leads', async () => {
    const harness = await openWebChat();
    const response = await harness.ask('/');
    expect([response.status, response.headers.get('location')]).toEqual([302, '/rooms/pumpkin-patch']);
    const html = await pageOf(harness, 'pumpkin-patch');
    expect(html).toContain('<title>pumpkin-patch · Gramzoom</title>');
    expect(html).toMatch(/href="\/rooms\/pumpkin-patch" +aria-current="page"/);
    expect(html).toContain('href="/rooms/cat-corner"');
  });

  it('gives a newcomer a name and remembers it', async () => {
    const harness = await openWebChat();
    const response = await harness.ask('/rooms/cats');
    const cookie = response.headers.get('set-cookie') ?? '';
    expect(cookie).toMatch(/^gramzoom-name=\w+%20\w+%20\d\d; .*HttpOnly; SameSite=Lax$/);
    const name = decodeURIComponent(/=([^;]+)/.exec(cookie)?.[1] ?? '');
    expect(await response.text()).toContain(`value="${name}"`);
    const again = await harness.ask('/rooms/cats', { headers: { cookie: cookie.split(';')[0]! } });
    expect(again.headers.has('set-cookie')).toBe(false);
  });

  it('asks for an encrypted connection where that is how it is reached', async () => {
    const harness = await openWebChat({ publicUrl: 'https://zoom.example' });
    const response = await harness.ask('/rooms/cats');
    expect(response.headers.get('set-cookie')).toContain('; Secure');
  });

  it('offers every option of the schema, with help and limits', async () => {
    const html = await pageOf(await openWebChat());
    expect(html).toMatch(/<input\s+id="option-size"\s+name="size"\s+placeholder="256"/);
    expect(html).toMatch(/type="number" min="64" max="512" step="16"/);
    expect(html).toContain('width and height in pixels; ');
    expect(html).toMatch(/<select\s+id="option-direction"/);
    expect(html).toContain('<option value="out" >out</option>');
    expect(html).toContain('A render may take at most 6 times the work of the default film');
    const completion = JSON.parse(/id="completion">(.*?)<\/script>/s.exec(html)?.[1] ?? '') as {
      name: string;
    }[];
    expect(completion.map(({ name }) => name)).toEqual(commandNames);
  });

  it('has no style or script of its own in it, which its policy would forbid', async () => {
    const harness = await openWebChat();
    await send(harness, { photo: true });
    const response = await harness.ask('/rooms/cats', { headers: asAnn });
    const html = await response.text();
    expect(html).not.toMatch(/ style=| on\w+=|<style|javascript:/);
    for (const [, attributes] of html.matchAll(/<script([^>]*)>/g)) {
      expect(attributes).toMatch(/src="\/assets\/|type="application\/json"/);
    }
    const policy = response.headers.get('content-security-policy');
    expect(policy?.split('; ')).toEqual([
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self' blob:",
      "media-src 'self'",
      "connect-src 'self'",
      "form-action 'self'",
      "frame-ancestors 'none'",
      "base-uri 'none'",
    ]);
  });

  it('says once that a render was cancelled, with what can be done then in its thread', async () => {
    const harness = await openWebChat();
    await send(harness, { photo: true });
    const row = harness.renders.rows[0]!;
    await harness.renders.cancel(row.id, { actor: row.origin });
    const thread = await harness.web.chat.openThread(row.answer!, 'cat.png');
    const content = {
      subject: renderSubject(row.id),
      body: { kind: 'cancelled' },
      attachments: [],
      mentionsRequester: true,
    } as const;
    await harness.web.chat.send(thread, { ...content, actions: ['reroll', 'delete'] }, { key: 'final' });
    const html = await pageOf(harness);
    expect(html.match(/>Cancelled\.</g)).toHaveLength(1);
    expect(html.match(/data-news="[^"]*Cancelled\./g)).toHaveLength(1);
    expect(html.match(/\/reroll" hx-post/g)?.length).toBeGreaterThan(0);
  });

  it('shows the history with threads under their messages', async () => {
    const harness = await openWebChat();
    await send(harness, { photo: true, size: '64' });
    const row = harness.renders.rows[0]!;
    const thread = await harness.web.chat.openThread(row.answer!, 'cat.png');
    const [blob, still] = [
      await harness.store.blobs.put(photoBytes(1)),
      await harness.store.blobs.put(photoBytes(2)),
    ];
    const message = await harness.web.chat.send(
      thread,
      {
        subject: renderSubject(row.id),
        body: {
          kind: 'result',
          renderKind: 'zoom',
          seed: 7,
          network: 'pocket',
          depth: 'texture',
          quality: 'fine',
          sides: { width: 320, height: 208 },
          parent: row.id,
          bytes: 1_234_567,
          renderSeconds: 31,
        },
        attachments: [
          {
            blob,
            still,
            name: 'f.gif',
            format: 'gif',
            sides: { width: 320, height: 208 },
            alt: 'cat.png, 7',
          },
        ],
        actions: ['reroll', 'larger', 'download', 'delete'],
        mentionsRequester: true,
      },
      { key: 'film' },
    );
    const html = await pageOf(harness);
    expect(html).toContain('/gramzoom size:64');
    expect(html).toContain(
      `<source media="(prefers-reduced-motion: reduce)" srcset="/media/${message.ref}/${still}">`,
    );
    const [tag] = new RegExp(`<img[^>]*src="/media/${message.ref}/${blob}"[^>]*>`).exec(html) ?? [];
    for (const part of ['width="320" height="208"', 'loading="lazy"']) expect(tag).toContain(part);
    for (const fact of [
      'seed 7',
      'pocket',
      'texture',
      'fine',
      '320 x 208',
      '1.23 MB',
      '31 s',
      're-roll of render-0…',
    ])
      expect(html).toContain(fact);
    const order = [
      `id="message-${row.answer?.ref}"`,
      `id="thread-${row.answer?.ref}"`,
      `id="message-${message.ref}"`,
    ];
    const places = order.map((text) => html.indexOf(text));
    expect(places.every((place) => place > 0)).toBe(true);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
  });
});

describe('the buttons', () => {
  it('re-roll, cancel and delete a film', async () => {
    const harness = await openWebChat();
    await send(harness, { photo: true });
    const [first] = harness.renders.rows;
    expect((await press(harness, first!.id, 'reroll')).status).toBe(200);
    const second = harness.renders.rows[1]!;
    expect((await press(harness, second.id, 'cancel')).status).toBe(200);
    expect(second.state).toBe('cancelled');
    expect((await press(harness, second.id, 'delete')).status).toBe(200);
    expect(harness.renders.rows).toHaveLength(1);
    expect((await saidIn(harness)).filter(({ kind }) => kind === 'render')).toHaveLength(1);
  });

  it('ask once before something is deleted, also where the browser runs no scripts', async () => {
    const harness = await openWebChat();
    await send(harness, { photo: true });
    const { id } = harness.renders.rows[0]!;
    await press(harness, id, 'cancel');
    const [question] = /<details class="ask">[\s\S]*?<\/details>/.exec(await pageOf(harness)) ?? [];
    expect(question).toMatch(/<summary[^>]*>[\s\S]*Delete[\s\S]*<\/summary>/);
    expect(question).toContain('Delete this for everyone?');
    expect(question?.match(/action="[^"]*\/delete"/g)).toHaveLength(1);
  });

  it('buttons for the owner alone are shown to nobody else, on the page and in its stream', async () => {
    const harness = await openWebChat();
    await send(harness, { photo: true });
    const { id } = harness.renders.rows[0]!;
    const shown = async (name: string | null) => {
      const headers: Record<string, string> = name === null ? {} : { cookie: `gramzoom-name=${name}` };
      const page = await (await harness.ask('/rooms/cats', { headers })).text();
      const stream = (await harness.ask('/rooms/cats/events', { headers })).body!.pipeThrough(
        new TextDecoderStream(),
      );
      let text = '';
      for await (const piece of stream) {
        text += piece;
        if (text.includes('class="sentence"')) break;
      }
      return [page, text].map((html) =>
        [...html.matchAll(/action="[^"]*\/(cancel|delete|reroll)"/g)].map(([, kind]) => kind),
      );
    };
    const ann = encodeURIComponent("Ann O'Hara");
    for (const buttons of await shown(ann)) expect(buttons).toEqual(['cancel']);
    for (const stranger of ['Mallory', null])
      for (const buttons of await shown(stranger)) expect(buttons).toEqual([]);
    await press(harness, id, 'cancel');
    for (const buttons of await shown(ann)) expect(buttons).toEqual(['reroll', 'delete']);
    for (const stranger of ['Mallory', null])
      for (const buttons of await shown(stranger)) expect(buttons).toEqual(['reroll']);
  });

  it('ask for a larger film of the same seed, as long as there is one', async () => {
    const harness = await openWebChat();
    await send(harness, { photo: true, size: '384' });
    const [first] = harness.renders.rows;
    expect((await press(harness, first!.id, 'larger')).status).toBe(200);
    const second = harness.renders.rows[1]!;
    expect(second).toMatchObject({ parent: first!.id, seed: first!.seed, options: { size: 512 } });
    expect(await saidIn(harness)).toContainEqual(
      expect.objectContaining({ kind: 'person', text: `Larger: ${first!.id}` }),
    );
    await press(harness, first!.id, 'cancel');
    expect((await press(harness, second.id, 'larger')).status).toBe(409);
  });

  it("refuse what is somebody else's, beside the box", async () => {
    const harness = await openWebChat();
    await send(harness, { photo: true });
    const { id } = harness.renders.rows[0]!;
    for (const action of ['cancel', 'delete']) {
      const response = await press(harness, id, action, { cookie: 'gramzoom-name=Mallory' });
      expect(response.status).toBe(403);
      expect(await response.text()).toBe(
        '<p class="problem">Only the person who asked for it can do that.</p>',
      );
    }
    expect(harness.renders.rows[0]?.state).toBe('queued');
  });

  it('know no other actions and no unknown renders', async () => {
    const harness = await openWebChat();
    expect((await press(harness, 'unknown', 'cancel')).status).toBe(404);
    expect((await press(harness, 'unknown', 'download')).status).toBe(404);
  });
});

describe('names', () => {
  const rename = (harness: WebHarness, name: string) =>
    harness.ask('/name', {
      method: 'POST',
      headers: { 'hx-request': 'true' },
      body: new URLSearchParams({ name, room: 'cats' }),
    });

  it.each([
    ['plain', 'Zoë', 'Zoë'],
    ['with spaces around', '  Zoë \n Q ', 'Zoë Q'],
    ['with invisible and turning characters', 'A\u202edmi\u200bn\u0000', 'A dmi n'],
    ['very long', 'x'.repeat(300), 'x'.repeat(40)],
    ['of pictures alone', '🎃🎃', '🎃🎃'],
  ])('can be changed to one %s', async (_what, given, kept) => {
    const harness = await openWebChat();
    const response = await rename(harness, given);
    expect([response.status, response.headers.get('hx-redirect')]).toEqual([200, '/rooms/cats']);
    expect(response.headers.get('set-cookie')).toContain(`gramzoom-name=${encodeURIComponent(kept)};`);
  });

  it('need something to read', async () => {
    const response = await rename(await openWebChat(), ' \u200b ');
    expect(response.status).toBe(400);
    expect(response.headers.has('set-cookie')).toBe(false);
  });
});

describe('deleting for good', () => {
  const asBob = { cookie: 'gramzoom-name=Bob' };
  const film = async (harness: WebHarness) => {
    await send(harness, { photo: true });
    const { id } = harness.renders.rows[0]!;
    await harness.renders.finish(id, photoBytes());
    await harness.web.chat.edit(harness.renders.rows[0]!.answer!, {
      ...{
        subject: renderSubject(id),
        body: { kind: 'cancelled' },
        attachments: [],
        mentionsRequester: false,
      },
      actions: ['delete-photo'],
    });
    return id;
  };

  it('deleting a photo is offered to its owner alone, asks once, and tells what has gone', async () => {
    const harness = await openWebChat();
    const id = await film(harness);
    expect(await pageOf(harness, 'cats', asBob)).not.toContain('Delete photo');
    expect(await pageOf(harness)).toContain('Delete your photo and everything made of it');
    expect((await press(harness, id, 'delete-photo', asBob)).status).toBe(403);
    const answer = await press(harness, id, 'delete-photo');
    expect(await answer.text()).toContain('Deleted for good: your photo and 1 render');
    expect(harness.renders.rows).toEqual([]);
  });

  it('deleting everything is asked and told in private, and takes words and photos out of the rooms', async () => {
    const harness = await openWebChat();
    await film(harness);
    const say = async (text: string) => (await send(harness, { text })).text();
    const question = await say('/forget');
    expect(question).toContain('1 photo and 1 render');
    expect(question).toContain('value="/forget confirm:yes"');
    expect(await say('/forget confirm:yes')).toContain('Deleted for good: 1 photo and 1 render');
    await harness.web.chat.forget({
      kind: 'person',
      person: { platform: 'web', server: 'cats', user: "Ann O'Hara" },
    });
    expect(await saidIn(harness)).toEqual([]);
  });

  it('takes a photo out of what people said with it, its preview too', async () => {
    const harness = await openWebChat();
    await send(harness, { photo: true });
    const shown = async () =>
      (await saidIn(harness)).flatMap((said) => (said.kind === 'person' ? [said] : []));
    await pageOf(harness);
    const [said] = await shown();
    const { photo } = said!;
    const bob = { platform: 'web', server: 'cats', user: 'Bob' } as const;
    expect(await harness.web.chat.forget({ kind: 'photo', photo: photo!, saidBy: bob })).toEqual([]);
    expect(await shown()).toEqual([said]);
    const previews = await harness.web.chat.forget({ kind: 'photo', photo: photo!, saidBy: null });
    expect(previews).toEqual(said!.preview ? [said!.preview.blob] : []);
    expect(await shown()).toMatchObject([{ photo: null, preview: null }]);
  });
});
