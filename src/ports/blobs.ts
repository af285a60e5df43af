import type { BlobId, JobId } from '../domain/job.ts';
import type { Checkpoint } from './renderer.ts';

export type ListedBlob = {
  readonly id: BlobId;
  readonly bytes: number;
  /** Since it was put last; null where that was not by this process. */
  readonly idleMs: number | null;
};

/**
 * Files by content. What `put` has returned for is on the disk.
 * @throws GramzoomError `disk-full`, `blob-damaged` where bytes no longer match their id
 */
export interface Blobs {
  put(bytes: Uint8Array): Promise<BlobId>;
  /** Undefined where it is not there (any more). The bytes are checked against the id. */
  get(id: BlobId): Promise<Uint8Array | undefined>;
  /**
   * The bytes from `start` up to `end`, which is not among them, read as they are taken: nothing is held, also where
   * nobody takes them. The stream fails where it is not there (any more). One of a whole blob is checked on the way
   * and fails before its last piece where it is damaged; a part is given as it lies there.
   */
  stream(
    id: BlobId,
    range?: { readonly start: number; readonly end: number },
  ): ReadableStream<Uint8Array<ArrayBuffer>>;
  has(id: BlobId): Promise<boolean>;
  /** Undefined where it is not there (any more). */
  size(id: BlobId): Promise<number | undefined>;
  remove(id: BlobId): Promise<void>;
  /** All blobs, for retention. */
  list(): AsyncIterable<ListedBlob>;
}

/** Checkpoints of unfinished renders: the newest whole one counts. */
export interface Checkpoints {
  /**
   * Durable once it returns; a crash in between leaves the one before. Where it throws, the frame is kept in memory
   * for the next save, which is whole again.
   */
  save(
    job: JobId,
    state: Uint8Array,
    options: { readonly frame: { readonly index: number; readonly rgb: Uint8Array } | null },
  ): Promise<void>;
  /** Undefined if there is none, or none that is whole. */
  load(job: JobId): Promise<Checkpoint | undefined>;
  remove(job: JobId): Promise<void>;
  /** Jobs that have one, to clear away those of jobs that are over. */
  list(): Promise<readonly JobId[]>;
}
