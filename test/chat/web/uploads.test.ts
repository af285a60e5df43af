import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { createUploads } from '../../../src/chat/web/uploads.ts';
import { GramzoomError } from '../../../src/domain/errors.ts';
import { codeOf } from '../../support/app-world.ts';
import { createFakeClock } from '../../support/fake-clock.ts';
import { formWith, openWebChat } from '../../support/web-chat.ts';

const maxBytes = 100;

/** A body that comes piece by piece, as it is told to. */
const createBody = (headers: Record<string, string> = {}) => {
  let controller!: ReadableStreamDefaultController<Uint8Array>;
  let isCancelled = false;
  const body = new ReadableStream<Uint8Array>({
    start: (own) => {
      controller = own;
    },
    cancel: () => {
      isCancelled = true;
    },
  });
  const init = { method: 'POST', body, headers, duplex: 'half' } as RequestInit;
  return {
    request: new Request('http://127.0.0.1:8484/', init),
    send: (bytes: number) => controller.enqueue(new Uint8Array(bytes)),
    end: () => controller.close(),
    breakOff: () => controller.error(new Error('the line is dead')),
    isCancelled: () => isCancelled,
  };
};

describe('uploads', () => {
  const create = (maxHeldBytes = 250) => {
    const clock = createFakeClock();
    const uploads = createUploads({ clock, maxHeldBytes });
    const receive = (request: Request, use: () => Promise<unknown> = async () => {}) =>
      uploads.receive(request, { maxBytes, parse: async (body) => body.length, use });
    return { clock, uploads, receive };
  };

  it('are handed on as a whole, and counted until they are dealt with', async () => {
    const { uploads, receive } = create();
    const done = Promise.withResolvers<void>();
    const { request, send, end } = createBody();
    const lengths: number[] = [];
    const received = uploads.receive(request, {
      maxBytes,
      parse: async (body) => body.length,
      use: async (length) => {
        lengths.push(length);
        await done.promise;
        return 'done';
      },
    });
    send(60);
    send(40);
    end();
    await expect.poll(() => lengths).toEqual([100]);
    expect(uploads.heldBytes).toBe(100);
    done.resolve();
    expect(await received).toBe('done');
    expect(uploads.heldBytes).toBe(0);
    expect(await codeOf(receive(new Request('http://127.0.0.1:8484/', { method: 'POST' })))).toBe('none');
  });

  it('never hold more than they may, however many come at once, and begin anew once there is room', async () => {
    const { uploads, receive } = create();
    const release = Promise.withResolvers<void>();
    const bodies = Array.from({ length: 20 }, () => createBody());
    const codes = bodies.map(({ request }) => codeOf(receive(request, () => release.promise)));
    let most = 0;
    for (let piece = 0; piece < 10; piece++) {
      for (const { isCancelled, send } of bodies) {
        if (!isCancelled()) send(10);
        await turn();
        most = Math.max(most, uploads.heldBytes);
      }
    }
    for (const { isCancelled, end } of bodies) if (!isCancelled()) end();
    release.resolve();
    const outcomes = await Promise.all(codes);
    expect(most).toBeLessThanOrEqual(250);
    expect(outcomes.filter((code) => code === 'none').length).toBeGreaterThan(0);
    expect(new Set(outcomes)).toEqual(new Set(['none', 'uploads-busy']));
    expect(uploads.heldBytes).toBe(0);
    const { request, send, end } = createBody();
    send(10);
    end();
    expect(await codeOf(receive(request))).toBe('none');
  });

  it('are refused before a byte is read where their length is known', async () => {
    const { receive } = create();
    const release = Promise.withResolvers<void>();
    const others = [1, 2].map(() => {
      const { request, send, end } = createBody();
      send(100);
      end();
      return codeOf(receive(request, () => release.promise));
    });
    await turn();
    expect(await codeOf(receive(createBody({ 'content-length': '60' }).request))).toBe('uploads-busy');
    expect(await codeOf(receive(createBody({ 'content-length': '101' }).request))).toBe('body-too-large');
    release.resolve();
    expect(await Promise.all(others)).toEqual(['none', 'none']);
  });

  it.each<[string, (body: ReturnType<typeof createBody>) => void, string]>([
    ['longer than they may be', ({ send }) => send(101), 'body-too-large'],
    ['broken off', ({ breakOff }) => breakOff(), 'body-invalid'],
  ])('are let go of where they are %s', async (_what, spoil, code) => {
    const { uploads, clock, receive } = create();
    const body = createBody();
    const received = codeOf(receive(body.request));
    body.send(50);
    await turn();
    spoil(body);
    expect(await received).toBe(code);
    expect([uploads.heldBytes, clock.waiting]).toEqual([0, 0]);
  });

  it('are let go of where nothing more of them comes', async () => {
    const { uploads, clock, receive } = create();
    const body = createBody();
    const received = codeOf(receive(body.request));
    body.send(50);
    await expect.poll(() => uploads.heldBytes).toBe(50);
    clock.advance(14_000);
    body.send(1);
    await expect.poll(() => uploads.heldBytes).toBe(51);
    clock.advance(15_000);
    expect(await received).toBe('body-invalid');
    expect([uploads.heldBytes, clock.waiting, body.isCancelled()]).toEqual([0, 0, true]);
  });
});

describe('a request with a photo that would be refused', () => {
  /** Many bytes, none of which is ever sent. */
  const unsent = (path: string, headers: Record<string, string>) => ({
    path,
    init: {
      method: 'POST',
      duplex: 'half',
      body: new ReadableStream(
        { pull: () => expect.unreachable('the body was asked for') },
        { highWaterMark: 0 },
      ),
      headers: { 'content-type': 'multipart/form-data; boundary=x', 'content-length': '500000', ...headers },
    } as RequestInit,
  });

  it.each([
    ['the page', unsent('/rooms/cats/messages', { cookie: 'gramzoom-name=Ann' }), 429],
    [
      'the interface, with both names in headers',
      unsent('/api/renders', { user: 'Ann', server: 'cats' }),
      429,
    ],
  ])('is answered before any of it is read (%s)', async (_what, { path, init }, status) => {
    const harness = await openWebChat();
    const form = () => formWith({ user: 'Ann', server: 'cats' });
    for (const _ of [1, 2]) await harness.ask('/api/renders', { method: 'POST', body: form() });
    const response = await harness.ask(path, init);
    expect([response.status, response.headers.has('retry-after')]).toEqual([status, true]);
  });

  it('is answered before any of it is read while the bot stops', async () => {
    const harness = await openWebChat();
    harness.renders.refuseWith(new GramzoomError('stopping', {}));
    const { path, init } = unsent('/api/renders', {});
    expect((await harness.ask(path, init)).status).toBe(503);
  });

  it('is told to come again later where there is no room for it', async () => {
    const harness = await openWebChat({ maxPhotoBytes: 600_000 });
    const bodies = Array.from({ length: 9 }, () =>
      createBody({ 'content-type': 'multipart/form-data; boundary=x' }),
    );
    const answers = bodies.map(({ request }) =>
      harness.ask('/api/renders', {
        method: 'POST',
        body: request.body,
        headers: request.headers,
        duplex: 'half',
      } as RequestInit),
    );
    for (const { send } of bodies) send(600_000);
    for (const { isCancelled, end } of bodies) {
      await turn();
      if (!isCancelled()) end();
    }
    const statuses = await Promise.all(answers.map(async (answer) => (await answer).status));
    expect(statuses.filter((status) => status === 503).length).toBeGreaterThanOrEqual(1);
    const busy = (await Promise.all(answers)).find(({ status }) => status === 503)!;
    expect(busy.headers.get('retry-after')).toBe('30');
    expect(await busy.json()).toMatchObject({ code: 'uploads-busy' });
  });

  it('may still be words and commands of somebody who has reached their limit', async () => {
    const harness = await openWebChat();
    for (const _ of [1, 2]) {
      await harness.ask('/api/renders', { method: 'POST', body: formWith({ user: 'Ann', server: 'cats' }) });
    }
    const said = await harness.ask('/rooms/cats/messages', {
      method: 'POST',
      body: formWith({ text: '/queue' }, { photo: null }),
      headers: { cookie: 'gramzoom-name=Ann', 'hx-request': 'true' },
    });
    expect(said.status).toBe(200);
  });
});
