import type { AttachmentRef, BlobId, Job, JobId, JobState, Origin, ReplyTarget } from '../domain/job.ts';
import type { RenderRequest } from '../domain/request.ts';
import type { MessageRef } from './chat.ts';

export type NewJob = {
  readonly id: JobId;
  readonly origin: Origin;
  readonly request: RenderRequest;
  readonly attachment: AttachmentRef;
  readonly replyTarget: ReplyTarget;
  readonly parent: JobId | null;
  /** Known already for a re-roll. */
  readonly photo: BlobId | null;
};

/** What a move or an update may write besides the state. */
export type JobChanges = Partial<
  Pick<Job, 'photo' | 'attempt' | 'framesDone' | 'failure' | 'result' | 'report' | 'poster' | 'bootId'>
>;

export type Limits = { readonly perUser: number; readonly perServer: number };

/** The rows of renders. Each method is one transaction, durable once it returns. */
export interface Jobs {
  /**
   * Writes a row in state `fetching`, unless the user or the server has reached a limit (active states,
   * see domain/job.ts); counting and writing are one transaction.
   */
  insert(
    job: NewJob,
    limits: Limits,
  ): Promise<
    | { readonly kind: 'inserted'; readonly job: Job }
    | { readonly kind: 'user-limit' }
    | { readonly kind: 'server-limit' }
  >;
  get(id: JobId): Promise<Job | undefined>;
  /** Moves a row, if it is (still) in state `from`. False where it is not. `finishedAt` follows from the state. */
  move(id: JobId, from: JobState, to: JobState, changes?: JobChanges): Promise<boolean>;
  /** Writes without moving. */
  update(id: JobId, changes: JobChanges): Promise<void>;
  /**
   * Takes the next queued job and moves it to `running` with `attempt + 1`: of the server served longest ago,
   * then of its user served longest ago, then the oldest. "Served" counts claims, not time.
   */
  claimNext(options: { readonly bootId: string }): Promise<Job | undefined>;
  /** Queued jobs in the very order in which `claimNext` would take them. */
  waiting(): Promise<readonly Job[]>;
  inState(...states: readonly JobState[]): Promise<readonly Job[]>;
  /** Newest first. */
  ofUser(origin: Origin, options: { readonly limit: number }): Promise<readonly Job[]>;
  remove(id: JobId): Promise<void>;
}

/** The outbox: what was said, so that it is said once. A key names one thing to say about one render. */
export interface Posts {
  /** Notes that something is about to be said. Gives the message where it has been said already. */
  begin(
    key: string,
    job: JobId,
  ): Promise<{ readonly message: MessageRef | null; readonly begunBefore: boolean }>;
  /** Notes that it has been said. */
  finish(key: string, message: MessageRef): Promise<void>;
  get(key: string): Promise<MessageRef | undefined>;
  ofJob(job: JobId): Promise<readonly { readonly key: string; readonly message: MessageRef | null }[]>;
  /** What was begun and never finished, of any job: a start looks for last words that are still owed. */
  unfinished(): Promise<readonly { readonly key: string; readonly job: JobId }[]>;
}

/** What the rows still point at; blobs that nothing points at may go. */
export interface Retention {
  /** Results and posters of finished jobs, oldest finish first, with the ids of their jobs. */
  results(): Promise<readonly { readonly job: JobId; readonly blob: BlobId; readonly finishedAt: number }[]>;
  /** Photos that no unfinished job needs, with the newest finish of the jobs that used them. */
  photos(): Promise<readonly { readonly blob: BlobId; readonly finishedAt: number }[]>;
  /** Every blob that any row points at. */
  referenced(): Promise<ReadonlySet<BlobId>>;
  /** Forgets a blob in every finished row that points at it. */
  forget(blob: BlobId): Promise<void>;
}

export interface Store {
  readonly jobs: Jobs;
  readonly posts: Posts;
  readonly retention: Retention;
  /** Writes and reads something: throws where the store does not answer (for /livez). */
  check(): Promise<void>;
  close(): Promise<void>;
}
