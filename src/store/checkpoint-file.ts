import { sha256 } from '../files/durable-file.ts';

/** A state with the frames that belong to it, named by their SHA-256. */
export type StoredState = {
  /** Rises with every state of a job: the highest whole one counts. */
  readonly serial: number;
  readonly frames: readonly Buffer[];
  readonly state: Uint8Array;
};

const magic = Buffer.from('gzstate1', 'latin1');
const hashBytes = 32;
const headBytes = magic.length + 8;

/** Magic, serial and number of frames (uint32, little-endian), the frames' hashes, the state, a hash of it all. */
export const encodeState = async ({ serial, frames, state }: StoredState): Promise<Buffer> => {
  const numbers = Buffer.alloc(8);
  numbers.writeUInt32LE(serial, 0);
  numbers.writeUInt32LE(frames.length, 4);
  const body = Buffer.concat([magic, numbers, ...frames, state]);
  return Buffer.concat([body, await sha256(body)]);
};

/** Undefined where the file is not whole. */
export const decodeState = async (file: Buffer): Promise<StoredState | undefined> => {
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
