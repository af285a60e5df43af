import {
  chmod,
  copyFile,
  cp,
  mkdir,
  readdir,
  readFile,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { BlobId } from '../../src/domain/job.ts';
import { backUp } from '../../src/store/backup.ts';
import { openStore } from '../../src/store/open-store.ts';
import { lockFolder } from '../../src/store/sqlite/folder-lock.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { jobIn, newJob } from '../support/jobs.ts';
import { createTempFolder } from '../support/temp-folder.ts';

const clock = createFakeClock();
const { signal } = new AbortController();
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);

/** A data folder that is in use, with a render for each photo. */
const createData = async (...photos: readonly string[]) => {
  const folder = await createTempFolder();
  const opened = await openStore(folder, { clock });
  onTestFinished(opened.close);
  const add = async (photo: string): Promise<BlobId> => {
    const blob = await opened.blobs.put(bytes(photo));
    await jobIn(opened.store, 'queued', newJob({ photo: blob }));
    return blob;
  };
  const blobs: BlobId[] = [];
  for (const photo of photos) blobs.push(await add(photo));
  return { folder, opened, add, blobs };
};

const newTarget = async (): Promise<string> => join(await createTempFolder(), 'deep', 'backup');

/** What a bot finds that is started on a copy of the backup: its renders' photos. */
const restored = async (target: string): Promise<readonly (string | undefined)[]> => {
  const folder = join(await createTempFolder(), 'data');
  await cp(target, folder, { recursive: true });
  const { store, blobs, close } = await openStore(folder, { clock });
  const photos: (string | undefined)[] = [];
  for (const { photo } of await store.jobs.inState('queued')) {
    const found = photo === null ? undefined : await blobs.get(photo);
    photos.push(found && Buffer.from(found).toString());
  }
  await close();
  return photos;
};

const pathOf = (folder: string, blob: BlobId): string => join(folder, 'blobs', blob.slice(0, 2), blob);

describe('a backup', () => {
  it('is whole although the folder is in use, and says what it holds', async () => {
    const { folder, opened } = await createData('a cat', 'a dog');
    await opened.blobs.put(bytes('of no render'));
    const target = await newTarget();
    expect(await backUp(folder, target, { signal })).toMatchObject({
      folder: target,
      renders: 2,
      files: 2,
      copiedFiles: 2,
      copiedBytes: 10,
      removedFiles: 0,
      missingFiles: 0,
    });
    expect(await restored(target)).toEqual(['a cat', 'a dog']);
    expect((await readdir(target)).sort()).toEqual(['backup-lock.db', 'backup.json', 'blobs', 'gramzoom.db']);
  });

  it('has what was in the log where no process uses the folder, even after a crash', async () => {
    const { folder } = await createData('a cat');
    const crashed = await createTempFolder();
    for (const name of ['gramzoom.db', 'gramzoom.db-wal'])
      await copyFile(join(folder, name), join(crashed, name));
    await cp(join(folder, 'blobs'), join(crashed, 'blobs'), { recursive: true });
    const target = await newTarget();
    await backUp(crashed, target, { signal });
    expect(await restored(target)).toEqual(['a cat']);
  });

  it('is brought up to date by a second run, which copies only what is missing', async () => {
    const { folder, opened, add, blobs } = await createData('a cat', 'a dog');
    const target = await newTarget();
    await backUp(folder, target, { signal });
    const before = await stat(pathOf(target, blobs[1]!));
    const [first] = await opened.store.jobs.inState('queued');
    await opened.store.jobs.remove(first!.id);
    await add('a bird');
    expect(await backUp(folder, target, { signal })).toMatchObject({
      renders: 2,
      files: 2,
      copiedFiles: 1,
      removedFiles: 1,
    });
    expect(await restored(target)).toEqual(['a dog', 'a bird']);
    expect((await stat(pathOf(target, blobs[1]!))).ino).toBe(before.ino);
  });

  it('survives whatever happens to the data folder', async () => {
    const { folder, blobs } = await createData('a cat');
    const target = await newTarget();
    await backUp(folder, target, { signal });
    await writeFile(pathOf(folder, blobs[0]!), 'xxxxx');
    await truncate(join(folder, 'gramzoom.db'), 0);
    expect(await restored(target)).toEqual(['a cat']);
  });

  it('replaces a file that was cut short, and keeps one that the data folder has lost', async () => {
    const { folder, blobs } = await createData('a cat', 'a dog');
    const target = await newTarget();
    await backUp(folder, target, { signal });
    await truncate(pathOf(target, blobs[0]!), 2);
    await rm(pathOf(folder, blobs[1]!));
    expect(await backUp(folder, target, { signal })).toMatchObject({ copiedFiles: 1, missingFiles: 0 });
    expect(await restored(target)).toEqual(['a cat', 'a dog']);
  });

  it('counts what is gone or damaged in the data folder, and saves the rest', async () => {
    const { folder, blobs } = await createData('a cat', 'a dog', 'a bird');
    await rm(pathOf(folder, blobs[0]!));
    await writeFile(pathOf(folder, blobs[1]!), 'other');
    const target = await newTarget();
    expect(await backUp(folder, target, { signal })).toMatchObject({ files: 1, missingFiles: 2 });
    expect(await restored(target)).toEqual([undefined, undefined, 'a bird']);
  });

  it('leaves the one before usable when it is interrupted, and is completed by the next run', async () => {
    const { folder, add } = await createData('a cat');
    const target = await newTarget();
    await backUp(folder, target, { signal });
    await add('a dog');
    const aborted = AbortSignal.abort();
    await expect(backUp(folder, target, { signal: aborted })).rejects.toMatchObject({ code: 'cancelled' });
    // What a kill leaves.
    await writeFile(join(target, 'gramzoom.db.unfinished'), 'half a copy');
    await writeFile(join(target, 'blobs', 'unfinished'), 'half a copy');
    expect(await restored(target)).toEqual(['a cat']);
    await backUp(folder, target, { signal });
    expect(await restored(target)).toEqual(['a cat', 'a dog']);
    expect(await readdir(target)).not.toContain('gramzoom.db.unfinished');
  });

  it('takes over a folder in which the very first one was interrupted', async () => {
    const { folder } = await createData('a cat');
    const target = await newTarget();
    await expect(backUp(folder, target, { signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'cancelled',
    });
    await backUp(folder, target, { signal });
    expect(await restored(target)).toEqual(['a cat']);
  });

  it('does not mix with what somebody has written into the one before', async () => {
    const { folder, add } = await createData('a cat');
    const target = await newTarget();
    await backUp(folder, target, { signal });
    const looker = new Sqlite(join(target, 'gramzoom.db'));
    looker.pragma('journal_mode = WAL');
    looker.exec("update jobs set state = 'failed'");
    await copyFile(join(target, 'gramzoom.db-wal'), join(target, 'kept'));
    looker.close();
    await copyFile(join(target, 'kept'), join(target, 'gramzoom.db-wal'));
    await rm(join(target, 'kept'));
    await add('a dog');
    await backUp(folder, target, { signal });
    expect(await restored(target)).toEqual(['a cat', 'a dog']);
  });

  it('is refused where it would be lost with the data, or destroy something', async () => {
    const { folder } = await createData('a cat');
    const parent = await createTempFolder();
    await writeFile(join(parent, 'file'), 'a file');
    await mkdir(join(parent, 'full'));
    await writeFile(join(parent, 'full', 'letter.txt'), 'dear');
    await writeFile(join(parent, 'full', 'backup.json'), '{}');
    await symlink(folder, join(parent, 'link'));
    const other = await createData('a dog');
    const expectations = [
      [folder, 'inside-data'],
      [join(folder, 'backup'), 'inside-data'],
      [join(folder, 'blobs', 'x', 'y'), 'inside-data'],
      [join(parent, 'link', 'backup'), 'inside-data'],
      [join(folder, '..'), 'around-data'],
      [join(parent, 'file'), 'not-folder'],
      [join(parent, 'file', 'below'), 'not-folder'],
      [join(parent, 'full'), 'not-empty'],
      [other.folder, 'data-folder'],
    ] as const;
    for (const [target, problem] of expectations) {
      await expect(backUp(folder, target, { signal }), target).rejects.toMatchObject({
        code: 'backup-target',
        data: { folder: target, problem },
      });
    }
    expect((await readdir(join(parent, 'full'))).sort()).toEqual(['backup.json', 'letter.txt']);
  });

  it('is refused in a folder in which another one is being made, or on which a bot was started', async () => {
    const { folder } = await createData('a cat');
    const target = await newTarget();
    await backUp(folder, target, { signal });
    const lock = lockFolder(target, { name: 'backup-lock.db' });
    await expect(backUp(folder, target, { signal })).rejects.toMatchObject({ data: { problem: 'in-use' } });
    lock.release();
    await (await openStore(target, { clock })).close();
    await expect(backUp(folder, target, { signal })).rejects.toMatchObject({
      data: { problem: 'data-folder' },
    });
  });

  it('needs a database, and makes nothing without one', async () => {
    const parent = await createTempFolder();
    const target = join(parent, 'backup');
    for (const folder of [parent, join(parent, 'nowhere')]) {
      await expect(backUp(folder, target, { signal })).rejects.toMatchObject({
        code: 'backup-nothing',
        data: { folder },
      });
    }
    expect(await readdir(parent)).toEqual([]);
  });

  it('is refused where the database is damaged, and the one before stays', async () => {
    const { folder, opened } = await createData('a cat');
    const target = await newTarget();
    await backUp(folder, target, { signal });
    await opened.close();
    await writeFile(join(folder, 'gramzoom.db'), 'no database at all'.repeat(1000));
    await expect(backUp(folder, target, { signal })).rejects.toMatchObject({ code: 'database-damaged' });
    expect(await restored(target)).toEqual(['a cat']);
  });

  it.skipIf(process.platform === 'win32')(
    'is for its user alone, whatever the folder was before',
    async () => {
      const { folder } = await createData('a cat');
      const target = await newTarget();
      await mkdir(target, { recursive: true });
      await chmod(target, 0o777);
      await backUp(folder, target, { signal });
      expect((await stat(target)).mode & 0o777).toBe(0o700);
      for (const entry of await readdir(target, { recursive: true, withFileTypes: true })) {
        const { mode } = await stat(join(entry.parentPath, entry.name));
        expect(mode & 0o777, entry.name).toBe(entry.isDirectory() ? 0o700 : 0o600);
      }
      expect((await readFile(join(target, 'gramzoom.db'))).length).toBeGreaterThan(0);
    },
  );
});
