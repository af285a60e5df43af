import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'vitest';
import { download } from '../../src/networks/download.ts';
import { clientHas } from './file-server.ts';
import { createHurriedClock } from './hurried-clock.ts';
import { createTempFolder } from './temp-folder.ts';

/** Bytes that differ everywhere, so that a wrong order shows. */
export const makeBytes = (length: number, salt = 0): Buffer => {
  const bytes = Buffer.alloc(length);
  for (let i = 0; i < length; i++) bytes[i] = (i * 31 + (i >> 8) * 17 + salt) & 255;
  return bytes;
};

/** What the tests publish. */
export const published = makeBytes(300_000);
export const noProxies = { http: '', https: '', except: '' };

/** A download that has not begun, and what can be seen of it; cuts come when their bytes are here. */
export const openDownload = async ({ bytes = published, folder = '' } = {}) => {
  const target = join(folder || (await createTempFolder()), 'weights.h5');
  const clock = createHurriedClock();
  const received: number[] = [];
  const controller = new AbortController();
  const fetchFrom = (url: string, options: Partial<Parameters<typeof download>[2]> = {}): Promise<void> =>
    download(
      { name: 'other', url, bytes: bytes.length, md5: createHash('md5').update(bytes).digest('hex') },
      target,
      {
        proxies: noProxies,
        signal: controller.signal,
        clock,
        onProgress: ({ receivedBytes }) => {
          received.push(receivedBytes);
          clientHas(receivedBytes);
        },
        ...options,
      },
    );
  const names = () => readdir(join(target, '..'));
  return { fetchFrom, target, clock, received, controller, names };
};

/** How a download that cannot be had fails. */
export const absent = (reason: string | RegExp) => ({
  code: 'network-absent',
  data: expect.objectContaining({
    name: 'other',
    reason: typeof reason === 'string' ? reason : expect.stringMatching(reason),
  }),
});
