import type { Failure } from './errors.ts';
import type { RenderReport, RenderRequest } from './kinds.ts';

/** 128 random bits, base64url: cannot be guessed, so that knowing it is enough to look. */
export type JobId = string & { readonly kind: 'JobId' };
/** SHA-256 of a blob's bytes, as 64 hexadecimal digits. */
export type BlobId = string & { readonly kind: 'BlobId' };

/** The name of a chat platform, as its adapter gives it. */
export type Platform = string;

/**
 * Who asked, and where. A server is a place with members and rules of its own, such as a guild, a workspace or a room.
 * Whoever asks where the bot is no member counts as a server of their own. `user` is the same person on every server of
 * the platform: an adapter whose ids are not unique there makes them so.
 */
export type Origin = { readonly platform: Platform; readonly server: string; readonly user: string };

export const isSamePerson = (a: Origin, b: Origin): boolean => a.platform === b.platform && a.user === b.user;

/**
 * Whose photo a render is of: whoever wrote the message that it came in, else whoever sent it. Its re-rolls, and
 * renders of films that were made of it, have the same `root`. Somebody else who sends the same picture has a photo of
 * their own: a picture that many have is not the first one's to delete.
 */
export type PhotoSource = { readonly root: JobId; readonly owner: Origin };

/** How an adapter opens an attachment again, after a restart too: data, never a client or a closure. */
export type AttachmentRef = { readonly platform: Platform; readonly ref: string; readonly name: string };

/** Where the answer goes, as text that only the adapter reads. */
export type ReplyTarget = { readonly platform: Platform; readonly ref: string };

export const jobStates = [
  'fetching',
  'queued',
  'running',
  'delivering',
  'done',
  'failed',
  'cancelled',
] as const;
export type JobState = (typeof jobStates)[number];

/**
 * Every legal move. `running -> queued` is a restart, a shutdown or a retry; `delivering -> queued` is a result
 * that was lost before it was posted.
 */
export const legalMoves = {
  fetching: ['queued', 'failed', 'cancelled'],
  queued: ['running', 'failed', 'cancelled'],
  running: ['delivering', 'queued', 'failed', 'cancelled'],
  delivering: ['done', 'queued', 'failed', 'cancelled'],
  done: [],
  failed: [],
  cancelled: [],
} as const satisfies Record<JobState, readonly JobState[]>;

export const isLegalMove = (from: JobState, to: JobState): boolean =>
  (legalMoves[from] as readonly JobState[]).includes(to);

/** Nothing moves it any more. */
export const isFinished = (state: JobState): boolean => legalMoves[state].length === 0;

/** Something still moves these. */
export const unfinishedStates = jobStates.filter((state) => !isFinished(state));

/** States that count against the limits of users and servers. */
export const activeStates = ['fetching', 'queued', 'running'] as const satisfies readonly JobState[];

/** How often a render is begun without getting any further before it fails for good. */
export const maxAttempts = 3;

/** How often a render is begun at all, but for orderly stops: whatever it reached each time, that is no end. */
export const maxStarts = 50;

/** A worker that has not said for so long that it is there may be dead: somebody else may take its render. */
export const leaseMs = 60_000;
/** How often a worker says that it is there. */
export const heartbeatMs = leaseMs / 3;

/** One render, as its row says. Times are milliseconds since 1970; order never depends on them. */
export type Job = {
  readonly id: JobId;
  /** Rises with every job: who came first, whatever the clock says. */
  readonly sequence: number;
  readonly origin: Origin;
  readonly request: RenderRequest;
  /**
   * The largest file that a person asked for; `request` may hold less, since it has to fit the place of the answer.
   * Null where nothing was asked for, and where it is not known.
   */
  readonly askedMaxBytes: number | null;
  readonly attachment: AttachmentRef;
  readonly replyTarget: ReplyTarget;
  readonly source: PhotoSource;
  /** The render that this one re-rolls or enlarges. */
  readonly parent: JobId | null;
  readonly state: JobState;
  /** Null until the bytes are stored, and again once the photo has expired. */
  readonly photo: BlobId | null;
  /** Begun so often since it last got any further. */
  readonly attempt: number;
  /** The number of the claim that runs it, or ran it last; null until it was begun. */
  readonly claim: number | null;
  /** How much of it is done, in the unit of its kind: see `progressOf`. */
  readonly unitsDone: number;
  readonly failure: Failure | null;
  /** Null until it is rendered, and again once the file has expired. */
  readonly result: BlobId | null;
  readonly report: RenderReport | null;
  /** A still of the film, for those who want nothing to move. */
  readonly poster: BlobId | null;
  readonly createdAt: number;
  readonly finishedAt: number | null;
};

/** The photos that a film goes through after its own, in order. Each has to be there until the film is. */
export const photosThrough = ({ request }: Pick<Job, 'request'>): readonly BlobId[] =>
  request.kind === 'zoom' ? (request.through ?? []).map(({ photo }) => photo as BlobId) : [];

/** What somebody deletes for good, in numbers. */
export type ErasureCount = {
  readonly photos: number;
  /** Films, and renders that are to become some. */
  readonly renders: number;
  /** Of these, renders that others have asked for. */
  readonly ofOthers: number;
};
