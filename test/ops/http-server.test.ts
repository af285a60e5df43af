import { once } from 'node:events';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { type HttpServer, listen, type Patience } from '../../src/ops/http-server.ts';

describe('the HTTP server', () => {
  const open: HttpServer[] = [];
  const errors: unknown[] = [];
  const serve = async (
    fetch: (request: Request) => Promise<Response>,
    { lingerMs = 0, ...options }: { readonly lingerMs?: number; readonly patience?: Patience } = {},
  ) => {
    const server = await listen({
      host: '127.0.0.1',
      port: 0,
      fetch,
      onError: (error) => errors.push(error),
      lingerMs,
      ...options,
    });
    open.push(server);
    return { server, url: `http://127.0.0.1:${server.port}` };
  };
  afterEach(async () => {
    await Promise.all(open.splice(0).map((server) => server.close()));
    errors.length = 0;
  });

  it('answers', async () => {
    const { url } = await serve(async (request) => new Response(new URL(request.url).pathname));
    expect(await (await fetch(`${url}/here`)).text()).toBe('/here');
  });

  it('hands on requests that can be copied, as limiting their bodies does', async () => {
    const { url } = await serve(async (request) => {
      const copy = new Request(request, { body: request.body, duplex: 'half' } as RequestInit);
      return new Response(`${copy.method} ${await copy.text()}`);
    });
    const body = ReadableStream.from(['without ', 'a length']).pipeThrough(new TextEncoderStream());
    const posted = await fetch(url, { method: 'POST', body, duplex: 'half' } as RequestInit);
    expect(await posted.text()).toBe('POST without a length');
    expect(await (await fetch(url, { method: 'DELETE' })).text()).toBe('DELETE ');
  });

  it('tells whose port it is that is taken', async () => {
    const { server } = await serve(async () => new Response());
    const again = listen({
      host: '127.0.0.1',
      port: server.port,
      fetch: async () => new Response(),
      onError: () => {},
    });
    await expect(again).rejects.toMatchObject({ code: 'address-unavailable', data: { problem: 'in-use' } });
  });

  it('turns a bug into a bare 500', async () => {
    const { url } = await serve(() => Promise.reject(new Error('a secret')));
    const response = await fetch(url);
    expect([response.status, await response.text()]).toEqual([500, 'something went wrong inside\n']);
    expect(errors).toMatchObject([{ message: 'a secret' }]);
  });

  it('goes on after requests that break off or are none', async () => {
    const { server, url } = await serve(async (request) => {
      return new Response(String((await request.formData()).get('x')));
    });
    const head = 'Host: x\r\nConnection: close\r\n';
    const form = 'Content-Type: multipart/form-data; boundary=b\r\n';
    const broken = [
      'GET / HTTP/1.1\r\nHost: [\r\n\r\n',
      `GET //\\ HTTP/1.1\r\n${head}\r\n`,
      '\0\0\0',
      `POST / HTTP/1.1\r\n${head}${form}Content-Length: 900\r\n\r\n--b\r\n`,
      `POST / HTTP/1.1\r\n${head}${form}Transfer-Encoding: chunked\r\n\r\n3\r\n--b\r\nzz\r\n`,
    ];
    for (const request of broken) {
      const socket = connect(server.port, '127.0.0.1');
      socket.on('error', () => {});
      socket.end(request);
      await Promise.all([text(socket).catch(() => ''), once(socket, 'close')]);
    }
    const body = new FormData();
    body.set('x', 'still here');
    expect(await (await fetch(url, { method: 'POST', body })).text()).toBe('still here');
  });

  it('ends streams that would never end when it is closed', async () => {
    const endless = () => new ReadableStream({ pull: () => new Promise(() => {}) });
    const { server, url } = await serve(async () => new Response(endless()));
    const reading = (await fetch(url)).text();
    const failed = expect(reading).rejects.toThrow();
    await server.close();
    await failed;
  });

  /** Streams without end, and how many of them are still read or wanted. */
  const serveStreams = async () => {
    const streams = { asked: 0, left: 0 };
    const { server } = await serve(async (request) => {
      streams.asked += 1;
      streams.left += 1;
      const isOver = Promise.withResolvers<void>();
      const end = (): void => isOver.resolve();
      request.signal.addEventListener('abort', end);
      void isOver.promise.then(() => {
        streams.left -= 1;
      });
      const start = (controller: ReadableStreamDefaultController): void =>
        controller.enqueue(new Uint8Array(9));
      return new Response(new ReadableStream({ start, pull: () => isOver.promise, cancel: end }));
    });
    const socket = connect(server.port, '127.0.0.1');
    await once(socket, 'connect');
    socket.on('error', () => {});
    return { streams, socket };
  };
  const plainRequest = 'GET / HTTP/1.1\r\nHost: x\r\n\r\n';

  it.each([
    ['the only one', plainRequest, 1],
    ['behind others that are not answered yet', plainRequest.repeat(5), 5],
    ['of HTTP/1.0', 'GET / HTTP/1.0\r\nHost: x\r\n\r\n', 1],
  ])('tells each request that its client has gone (%s)', async (_what, requests, count) => {
    const { streams, socket } = await serveStreams();
    socket.write(requests);
    await expect.poll(() => streams.asked).toBe(count);
    socket.destroy();
    await expect.poll(() => streams.left).toBe(0);
  });

  it('cuts a connection off that asks for more and more without reading', async () => {
    const { streams, socket } = await serveStreams();
    socket.resume();
    socket.write(plainRequest.repeat(500));
    await once(socket, 'close');
    await expect.poll(() => streams.left).toBe(0);
    expect(streams.asked).toBeLessThan(40);
  });

  it('does not wait for a body that never ends', async () => {
    const patience = { headersTimeout: 50, requestTimeout: 100, connectionsCheckingInterval: 10 };
    const read: string[] = [];
    const { server } = await serve(
      async (request) => {
        await request.arrayBuffer().catch(() => read.push('broken off'));
        return new Response();
      },
      { patience },
    );
    const socket = connect(server.port, '127.0.0.1');
    await once(socket, 'connect');
    socket.on('error', () => {});
    socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nslow');
    expect(await text(socket)).toMatch(/^HTTP\/1.1 408/);
    expect(read).toEqual(['broken off']);
  });

  it('refuses headers without end', async () => {
    const { server } = await serve(async () => new Response());
    const socket = connect(server.port, '127.0.0.1');
    await once(socket, 'connect');
    socket.on('error', () => {});
    socket.write(`GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}`);
    expect(await text(socket)).toMatch(/^HTTP\/1.1 431/);
  });
});
