import { readFile, writeFile } from 'node:fs/promises';
import { createServer, request as sendRequest } from 'node:http';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { file, listenLocally, serve } from '../support/file-server.ts';
import { absent, noProxies, openDownload, published } from '../support/published-file.ts';
import { canMakeDisks, createSmallDisk, fillDisk } from '../support/small-disk.ts';
import { createTempFolder } from '../support/temp-folder.ts';

describe('a proxy', () => {
  /** Passes plain requests on, and refuses tunnels. */
  const openProxy = async () => {
    const asked: string[] = [];
    const server = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      sendRequest(request.url!, { headers: request.headers }, (answer) => {
        response.writeHead(answer.statusCode!, answer.headers);
        answer.pipe(response);
      }).end();
    });
    server.on('connect', (request, socket) => {
      asked.push(`CONNECT ${request.url}`);
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    });
    const port = await listenLocally(server);
    return { address: `127.0.0.1:${port}`, asked };
  };

  it('is asked where it is set, with or without its scheme', async () => {
    const server = await serve(file(published));
    const proxy = await openProxy();
    for (const http of [`http://${proxy.address}`, proxy.address]) {
      const { fetchFrom, target } = await openDownload();
      await fetchFrom(`${server.url}/file`, { proxies: { ...noProxies, http } });
      expect(await readFile(target)).toEqual(published);
    }
    expect(proxy.asked).toEqual([`GET ${server.url}/file`, `GET ${server.url}/file`]);
  });

  it('is left out for the hosts that need none', async () => {
    const server = await serve(file(published));
    const proxy = await openProxy();
    const { fetchFrom } = await openDownload();
    const proxies = { http: proxy.address, https: '', except: 'example.org,127.0.0.1' };
    await fetchFrom(server.url, { proxies });
    expect(proxy.asked).toEqual([]);
  });

  it('is asked for a tunnel where the address is a secure one', async () => {
    const proxy = await openProxy();
    const { fetchFrom } = await openDownload();
    const proxies = { ...noProxies, https: proxy.address };
    await expect(fetchFrom('https://networks.example/file', { proxies })).rejects.toMatchObject(
      absent(/403/),
    );
    expect(proxy.asked[0]).toBe('CONNECT networks.example:443');
  });

  it('is blamed where its address is none', async () => {
    const { fetchFrom } = await openDownload();
    const proxies = { ...noProxies, http: 'http://:::' };
    await expect(fetchFrom('http://networks.example/file', { proxies })).rejects.toMatchObject(
      absent('the proxy has no address that can be used'),
    );
  });
});

describe('a place that cannot take the file', () => {
  it('is said where the folder is none', async () => {
    const folder = await createTempFolder();
    await writeFile(join(folder, 'file'), '');
    const { fetchFrom } = await openDownload({ folder: join(folder, 'file') });
    const server = await serve(file(published));
    await expect(fetchFrom(server.url)).rejects.toMatchObject({ code: 'output-not-writable' });
  });

  describe.skipIf(!canMakeDisks)('a full disk (a small tmpfs, which only root can mount)', () => {
    it('is found out before anything is asked for', async () => {
      const folder = createSmallDisk(400_000);
      const { fetchFrom } = await openDownload({ folder });
      const server = await serve(file(published));
      await expect(fetchFrom(server.url)).rejects.toMatchObject({ code: 'disk-full', data: { folder } });
      expect(server.requests).toEqual([]);
    });

    it('a disk that fills up during a download gets back what was received', async () => {
      const folder = createSmallDisk(1_000_000);
      const { fetchFrom, names } = await openDownload({ folder });
      const server = await serve((request, response) => {
        void fillDisk(folder).then(() => file(published)(request, response));
      });
      await expect(fetchFrom(server.url)).rejects.toMatchObject({ code: 'disk-full', data: { folder } });
      expect((await names()).filter((name) => name.startsWith('weights'))).toEqual([]);
    });
  });
});
