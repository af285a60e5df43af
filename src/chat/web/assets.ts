import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { Hono } from 'hono';
import { namesTag } from './send-blob.ts';

const { resolve } = createRequire(import.meta.url);
const own = (file: string): string => fileURLToPath(new URL(`./assets/${file}`, import.meta.url));

/** Every file that is served, written out: nothing else can be reached, whatever the address. */
const files = {
  'htmx.js': { path: () => resolve('htmx.org/dist/htmx.min.js'), type: 'text/javascript; charset=utf-8' },
  'sse.js': { path: () => resolve('htmx-ext-sse/dist/sse.min.js'), type: 'text/javascript; charset=utf-8' },
  'chat.js': { path: () => own('chat.js'), type: 'text/javascript; charset=utf-8' },
  'contest.js': { path: () => own('contest.js'), type: 'text/javascript; charset=utf-8' },
  'contest.css': { path: () => own('contest.css'), type: 'text/css; charset=utf-8' },
  'chat.css': { path: () => own('chat.css'), type: 'text/css; charset=utf-8' },
  'icon.svg': { path: () => own('icon.svg'), type: 'image/svg+xml' },
} as const;

const aYear = 'public, max-age=31536000, immutable';

/** The page's scripts, style and icon, read once; `link` gives an address that changes with the content. */
export const createAssets = (): { readonly link: (file: string) => string; readonly routes: Hono } => {
  const assets = new Map(
    Object.entries(files).map(([name, { path, type }]) => {
      const bytes = readFileSync(path());
      const version = createHash('sha256').update(bytes).digest('base64url').slice(0, 16);
      return [name, { bytes, type, version }] as const;
    }),
  );
  const routes = new Hono().get('/:file', (c) => {
    const asset = assets.get(c.req.param('file'));
    if (!asset) return c.notFound();
    const etag = `"${asset.version}"`;
    // Another version may be asked for while an upgrade is under way: that answer must not stay.
    const isExact = c.req.query('v') === asset.version;
    c.header('Cache-Control', isExact ? aYear : 'public, no-cache');
    c.header('ETag', etag);
    if (namesTag(c.req.header('if-none-match'), etag)) return c.body(null, 304);
    c.header('Content-Type', asset.type);
    return c.body(asset.bytes);
  });
  return { link: (file) => `/assets/${file}?v=${assets.get(file)?.version}`, routes };
};
