import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import type { BlobId } from '../../src/domain/job.ts';
import type { Blobs, ListedBlob } from '../../src/ports/blobs.ts';
import type { Clock } from '../../src/ports/clock.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { blobNamed } from '../support/jobs.ts';

/** An empty place for each test. */
export type OpenBlobs = (options: { readonly clock: Clock }) => Promise<Blobs>;

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);

const listed = async (blobs: Blobs) => {
  const entries: ListedBlob[] = [];
  for await (const entry of blobs.list()) entries.push(entry);
  return entries;
};

/** What every place for files does. */
export const describeBlobs = (name: string, open: OpenBlobs): void => {
  describe(name, () => {
    let blobs: Blobs;
    let clock: ReturnType<typeof createFakeClock>;
    beforeEach(async () => {
      clock = createFakeClock();
      blobs = await open({ clock });
    });

    it('names bytes by their SHA-256 and gives them back', async () => {
      const id = await blobs.put(bytesOf('a cat'));
      expect(id).toBe(createHash('sha256').update('a cat').digest('hex'));
      expect(Buffer.from((await blobs.get(id))!).toString()).toBe('a cat');
      expect(await blobs.has(id)).toBe(true);
    });

    it('takes no bytes at all, and many', async () => {
      const many = new Uint8Array(3_000_000).map((_, i) => i % 251);
      expect(await blobs.get(await blobs.put(new Uint8Array()))).toHaveLength(0);
      expect(await blobs.size(await blobs.put(many))).toBe(3_000_000);
      expect(Buffer.from((await blobs.get(await blobs.put(many)))!).equals(many)).toBe(true);
    });

    it('takes a part of a larger buffer for that part', async () => {
      const id = await blobs.put(bytesOf('xxcatxx').subarray(2, 5));
      expect(Buffer.from((await blobs.get(id))!).toString()).toBe('cat');
    });

    const streamed = async (...asked: Parameters<Blobs['stream']>) =>
      Buffer.from(await new Response(blobs.stream(...asked)).arrayBuffer());

    it('streams all of a blob, or a part of it', async () => {
      const many = Buffer.from(new Uint8Array(300_000).map((_, i) => i % 251));
      const id = await blobs.put(many);
      expect((await streamed(id)).equals(many)).toBe(true);
      expect(
        (await streamed(id, { start: 65_000, end: 200_001 })).equals(many.subarray(65_000, 200_001)),
      ).toBe(true);
      expect(await streamed(await blobs.put(new Uint8Array()))).toHaveLength(0);
    });

    it('fails a stream of what is not there, or does not reach that far', async () => {
      const id = await blobs.put(bytesOf('a cat'));
      await expect(streamed(id, { start: 0, end: 6 })).rejects.toThrow();
      await expect(streamed(blobNamed('a'))).rejects.toThrow();
      await expect(streamed('../../etc/passwd' as BlobId)).rejects.toThrow();
    });

    it('keeps the same content once, also when it comes many times at the same moment', async () => {
      const ids = await Promise.all(Array.from({ length: 6 }, () => blobs.put(bytesOf('a cat'))));
      expect(new Set(ids).size).toBe(1);
      expect(await listed(blobs)).toHaveLength(1);
    });

    it('does not know what was never put or is no id', async () => {
      for (const id of [blobNamed('a'), '../../etc/passwd', '', `${blobNamed('a')}/..`] as BlobId[]) {
        expect(await blobs.get(id)).toBeUndefined();
        expect(await blobs.has(id)).toBe(false);
        expect(await blobs.size(id)).toBeUndefined();
        await blobs.remove(id);
      }
    });

    it('lists what is there with its size and how long ago it was put', async () => {
      const one = await blobs.put(bytesOf('one'));
      clock.advance(60_000);
      const three = await blobs.put(bytesOf('three'));
      const entries = new Map((await listed(blobs)).map((entry) => [entry.id, entry]));
      expect(entries.get(one)).toEqual({ id: one, bytes: 3, idleMs: 60_000 });
      expect(entries.get(three)).toEqual({ id: three, bytes: 5, idleMs: 0 });
      expect(entries.size).toBe(2);
    });

    it('counts what is put again as new', async () => {
      const id = await blobs.put(bytesOf('one'));
      clock.advance(60_000);
      await blobs.put(bytesOf('one'));
      expect(await listed(blobs)).toEqual([{ id, bytes: 3, idleMs: 0 }]);
    });

    it('removes a blob, and takes the second time well', async () => {
      const id = await blobs.put(bytesOf('one'));
      await blobs.remove(id);
      await blobs.remove(id);
      expect(await blobs.get(id)).toBeUndefined();
      expect(await blobs.has(id)).toBe(false);
      expect(await listed(blobs)).toEqual([]);
    });
  });
};
