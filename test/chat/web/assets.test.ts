import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { formWith, openWebChat } from '../../support/web-chat.ts';

describe('assets', () => {
  it('are kept for ever at the address of their content, and asked about at any other', async () => {
    const harness = await openWebChat();
    const html = await (await harness.ask('/rooms/cats')).text();
    const links = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, link]) => link!);
    expect(links.map((link) => link.split('?')[0])).toEqual(
      ['icon.svg', 'chat.css', 'contest.css', 'htmx.js', 'sse.js', 'chat.js', 'contest.js'].map(
        (file) => `/assets/${file}`,
      ),
    );
    for (const link of links) {
      const response = await harness.ask(link);
      expect(response.status).toBe(200);
      expect(response.headers.get('cache-control')).toContain('immutable');
      const stale = await harness.ask(link.replace(/\?.*/, ''), {
        headers: { 'if-none-match': response.headers.get('etag')! },
      });
      expect([stale.status, stale.headers.get('cache-control')]).toEqual([304, 'public, no-cache']);
    }
  });
});

describe('text', () => {
  const zipped = { 'accept-encoding': 'br;q=0.1, gzip' };

  it('is compressed for whoever takes that, and found again by the tag that it then bears', async () => {
    const harness = await openWebChat();
    const html = await (await harness.ask('/rooms/cats')).text();
    const scripts = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, link]) => link!);
    for (const path of ['/rooms/cats', ...scripts.filter((link) => !link.includes('.svg'))]) {
      const [plain, small] = [await harness.ask(path), await harness.ask(path, { headers: zipped })];
      expect([plain.headers.get('content-encoding'), small.headers.get('content-encoding')]).toEqual([
        null,
        'gzip',
      ]);
      for (const { headers } of [plain, small]) expect(headers.get('vary')).toContain('Accept-Encoding');
      const [all, sent] = [await plain.bytes(), await small.bytes()];
      expect(sent.length).toBeLessThan(all.length / 2);
      if (path.startsWith('/assets')) expect(Buffer.from(all).equals(gunzipSync(sent))).toBe(true);
      const tag = small.headers.get('etag');
      if (tag)
        expect((await harness.ask(path, { headers: { ...zipped, 'if-none-match': tag } })).status).toBe(304);
    }
  });

  it('is all that is compressed: films and the stream of messages go as they are', async () => {
    const harness = await openWebChat();
    await harness.ask('/api/renders', { method: 'POST', body: formWith({ server: 'cats' }) });
    const { id } = harness.renders.rows[0]!;
    await harness.renders.finish(id, new Uint8Array(5000));
    const film = await harness.ask(`/api/renders/${id}/result`, { headers: zipped });
    expect([film.headers.get('content-encoding'), (await film.bytes()).length]).toEqual([null, 5000]);
    const stream = await harness.ask('/rooms/cats/events', { headers: zipped });
    expect(stream.headers.get('content-encoding')).toBeNull();
    await stream.body?.cancel();
  });
});
