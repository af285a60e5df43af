import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { GramzoomError } from '../domain/errors.ts';
import type { JobId } from '../domain/job.ts';
import type { Checkpoints } from '../ports/blobs.ts';
import { decodeState, encodeState, type StoredState } from './checkpoint-file.ts';
import { fromFileSystem, isMissing, sha256, syncFolder, writeDurably } from './durable-file.ts';

const frameName = (index: number): string => `frame-${String(index).padStart(5, '0')}.rgb`;
/** Two places, written in turn: the state before is never touched. */
const stateNames = ['state-0', 'state-1'] as const;
const unfinished = 'unfinished';

const readIfThere = async (path: string): Promise<Buffer | undefined> => {
  try {
    return await readFile(path);
  } catch (thrown) {
    if (isMissing(thrown)) return undefined;
    throw thrown;
  }
};

const statesIn = async (folder: string): Promise<readonly StoredState[]> => {
  const files = await Promise.all(stateNames.map((name) => readIfThere(join(folder, name))));
  const states = await Promise.all(files.map(async (file) => file && (await decodeState(file))));
  return states.filter((state) => state !== undefined).sort((a, b) => b.serial - a.serial);
};

/**
 * Checkpoints as files: `<folder>/checkpoints/<job>/` holds each frame (as it is: deflating saves 7 % of a
 * texture and costs 4 ms) and two states, the newest and the one before. A state names its frames by their
 * SHA-256 and is written after them, so that whatever a crash or another attempt left is never mixed up.
 *
 * A frame with index k goes with the frames 0 to k - 1 of the state before; a state without a frame is from
 * before the first one and has none.
 * @throws GramzoomError `disk-full`, `output-not-writable`
 */
export const openFileCheckpoints = async (folder: string): Promise<Checkpoints> => {
  const root = join(folder, 'checkpoints');
  /** The newest state of each job that is under way, without its bytes. */
  const newest = new Map<JobId, Pick<StoredState, 'serial' | 'frames'>>();

  const folderOf = (job: JobId): string => {
    if (!/^[\w-]+$/.test(job)) throw new GramzoomError('internal', { reason: `no job's id: ${job}` });
    return join(root, job);
  };

  const writing = async <T>(run: () => Promise<T>): Promise<T> => {
    try {
      return await run();
    } catch (thrown) {
      throw fromFileSystem(thrown, folder);
    }
  };

  const jobs = async (): Promise<readonly JobId[]> => (await readdir(root)).sort() as JobId[];

  const withFrames = async (
    job: JobId,
    { frames, state }: StoredState,
  ): Promise<{ readonly state: Uint8Array; readonly frames: readonly Uint8Array[] } | undefined> => {
    const files: Uint8Array[] = [];
    for (const [index, hash] of frames.entries()) {
      const file = await readIfThere(join(folderOf(job), frameName(index)));
      if (!file || !(await sha256(file)).equals(hash)) return undefined;
      files.push(file);
    }
    // A copy of its own: a part of the file would not be aligned for whoever reads numbers from it.
    return { state: new Uint8Array(state), frames: files };
  };

  await writing(async () => {
    await mkdir(root, { recursive: true, mode: 0o700 });
    await syncFolder(folder);
    for (const job of await jobs()) await rm(join(root, job, unfinished), { force: true });
  });

  return {
    save: (job, state, { frame }) =>
      writing(async () => {
        const into = folderOf(job);
        const temporary = join(into, unfinished);
        if (await mkdir(into, { recursive: true, mode: 0o700 })) await syncFolder(root);
        const before = newest.get(job) ?? (await statesIn(into))[0] ?? { serial: 0, frames: [] };
        if (frame && frame.index > before.frames.length) {
          const reason = `frame ${frame.index} of ${job} came after ${before.frames.length} frames`;
          throw new GramzoomError('internal', { reason });
        }
        const frames = frame ? [...before.frames.slice(0, frame.index), await sha256(frame.rgb)] : [];
        if (frame) await writeDurably(join(into, frameName(frame.index)), frame.rgb, { temporary });
        const serial = before.serial + 1;
        const file = await encodeState({ serial, frames, state });
        await writeDurably(join(into, stateNames[serial % 2 === 0 ? 0 : 1]), file, { temporary });
        newest.set(job, { serial, frames });
      }),

    load: async (job) => {
      for (const state of await statesIn(folderOf(job))) {
        const whole = await withFrames(job, state);
        if (whole) return whole;
      }
      return undefined;
    },

    remove: async (job) => {
      newest.delete(job);
      await writing(() => rm(folderOf(job), { recursive: true, force: true }));
    },

    list: jobs,
  };
};
