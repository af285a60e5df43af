import { readdir, readFile, readlink, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openFileBlobs } from '../../src/store/file-blobs.ts';
import { describeBlobs } from '../contract/blobs.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { createTempFolder } from '../support/temp-folder.ts';

describeBlobs('blobs as files', async (options) => openFileBlobs(await createTempFolder(), options));

describe('a folder of blobs', () => {
  const clock = createFakeClock();
  const photo = new TextEncoder().encode('a photo');
  const put = async () => {
    const folder = await createTempFolder();
    const blobs = await openFileBlobs(folder, { clock });
    const id = await blobs.put(photo);
    return { folder, blobs, id, path: join(folder, 'blobs', id.slice(0, 2), id) };
  };

  it('holds each file under its id, and nothing else', async () => {
    const { folder, id, path } = await put();
    expect(new Uint8Array(await readFile(path))).toEqual(photo);
    expect((await readdir(join(folder, 'blobs'))).sort()).toEqual([id.slice(0, 2), 'tmp'].sort());
    expect(await readdir(join(folder, 'blobs', 'tmp'))).toEqual([]);
  });

  it.skipIf(process.platform === 'win32')('is for this user alone', async () => {
    const { folder, path } = await put();
    expect((await stat(join(folder, 'blobs'))).mode & 0o777).toBe(0o700);
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  it('notices a file that was damaged by hand', async () => {
    const { blobs, id, path } = await put();
    await writeFile(path, 'b photo');
    await expect(blobs.get(id)).rejects.toMatchObject({ code: 'blob-damaged', data: { blob: id } });
  });

  it('breaks off the stream of a damaged file before it looks whole', async () => {
    const { folder, blobs } = await put();
    const id = await blobs.put(new Uint8Array(200_000));
    await writeFile(join(folder, 'blobs', id.slice(0, 2), id), new Uint8Array(200_000).fill(1));
    let bytes = 0;
    const read = async () => {
      for await (const piece of blobs.stream(id)) bytes += piece.length;
    };
    await expect(read()).rejects.toMatchObject({ code: 'blob-damaged', data: { blob: id } });
    expect(bytes).toBeLessThan(200_000);
  });

  it.skipIf(process.platform !== 'linux')(
    'holds no file open for streams that nobody reads or goes on with',
    async () => {
      const { folder, blobs } = await put();
      const id = await blobs.put(new Uint8Array(1_000_000));
      const open = async () => {
        const links = (await readdir('/proc/self/fd')).map((fd) =>
          readlink(`/proc/self/fd/${fd}`).catch(() => ''),
        );
        return (await Promise.all(links)).filter((link) => link.startsWith(join(folder, 'blobs')));
      };
      const [unread, left] = [blobs.stream(id), blobs.stream(id)];
      const reader = left.getReader();
      await reader.read();
      expect(await open()).toHaveLength(1);
      await reader.cancel();
      expect(await open()).toEqual([]);
      expect(unread.locked).toBe(false);
    },
  );

  it('heals a damaged file when the same content comes again', async () => {
    const { blobs, id, path } = await put();
    await writeFile(path, 'b photo');
    await blobs.put(photo);
    expect(new Uint8Array((await blobs.get(id))!)).toEqual(photo);
  });

  it('clears away what a crash left half written, and keeps the rest', async () => {
    const { folder, id } = await put();
    await writeFile(join(folder, 'blobs', 'tmp', 'left'), 'half');
    const again = await openFileBlobs(folder, { clock });
    expect(await readdir(join(folder, 'blobs', 'tmp'))).toEqual([]);
    expect(await again.has(id)).toBe(true);
  });

  it('does not list strange files', async () => {
    const { folder, blobs, id } = await put();
    await writeFile(join(folder, 'blobs', id.slice(0, 2), 'note.txt'), 'mine');
    await writeFile(join(folder, 'blobs', 'note.txt'), 'mine');
    const entries = [];
    for await (const entry of blobs.list()) entries.push(entry.id);
    expect(entries).toEqual([id]);
  });
});
