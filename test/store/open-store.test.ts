import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import Sqlite from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type OpenedStore, openStore } from '../../src/store/open-store.ts';
import { fromOpening, fromSqlite } from '../../src/store/sqlite/errors.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { jobIn, newJob, noLimits } from '../support/jobs.ts';
import { canMakeDisks, createSmallDisk } from '../support/small-disk.ts';
import { createTempFolder } from '../support/temp-folder.ts';

const clock = createFakeClock();
const holder = fileURLToPath(new URL('hold-folder.ts', import.meta.url));

const opened = async (folder: string): Promise<OpenedStore> => {
  const store = await openStore(folder, { clock });
  onTestFinished(store.close);
  return store;
};

describe('a data folder', () => {
  it.skipIf(process.platform === 'win32')('is made where it is missing, for this user alone', async () => {
    const folder = join(await createTempFolder(), 'deep', 'data');
    await opened(folder);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
  });

  it('holds what was written when it is opened again', async () => {
    const folder = await createTempFolder();
    const first = await opened(folder);
    const id = await jobIn(first.store, 'queued');
    await first.store.leases.claimNext();
    const blob = await first.blobs.put(new Uint8Array([1, 2, 3]));
    await first.close();
    const second = await opened(folder);
    expect(await second.store.jobs.get(id)).toMatchObject({ id, state: 'running', attempt: 1 });
    expect(await second.blobs.get(blob)).toHaveLength(3);
    const next = await second.store.jobs.insert(newJob(), noLimits);
    expect(next).toMatchObject({ job: { sequence: 2 } });
  });

  it('lets what was begun come to its end before it is closed', async () => {
    const folder = await createTempFolder();
    const first = await opened(folder);
    const job = newJob();
    const inserting = first.store.jobs.insert(job, noLimits);
    await first.close();
    expect((await inserting).kind).toBe('inserted');
    expect(await (await opened(folder)).store.jobs.get(job.id)).toMatchObject({ id: job.id });
  });

  it('is refused to a second store in the same process until the first is closed', async () => {
    const folder = await createTempFolder();
    const first = await opened(folder);
    await expect(openStore(folder, { clock })).rejects.toMatchObject({
      code: 'data-folder-in-use',
      data: { folder },
    });
    await first.store.check();
    await first.close();
    await (await opened(folder)).store.check();
  });

  it('is refused to a second process, and free once the first was killed', async () => {
    const folder = await createTempFolder();
    const first = spawn(process.execPath, [holder, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
    onTestFinished(() => void first.kill('SIGKILL'));
    await once(first.stdout, 'data');
    await expect(openStore(folder, { clock })).rejects.toMatchObject({ code: 'data-folder-in-use' });
    // The other way round too: a process that starts while this one holds the folder.
    first.kill('SIGKILL');
    await once(first, 'exit');
    await opened(folder);
    const second = promisify(execFile)(process.execPath, [holder, folder]);
    await expect(second).rejects.toMatchObject({ stdout: 'data-folder-in-use\n' });
  });

  it('is refused where something else has its name', async () => {
    const path = join(await createTempFolder(), 'data');
    await writeFile(path, 'a file');
    await expect(openStore(path, { clock })).rejects.toMatchObject({ code: 'output-not-writable' });
  });

  it.skipIf(process.platform !== 'linux')('is refused with a reason where none can be made', async () => {
    await expect(openStore('/proc/gramzoom/data', { clock })).rejects.toMatchObject({
      code: 'output-failed',
      data: { path: '/proc/gramzoom/data', reason: 'no such file or directory' },
    });
    // A folder that takes in no files, and keeps its modes.
    const { mode } = await stat('/proc/self/net');
    await expect(openStore('/proc/self/net', { clock })).rejects.toMatchObject({ code: 'output-failed' });
    expect((await stat('/proc/self/net')).mode).toBe(mode);
    const long = join(await createTempFolder(), 'x'.repeat(300));
    await expect(openStore(long, { clock })).rejects.toMatchObject({
      code: 'output-failed',
      data: { reason: 'name too long' },
    });
  });

  it.each([
    ['EIO: i/o error, open', 'EIO', 'i/o error'],
    ['ESTALE: stale file handle, open', 'ESTALE', 'stale file handle'],
    ['ENOTSUP: operation not supported, mkdir', 'ENOTSUP', 'operation not supported'],
  ])('is refused with the reason that a disk of a network gives: %s', (message, code, reason) => {
    const thrown = Object.assign(new Error(message), { code });
    for (const error of [thrown, fromSqlite(thrown, 'data')]) {
      expect(fromOpening(error, 'data')).toMatchObject({
        code: 'output-failed',
        data: { path: 'data', reason },
      });
    }
    const locking = new Sqlite.SqliteError('locking protocol', 'SQLITE_PROTOCOL');
    expect(fromOpening(fromSqlite(locking, 'data'), 'data')).toMatchObject({
      data: { path: 'data', reason: 'locking protocol' },
    });
  });

  it.skipIf(!canMakeDisks)('is refused on a disk that is only read (needs tmpfs)', async () => {
    const disk = createSmallDisk(2 ** 21);
    const made = join(disk, 'made');
    await (await openStore(made, { clock })).close();
    spawnSync('mount', ['-o', 'remount,ro', disk]);
    for (const folder of [made, join(disk, 'new'), disk]) {
      await expect(openStore(folder, { clock })).rejects.toMatchObject({
        code: 'output-not-writable',
        data: { folder },
      });
    }
  });

  it('is free again after it could not be opened', async () => {
    const folder = await createTempFolder();
    await writeFile(join(folder, 'gramzoom.db'), 'no database at all'.repeat(1000));
    await expect(openStore(folder, { clock })).rejects.toMatchObject({ code: 'database-damaged' });
    await writeFile(join(folder, 'gramzoom.db'), '');
    await (await opened(folder)).store.check();
  });

  it('has the database, the lock, blobs and checkpoints', async () => {
    const folder = await createTempFolder();
    await (await opened(folder)).close();
    expect((await readdir(folder)).sort()).toEqual(['blobs', 'checkpoints', 'gramzoom.db', 'lock.db']);
  });

  it.each([
    ['no database', Buffer.from('no database at all'.repeat(1000))],
    ['one cut short', Buffer.from('SQLite format 3\0')],
    ['zeros', Buffer.alloc(8192)],
  ])('is opened although its lock is %s, and locked', async (_what, bytes) => {
    const folder = await createTempFolder();
    await writeFile(join(folder, 'lock.db'), bytes);
    await opened(folder);
    await expect(openStore(folder, { clock })).rejects.toMatchObject({ code: 'data-folder-in-use' });
    const second = promisify(execFile)(process.execPath, [holder, folder]);
    await expect(second).rejects.toMatchObject({ stdout: 'data-folder-in-use\n' });
  });

  it('is not taken from a process whose lock somebody has written over', async () => {
    const folder = await createTempFolder();
    const first = spawn(process.execPath, [holder, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
    onTestFinished(() => void first.kill('SIGKILL'));
    await once(first.stdout, 'data');
    await writeFile(join(folder, 'lock.db'), 'no database at all'.repeat(1000));
    await expect(openStore(folder, { clock })).rejects.toMatchObject({ code: 'data-folder-in-use' });
    first.kill('SIGKILL');
    await once(first, 'exit');
    await opened(folder);
  });

  it('says which file to remove where its lock is none', async () => {
    const folder = await createTempFolder();
    const path = join(folder, 'lock.db');
    await mkdir(path);
    await expect(openStore(folder, { clock })).rejects.toMatchObject({
      code: 'lock-unusable',
      data: { path },
    });
    await rm(path, { recursive: true });
    await opened(folder);
  });

  describe.skipIf(process.platform === 'win32')('is for its user alone', () => {
    /** Every file and folder in it that somebody else could reach, or its user could not. */
    const exposed = async (folder: string): Promise<readonly string[]> => {
      const found: string[] = [];
      if (((await stat(folder)).mode & 0o777) !== 0o700) found.push(folder);
      for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
        const path = join(entry.parentPath, entry.name);
        const wanted = entry.isDirectory() ? 0o700 : 0o600;
        if (((await stat(path)).mode & 0o777) !== wanted) found.push(path);
      }
      return found;
    };
    const fill = async ({ store, blobs, checkpoints }: OpenedStore): Promise<void> => {
      const job = await jobIn(store, 'running', newJob({ photo: await blobs.put(new Uint8Array([1])) }));
      await checkpoints.save(job, new Uint8Array(9), { frame: { index: 0, rgb: new Uint8Array(9) } });
    };

    it.each(['000', '022', '077'])('a data folder stays private with umask %s', async (umask) => {
      const folder = join(await createTempFolder(), 'data');
      const held = spawn(
        'sh',
        ['-c', 'umask "$1"; exec "$2" "$3" "$4"', '-', umask, process.execPath, holder, folder],
        {
          stdio: ['ignore', 'pipe', 'inherit'],
        },
      );
      onTestFinished(() => void held.kill('SIGKILL'));
      await once(held.stdout, 'data');
      expect((await readdir(folder)).sort()).toContain('gramzoom.db-wal');
      expect(await exposed(folder)).toEqual([]);
    });

    it('a data folder that was made with other modes is made private', async () => {
      const folder = await createTempFolder();
      const first = await opened(folder);
      await fill(first);
      await first.close();
      await mkdir(join(folder, 'networks', '.vgg19.lock'), { recursive: true });
      await writeFile(join(folder, 'networks', 'vgg19.safetensors'), 'weights');
      await writeFile(join(folder, 'backup-before-2.db'), 'a copy');
      for (const path of await readdir(folder, { recursive: true })) await chmod(join(folder, path), 0o777);
      await chmod(folder, 0o755);
      await opened(folder);
      expect(await exposed(folder)).toEqual([]);
    });

    it('files of somebody else in a data folder, and the targets of links, keep their modes', async () => {
      const [folder, elsewhere] = [await createTempFolder(), await createTempFolder()];
      await writeFile(join(folder, 'notes.txt'), 'mine');
      await writeFile(join(elsewhere, 'weights'), 'mine');
      await mkdir(join(folder, 'networks'));
      await symlink(join(elsewhere, 'weights'), join(folder, 'networks', 'mine.safetensors'));
      await chmod(join(elsewhere, 'weights'), 0o644);
      await chmod(join(folder, 'notes.txt'), 0o644);
      await opened(folder);
      for (const path of [join(folder, 'notes.txt'), join(elsewhere, 'weights')]) {
        expect((await stat(path)).mode & 0o777).toBe(0o644);
      }
    });

    it('a data folder with other things in it keeps its own mode, which is logged once', async () => {
      const folder = await createTempFolder();
      await writeFile(join(folder, 'passwd'), 'root');
      // As in /etc: a file with the name of a folder of ours.
      await writeFile(join(folder, 'networks'), 'loopback 127.0.0.0');
      await chmod(join(folder, 'networks'), 0o644);
      await writeFile(join(folder, 'backup.json'), '{"kind":"nightly"}');
      await chmod(folder, 0o755);
      const told: string[] = [];
      const store = await openStore(folder, { clock, onExposed: (path) => told.push(path) });
      onTestFinished(store.close);
      expect((await stat(folder)).mode & 0o777).toBe(0o755);
      expect((await stat(join(folder, 'networks'))).mode & 0o777).toBe(0o644);
      expect(await readFile(join(folder, 'backup.json'), 'utf8')).toBe('{"kind":"nightly"}');
      expect((await stat(join(folder, 'gramzoom.db'))).mode & 0o777).toBe(0o600);
      expect(told).toHaveLength(1);
    });

    it('a data folder that everybody shares is left as it is, which is logged', async () => {
      const folder = await createTempFolder();
      await chmod(folder, 0o1777);
      const told: string[] = [];
      const store = await openStore(folder, { clock, onExposed: (path) => told.push(path) });
      onTestFinished(store.close);
      expect((await stat(folder)).mode & 0o7777).toBe(0o1777);
      expect(told).toHaveLength(1);
    });
  });
});
