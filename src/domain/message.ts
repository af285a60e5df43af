import type { ContestPost } from './contest/post.ts';
import type { Failure } from './errors.ts';
import type { BlobId, JobId } from './job.ts';
import type { KindName } from './kinds.ts';
import type { Size } from './picture.ts';
import type { Progress } from './progress.ts';
import type { Depth, OutputFormat, Quality } from './request.ts';
import type { Subject } from './subject.ts';

/** Nobody has asked for a contest's reel: what is said of it begins with what it is. */
type PerhapsReel = { readonly isReel?: true };

/** What the bot says about a render, as values: `messages/<language>.ts` makes the sentences. */
export type MessageBody =
  | { readonly kind: 'fetching' }
  /** `position` 1 is next; `total` are waiting. */
  | (PerhapsReel & {
      readonly kind: 'waiting';
      readonly position: number;
      readonly total: number;
      readonly etaSeconds: number | null;
    })
  | (PerhapsReel & {
      readonly kind: 'running';
      readonly renderKind: KindName;
      readonly progress: Progress;
      /** Of the render's work, what is done: 0 to 1. The first versions knew frames only. */
      readonly share?: number;
      readonly etaSeconds: number | null;
    })
  /** What it makes cannot be stored: it continues, or is posted, once there is room on the disk. */
  | { readonly kind: 'no-room'; readonly renderKind: KindName; readonly progress: Progress }
  /** The progress message in the thread: the picture so far is its attachment. */
  | {
      readonly kind: 'progress';
      readonly renderKind: KindName;
      readonly progress: Progress;
      readonly seed: number;
      readonly network: string;
      readonly parent: JobId | null;
    }
  | (PerhapsReel & {
      readonly kind: 'result';
      readonly renderKind: KindName;
      readonly seed: number;
      readonly network: string;
      readonly depth: Depth;
      readonly quality: Quality;
      /** Pixels of the file; null where they are not known. */
      readonly sides: Size | null;
      readonly parent: JobId | null;
      readonly bytes: number;
      readonly renderSeconds: number;
    })
  /** The result, for one person alone who has asked for it. */
  | { readonly kind: 'copy'; readonly renderKind: KindName; readonly bytes: number }
  | { readonly kind: 'failed'; readonly failure: Failure }
  | { readonly kind: 'cancelled' }
  /** About a contest or one of its entries. */
  | { readonly kind: 'contest'; readonly post: ContestPost }
  /** The result's file has been removed to make room or for its age. */
  | { readonly kind: 'expired'; readonly renderKind: KindName };

export type MessageAttachment = {
  readonly blob: BlobId;
  /** File name, new for each picture: clients cache by name. */
  readonly name: string;
  readonly format: OutputFormat | 'jpeg';
  /** A PNG of what moves, for those who want nothing to move. */
  readonly still?: BlobId;
  /** In pixels, where they are known: room can be kept for it. */
  readonly sides?: Size;
  /** The photo's name, for those who do not see the picture: each chat has words around it. */
  readonly alt: string;
};

/**
 * `larger`: the same seed with longer sides. `delete-photo`: the photo and all that was made of it. `enter`: this film,
 * or under a contest one to be chosen. `vote`, `follow`, `status`: under a contest.
 */
export const messageActions = [
  'reroll',
  'larger',
  'cancel',
  'delete',
  'download',
  'delete-photo',
  'enter',
  'vote',
  'status',
  'follow',
] as const;
export type MessageAction = (typeof messageActions)[number];

/** What an action has in common wherever it is a button. What it does is in the handler of its subject. */
export type ActionTraits = {
  readonly emoji: string;
  readonly look: 'primary' | 'secondary' | 'danger';
  /** Who is shown it, where a platform can show each person something else: anybody, whoever asked, whose photo it is. */
  readonly offeredTo: 'anybody' | 'requester' | 'photo-owner';
  /** Whether a new render answers it, and not words. */
  readonly startsRender?: boolean;
  /** Whether what it answers is a panel, for whoever uses it alone. */
  readonly showsPanel?: boolean;
};

export const actionTraits: Readonly<Record<MessageAction, ActionTraits>> = {
  reroll: { emoji: '🎲', look: 'primary', offeredTo: 'anybody', startsRender: true },
  larger: { emoji: '🔍', look: 'secondary', offeredTo: 'anybody', startsRender: true },
  cancel: { emoji: '✖️', look: 'secondary', offeredTo: 'requester' },
  delete: { emoji: '🗑️', look: 'danger', offeredTo: 'requester' },
  download: { emoji: '💾', look: 'secondary', offeredTo: 'anybody' },
  'delete-photo': { emoji: '🧹', look: 'secondary', offeredTo: 'photo-owner' },
  enter: { emoji: '🏆', look: 'primary', offeredTo: 'anybody', showsPanel: true },
  vote: { emoji: '🗳️', look: 'primary', offeredTo: 'anybody', showsPanel: true },
  status: { emoji: '📋', look: 'secondary', offeredTo: 'anybody', showsPanel: true },
  follow: { emoji: '🔔', look: 'secondary', offeredTo: 'anybody', showsPanel: true },
};

/**
 * What a reaction to a film asks for: a re-roll for whoever reacts, an end (cancelled while it is not finished,
 * deleted afterwards) by whoever may, the film as a direct message.
 */
export const reactionKinds = ['reroll', 'end', 'send'] as const;
export type ReactionKind = (typeof reactionKinds)[number];

/** One message of the bot. Editing a message replaces all of this. */
export type MessageContent = {
  readonly subject: Subject;
  readonly body: MessageBody;
  readonly attachments: readonly MessageAttachment[];
  readonly actions: readonly MessageAction[];
  /** Whether it mentions whoever asked when it is sent, so that they are notified. */
  readonly mentionsRequester: boolean;
  /** Others who are notified when it is sent: ids of users. Its words name them. */
  readonly mentions?: readonly string[];
  /** It is for whoever reacted, who is named without a ping, and is taken away again after a while. */
  readonly isNotice?: boolean;
};
