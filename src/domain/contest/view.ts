/** What a contest looks like to one person, as values: `messages` makes the words. */
import type { JobId } from '../job.ts';
import type { MessageAttachment } from '../message.ts';
import type { ContestId, ContestRole, Entry, VoteDoubt } from './contest.ts';
import type { ContestFacts, NamedPerson, NamedScore } from './post.ts';
import type { ContestRight } from './rights.ts';

/** An entry as whoever looks at it may see it. */
export type EntryView = Pick<Entry, 'id' | 'number' | 'state' | 'reason'> & {
  /** Null where the looker may not know whose it is: the render tells. */
  readonly render: JobId | null;
  /** Null where the looker may not know whose it is. */
  readonly by: NamedPerson | null;
  readonly isOwn: boolean;
  /** Its rank on the looker's ballot; null: none. */
  readonly rank: 1 | 2 | 3 | null;
  /** The film with its still; null once it is gone, and before it is rendered. */
  readonly picture: MessageAttachment | null;
};

/** One of somebody's films that can be entered. */
export type FilmChoice = {
  readonly render: JobId;
  readonly name: string;
  readonly seed: number;
  readonly createdAt: number;
  readonly picture: MessageAttachment | null;
  /** The entry that it is already. */
  readonly number: number | null;
};

/** A line of the hall of fame. */
export type HallLine = {
  readonly contest: ContestId;
  readonly theme: string;
  readonly finishedAt: number;
  readonly zone: string;
  readonly voters: number;
  /** Those on the first three places; empty where nobody won. */
  readonly winners: readonly NamedScore[];
  readonly picture: MessageAttachment | null;
};

/** The whole of a closed contest, for a page of its own. */
export type ContestExport = {
  readonly facts: ContestFacts;
  readonly finishedAt: number | null;
  readonly table: readonly (NamedScore & { readonly picture: MessageAttachment | null })[];
  readonly poster: MessageAttachment | null;
  /** The winners' reel, once it is rendered. */
  readonly reel: MessageAttachment | null;
};

type Shown = { readonly contest: ContestId; readonly facts: ContestFacts };

/** What a command, a button or a form about a contest answers to whoever used it, as values. */
export type ContestView =
  /** `what`: what has just been done, if anything. */
  | (Shown & {
      readonly kind: 'status';
      readonly what:
        | 'started'
        | 'extended'
        | 'closed'
        | 'cancelled'
        | 'followed'
        | 'unfollowed'
        | 'withdrawn'
        | null;
      readonly entries: readonly EntryView[];
      /** Numbers of the entries on one's ballot, best first. */
      readonly ballot: readonly number[];
      readonly isFollowing: boolean;
      /** What the looker may do now. */
      readonly rights: readonly ContestRight[];
      readonly role: ContestRole;
    })
  /** `left`: how many more they may enter. Where each person may enter one, another one takes its place. */
  | (Shown & { readonly kind: 'choose'; readonly films: readonly FilmChoice[]; readonly left: number })
  | (Shown & { readonly kind: 'entered'; readonly entry: EntryView; readonly isNew: boolean })
  | (Shown & {
      readonly kind: 'ballot';
      readonly entries: readonly EntryView[];
      readonly page: number;
      readonly pages: number;
      /** All entries that can be voted for, in one's own order, for menus. */
      readonly all: readonly Pick<EntryView, 'id' | 'number' | 'isOwn' | 'rank'>[];
      readonly ranks: readonly (number | null)[];
      /** Whether a vote was just counted. */
      readonly isChanged: boolean;
    })
  | (Shown & { readonly kind: 'show'; readonly entry: EntryView; readonly canReport: boolean })
  | (Shown & { readonly kind: 'reported'; readonly number: number })
  /** For moderators. `entry` is null where there is none. */
  | (Shown & {
      readonly kind: 'review';
      readonly entry: EntryView | null;
      readonly position: number;
      readonly total: number;
      readonly waiting: number;
      readonly reports: readonly string[];
      /** Whether whoever entered it is banned. */
      readonly isBanned: boolean;
      /** Votes that may not be honest, by voter. */
      readonly doubts: readonly { readonly voter: NamedPerson; readonly doubts: readonly VoteDoubt[] }[];
      /** What has just been done to the entry before. */
      readonly done: {
        readonly number: number;
        readonly what: 'approve' | 'reject' | 'disqualify' | 'ban' | 'unban';
      } | null;
    })
  | { readonly kind: 'hall'; readonly contests: readonly HallLine[] }
  | (Shown & { readonly kind: 'export'; readonly content: ContestExport });
