import { beforeEach, describe, expect, it } from 'vitest';
import type { JobId } from '../../src/domain/job.ts';
import type { Checkpoints } from '../../src/ports/blobs.ts';

/** An empty place; `reopen` gives the same place as a new process would see it. */
export type OpenCheckpoints = () => Promise<{
  readonly checkpoints: Checkpoints;
  readonly reopen: () => Promise<Checkpoints>;
}>;

const job = 'job-1' as JobId;
const state = (text: string): Uint8Array => new TextEncoder().encode(text);
const frame = (index: number, of = 1) => ({
  frame: { index, rgb: new Uint8Array(300).fill(index * 10 + of) },
});
const noFrame = { frame: null };

/** State and the first byte of each frame. */
const seen = async (checkpoints: Checkpoints, id = job) => {
  const loaded = await checkpoints.load(id);
  return loaded && [Buffer.from(loaded.state).toString(), ...loaded.frames.map((rgb) => rgb[0])];
};

/** What every place for checkpoints does. */
export const describeCheckpoints = (name: string, open: OpenCheckpoints): void => {
  describe(name, () => {
    let checkpoints: Checkpoints;
    let reopen: () => Promise<Checkpoints>;
    beforeEach(async () => {
      ({ checkpoints, reopen } = await open());
    });

    it('has none at first', async () => {
      expect(await checkpoints.load(job)).toBeUndefined();
      expect(await checkpoints.list()).toEqual([]);
    });

    it('gives back the newest state with the frames up to it', async () => {
      await checkpoints.save(job, state('level'), noFrame);
      expect(await seen(checkpoints)).toEqual(['level']);
      await checkpoints.save(job, state('finer level'), noFrame);
      expect(await seen(checkpoints)).toEqual(['finer level']);
      await checkpoints.save(job, state('first'), frame(0));
      await checkpoints.save(job, state('second'), frame(1));
      expect(await seen(checkpoints)).toEqual(['second', 1, 11]);
      expect((await checkpoints.load(job))?.frames[1]).toHaveLength(300);
    });

    it('goes on after a restart', async () => {
      for (let index = 0; index < 3; index++) await checkpoints.save(job, state(`${index}`), frame(index));
      const again = await reopen();
      expect(await seen(again)).toEqual(['2', 1, 11, 21]);
      await again.save(job, state('3'), frame(3));
      expect(await seen(again)).toEqual(['3', 1, 11, 21, 31]);
    });

    it('goes on from an earlier frame when one is rendered again', async () => {
      for (let index = 0; index < 3; index++) await checkpoints.save(job, state(`${index}`), frame(index));
      await checkpoints.save(job, state('1 again'), frame(1, 5));
      expect(await seen(checkpoints)).toEqual(['1 again', 1, 15]);
    });

    it('forgets the frames when a render starts anew', async () => {
      for (let index = 0; index < 3; index++) await checkpoints.save(job, state(`${index}`), frame(index));
      await checkpoints.save(job, state('anew'), noFrame);
      expect(await seen(checkpoints)).toEqual(['anew']);
      await checkpoints.save(job, state('0 anew'), frame(0, 7));
      expect(await seen(await reopen())).toEqual(['0 anew', 7]);
    });

    it('refuses a frame without those before it', async () => {
      await checkpoints.save(job, state('0'), frame(0));
      await expect(checkpoints.save(job, state('2'), frame(2))).rejects.toMatchObject({ code: 'internal' });
      expect(await seen(checkpoints)).toEqual(['0', 1]);
    });

    it('keeps jobs apart, and lists those that have one', async () => {
      const other = 'job-2' as JobId;
      await checkpoints.save(other, state('theirs'), noFrame);
      await checkpoints.save(job, state('mine'), frame(0));
      expect(await checkpoints.list()).toEqual([job, other]);
      expect(await seen(checkpoints)).toEqual(['mine', 1]);
      expect(await seen(checkpoints, other)).toEqual(['theirs']);
    });

    it('removes one, and takes the second time well', async () => {
      await checkpoints.save(job, state('0'), frame(0));
      await checkpoints.remove(job);
      await checkpoints.remove(job);
      expect(await checkpoints.load(job)).toBeUndefined();
      expect(await checkpoints.list()).toEqual([]);
      expect(await (await reopen()).load(job)).toBeUndefined();
      await expect(checkpoints.save(job, state('1'), frame(1))).rejects.toMatchObject({ code: 'internal' });
      await checkpoints.save(job, state('anew'), frame(0, 3));
      expect(await seen(checkpoints)).toEqual(['anew', 3]);
    });

    it('never leaves its place', async () => {
      const outside = '../outside' as JobId;
      await expect(checkpoints.save(outside, state('0'), noFrame)).rejects.toMatchObject({
        code: 'internal',
      });
      await expect(checkpoints.remove(outside)).rejects.toMatchObject({ code: 'internal' });
    });
  });
};
