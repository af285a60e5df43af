import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { BlobId, JobId } from '../../src/domain/job.ts';
import { openStore } from '../../src/store/open-store.ts';
import { createFakeClock } from '../support/fake-clock.ts';
import { jobIn, newJob, noLimits } from '../support/jobs.ts';
import { canMakeDisks, createSmallDisk, fillDisk, freeDisk } from '../support/small-disk.ts';

const megabyte = 1_048_576;
const clock = createFakeClock();

describe.skipIf(!canMakeDisks)('a full disk (a small tmpfs, which only root can mount)', () => {
  const opened = async () => {
    const folder = createSmallDisk(4 * megabyte);
    const open = await openStore(folder, { clock });
    onTestFinished(open.close);
    return { ...open, folder };
  };
  const bytes = (fill: number, length = 300_000): Uint8Array => new Uint8Array(length).fill(fill);
  const full = (folder: string) => ({ code: 'disk-full', data: { folder } });

  it('is said when a photo does not fit, and nothing is left of it', async () => {
    const { folder, blobs } = await opened();
    const kept = await blobs.put(bytes(1));
    await fillDisk(folder);
    await expect(blobs.put(bytes(2))).rejects.toMatchObject(full(folder));
    expect(await readdir(join(folder, 'blobs', 'tmp'))).toEqual([]);
    const there: BlobId[] = [];
    for await (const { id } of blobs.list()) there.push(id);
    expect(there).toEqual([kept]);
    expect(await blobs.put(bytes(1))).toBe(kept);
    await freeDisk(folder);
    expect(await blobs.get(await blobs.put(bytes(2)))).toHaveLength(300_000);
  });

  it('is said when a checkpoint does not fit, and the one before stays', async () => {
    const { folder, checkpoints } = await opened();
    const job = 'job-1' as JobId;
    await checkpoints.save(job, bytes(1), { frame: { index: 0, rgb: bytes(2) } });
    await fillDisk(folder);
    const save = () => checkpoints.save(job, bytes(3), { frame: { index: 1, rgb: bytes(4) } });
    await expect(save()).rejects.toMatchObject(full(folder));
    const before = await checkpoints.load(job);
    expect([before?.state[0], before?.frames.length]).toEqual([1, 1]);
    await freeDisk(folder);
    await save();
    const after = await checkpoints.load(job);
    expect([after?.state[0], after?.frames.length]).toEqual([3, 2]);
  });

  it('is said when a row does not fit; what was written stays, and it goes on with room', async () => {
    const { folder, store } = await opened();
    const kept = await jobIn(store, 'queued');
    await fillDisk(folder);
    const insert = () =>
      store.jobs.insert(
        newJob({ attachment: { platform: 'web', ref: 'x'.repeat(50_000), name: 'x' } }),
        noLimits,
      );
    await expect(insert()).rejects.toMatchObject(full(folder));
    expect(await store.jobs.waiting()).toMatchObject([{ id: kept }]);
    expect(await store.jobs.inState('fetching')).toEqual([]);
    await freeDisk(folder);
    expect((await insert()).kind).toBe('inserted');
    expect(await store.leases.claimNext()).toMatchObject({ id: kept });
  });

  it('never loses what was acknowledged while it filled up, and leaves the database whole', async () => {
    const { folder, store, close } = await opened();
    const acknowledged: JobId[] = [];
    const attachment = { platform: 'web', ref: 'x'.repeat(20_000), name: 'x' } as const;
    const fill = async (): Promise<void> => {
      // 4 MB hold fewer than 200 rows of 20 kB, in the log and in the database.
      for (let i = 0; i < 400; i++) {
        const job = newJob({ attachment });
        await store.jobs.insert(job, noLimits);
        acknowledged.push(job.id);
      }
    };
    await expect(fill()).rejects.toMatchObject(full(folder));
    expect(acknowledged.length).toBeGreaterThan(10);
    const found = await store.jobs.inState('fetching');
    expect(found.map(({ id }) => id)).toEqual(acknowledged);
    await close();
    const database = new Sqlite(join(folder, 'gramzoom.db'), { readonly: true });
    expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
    database.close();
  });

  it('leaves the log of the database to be written anew, so that rows can still be changed', async () => {
    const { folder, store } = await opened();
    const ids: JobId[] = [];
    for (let i = 0; i < 20; i++) ids.push(await jobIn(store, 'running'));
    await fillDisk(folder);
    let changed = 0;
    let refused = 0;
    for (let unitsDone = 1; unitsDone <= 400; unitsDone++) {
      await store.jobs.update(ids[unitsDone % 20]!, { unitsDone }).then(
        () => void changed++,
        () => void refused++,
      );
    }
    expect(refused).toBeGreaterThan(0);
    expect(changed).toBeGreaterThan(350);
    expect(await store.jobs.get(ids[0]!)).toMatchObject({ unitsDone: 400 });
  });

  it('is said at the start', async () => {
    const folder = createSmallDisk(65_536);
    await fillDisk(folder);
    await expect(openStore(folder, { clock })).rejects.toMatchObject(full(folder));
  });
});
