import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { GramzoomError } from '../domain/errors.ts';
import type { JobId } from '../domain/job.ts';
import { hasSpareSpace } from '../domain/storage-need.ts';
import { diskOf } from '../files/disk-space.ts';
import { inFolder, isOutOfHandles, sha256, syncFolder, writeDurably } from '../files/durable-file.ts';
import type { Checkpoints } from '../ports/blobs.ts';

const frameName = (index: number): string => `frame-${String(index).padStart(5, '0')}.rgb`;
/** Two places, written in turn: the state before is never touched. */
const stateNames = ['state-0', 'state-1'] as const;
const unfinished = 'unfinished';
const jobName = /^[\w-]+$/;
/** What a job's folder holds. */
const ourFile = /^(?:state-[01]|unfinished|frame-\d{5,}\.rgb)$/;

/** A state with the frames that belong to it, named by their SHA-256. */
type StoredState = {
  /** Rises with every state of a job: the highest whole one counts. */
  readonly serial: number;
  readonly frames: readonly Buffer[];
  readonly state: Uint8Array;
};

const magic = Buffer.from('gzstate1', 'latin1');
const hashBytes = 32;
const headBytes = magic.length + 8;

/** Magic, serial and number of frames (uint32, little-endian), the frames' hashes, the state, a hash of it all. */
const encodeState = async ({ serial, frames, state }: StoredState): Promise<Buffer> => {
  const numbers = Buffer.alloc(8);
  numbers.writeUInt32LE(serial, 0);
  numbers.writeUInt32LE(frames.length, 4);
  const body = Buffer.concat([magic, numbers, ...frames, state]);
  return Buffer.concat([body, await sha256(body)]);
};

/** Undefined where the file is not whole. */
const decodeState = async (file: Buffer): Promise<StoredState | undefined> => {
  const end = file.length - hashBytes;
  if (end < headBytes || !file.subarray(0, magic.length).equals(magic)) return undefined;
  if (!(await sha256(file.subarray(0, end))).equals(file.subarray(end))) return undefined;
  const count = file.readUInt32LE(magic.length + 4);
  const stateAt = headBytes + count * hashBytes;
  return {
    serial: file.readUInt32LE(magic.length),
    frames: Array.from({ length: count }, (_, index) =>
      file.subarray(headBytes + index * hashBytes, headBytes + (index + 1) * hashBytes),
    ),
    state: file.subarray(stateAt, end),
  };
};

type Frame = { readonly rgb: Uint8Array; readonly hash: Buffer };

/** What is known of a job that is under way: serial and frames of the newest state on the disk, and what is to follow. */
type Progress = Pick<StoredState, 'serial' | 'frames'> & {
  /** Frames by their index that no state on the disk names yet: some save failed. The next one writes them too. */
  readonly unsaved: ReadonlyMap<number, Frame>;
};

/** How many frames there are, on the disk or waiting for it. */
const countOf = ({ frames, unsaved }: Progress): number => {
  let count = frames.length;
  while (unsaved.has(count)) count++;
  return count;
};

/** A file that cannot be read, whatever keeps it from being, counts as none: there is another state. */
const readIfThere = async (path: string): Promise<Buffer | undefined> => {
  try {
    return await readFile(path);
  } catch (thrown) {
    if (isOutOfHandles(thrown)) throw thrown;
    return undefined;
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
  const disk = diskOf(folder);
  const known = new Map<JobId, Progress>();

  const folderOf = (job: JobId): string => {
    if (!jobName.test(job)) throw new GramzoomError('internal', { reason: `no job's id: ${job}` });
    return join(root, job);
  };

  /** Whatever else somebody put there is left alone, such as the checkpoints of other programs. */
  const jobs = async (): Promise<readonly JobId[]> => {
    const found: JobId[] = [];
    for (const entry of await readdir(root, { withFileTypes: true })) {
      if (!entry.isDirectory() || !jobName.test(entry.name)) continue;
      // It may have been removed meanwhile.
      const files = await readdir(join(root, entry.name)).catch(() => null);
      if (files?.every((file) => ourFile.test(file))) found.push(entry.name as JobId);
    }
    return found.sort();
  };

  const progressOf = async (job: JobId): Promise<Progress> => {
    const before = known.get(job) ?? (await statesIn(folderOf(job)))[0];
    return { serial: 0, frames: [], unsaved: new Map(), ...before };
  };

  const write = async (job: JobId, next: StoredState, unsaved: ReadonlyMap<number, Frame>): Promise<void> => {
    const space = await disk.space();
    if (space && !hasSpareSpace(space)) throw new GramzoomError('disk-full', { folder });
    const into = folderOf(job);
    const temporary = join(into, unfinished);
    if (await mkdir(into, { recursive: true, mode: 0o700 })) await syncFolder(root);
    for (const [index, { rgb }] of unsaved) {
      await writeDurably(join(into, frameName(index)), rgb, { temporary });
    }
    const file = await encodeState(next);
    await writeDurably(join(into, stateNames[next.serial % 2 === 0 ? 0 : 1]), file, { temporary });
  };

  const withFrames = async (job: JobId, { frames, state }: StoredState) => {
    const files: Uint8Array[] = [];
    for (const [index, hash] of frames.entries()) {
      const file = await readIfThere(join(folderOf(job), frameName(index)));
      if (!file || !(await sha256(file)).equals(hash)) return undefined;
      files.push(file);
    }
    // A copy of its own: a part of the file would not be aligned for whoever reads numbers from it.
    return { state: new Uint8Array(state), frames: files };
  };

  await inFolder(folder, async () => {
    await mkdir(root, { recursive: true, mode: 0o700 });
    await syncFolder(folder);
    for (const job of await jobs()) await rm(join(root, job, unfinished), { recursive: true, force: true });
  });

  return {
    save: (job, state, { frame }) =>
      inFolder(folder, async () => {
        const before = await progressOf(job);
        if (frame && frame.index > countOf(before)) {
          const reason = `frame ${frame.index} of ${job} came after ${countOf(before)} frames`;
          throw new GramzoomError('internal', { reason });
        }
        // The frames before this one that no state names yet, then this one.
        const unsaved = new Map([...before.unsaved].filter(([index]) => frame && index < frame.index));
        if (frame) unsaved.set(frame.index, { rgb: frame.rgb, hash: await sha256(frame.rgb) });
        const kept = before.frames.slice(0, frame?.index ?? 0);
        const frames = Array.from({ length: frame ? frame.index + 1 : 0 }, (_, index) => {
          const hash = unsaved.get(index)?.hash ?? kept[index];
          if (!hash) throw new GramzoomError('internal', { reason: `frame ${index} of ${job} is unknown` });
          return hash;
        });
        const serial = before.serial + 1;
        // Should that fail, the next save has to bring what this one could not.
        known.set(job, { serial: before.serial, frames: kept, unsaved });
        await write(job, { serial, frames, state }, unsaved);
        known.set(job, { serial, frames, unsaved: new Map() });
      }),

    load: async (job) => {
      // Whoever continues with it makes again what was not saved.
      known.delete(job);
      for (const state of await statesIn(folderOf(job))) {
        const whole = await withFrames(job, state);
        if (whole) return whole;
      }
      return undefined;
    },

    remove: async (job) => {
      known.delete(job);
      await inFolder(folder, () => rm(folderOf(job), { recursive: true, force: true }));
    },

    list: jobs,
  };
};
