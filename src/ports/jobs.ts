import type { Job, JobId, JobState, Origin, Platform } from '../domain/job.ts';

/** Without a `source` it is a photo of whoever asks; a re-roll has its parent's `source` and `photo`. */
export type NewJob = Pick<
  Job,
  'id' | 'origin' | 'request' | 'attachment' | 'replyTarget' | 'parent' | 'photo'
> &
  Partial<Pick<Job, 'askedMaxBytes' | 'source'>> & {
    /** The event that asked for it: the same one again is the same render. Null where nothing repeats events. */
    readonly event: string | null;
  };

/** What a move or an update may write besides the state. */
export type JobChanges = Partial<
  Pick<
    Job,
    'photo' | 'source' | 'attachment' | 'attempt' | 'unitsDone' | 'failure' | 'result' | 'report' | 'poster'
  >
>;

export type Limits = { readonly perUser: number; readonly perServer: number };

/** The rows of renders. Each method is one transaction, durable once it returns. */
export interface Jobs {
  /**
   * Writes a row in state `fetching`, unless the user, on all servers together, or the server has reached a limit
   * (active states, see domain/job.ts); counting and writing are one transaction.
   */
  insert(
    job: NewJob,
    limits: Limits,
  ): Promise<
    | { readonly kind: 'inserted'; readonly job: Job }
    /** The same platform's event has led to this one before; nothing is counted or written. */
    | { readonly kind: 'known'; readonly job: Job }
    | { readonly kind: 'user-limit' }
    | { readonly kind: 'server-limit' }
  >;
  /** The limit that keeps somebody from another render just now; null: none does. */
  reachedLimit(origin: Origin, limits: Limits): Promise<'user-limit' | 'server-limit' | null>;
  get(id: JobId): Promise<Job | undefined>;
  /** The one that a platform's event has led to. */
  ofEvent(platform: Platform, event: string): Promise<Job | undefined>;
  /** Moves a row, if it is (still) in state `from`. False where it is not. `finishedAt` follows from the state. */
  move(id: JobId, from: JobState, to: JobState, changes?: JobChanges): Promise<boolean>;
  /** Writes without moving. */
  update(id: JobId, changes: JobChanges): Promise<void>;
  /** Queued jobs in the very order in which `Leases.claimNext` would take them. */
  waiting(): Promise<readonly Job[]>;
  inState(...states: readonly JobState[]): Promise<readonly Job[]>;
  /**
   * Those that have failed because their rows could not be read, whose people have not been told. (Whatever method
   * comes upon such a row sets it aside: one that was unfinished has failed, one that was finished stays so, and one
   * that nobody knows the owner of is gone. What was found is kept.)
   */
  failedUntold(): Promise<readonly Job[]>;
  /** Notes that whoever asked for it is told, or will be by the outbox. False where that was noted before. */
  noteTold(id: JobId): Promise<boolean>;
  /** Newest first. */
  ofUser(origin: Origin, options: { readonly limit: number }): Promise<readonly Job[]>;
  /**
   * With what was said about it, and the reactions to that: no reaction comes in for a message that is gone. A
   * reaction elsewhere that led to it stays, so that it does not lead to another one.
   */
  remove(id: JobId): Promise<void>;
}
