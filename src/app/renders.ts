import type { PersonFacts } from '../domain/contest/contest.ts';
import type { ContestView } from '../domain/contest/view.ts';
import type { BlobId, ErasureCount, Job, JobId, Origin, Platform, ReplyTarget } from '../domain/job.ts';
import type { RenderRequest } from '../domain/kinds.ts';
import type { MessageAction, ReactionKind } from '../domain/message.ts';
import type { Size } from '../domain/picture.ts';
import type { Progress } from '../domain/progress.ts';
import type { OutputFormat } from '../domain/request.ts';
import type { Subject } from '../domain/subject.ts';
import type { MessageRef } from '../ports/chat.ts';
import type { NewJob } from '../ports/jobs.ts';
import type { NetworkFacts } from '../ports/networks.ts';
import type { Reaction } from '../ports/reactions.ts';
import type { ContestActor, Contests } from './contests.ts';

/** What a view has from the request: `size` is the side asked for, in pixels. */
type AskedView = Pick<RenderRequest, 'kind' | 'seed' | 'network' | 'depth' | 'quality' | 'format' | 'size'>;

/** One render as people see it. */
export type JobView = Pick<Job, 'id' | 'origin' | 'state' | 'parent' | 'failure'> &
  AskedView & {
    /** 1 is next, 0 runs now; null before it is queued and once it is rendered. */
    readonly position: number | null;
    /** How many wait. */
    readonly waiting: number;
    /** Until it is done, waiting included; null where nothing is known yet or it is finished. */
    readonly etaSeconds: number | null;
    readonly progress: Progress;
    /** Of the render's work, what is done: 0 to 1. The frames of a film come late in it. */
    readonly share: number;
    /** Pixels of the film's file; null before it is rendered. */
    readonly sides: Size | null;
    /** Whose photo it is. */
    readonly photoOwner: Origin;
    /** What it makes cannot be stored: it continues, or is posted, once there is disk space. */
    readonly waitsForSpace: boolean;
  };

export type Submission = Pick<NewJob, 'origin' | 'attachment' | 'replyTarget'> & {
  /** The options as a person gave them; checked here against the request schema. */
  readonly options: unknown;
  /** See `NewJob.event`. */
  readonly event?: string;
  /**
   * Whether the chat is told at once that it was taken, before the photo is fetched, and also of what goes wrong
   * from then on: for platforms where an answer is due within seconds.
   */
  readonly answersFirst?: boolean;
  /**
   * Whoever asks, where what they get is entered into the contest of their server as soon as its row is written. What
   * all films of that contest must have need not be named. Whether that worked is told by `Contests.enter`.
   */
  readonly entrant?: ContestActor;
  /** Whose photo it is, where that is not whoever asks: the one who wrote the message that it came in. */
  readonly photoOwner?: Origin;
};

/** How a render was asked for. */
export type RenderOrigin = {
  /** The seed is not among them: another photo has its own. */
  readonly options: Omit<RenderRequest, 'seed'>;
  readonly replyTarget: ReplyTarget;
  readonly photoOwner: Origin;
};

/** What somebody deletes for good: the photo of a render with all that was made of it, or everything of theirs. */
export type ErasureOrder = { readonly photoOf: JobId } | 'everything';

/** Who acts, and whether they keep order there: a moderator may end what is not theirs, within their server. */
export type Actor = { readonly actor: Origin; readonly isModerator?: boolean };

/** Where and why a render is made again. */
export type Again = Pick<Actor, 'actor'> & Pick<Submission, 'replyTarget' | 'event'>;

/** What came of a reaction. */
export type Reacted =
  /** No message of ours, no film there yet, known already, or one of theirs for that message still waits or runs. */
  | { readonly kind: 'ignored' }
  | { readonly kind: 'queued' | 'cancelled'; readonly render: JobView }
  | { readonly kind: 'removed' }
  /** The film has been sent to them. */
  | { readonly kind: 'sent' }
  /** Something that its message shows. */
  | { readonly kind: 'followed' };

/** Who presses a button, and where that is answered. */
export type Press = Actor &
  Again & {
    /** What the platform knows of them; buttons of contests ask for it. */
    readonly person?: PersonFacts;
    /** Whether they have been asked if that is meant. */
    readonly isConfirmed?: boolean;
  };

/** What came of a button. */
export type Pressed =
  | Extract<Reacted, { kind: 'queued' | 'cancelled' | 'removed' | 'followed' }>
  /** For nobody but whoever pressed it. */
  | { readonly kind: 'contest'; readonly view: ContestView }
  /** What would go with the photo of a render, to ask whether that is meant; `isConfirmed`: what has gone. */
  | {
      readonly kind: 'erase-photo';
      readonly photoOf: JobId;
      readonly isConfirmed: boolean;
      readonly count: ErasureCount;
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

/** A message that people may have reacted to meanwhile, a film for example, and who is known to have done so. */
export type ReactableMessage = {
  readonly message: MessageRef;
  readonly reactions: readonly Omit<Reaction, 'message'>[];
};

/** What a start found and resumed. */
export type Resumed = { readonly fetching: number; readonly rendering: number; readonly delivering: number };

/** What a photo is stored for. */
export type PhotoOrder<T> = Pick<Submission, 'origin' | 'options'> & {
  readonly use: (photo: BlobId) => Promise<T>;
};

/** The use cases of renders. All of them throw GramzoomError; the codes are named where they are not obvious. */
export interface Renders {
  /** What one render may cost, in default films. */
  readonly maxWork: number;
  /** Contests of what is rendered. */
  readonly contests: Contests;
  /**
   * Returns where somebody may ask for one more render now: to be asked before anything is received for one.
   * @param origin null where it is not known yet who asks
   * @param options what they ask for, as they gave it, where that is known: then it is checked, too
   * @throws GramzoomError `stopping`, `user-limit`, `server-limit`, `disk-full` where too little disk space is left;
   * `request-field`, `request-fields`, `too-much-work`, those of `Networks.require`
   */
  admit(origin: Origin | null, options?: unknown): Promise<void>;
  /**
   * Stores a photo for a submission that is going to name it, once everything else about it has been checked. Where
   * `use` throws, nothing stays of a photo that nothing else points at.
   * @throws GramzoomError those of `admit`, `request-field`, `too-much-work`, those of `Networks.require`, `disk-full`; what `use`
   * throws
   */
  keepPhoto<T>(bytes: Uint8Array, order: PhotoOrder<T>): Promise<T>;
  /**
   * Takes a request: the row is written, then the photo is fetched, checked and stored, then it is queued.
   * Once it returns, the render survives anything. The event of an earlier submission gives the render that it has
   * led to. With `answersFirst` everything that goes wrong once the row is written is told in the chat and not
   * thrown: the view says how it stands.
   * @throws GramzoomError `request-field`, `too-much-work`, those of `Networks.require`, `user-limit`, `server-limit`, `stopping`,
   * the `photo-` codes, `disk-full` also where less space is left than what was accepted needs, `storage-failed`
   */
  submit(submission: Submission): Promise<JobView>;
  /**
   * The same photo and options with a new seed, for whoever asks.
   * @throws `not-found`, `not-ready` while the photo is in flight, `photo-expired`, `too-much-work`, those of `Networks.require`,
   * `user-limit`, `server-limit`, `stopping`
   */
  reroll(id: JobId, by: Again): Promise<JobView>;
  /** The same photo, options and seed with the next longer side. @throws as `reroll`; `largest-already` */
  enlarge(id: JobId, by: Again): Promise<JobView>;
  /** How a render was asked for, so that the like can be asked for of another photo. @throws `not-found` */
  asked(id: JobId): Promise<RenderOrigin>;
  /** Stops an unfinished render of one's own. @throws `not-found`, `not-yours`, `already-finished` */
  cancel(id: JobId, by: Actor): Promise<JobView>;
  /**
   * Takes a finished render of one's own away with its messages.
   * @throws `not-found`, `not-yours`, `not-ready`, `chat-unreachable` with nothing lost
   */
  remove(id: JobId, by: Actor): Promise<void>;
  /** What `erase` would delete. @throws GramzoomError as `erase` */
  erasable(order: ErasureOrder, actor: Origin): Promise<ErasureCount>;
  /**
   * Deletes for good, durably once it returns: renders of it are cancelled and nobody can see or re-roll any of it.
   * Files go at once, messages in the chats as soon as these let them.
   * @throws GramzoomError `not-found`, `not-your-photo`
   */
  erase(order: ErasureOrder, actor: Origin): Promise<ErasureCount>;
  /**
   * Somebody pressed a button under a message of the bot.
   * @throws those of the use case it stands for; `not-found` where the subject has no such button
   */
  press(button: Press & { readonly subject: Subject; readonly action: MessageAction }): Promise<Pressed>;
  /**
   * Somebody reacted to a message of the bot. The same reaction again changes nothing.
   * @throws those of the use case it stands for; a reaction that led to an error counts as known, but for
   * `stopping` and `chat-unreachable`; `reaction-too-soon`
   */
  react(reaction: Reaction, by: Actor & { readonly replyTarget: ReplyTarget }): Promise<Reacted>;
  /**
   * Tells whoever reacted why that leads to nothing: in a notice under the message that goes again after a minute, one
   * per film at a time. Nothing where it is tried again by itself.
   */
  refuse(
    reaction: Pick<Reaction, 'message'>,
    options: { readonly error: unknown; readonly replyTarget: ReplyTarget },
  ): Promise<void>;
  /**
   * Somebody took a reaction back: a re-roll that it led to and that still waits is cancelled. An answer that
   * is there says so for a minute and goes.
   */
  unreact(reaction: Reaction): Promise<void>;
  /**
   * Somebody took away all reactions to a message, or all of one kind: re-rolls that they led to and that still wait
   * are cancelled. (Where the message itself goes, they continue: a re-roll is a render of its own.)
   */
  clearReactions(message: Reaction['message'], kind: ReactionKind | null): Promise<void>;
  /**
   * Of so many newest messages of each kind of subject those that people can react to, films for example, newest first,
   * and the reactions on them that are known: those that need not be handed to `react` again.
   */
  reactable(platform: Platform, options: { readonly limit: number }): Promise<readonly ReactableMessage[]>;
  /** Servers of a platform in which somebody's render is not finished, or a contest runs. */
  busyServers(platform: Platform): Promise<readonly string[]>;
  /**
   * The bot is in a server no more: what waits and runs for it is cancelled, its contest too, and nothing is said about
   * that. Gives how many renders that were.
   */
  leave(platform: Platform, server: string): Promise<number>;
  /** The messages with films, newest first, as far as anybody may ask for them. */
  filmMessages(platform: Platform): Promise<readonly MessageRef[]>;
  /**
   * Somebody took a message away. Where it had a film, the row says so and its files go. Nothing for any other message,
   * and where the same was told before.
   */
  filmGone(message: Pick<MessageRef, 'platform' | 'ref'>): Promise<void>;
  view(id: JobId): Promise<JobView | undefined>;
  /** The render that a message of the bot's is about. */
  renderAt(message: Pick<MessageRef, 'platform' | 'ref'>): Promise<JobView | undefined>;
  /**
   * A message of the bot's with what only its adapter can read. One that is just being sent, which people may see
   * before it is noted, is waited for. Undefined for anybody else's.
   */
  sentMessage(message: Pick<MessageRef, 'platform' | 'ref'>): Promise<MessageRef | undefined>;
  /** Where a render is shown: the message with its film or its end, before that the answer to whoever asked, if any. */
  shownAt(id: JobId): Promise<MessageRef | undefined>;
  /** Where the film's file is. @throws `not-found`, `not-ready`, `result-expired`, `film-deleted` */
  film(id: JobId): Promise<{ readonly blob: BlobId; readonly format: OutputFormat }>;
  /** The film's file. @throws as `film`; `blob-damaged` */
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
