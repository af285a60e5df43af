import type { Depth } from '../domain/depth.ts';
import type { Failure } from '../domain/errors.ts';
import type { AttachmentRef, JobId, JobState, Origin, ReplyTarget } from '../domain/job.ts';
import type { Size } from '../domain/picture.ts';
import type { OutputFormat, Quality } from '../domain/request.ts';
import type { NetworkFacts } from '../ports/networks.ts';

/** One render as people see it. */
export type JobView = {
  readonly id: JobId;
  readonly origin: Origin;
  readonly state: JobState;
  /** 1 is next, 0 runs now; null before it is queued and once it is rendered. */
  readonly position: number | null;
  /** How many wait. */
  readonly waiting: number;
  /** Until it is done, waiting included; null where nothing is known yet or it is finished. */
  readonly etaSeconds: number | null;
  readonly framesDone: number;
  readonly frames: number;
  readonly seed: number;
  readonly network: string;
  readonly depth: Depth;
  readonly quality: Quality;
  /** Pixels of the film's file; null before it is rendered. */
  readonly sides: Size | null;
  readonly format: OutputFormat;
  readonly parent: JobId | null;
  readonly failure: Failure | null;
};

export type Submission = {
  readonly origin: Origin;
  /** The options as a person gave them; checked here against the request schema. */
  readonly options: unknown;
  readonly attachment: AttachmentRef;
  readonly replyTarget: ReplyTarget;
};

export type QueueView = {
  readonly running: JobView | null;
  /** In the order in which they will run. */
  readonly waiting: readonly JobView[];
};

/** The networks that a request can name. */
export type NetworkOffer = {
  /** The one of a request that names none. */
  readonly standard: string;
  /** In the order in which people should see them. */
  readonly all: readonly NetworkFacts[];
};

/** What a start found and took up again. */
export type Resumed = { readonly fetching: number; readonly rendering: number; readonly delivering: number };

/** The use cases of renders. All of them throw GramzoomError; the codes are named where they are not obvious. */
export interface Renders {
  /**
   * Takes a request: the row is written, then the photo is fetched, checked and stored, then it is queued.
   * Once it returns, the render survives anything.
   * @throws GramzoomError `request-field`, those of `Networks.require`, `user-limit`, `server-limit`, `stopping`,
   * the `photo-` codes, `disk-full`
   */
  submit(submission: Submission): Promise<JobView>;
  /**
   * The same photo and options with a new seed, for whoever asks.
   * @throws `not-found`, `not-ready` while the photo is on its way, `photo-expired`, those of `Networks.require`,
   * `user-limit`, `server-limit`, `stopping`
   */
  reroll(id: JobId, by: { readonly actor: Origin; readonly replyTarget: ReplyTarget }): Promise<JobView>;
  /** Stops an unfinished render of one's own. @throws `not-found`, `not-yours`, `already-finished` */
  cancel(id: JobId, by: { readonly actor: Origin }): Promise<JobView>;
  /**
   * Takes a finished render of one's own away with its messages.
   * @throws `not-found`, `not-yours`, `not-ready`, `chat-unreachable` with nothing lost
   */
  remove(id: JobId, by: { readonly actor: Origin }): Promise<void>;
  view(id: JobId): Promise<JobView | undefined>;
  /** The film's file. @throws `not-found`, `not-ready`, `result-expired`, `blob-damaged` */
  result(id: JobId): Promise<{ readonly bytes: Uint8Array; readonly format: OutputFormat }>;
  queue(): Promise<QueueView>;
  networks(): Promise<NetworkOffer>;
  /** Newest first. */
  mine(actor: Origin): Promise<readonly JobView[]>;
  /** Takes up every unfinished row; call once, before anything is submitted. */
  resume(): Promise<Resumed>;
  /** Takes nothing new, lets the running render reach its next checkpoint and puts it back in the queue. */
  stop(options: { readonly graceMs: number }): Promise<void>;
}
