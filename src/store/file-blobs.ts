import { createHash, randomUUID } from 'node:crypto';
import { mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { GramzoomError } from '../domain/errors.ts';
import type { BlobId } from '../domain/job.ts';
import {
  fileSize,
  fromFileSystem,
  ifThere,
  inFolder,
  sha256,
  syncFolder,
  writeDurably,
} from '../files/durable-file.ts';
import type { Blobs } from '../ports/blobs.ts';
import type { Clock } from '../ports/clock.ts';

/** What a blob's file is called: its SHA-256. */
export const blobPattern = /^[0-9a-f]{64}$/;

const namesIn = async (folder: string): Promise<readonly string[]> =>
  ((await ifThere(readdir(folder))) ?? []).sort();

/**
 * Files by content: `<folder>/blobs/ab/abcdef...`, named by their SHA-256. A file gets its name once it is
 * whole and on the disk; what a crash left half written is cleared away here.
 * @throws GramzoomError `disk-full`, `output-not-writable`
 */
export const openFileBlobs = async (folder: string, options: { readonly clock: Clock }): Promise<Blobs> => {
  const root = join(folder, 'blobs');
  const temporaries = join(root, 'tmp');
  const pathOf = (id: BlobId): string => join(root, id.slice(0, 2), id);

  /** So that whoever clears away files that nobody needs sees that it may be about to belong to a row. */
  const putAt = new Map<BlobId, number>();
  const touch = (id: BlobId): void => void putAt.set(id, options.clock.now());

  const size = async (id: BlobId): Promise<number | undefined> =>
    blobPattern.test(id) ? await fileSize(pathOf(id)) : undefined;

  await inFolder(folder, async () => {
    await rm(temporaries, { recursive: true, force: true });
    await mkdir(temporaries, { recursive: true, mode: 0o700 });
    await syncFolder(folder);
  });

  return {
    put: (bytes) =>
      inFolder(folder, async () => {
        const id = (await sha256(bytes)).toString('hex') as BlobId;
        const path = pathOf(id);
        const inFolder = join(root, id.slice(0, 2));
        if ((await ifThere(readFile(path)))?.equals(bytes)) {
          touch(id);
          // Whoever wrote it may have died before its name was safe.
          await syncFolder(inFolder);
          return id;
        }
        if (await mkdir(inFolder, { recursive: true, mode: 0o700 })) await syncFolder(root);
        await writeDurably(path, bytes, { temporary: join(temporaries, randomUUID()) });
        touch(id);
        return id;
      }),

    get: async (id) => {
      if (!blobPattern.test(id)) return undefined;
      const bytes = await ifThere(readFile(pathOf(id)));
      if (!bytes) return undefined;
      if ((await sha256(bytes)).toString('hex') !== id) throw new GramzoomError('blob-damaged', { blob: id });
      return bytes;
    },

    stream: (id, range) =>
      // Nothing is read ahead of the reader, who may never come.
      ReadableStream.from(
        (async function* () {
          try {
            yield* readPieces(blobPattern.test(id) ? pathOf(id) : '', id, range);
          } catch (thrown) {
            throw fromFileSystem(thrown, folder);
          }
        })(),
      ),

    has: async (id) => (await size(id)) !== undefined,

    size,

    remove: async (id) => {
      if (!blobPattern.test(id)) return;
      await inFolder(folder, () => rm(pathOf(id), { force: true }));
      putAt.delete(id);
    },

    list: async function* () {
      for (const shelf of await namesIn(root)) {
        if (!/^[0-9a-f]{2}$/.test(shelf)) continue;
        for (const name of await namesIn(join(root, shelf))) {
          if (!blobPattern.test(name)) continue;
          const id = name as BlobId;
          const bytes = await size(id);
          if (bytes === undefined) continue;
          const at = putAt.get(id);
          yield { id, bytes, idleMs: at === undefined ? null : options.clock.now() - at };
        }
      }
    },
  };
};

/** So much is read at a time. */
const pieceBytes = 64 * 1024;

/**
 * A blob's bytes, or those of a range, read as they are taken. Its file is opened with the first piece and closed
 * with the last, an error, or when nobody wants more. All of it has to be what its name says.
 * @throws GramzoomError `blob-damaged`; what the file system throws
 */
async function* readPieces(
  path: string,
  blob: BlobId,
  range: Parameters<Blobs['stream']>[1],
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const hash = createHash('sha256');
  let at = range?.start ?? 0;
  let last: Uint8Array<ArrayBuffer>;
  {
    await using file = await open(path);
    const end = range?.end ?? (await file.stat()).size;
    for (;;) {
      const piece = new Uint8Array(Math.max(0, Math.min(pieceBytes, end - at)));
      const { bytesRead } = await file.read(piece, 0, piece.length, at);
      if (bytesRead === 0 && at < end) throw new GramzoomError('blob-damaged', { blob });
      at += bytesRead;
      last = piece.subarray(0, bytesRead);
      if (!range) hash.update(last);
      if (at >= end) break;
      yield last;
    }
    // Before the last piece: what is not whole must not look whole.
    if (!range && hash.digest('hex') !== blob) throw new GramzoomError('blob-damaged', { blob });
  }
  if (last.length > 0) yield last;
}
