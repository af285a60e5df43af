import { mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { JobId } from '../../src/domain/job.ts';
import type { Checkpoints } from '../../src/ports/blobs.ts';
import { openFileCheckpoints } from '../../src/store/file-checkpoints.ts';
import { describeCheckpoints } from '../contract/checkpoints.ts';
import { createTempFolder } from '../support/temp-folder.ts';

describeCheckpoints('checkpoints as files', async () => {
  const folder = await createTempFolder();
  return {
    checkpoints: await openFileCheckpoints(folder),
    reopen: () => openFileCheckpoints(folder),
  };
});

describe('a folder of checkpoints', () => {
  const job = 'job-1' as JobId;
  const rgb = (index: number): Uint8Array => new Uint8Array(300).fill(index);

  /** Frames 0 to 2, each with its state; `state-1` holds the newest, `state-0` the one before. */
  const three = async () => {
    const folder = await createTempFolder();
    const checkpoints = await openFileCheckpoints(folder);
    for (let index = 0; index < 3; index++) {
      await checkpoints.save(job, new TextEncoder().encode(`state ${index}`), {
        frame: { index, rgb: rgb(index) },
      });
    }
    return { folder, checkpoints, at: (name: string) => join(folder, 'checkpoints', job, name) };
  };
  const seen = async (checkpoints: Checkpoints) => {
    const loaded = await checkpoints.load(job);
    return loaded && [Buffer.from(loaded.state).toString(), ...loaded.frames.map((bytes) => bytes[0])];
  };

  it('names no folder that holds what another program put there: what is named may be removed', async () => {
    const { folder, checkpoints } = await three();
    await mkdir(join(folder, 'checkpoints', 'run-1'));
    await writeFile(join(folder, 'checkpoints', 'run-1', 'model.pt'), 'weights');
    expect(await checkpoints.list()).toEqual([job]);
  });

  it('holds the frames as they are and two states', async () => {
    const { at } = await three();
    expect((await readdir(at(''))).sort()).toEqual([
      'frame-00000.rgb',
      'frame-00001.rgb',
      'frame-00002.rgb',
      'state-0',
      'state-1',
    ]);
    expect(new Uint8Array(await readFile(at('frame-00002.rgb')))).toEqual(rgb(2));
  });

  it('goes with the frames in it', async () => {
    const { folder, checkpoints } = await three();
    await checkpoints.remove(job);
    expect(await readdir(join(folder, 'checkpoints'), { recursive: true })).toEqual([]);
  });

  it('does not mind a crash after a frame and before its state', async () => {
    const { checkpoints, at } = await three();
    await writeFile(at('frame-00003.rgb'), rgb(3));
    expect(await seen(checkpoints)).toEqual(['state 2', 0, 1, 2]);
  });

  it('goes back to the state before where the newest is cut short, empty, damaged or gone', async () => {
    const { folder, at } = await three();
    const whole = await readFile(at('state-1'));
    const damaged = Buffer.from(whole);
    damaged[damaged.length - 40]! ^= 1;
    for (const bytes of [whole.subarray(0, -1), whole.subarray(0, 10), Buffer.alloc(0), damaged]) {
      await writeFile(at('state-1'), bytes);
      expect(await seen(await openFileCheckpoints(folder))).toEqual(['state 1', 0, 1]);
    }
    await rm(at('state-1'));
    const again = await openFileCheckpoints(folder);
    expect(await seen(again)).toEqual(['state 1', 0, 1]);
    await again.save(job, new TextEncoder().encode('state 2 again'), { frame: { index: 2, rgb: rgb(2) } });
    expect(await seen(again)).toEqual(['state 2 again', 0, 1, 2]);
  });

  it('goes back to the state before where the newest frame is damaged or gone', async () => {
    const { checkpoints, at } = await three();
    await writeFile(at('frame-00002.rgb'), rgb(9));
    expect(await seen(checkpoints)).toEqual(['state 1', 0, 1]);
    await rm(at('frame-00002.rgb'));
    expect(await seen(checkpoints)).toEqual(['state 1', 0, 1]);
  });

  it('has none where no state is whole', async () => {
    const { checkpoints, at } = await three();
    await truncate(at('frame-00000.rgb'), 5);
    expect(await seen(checkpoints)).toBeUndefined();
  });

  it('never mixes frames of two attempts', async () => {
    const { folder, at } = await three();
    // Another attempt wrote its first frame over the old one and died before its state.
    await writeFile(at('frame-00000.rgb'), rgb(7));
    expect(await seen(await openFileCheckpoints(folder))).toBeUndefined();
  });

  it('clears away what a crash left half written', async () => {
    const { folder, at } = await three();
    await writeFile(at('unfinished'), 'half');
    await openFileCheckpoints(folder);
    expect(await readdir(at(''))).not.toContain('unfinished');
  });

  /** What stands in the way of the next write, by what fails then. */
  const obstacles = {
    'a write': 'unfinished',
    "the renaming of a frame's file": 'frame-00003.rgb',
    "the renaming of a state's file": 'state-0',
  };

  it.each(Object.entries(obstacles))(
    'is whole again with the first save after %s failed, however often it did',
    async (_what, name) => {
      const { folder, checkpoints, at } = await three();
      const save = (index: number) =>
        checkpoints.save(job, new TextEncoder().encode(`state ${index}`), {
          frame: { index, rgb: rgb(index) },
        });
      await rm(at(name), { force: true });
      await mkdir(join(at(name), 'in the way'), { recursive: true });
      await expect(save(3)).rejects.toThrow();
      await expect(save(4)).rejects.toThrow();
      // A process that dies now goes on from what was whole before.
      expect(await seen(await openFileCheckpoints(folder))).toEqual(['state 2', 0, 1, 2]);
      await rm(at(name), { recursive: true, force: true });
      await save(5);
      expect(await seen(await openFileCheckpoints(folder))).toEqual(['state 5', 0, 1, 2, 3, 4, 5]);
      await save(6);
      expect(await seen(await openFileCheckpoints(folder))).toEqual(['state 6', 0, 1, 2, 3, 4, 5, 6]);
    },
  );

  it('takes what is made again after a save has failed for what counts', async () => {
    const { folder, checkpoints, at } = await three();
    const save = (index: number, fill = index) =>
      checkpoints.save(job, new TextEncoder().encode(`state ${index}`), {
        frame: { index, rgb: rgb(fill) },
      });
    await mkdir(at('unfinished'));
    await expect(save(3)).rejects.toThrow();
    await rm(at('unfinished'), { recursive: true });
    expect(await seen(checkpoints)).toEqual(['state 2', 0, 1, 2]);
    await save(3, 13);
    expect(await seen(await openFileCheckpoints(folder))).toEqual(['state 3', 0, 1, 2, 13]);
  });

  it('minds nothing that somebody else has put beside them', async () => {
    const { folder } = await three();
    await writeFile(join(folder, 'checkpoints', '.DS_Store'), 'a file');
    await mkdir(join(folder, 'checkpoints', 'lost+found'));
    expect(await (await openFileCheckpoints(folder)).list()).toEqual([job]);
  });
});
