import { describe, expect, it } from 'vitest';
import { openWebChat } from '../../support/web-chat.ts';

describe('assets', () => {
  it('are kept for ever at the address of their content, and asked about at any other', async () => {
    const harness = await openWebChat();
    const html = await (await harness.ask('/rooms/cats')).text();
    const links = [...html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g)].map(([, link]) => link!);
    expect(links.map((link) => link.split('?')[0])).toEqual(
      ['icon.svg', 'chat.css', 'htmx.js', 'sse.js', 'chat.js'].map((file) => `/assets/${file}`),
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
