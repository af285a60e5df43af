import { describe, expect, it } from 'vitest';
import { createGuard, type WebAddress } from '../../../src/chat/web/guard.ts';
import { formWith, openWebChat, photoBytes, type WebHarness } from '../../support/web-chat.ts';

const paths = ['/', '/rooms/cats', '/api/renders/x', '/assets/chat.css', '/nothing'];

const codeOf = async (response: Response): Promise<unknown> =>
  ((await response.json()) as { code: unknown }).code;

/** Nothing was rendered, said or stored. */
const expectNothing = async ({ renders, store }: WebHarness): Promise<void> => {
  expect(renders.rows).toEqual([]);
  for (const room of ['cats', 'pumpkin-patch']) {
    expect(await store.roomLog.latest(room, { limit: 9 })).toEqual([]);
  }
  expect(await Array.fromAsync(store.blobs.list())).toEqual([]);
};

describe('requests under another name or from another page', () => {
  const judge = (address: WebAddress, host: string, origin?: string): string => {
    const headers = { host, ...(origin !== undefined && { origin }) };
    try {
      createGuard(address)(new Request('http://127.0.0.1:8484/', { headers }));
      return 'taken';
    } catch (error) {
      return (error as { code: string }).code;
    }
  };
  const local = { host: '127.0.0.1', port: 8484 };
  const everywhere = { host: '0.0.0.0', port: 8484 };
  const proxied = { ...local, publicUrl: 'https://zoom.example' };

  it.each([
    ['the address', local, '127.0.0.1:8484', undefined, 'taken'],
    ['localhost', local, 'localhost:8484', 'http://localhost:8484', 'taken'],
    ['IPv6', local, '[::1]:8484', 'http://[::1]:8484', 'taken'],
    ['whatever port was free', { ...local, port: 0 }, '127.0.0.1:33333', undefined, 'taken'],
    ['an address of the machine, listening on all', everywhere, '192.168.1.9:8484', undefined, 'taken'],
    ['the public name', proxied, 'zoom.example', 'https://zoom.example', 'taken'],
    [
      'the public page through a proxy that names the inside',
      proxied,
      '127.0.0.1:8484',
      'https://zoom.example',
      'taken',
    ],
    ['a foreign name', local, 'evil.example', undefined, 'foreign-host'],
    ['a foreign name with the port', local, 'evil.example:8484', undefined, 'foreign-host'],
    ['a foreign name, listening on all', everywhere, 'evil.example:8484', undefined, 'foreign-host'],
    ['a name that begins like ours', local, 'localhost.evil.example:8484', undefined, 'foreign-host'],
    ['another address, listening on one', local, '192.168.1.9:8484', undefined, 'foreign-host'],
    ['another port', local, '127.0.0.1:9999', undefined, 'foreign-host'],
    ['a name with a user', local, 'evil@localhost:8484', undefined, 'foreign-host'],
    ['a name with a path', local, 'localhost:8484/x', undefined, 'foreign-host'],
    ['a name that is none', local, 'a b', undefined, 'foreign-host'],
    ['a foreign page', local, '127.0.0.1:8484', 'https://evil.example', 'foreign-origin'],
    ['a page of another port', local, '127.0.0.1:8484', 'http://127.0.0.1:3000', 'foreign-origin'],
    ['a page without an origin', local, '127.0.0.1:8484', 'null', 'foreign-origin'],
    [
      'a page by another way to the same machine',
      local,
      '127.0.0.1:8484',
      'http://localhost:8484',
      'foreign-origin',
    ],
    ['a page that is no page', local, '127.0.0.1:8484', 'file://127.0.0.1:8484', 'foreign-origin'],
    [
      'the public name without encryption',
      proxied,
      '127.0.0.1:8484',
      'http://zoom.example',
      'foreign-origin',
    ],
  ] as const)(
    'a request under another name or from another page is refused: %s',
    (_what, address, host, origin, verdict) => {
      expect(judge(address, host, origin)).toBe(verdict);
    },
  );

  it.each(paths)('are refused at %s, whatever it is', async (path) => {
    const harness = await openWebChat();
    for (const headers of [{ host: 'evil.example' }, { origin: 'https://evil.example' }]) {
      const response = await harness.ask(path, { headers: headers as Record<string, string> });
      expect(response.status).toBe(403);
      expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(await response.text()).not.toContain('composer');
    }
  });

  it('change nothing', async () => {
    const harness = await openWebChat();
    const init = { method: 'POST', headers: { origin: 'https://evil.example' } };
    for (const path of ['/api/renders', '/rooms/cats/messages']) {
      expect((await harness.ask(path, { ...init, body: formWith({ text: 'hi' }) })).status).toBe(403);
    }
    await expectNothing(harness);
  });
});

describe('tricks with paths', () => {
  it.each([
    '/assets/../web-chat.ts',
    '/assets/..%2fweb-chat.ts',
    '/assets/%2e%2e/%2e%2e/web-chat.ts',
    '/assets/....//web-chat.ts',
    '/assets/chat.css%00.ts',
    '/assets/__proto__',
    '/media/__proto__/constructor',
    '/media/..%2f..%2fetc/passwd',
    '/rooms/%2e%2e%2f',
    '/rooms/%00',
    '/rooms/%20cats',
    `/rooms/${'x'.repeat(5000)}`,
    '//evil.example/',
  ])('a path such as %s leads nowhere', async (path) => {
    const harness = await openWebChat();
    const response = await harness.web.fetch(
      new Request(`http://127.0.0.1:8484${path}`, { redirect: 'manual' }),
    );
    expect(response.status).toBe(404);
    expect(response.headers.get('location')).toBeNull();
  });
});

describe('bodies', () => {
  const post = (harness: WebHarness, body: RequestInit['body'], headers: Record<string, string> = {}) =>
    harness.ask('/api/renders', { method: 'POST', body: body ?? null, headers, duplex: 'half' });
  const multipart = { 'content-type': 'multipart/form-data; boundary=b' };

  it('are refused unread where they declare 100 MB', async () => {
    const harness = await openWebChat();
    let pulled = 0;
    const body = new ReadableStream({
      pull: (controller) => {
        pulled += 1;
        controller.enqueue(new Uint8Array(65_536));
      },
    });
    const response = await post(harness, body, { ...multipart, 'content-length': '100000000' });
    expect([response.status, await codeOf(response)]).toEqual([413, 'body-too-large']);
    expect(pulled).toBeLessThan(4);
    await expectNothing(harness);
  });

  it('are refused once too much has come where they have no end', async () => {
    const harness = await openWebChat();
    let pulled = 0;
    const body = new ReadableStream({
      pull: (controller) => {
        pulled += 65_536;
        controller.enqueue(new Uint8Array(65_536));
      },
    });
    const response = await post(harness, body, multipart);
    expect([response.status, await codeOf(response)]).toEqual([413, 'body-too-large']);
    // The limit of a photo and its texts, and what streams read ahead.
    expect(pulled).toBeLessThan(1_000_000 + 5 * 65_536);
    await expectNothing(harness);
  });

  it('are small where no photo is expected', async () => {
    const harness = await openWebChat();
    const body = new URLSearchParams({ name: 'x'.repeat(100_000) });
    for (const path of ['/name', '/api/renders/x/reroll', '/rooms/cats/renders/x/cancel']) {
      expect((await harness.ask(path, { method: 'POST', body })).status).toBe(413);
    }
  });

  const deepJson = `${'['.repeat(30_000)}${']'.repeat(30_000)}`;

  it.each([
    ['JSON', '{"photo":"x"}', 'application/json'],
    ['a bomb of JSON', deepJson, 'application/json'],
    ['an encoded form', 'photo=x', 'application/x-www-form-urlencoded'],
    ['a plain text', 'photo', 'text/plain'],
    ['a picture by itself', photoBytes(), 'image/png'],
    ['a multipart that is no form', '--b--', 'multipart/mixed; boundary=b'],
    ['a form without a boundary', '--b--', 'multipart/form-data'],
  ])('bodies of another type are refused: %s', async (_what, body, type) => {
    const harness = await openWebChat();
    const response = await post(harness, body, { 'content-type': type });
    expect([response.status, await codeOf(response)]).toEqual([415, 'media-type']);
    await expectNothing(harness);
  });

  it('JSON bodies that say who asks are refused', async () => {
    const harness = await openWebChat();
    const init = {
      method: 'POST',
      body: deepJson.slice(0, 60_000),
      headers: { 'content-type': 'application/json' },
    };
    expect((await harness.ask('/api/renders/x/reroll', init)).status).toBe(415);
  });

  const field = (name: string, value: string): string =>
    `--b\r\ncontent-disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`;

  it.each([
    ['nothing', ''],
    ['no end', field('user', 'Ann')],
    ['half a part', '--b\r\ncontent-disposition: form-data; name="us'],
    ['a field twice', `${field('user', 'Ann')}${field('user', 'Ben')}--b--\r\n`],
    ['a field that is far too long', `${field('size', '1'.repeat(10_000))}--b--\r\n`],
    ['very many fields', `${Array.from({ length: 5000 }, (_, i) => field(`f${i}`, '')).join('')}--b--\r\n`],
    [
      'a file that nobody wants',
      `--b\r\ncontent-disposition: form-data; name="user"; filename="x"\r\n\r\nx\r\n--b--\r\n`,
    ],
  ])('bodies that are broken forms are refused: %s', async (_what, body) => {
    const harness = await openWebChat();
    const response = await post(harness, body, multipart);
    expect([response.status, await codeOf(response)]).toEqual([400, 'body-invalid']);
    await expectNothing(harness);
  });

  it.each(['constructor', '__proto__', 'toString'])(
    'bodies with a field called %s are refused by its name',
    async (name) => {
      const harness = await openWebChat();
      const form = formWith({ user: 'Ann' });
      form.set(name, '1');
      const response = await post(harness, form);
      expect([response.status, await codeOf(response)]).toEqual([400, 'request-field']);
      await expectNothing(harness);
    },
  );
});

describe('markup', () => {
  const evil = `"><img src=x onerror=alert(1)></script><script>alert(2)</script>&amp;'`;

  it('stays text everywhere in names, rooms, words and file names', async () => {
    const harness = await openWebChat();
    const texts = { user: evil, server: evil.slice(0, 35) };
    const posted = await harness.ask('/api/renders', {
      method: 'POST',
      body: formWith(texts, { name: `${evil}.png` }),
    });
    expect(posted.status).toBe(202);
    const { origin } = harness.renders.rows[0]!;
    const path = `/rooms/${encodeURIComponent(origin.server)}`;
    const said = formWith({ text: evil }, { photo: null });
    const cookie = `gramzoom-name=${encodeURIComponent(evil)}`;
    await harness.ask(`${path}/messages`, { method: 'POST', body: said, headers: { cookie } });
    const html = await (await harness.ask(path, { headers: { cookie } })).text();
    expect(html).toContain('&lt;img src=x onerror=alert(1)&gt;');
    expect(html).not.toMatch(/<img src=x|<script>alert/);
    // Four scripts and the data block: nothing ended one early.
    expect(html.match(/<script/g)).toHaveLength(5);
    expect(html.match(/<\/script>/g)).toHaveLength(5);
  });

  it('stays text in errors', async () => {
    const harness = await openWebChat();
    const body = formWith({ text: `/gramzoom size:${evil.replaceAll(' ', '_')}` });
    const response = await harness.ask('/rooms/cats/messages', {
      method: 'POST',
      body,
      headers: { 'hx-request': 'true' },
    });
    const html = await response.text();
    expect(html).toMatch(/^<p class="problem">/);
    expect(html).not.toMatch(/<img|<script/);
  });

  it('never becomes a header or another message in options', async () => {
    const harness = await openWebChat();
    const response = await harness.ask('/api/renders', {
      method: 'POST',
      body: formWith({ size: '64\r\nx: y' }),
    });
    expect(response.status).toBe(400);
    expect(response.headers.has('x')).toBe(false);
  });
});
