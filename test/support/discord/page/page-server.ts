import { readFile } from 'node:fs/promises';
import type { createServer } from 'node:http';
import { createAdaptorServer } from '@hono/node-server';
import { Hono } from 'hono';
import { streamSSE } from 'hono/streaming';
import { createPerson, type Person } from '../driver/person.ts';
import type { FakeDiscord } from '../fake-discord.ts';
import { act } from './page-actions.ts';
import { pageState } from './page-state.ts';

const asset = (name: string): Promise<string> => readFile(new URL(name, import.meta.url), 'utf8');

/** The person whose id the page sends. */
const personOf = (fake: FakeDiscord, id: string): Person => {
  const user = fake.core.users.get(id);
  if (!user || user.bot) throw new Error('nobody has that id');
  return createPerson(fake.core, user);
};

/** A small page on a fake Discord: type commands, attach a photo, press and react as one of its users. */
export const createPageServer = (fake: FakeDiscord): ReturnType<typeof createServer> => {
  const app = new Hono();
  app.get('/', async (c) => c.html(await asset('./page.html')));
  app.get('/page.js', async (c) =>
    c.body(await asset('./page.js'), 200, { 'content-type': 'text/javascript' }),
  );
  app.get('/page.css', async (c) => c.body(await asset('./page.css'), 200, { 'content-type': 'text/css' }));
  app.get('/state', (c) => {
    const [userId, placeId] = [c.req.query('user') ?? '', c.req.query('place') ?? ''];
    return c.json(pageState(fake, { userId, placeId }));
  });
  app.get('/changes', (c) =>
    streamSSE(c, async (stream) => {
      let waiting: (() => void) | null = null;
      let isNew = true;
      const stop = fake.core.onChange(() => {
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
    const form = await c.req.formData();
    try {
      await act(fake, personOf(fake, String(form.get('user') ?? '')), form as unknown as FormData);
      return c.body(null, 204);
    } catch (error) {
      return c.text(error instanceof Error ? error.message : 'that did not work', 400);
    }
  });
  return createAdaptorServer(app) as ReturnType<typeof createServer>;
};
