import { randomUUID } from 'node:crypto';
import { mkdir, opendir, readFile, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { GramzoomError } from '../domain/errors.ts';
import type { BlobId } from '../domain/job.ts';
import type { Blobs } from '../ports/blobs.ts';
import type { Clock } from '../ports/clock.ts';
import { fromFileSystem, isMissing, sha256, syncFolder, writeDurably } from './durable-file.ts';

/** What a blob's file is called: its SHA-256. */
export const blobPattern = /^[0-9a-f]{64}$/;

/** The file's bytes; undefined where there is none. */
const read = async (path: string): Promise<Buffer | undefined> => {
  try {
    return await readFile(path);
  } catch (thrown) {
    if (isMissing(thrown)) return undefined;
    throw thrown;
  }
};

const namesIn = async (folder: string): Promise<readonly string[]> => {
  const names: string[] = [];
  try {
    for await (const entry of await opendir(folder)) names.push(entry.name);
  } catch (thrown) {
    if (!isMissing(thrown)) throw thrown;
  }
  return names.sort();
};

/**
 * Files by content: `<folder>/blobs/ab/abcdef...`, named by their SHA-256. A file gets its name once it is
 * whole and on the disk; what a crash left half written is cleared away here.
 * @throws GramzoomError `disk-full`, `output-not-writable`
 */
export const openFileBlobs = async (folder: string, options: { readonly clock: Clock }): Promise<Blobs> => {
  const root = join(folder, 'blobs');
  const temporaries = join(root, 'tmp');
  const pathOf = (id: BlobId): string => join(root, id.slice(0, 2), id);

  const writing = async <T>(run: () => Promise<T>): Promise<T> => {
    try {
      return await run();
    } catch (thrown) {
      throw fromFileSystem(thrown, folder);
    }
  };

  /** So that whoever clears away old files sees that it is wanted again. */
  const touch = async (path: string): Promise<void> => {
    const now = new Date(options.clock.wallTime());
    await utimes(path, now, now);
  };

  await writing(async () => {
    await rm(temporaries, { recursive: true, force: true });
    await mkdir(temporaries, { recursive: true, mode: 0o700 });
    await syncFolder(folder);
  });

  return {
    put: (bytes) =>
      writing(async () => {
        const id = (await sha256(bytes)).toString('hex') as BlobId;
        const path = pathOf(id);
        const inFolder = join(root, id.slice(0, 2));
        if ((await read(path))?.equals(bytes)) {
          await touch(path);
          // Whoever wrote it may have died before its name was safe.
          await syncFolder(inFolder);
          return id;
        }
        if (await mkdir(inFolder, { recursive: true, mode: 0o700 })) await syncFolder(root);
        await writeDurably(path, bytes, { temporary: join(temporaries, randomUUID()) });
        await touch(path);
        return id;
      }),

    get: async (id) => {
      if (!blobPattern.test(id)) return undefined;
      const bytes = await read(pathOf(id));
      if (!bytes) return undefined;
      if ((await sha256(bytes)).toString('hex') !== id) throw new GramzoomError('blob-damaged', { blob: id });
      return bytes;
    },

    has: async (id) => {
      if (!blobPattern.test(id)) return false;
      try {
        return (await stat(pathOf(id))).isFile();
      } catch (thrown) {
        if (isMissing(thrown)) return false;
        throw thrown;
      }
    },

    remove: async (id) => {
      if (blobPattern.test(id)) await writing(() => rm(pathOf(id), { force: true }));
    },

    list: async function* () {
      for (const shelf of await namesIn(root)) {
        if (!/^[0-9a-f]{2}$/.test(shelf)) continue;
        for (const name of await namesIn(join(root, shelf))) {
          if (!blobPattern.test(name)) continue;
          try {
            const { size, mtimeMs } = await stat(join(root, shelf, name));
            yield { id: name as BlobId, bytes: size, modifiedAt: mtimeMs };
          } catch (thrown) {
            if (!isMissing(thrown)) throw thrown;
          }
        }
      }
    },
  };
};
