import { createHash } from 'node:crypto';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { describe, expect, it } from 'vitest';
import { type Answer, file, listenLocally, serve, status } from '../support/file-server.ts';
import { absent, makeBytes, openDownload, published } from '../support/published-file.ts';

describe('a download', () => {
  it('brings the file, tells how far it is, and leaves nothing else', async () => {
    const server = await serve(file(published));
    const { fetchFrom, target, received, names } = await openDownload();
    await fetchFrom(`${server.url}/a/weights.h5`);
    expect(await readFile(target)).toEqual(published);
    expect(await names()).toEqual(['weights.h5']);
    expect(received.at(-1)).toBe(published.length);
    expect(server.requests.map(({ url }) => url)).toEqual(['/a/weights.h5']);
    expect(server.requests[0]?.headers).toMatchObject({
      'user-agent': 'gramzoom',
      'accept-encoding': 'identity',
    });
  });

  it('goes on where the connection was cut', async () => {
    const server = await serve(file(published, { cutAfter: 100_000 }), file(published));
    const { fetchFrom, target, clock } = await openDownload();
    await fetchFrom(server.url);
    expect(await readFile(target)).toEqual(published);
    expect(server.requests[1]?.headers).toMatchObject({ range: 'bytes=100000-', 'if-range': '"one"' });
    expect(clock.pausesMs).toEqual([1000]);
  });

  it('goes on where an earlier one was cancelled', async () => {
    const server = await serve((_request, response) => {
      response.writeHead(200, { etag: '"one"', 'content-length': published.length });
      response.write(published.subarray(0, 50_000));
    }, file(published));
    const { fetchFrom, target, controller, names } = await openDownload();
    await expect(fetchFrom(server.url, { onProgress: () => controller.abort() })).rejects.toMatchObject({
      code: 'cancelled',
    });
    expect((await names()).toSorted()).toEqual(['weights.h5.part', 'weights.h5.part.json']);
    const there = (await stat(`${target}.part`)).size;
    await fetchFrom(server.url, { signal: new AbortController().signal });
    expect(await readFile(target)).toEqual(published);
    expect(server.requests[1]?.headers.range).toBe(`bytes=${there}-`);
  });

  it('goes by the date where there is no strong ETag', async () => {
    const date = 'Sat, 31 Oct 2020 12:00:00 GMT';
    const dated = { etag: 'W/"weak"', headers: { 'last-modified': date } };
    const server = await serve(file(published, { ...dated, cutAfter: 1000 }), file(published, dated));
    const { fetchFrom, target } = await openDownload();
    await fetchFrom(server.url);
    expect(await readFile(target)).toEqual(published);
    expect(server.requests[1]?.headers['if-range']).toBe(date);
  });

  it.each<[string, Answer]>([
    [
      'does not know ranges',
      (request, response) => file(published)({ ...request, headers: {} } as never, response),
    ],
    ['has another version of it now', file(published, { etag: '"two"' })],
    ['says that the range is none', status(416)],
    [
      'sends another range',
      (_request, response) => {
        const headers = {
          etag: '"one"',
          'content-range': `bytes 5-${published.length - 1}/${published.length}`,
        };
        response.writeHead(206, headers).end(published.subarray(5));
      },
    ],
    [
      'goes on with a file of another length',
      (_request, response) =>
        void response.writeHead(206, { 'content-range': 'bytes 1000-1999/2000' }).end(makeBytes(1000)),
    ],
  ])('begins anew where the server %s', async (_what, second) => {
    const server = await serve(file(published, { cutAfter: 1000 }), second, file(published));
    const { fetchFrom, target } = await openDownload();
    await fetchFrom(server.url);
    expect(await readFile(target)).toEqual(published);
    expect(server.requests[1]?.headers.range).toBe('bytes=1000-');
  });

  it('begins anew where the server does not say which version it sent', async () => {
    const nameless = { etag: null };
    const server = await serve(file(published, { ...nameless, cutAfter: 1000 }), file(published, nameless));
    const { fetchFrom, target } = await openDownload();
    await fetchFrom(server.url);
    expect(await readFile(target)).toEqual(published);
    expect(server.requests[1]?.headers.range).toBeUndefined();
  });

  it('begins anew at another address', async () => {
    const first = await serve(file(published, { cutAfter: 1000 }), status(404));
    const second = await serve(file(published));
    const { fetchFrom, target } = await openDownload();
    await expect(fetchFrom(first.url)).rejects.toMatchObject(absent('it answers with status 404'));
    await fetchFrom(second.url);
    expect(await readFile(target)).toEqual(published);
    expect(second.requests[0]?.headers.range).toBeUndefined();
  });

  it('begins anew where two halves do not fit each other', async () => {
    const careless = file(makeBytes(published.length, 7));
    const server = await serve(file(published, { cutAfter: 1000 }), careless, file(published));
    const { fetchFrom, target } = await openDownload();
    await fetchFrom(server.url);
    expect(await readFile(target)).toEqual(published);
    expect(server.requests.map(({ headers }) => headers.range)).toEqual([
      undefined,
      'bytes=1000-',
      undefined,
    ]);
  });

  it('asks for nothing where all bytes are there already', async () => {
    const server = await serve(status(500));
    const { fetchFrom, target, names } = await openDownload();
    await writeFile(`${target}.part`, published);
    await fetchFrom(server.url);
    expect(await names()).toEqual(['weights.h5']);
    expect(server.requests).toEqual([]);
  });

  it.each([
    ['too long', makeBytes(published.length + 1)],
    ['as long, but of something else', makeBytes(published.length, 3)],
  ])('throws away a part that is %s', async (_what, part) => {
    const server = await serve(file(published));
    const { fetchFrom, target } = await openDownload();
    await writeFile(`${target}.part`, part);
    await writeFile(`${target}.part.json`, JSON.stringify({ url: `${server.url}/`, validator: '"one"' }));
    await fetchFrom(server.url);
    expect(await readFile(target)).toEqual(published);
  });

  it('follows redirections, and not for ever', async () => {
    const server = await serve((request, response) => {
      if (request.url === '/there') file(published)(request, response);
      else if (request.url === '/here') response.writeHead(302, { location: '/there' }).end();
      else response.writeHead(302, { location: `${request.url}x` }).end();
    });
    const { fetchFrom, target } = await openDownload();
    await fetchFrom(`${server.url}/here`);
    expect(await readFile(target)).toEqual(published);
    const other = await openDownload();
    await expect(other.fetchFrom(`${server.url}/round`)).rejects.toMatchObject(
      absent('it answers with status 302'),
    );
  });

  it('shows name and password to the server, and to nobody else', async () => {
    const server = await serve(status(401));
    const { fetchFrom } = await openDownload();
    const address = `http://me:se%40cret@127.0.0.1:${server.port}/file`;
    await expect(fetchFrom(address)).rejects.toMatchObject({
      data: expect.objectContaining({ url: `${server.url}/file` }),
    });
    expect(server.requests[0]?.headers.authorization).toBe(
      `Basic ${Buffer.from('me:se@cret').toString('base64')}`,
    );
  });
});

describe('a server that does not do its part', () => {
  it('is asked again while it is busy', async () => {
    const server = await serve(status(503), status(429), file(published));
    const { fetchFrom, clock } = await openDownload();
    await fetchFrom(server.url);
    expect(clock.pausesMs).toEqual([1000, 2000]);
  });

  it('is given up after five tries that brought next to nothing; what came stays', async () => {
    const server = await serve(file(published, { cutAfter: 1000 }));
    const { fetchFrom, target, clock } = await openDownload();
    await expect(fetchFrom(server.url)).rejects.toMatchObject(absent('the connection was cut'));
    expect(server.requests).toHaveLength(5);
    expect(clock.pausesMs).toEqual([1000, 2000, 4000, 8000]);
    expect((await stat(`${target}.part`)).size).toBe(5000);
  });

  it('may cut the connection more often where each try brings a good piece', async () => {
    const long = makeBytes(8 * 2 ** 20);
    const server = await serve(file(long, { cutAfter: 2 ** 20 }));
    const { fetchFrom, target } = await openDownload({ bytes: long });
    await fetchFrom(server.url);
    expect(
      createHash('md5')
        .update(await readFile(target))
        .digest('hex'),
    ).toBe(createHash('md5').update(long).digest('hex'));
    expect(server.requests.length).toBeGreaterThan(5);
  });

  it('is given up where it cuts a file that it cannot go on with, however far it came', async () => {
    const long = makeBytes(2 * 2 ** 20);
    const server = await serve(file(long, { etag: null, cutAfter: 1.5 * 2 ** 20 }));
    const { fetchFrom } = await openDownload({ bytes: long });
    await expect(fetchFrom(server.url)).rejects.toMatchObject(absent('the connection was cut'));
    expect(server.requests).toHaveLength(5);
  });

  it('is asked once more only where it was never heard of', async () => {
    const server = createServer();
    const port = await listenLocally(server);
    server.close();
    const { fetchFrom, clock, target } = await openDownload();
    await expect(fetchFrom(`http://127.0.0.1:${port}/x`)).rejects.toMatchObject({
      code: 'network-absent',
      data: {
        name: 'other',
        bytes: published.length,
        url: `http://127.0.0.1:${port}/x`,
        path: target,
        reason: 'the connection is refused',
      },
    });
    expect(clock.pausesMs).toEqual([1000]);
  });

  it.each<[string, Answer]>([
    ['says nothing', () => {}],
    ['stops in the middle', (_request, response) => void response.writeHead(200).write('a few bytes')],
  ])('is given up where it %s', async (_what, answer) => {
    const { fetchFrom, clock } = await openDownload();
    const server = await serve((request, response) => {
      answer(request, response);
      // Time passes once what it sends is on its way.
      setImmediate(() => clock.advance(30_000));
    });
    await expect(fetchFrom(server.url)).rejects.toMatchObject(absent('next to nothing came in 30 seconds'));
    expect(clock.waiting).toBe(0);
  });

  it('is waited for while bytes keep coming', async () => {
    const { fetchFrom, target, clock, received } = await openDownload();
    let rest: (() => void) | undefined;
    const server = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': published.length });
      response.write(published.subarray(0, 200_000));
      rest = () => void response.end(published.subarray(200_000));
    });
    const onProgress = ({ receivedBytes }: { receivedBytes: number }): void => {
      received.push(receivedBytes);
      if (receivedBytes !== 200_000) return;
      clock.advance(30_000);
      rest?.();
    };
    await fetchFrom(server.url, { onProgress });
    expect(await readFile(target)).toEqual(published);
  });

  it.each<[string, Answer, RegExp]>([
    ['has no such file', status(404), /^it answers with status 404$/],
    [
      'has a longer file',
      file(makeBytes(300_001)),
      /^it has a file of 300001 bytes there instead of 300000$/,
    ],
    ['has a page of its own instead', file(Buffer.from('<html>')), /^it has a file of 6 bytes there/],
    [
      'sends more than it should without saying so',
      (_request, response) => {
        response.writeHead(200, { etag: '"one"' });
        response.write(makeBytes(200_000));
        response.end(makeBytes(200_000));
      },
      /^it sends more than the file's 300000 bytes$/,
    ],
    [
      'has a file of the same length',
      file(makeBytes(published.length, 1)),
      /^what it sends is not the published file$/,
    ],
    [
      'packs what it sends',
      file(published, { headers: { 'content-encoding': 'gzip' } }),
      /^it answers in the encoding gzip$/,
    ],
  ])('is asked once where it %s, and nothing stays', async (_what, answer, reason) => {
    const server = await serve(answer);
    const { fetchFrom, names } = await openDownload();
    await expect(fetchFrom(server.url)).rejects.toMatchObject(absent(reason));
    expect(server.requests).toHaveLength(1);
    expect(await names()).toEqual([]);
  });
});
