import { readFile } from 'node:fs/promises';
import type { createServer } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';

export type PageDeps = {
  /** Where its `page.html` and `page.js` are, as a URL with a slash at its end. */
  readonly folder: string;
  /** The world as the page shows it, asked by its query. */
  readonly state: (query: Readonly<Record<string, string>>) => object;
  /** What somebody at the page did; what goes wrong is shown there. */
  readonly act: (form: FormData) => Promise<void>;
  readonly onChange: (look: () => void) => () => void;
  /** A file that the page shows by `/files/ID`. */
  readonly file?: (id: string) => { readonly bytes: Uint8Array; readonly type: string } | null;
};

const types: Readonly<Record<string, string>> = { js: 'text/javascript', css: 'text/css' };

/** A small page on a fake platform: type commands, attach a photo, press and react as one of its users. */
export const createPageServer = (deps: PageDeps): ReturnType<typeof createServer> => {
  const app = new Hono();
  const own = (name: string): Promise<string> => readFile(new URL(name, deps.folder), 'utf8');
  const shared = (name: string): Promise<string> => readFile(new URL(name, import.meta.url), 'utf8');
  app.get('/', async (c) => c.html(await own('./page.html')));
  for (const [name, read] of Object.entries({ 'page.js': own, 'dom.js': shared, 'page.css': shared })) {
    const type = types[name.split('.').at(-1) ?? ''] ?? '';
    app.get(`/${name}`, async (c) => c.body(await read(`./${name}`), 200, { 'content-type': type }));
  }
  app.get('/state', (c) => c.json(deps.state(c.req.query())));
  app.get('/files/:id', (c) => {
    const file = deps.file?.(c.req.param('id'));
    if (!file) return c.notFound();
    return c.body(new Uint8Array(file.bytes), 200, { 'content-type': file.type });
  });
  app.get('/changes', (c) =>
    streamSSE(c, async (stream) => {
      let waiting: (() => void) | null = null;
      let isNew = true;
      const stop = deps.onChange(() => {
        isNew = true;
        waiting?.();
      });
      stream.onAbort(() => {
        stop();
        waiting?.();
      });
      while (!stream.aborted) {
        if (isNew) {
          isNew = false;
          await stream.writeSSE({ event: 'changed', data: '' });
        }
        if (!isNew) await new Promise<void>((resolve) => (waiting = resolve));
        // Many changes come at once; the page draws them together.
        await stream.sleep(50);
      }
    }),
  );
  app.post('/act', async (c) => {
    try {
      await deps.act((await c.req.formData()) as unknown as FormData);
      return c.body(null, 204);
    } catch (error) {
      return c.text(error instanceof Error ? error.message : 'that did not work', 400);
    }
  });
  return createAdaptorServer(app) as ReturnType<typeof createServer>;
};

/** Files that come with a form, but empty fields. */
export const filesIn = async (form: FormData, field: string) => {
  const files = form.getAll(field).filter((file) => typeof file !== 'string' && file.size > 0) as File[];
  return await Promise.all(
    files.map(async (file) => ({ name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) })),
  );
};

export const fieldOf = (form: FormData, name: string): string => String(form.get(name) ?? '');
