import type { EntryId } from '../domain/contest/contest.ts';
import type { BlobId, ErasureCount, Job, JobId, Origin, PhotoSource } from '../domain/job.ts';
import type { Calendar } from './calendar.ts';
import type { Contests } from './contests.ts';
import type { EventInbox } from './event-inbox.ts';
import type { Installations } from './installations.ts';
import type { Jobs } from './jobs.ts';
import type { Leases } from './leases.ts';
import type { Outbox } from './outbox.ts';
import type { Reactions } from './reactions.ts';

/** What is tried: to render it, to say something about it, to fetch its photo, to post its film, to erase it. */
export type Tried = 'start' | 'say' | 'fetch' | 'deliver' | 'erase';

/**
 * How often something was tried, in all processes: nothing is tried without an end. Nothing for a row that is gone.
 * A subject is named as `subjectText` has it, which is the id of a render.
 */
export interface Tries {
  count(subject: string, what: Tried): Promise<number>;
  /** Gives the new count, which is never below 0. */
  add(subject: string, what: Tried, by?: number): Promise<number>;
  clear(subject: string, what: Tried): Promise<void>;
}

/** Time as the data folder has seen it, which ages count from: see domain/folder-time.ts. */
export type SeenTime = {
  /** Milliseconds. */
  readonly now: number;
  /** False within an hour after a jump of the wall clock: nothing is removed for its age then. */
  readonly isSettled: boolean;
  /** By how much the wall clock jumped since the last look, where that was more than a day; else 0. */
  readonly jumpMs: number;
};

/**
 * What a blob is to the rows: needed by an unfinished render or a contest, a film (or its still) or a photo of finished ones, or
 * only shown in a room.
 */
export type BlobUse = 'needed' | 'film' | 'photo' | 'shown';

/** Files that may go, oldest finish first. */
export type Expendable = {
  readonly blobs: readonly BlobId[];
  /** Where the next page begins; null where this was the last one. */
  readonly next: number | null;
};

export type Page = {
  /** Of the page before; 0 for the first one. */
  readonly after: number;
  /** Rows that are looked at. */
  readonly limit: number;
  /** Only what finished before, in seen time; null: whenever. */
  readonly before: number | null;
};

/** Rows that went for their age. */
export type RemovedRows = {
  readonly renders: number;
  readonly messages: number;
  readonly served: number;
  /** What could not be read, as it was found. */
  readonly damaged: number;
  /** Contests that went, or of which only the hall of fame is left. */
  readonly contests: number;
};

/**
 * What the rows still point at, and what is too old. A contest that is not cancelled keeps the renders that are entered
 * in it, with their photos, and its reel: until they were exported, or `contestDays` after its end in seen time. Each method is one transaction over a page of rows and lets
 * others have their turn before it returns.
 */
export interface Retention {
  /** Looks at the wall clock and notes how much time has passed. */
  passTime(): Promise<SeenTime>;
  /**
   * Films and their stills, of finished renders, that no unfinished one needs. What several share is as old as the
   * youngest of them.
   */
  films(page: Page): Promise<Expendable>;
  /** Photos, likewise; a film that was sent as a photo counts among the films. */
  photos(page: Page): Promise<Expendable>;
  /** What these blobs are to the rows; those that nothing points at are left out. */
  uses(blobs: readonly BlobId[]): Promise<ReadonlyMap<BlobId, BlobUse>>;
  /**
   * Forgets a blob in every finished row and room that points at it; in no room where an unfinished render needs it.
   * `isFree`: nothing points at it any more. `films`: the renders that have lost their film. `previews`: pictures of
   * it that rooms showed and that nothing points at any more either.
   */
  forget(blob: BlobId): Promise<{
    readonly isFree: boolean;
    readonly films: readonly JobId[];
    readonly previews: readonly BlobId[];
  }>;
  /**
   * Removes up to so many rows of each kind from before that moment in seen time: finished renders without files,
   * with all that was said about them; what else was said in rooms; who was served when; what could not be read.
   * Reactions to what no row knows any more go at once. A contest goes `contestDays` after its end at the earliest:
   * of one with winners the row and their entries stay for the hall of fame, with the poster; of others nothing.
   */
  removeRows(options: { readonly before: number; readonly limit: number }): Promise<RemovedRows>;
  /**
   * Removes up to so many events from before that moment in seen time, whether or not they were dealt with.
   * @returns how many went
   */
  removeEvents(options: { readonly before: number; readonly limit: number }): Promise<number>;
}

/** What is to be deleted for good: a photo and all that was made of it, or everything of a person. */
export type Erasure =
  | { readonly kind: 'photo'; readonly root: JobId }
  /** Their photos with all that was made of them, their renders, and their ids and names elsewhere. */
  | { readonly kind: 'person'; readonly person: Origin };

/**
 * Deleting for good. What is to go is marked in one transaction: from then on no other method of the store knows the
 * rows, and unfinished ones are cancelled. Files and messages go afterwards, by whichever process is there.
 */
export interface Erasures {
  /** What would go. */
  count(erasure: Erasure): Promise<ErasureCount>;
  /**
   * Marks it. Contests forget with it: entries with such a render are withdrawn and have none any more, and whose
   * results show one of them lose poster and reel. A person's votes, reports and follows go, and of a ban in a
   * contest that is open a mark that nobody can read them from is left. Their id and name in entries and as a host
   * become empty; an outcome keeps its numbers. Each such contest has a new version and `contestFollowUp` in the
   * calendar, so that what was said about it is made to say how it stands. Reactions of a person's to films of others stay as marks that nobody can read the person from, so that
   * the same reactions are not taken for new ones.
   * @returns the rows that were not marked before, as they were
   */
  begin(erasure: Erasure): Promise<readonly Job[]>;
  /** Rows that are marked, oldest first. */
  pending(): Promise<readonly Job[]>;
  /** Takes the files out of a marked row. */
  dropFiles(id: JobId): Promise<void>;
  /** People who asked to be forgotten, while something of them is left. */
  people(): Promise<readonly Origin[]>;
  /** Nothing of them is left but what they have done since. */
  forgotten(person: Origin): Promise<void>;
  /**
   * What somebody's photo is of already: the photo that it was made of, where it is a film that comes back, else the
   * same picture that they sent before. Undefined where it is neither.
   */
  sourceOf(photo: BlobId, sender: Origin): Promise<PhotoSource | undefined>;
  /** Pictures of results that showed what was marked, and that no row has any more. */
  files(): Promise<readonly BlobId[]>;
  /** The file is gone, or is somebody else's too. */
  fileGone(blob: BlobId): Promise<void>;
  /** Entries whose messages to whoever entered them are to be deleted. */
  entries(): Promise<readonly EntryId[]>;
  /** They are: what is noted about them goes. */
  entryGone(id: EntryId): Promise<void>;
  /** What was deleted is gone from the database's files too, as far as the disk lets it. */
  settle(): Promise<void>;
}

export interface Store {
  readonly calendar: Calendar;
  readonly contests: Contests;
  readonly erasures: Erasures;
  readonly inbox: EventInbox;
  readonly installations: Installations;
  readonly jobs: Jobs;
  readonly leases: Leases;
  readonly outbox: Outbox;
  readonly reactions: Reactions;
  readonly retention: Retention;
  readonly tries: Tries;
  /** Writes and reads something: throws where the store does not answer (for /livez). */
  check(): Promise<void>;
  close(): Promise<void>;
}
