import type {
  AttachmentRef,
  BlobId,
  Job,
  JobId,
  JobState,
  Origin,
  Platform,
  ReplyTarget,
} from '../domain/job.ts';
import type { ReactionKind } from '../domain/message.ts';
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
  /** The event that asked for it: the same one again is the same render. Null where nothing repeats events. */
  readonly event: string | null;
};

/** What a move or an update may write besides the state. */
export type JobChanges = Partial<
  Pick<
    Job,
    'photo' | 'attachment' | 'attempt' | 'framesDone' | 'failure' | 'result' | 'report' | 'poster' | 'bootId'
  >
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
    /** The same platform's event has led to this one before; nothing is counted or written. */
    | { readonly kind: 'known'; readonly job: Job }
    | { readonly kind: 'user-limit' }
    | { readonly kind: 'server-limit' }
  >;
  get(id: JobId): Promise<Job | undefined>;
  /** The one that a platform's event has led to. */
  ofEvent(platform: Platform, event: string): Promise<Job | undefined>;
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
  /**
   * With what was said about it, and the reactions to that: no reaction comes in for a message that is gone. A
   * reaction elsewhere that led to it stays, so that it does not lead to another one.
   */
  remove(id: JobId): Promise<void>;
}

/** The outbox: what was said, so that it is said once. A key names one thing to say about one render. */
export interface Posts {
  /** Notes that something is about to be said. Gives the message where it has been said already. */
  begin(
    key: string,
    job: JobId,
  ): Promise<{ readonly message: MessageRef | null; readonly begunBefore: boolean }>;
  /** Notes that it has been said. A message with an empty `ref` stands for words that nobody is left to hear. */
  finish(key: string, message: MessageRef): Promise<void>;
  get(key: string): Promise<MessageRef | undefined>;
  /**
   * Which message of which render that is, the one begun last where it stands for several; undefined for anybody
   * else's.
   */
  of(
    message: Pick<MessageRef, 'platform' | 'ref'>,
  ): Promise<{ readonly key: string; readonly job: JobId } | undefined>;
  /** Messages with this ending of their key, newest first: those that people may have reacted to meanwhile. */
  latest(
    platform: Platform,
    options: { readonly keyEnding: string; readonly limit: number },
  ): Promise<readonly MessageRef[]>;
  ofJob(job: JobId): Promise<readonly { readonly key: string; readonly message: MessageRef | null }[]>;
  /** What was begun and never finished, of any job: a start looks for last words that are still owed. */
  unfinished(): Promise<readonly { readonly key: string; readonly job: JobId }[]>;
}

/** One person's emoji on one message. */
export type Reaction = {
  readonly message: Pick<MessageRef, 'platform' | 'ref'>;
  readonly kind: ReactionKind;
  readonly user: string;
};

/** A reaction in the store. */
export type NotedReaction = {
  /** Rises with every reaction: the same one taken back and made again is another one. */
  readonly sequence: number;
  /** Whether it has been dealt with: a process may die between seeing it and doing what it asks for. */
  readonly isSettled: boolean;
};

/**
 * What people reacted with, so that each reaction counts once, whatever the platform repeats or forgets. Each
 * method is one transaction, durable once it returns.
 */
export interface Reactions {
  /** Notes that it is there, and tells how it stands with it. */
  add(reaction: Reaction): Promise<NotedReaction>;
  /** Notes that it has been dealt with, and the render that it led to, if any. Nothing where it is gone. */
  settle(reaction: Reaction, job: JobId | null): Promise<void>;
  /** Notes that it is gone. Undefined where it was not known; else the render it led to, if any. */
  take(reaction: Reaction): Promise<{ readonly job: JobId | null } | undefined>;
  /** All that are there on a message, in the order in which they came. */
  on(message: Reaction['message']): Promise<readonly (Pick<Reaction, 'kind' | 'user'> & NotedReaction)[]>;
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
  readonly reactions: Reactions;
  readonly retention: Retention;
  /** Writes and reads something: throws where the store does not answer (for /livez). */
  check(): Promise<void>;
  close(): Promise<void>;
}
