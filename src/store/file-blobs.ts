import { createHash, randomUUID } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
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

  const size = async (id: BlobId): Promise<number | undefined> => {
    return blobPattern.test(id) ? await fileSize(pathOf(id)) : undefined;
  };

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
      streamFile(blobPattern.test(id) ? pathOf(id) : '', {
        start: range?.start ?? 0,
        end: range?.end ?? null,
        sha256: range ? null : id,
        translate: (thrown) =>
          thrown === undefined
            ? new GramzoomError('blob-damaged', { blob: id })
            : fromFileSystem(thrown, folder),
      }),

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
 * A file's bytes from `start` up to `end`, read as they are taken. It is opened with the first piece and closed
 * with the last, an error, or when nobody wants more.
 * @param options.end null: the end of the file; it is an error where the file ends before
 * @param options.sha256 what all of it has to be, in hexadecimal; null: not checked
 * @param options.translate the error to fail with, from the system's; undefined where the bytes are not those
 */
const streamFile = (
  path: string,
  options: {
    readonly start: number;
    readonly end: number | null;
    readonly sha256: string | null;
    readonly translate: (thrown: unknown) => unknown;
  },
): ReadableStream<Uint8Array<ArrayBuffer>> => {
  const { start, sha256, translate } = options;
  const hash = createHash('sha256');
  let file: FileHandle | undefined;
  let at = start;
  let end = options.end;

  const close = async (): Promise<void> => {
    const opened = file;
    file = undefined;
    await opened?.close();
  };

  const next = async (): Promise<Uint8Array<ArrayBuffer> | undefined> => {
    file ??= await open(path);
    end ??= (await file.stat()).size;
    if (at >= end) return undefined;
    const piece = new Uint8Array(Math.min(pieceBytes, end - at));
    const { bytesRead } = await file.read(piece, 0, piece.length, at);
    if (bytesRead === 0) throw translate(undefined);
    at += bytesRead;
    const read = piece.subarray(0, bytesRead);
    if (sha256 !== null) hash.update(read);
    return read;
  };

  return new ReadableStream<Uint8Array<ArrayBuffer>>(
    {
      async pull(controller) {
        try {
          const piece = await next();
          const isLast = end !== null && at >= end;
          // Before the last piece: what is not whole must not look whole.
          if (isLast && sha256 !== null && hash.digest('hex') !== sha256) throw translate(undefined);
          if (piece) controller.enqueue(piece);
          if (!isLast) return;
          await close();
          controller.close();
        } catch (thrown) {
          await close().catch(() => {});
          controller.error(translate(thrown));
        }
      },
      cancel: close,
    },
    // Nothing is read ahead of the reader, who may never come.
    { highWaterMark: 0 },
  );
};
