/** What each language says about contests in its own way; `contest-posts.ts` and `contest-panels.ts` put it together. */
import type { EntryState, VoteDoubt } from '../domain/contest/contest.ts';
import type { ReminderMoment } from '../domain/contest/post.ts';
import type { ContestView } from '../domain/contest/view.ts';
import type { PanelText } from './panel.ts';

/** A date and a time of day as texts: `31`, `October`, `2026`, `18`, `00`. */
export type DateParts = Readonly<Record<'day' | 'month' | 'year' | 'hour' | 'minute', string>>;

/** A moment as it is written: `31 October 2026, 18:00 (Europe/Berlin)`. */
type Moment = string;

type StatusView = Extract<ContestView, { readonly kind: 'status' }>;
type ReviewView = Extract<ContestView, { readonly kind: 'review' }>;

/** What is said alike in posts and panels. */
export type SharedContestPhrases = {
  /** Whose names of months and order of numbers it has, for `Intl`. */
  readonly locale: string;
  readonly dateTime: (parts: DateParts) => string;
  readonly date: (parts: DateParts) => string;
  /** `a`, `a and b`, `a, b and c` */
  readonly and: (names: readonly string[]) => string;
  /** `No. 7` */
  readonly numbered: (number: number) => string;
  /** `"Scariest cat"` within a sentence. */
  readonly quoted: (text: string) => string;
  /** `12 points` */
  readonly points: (count: number) => string;
  /** `1st place` */
  readonly place: (place: number) => string;
  /** Of an entry whose film was deleted since. */
  readonly deleted: string;
  /** `5 others`, where not all are named. */
  readonly others: (count: number) => string;
  readonly reason: (reason: string) => string;
  /** What one has entered can be changed. */
  readonly changeUntil: (until: Moment) => string;
  /** `until 31 October`: what there is to do in each phase, and when that ends. */
  readonly phase: {
    readonly draft: (from: Moment) => string;
    readonly entering: (until: Moment) => string;
    readonly voting: (until: Moment) => string;
    readonly closed: string;
    readonly cancelled: string;
  };
};

export type PostPhrases = {
  readonly headline: (theme: string) => string;
  /** How to enter. `button` and `command` as people find them there. */
  readonly enterHow: (how: { readonly button: string; readonly command: string }) => string;
  readonly voteHow: (how: { readonly button: string }) => string;
  readonly thenVote: (until: Moment) => string;
  readonly filmsSoFar: (count: number) => string;
  /** While moderators let films in. */
  readonly noneIn: string;
  readonly took: (films: number, voters: number) => string;
  readonly host: (name: string) => string;
  readonly rules: {
    readonly perPerson: (count: number) => string;
    readonly anonymous: string;
    readonly named: string;
    readonly approval: string;
    readonly role: (name: string) => string;
    readonly memberDays: (days: number) => string;
    readonly accountDays: (days: number) => string;
    readonly guests: string;
    readonly size: (pixels: number) => string;
    readonly frames: (count: number) => string;
    readonly network: (name: string) => string;
    readonly prize: (name: string) => string;
    readonly voting: (points: readonly [number, number, number]) => string;
    readonly ties: string;
    readonly fairness: (fewest: number) => string;
  };
  readonly reminder: {
    readonly headline: Readonly<
      Record<'entering' | 'voting', Readonly<Record<ReminderMoment, (theme: string) => string>>>
    >;
  };
  readonly gallery: {
    readonly headline: (theme: string, page: { readonly page: number; readonly pages: number }) => string;
    /** In the order of the pictures. */
    readonly films: (numbers: readonly string[]) => string;
    readonly how: (button: string) => string;
  };
  readonly results: {
    readonly headline: (theme: string) => string;
    /** `1st place: Ada (No. 7), 12 points`; `who` are several where they share it. */
    readonly winner: (place: number, who: readonly string[], points: number) => string;
    readonly shared: string;
    readonly voted: (count: number) => string;
    readonly noPoints: string;
    readonly table: string;
    /** `1. No. 7, Ada: 12 points (3 x 1st, 1 x 2nd)`; ranks that nobody gave are left out. */
    readonly line: (line: {
      readonly place: number;
      readonly who: string;
      readonly points: number;
      readonly ranks: readonly [number, number, number];
    }) => string;
    readonly more: (count: number, command: string) => string;
    readonly noEntries: string;
    readonly tooFewVoters: (fewest: number) => string;
    readonly thanks: (who: readonly string[]) => string;
    readonly extend: (command: string) => string;
    readonly prize: Readonly<
      Record<'given' | 'not-allowed' | 'gone', (role: string, who: readonly string[]) => string>
    >;
  };
  /** To one entrant alone. `theme` is quoted. */
  readonly entry: Readonly<
    Record<EntryState, (film: { readonly number: string; readonly theme: string }) => string>
  > & {
    readonly another: (until: Moment) => string;
  };
  /** To the host alone. */
  readonly hostNote: {
    readonly headline: (theme: string) => string;
    readonly waiting: (count: number) => string;
    readonly reports: (count: number) => string;
    readonly doubtful: (count: number) => string;
    readonly look: (command: string) => string;
  };
};

type Asked = Pick<PanelText, 'title' | 'label'>;

export type PanelPhrases = {
  readonly done: Readonly<Record<Exclude<NonNullable<StatusView['what']>, 'closed'>, string>>;
  /** To whoever has ended a phase: what has begun now. `voting` also where nobody had entered. */
  readonly ended: { readonly entering: (until: Moment) => string; readonly voting: string };
  readonly status: {
    readonly none: string;
    readonly entries: string;
    readonly states: Readonly<Record<EntryState, string>>;
    readonly noBallot: string;
    readonly ballot: (numbers: readonly string[]) => string;
    readonly following: string;
    /** For those who hold it: what they can do. */
    readonly hosting: (commands: readonly string[]) => string;
  };
  readonly buttons: {
    readonly vote: string;
    readonly enter: string;
    readonly status: string;
    readonly follow: string;
    readonly unfollow: string;
    readonly withdraw: (number: string) => string;
    readonly review: (waiting: string) => string;
    readonly back: string;
    readonly next: string;
    readonly watch: (number: string) => string;
    readonly ballot: string;
    readonly report: string;
    readonly approve: string;
    readonly reject: string;
    readonly disqualify: string;
    readonly ban: string;
    readonly unban: string;
    /** Puts what is shown on a rank; takes it off. */
    readonly rank: (rank: 1 | 2 | 3) => string;
    readonly unrank: string;
    readonly photo: string;
  };
  readonly choose: {
    readonly title: string;
    readonly how: string;
    readonly noFilms: string;
    readonly replaces: string;
    readonly full: (most: number) => string;
    readonly left: (count: number) => string;
    readonly menu: string;
    /** `cat.jpg (seed 7)`, and what it is entered as. */
    readonly film: (
      name: string,
      facts: { readonly seed: number; readonly entered: string | null },
    ) => string;
  };
  readonly entered: {
    readonly already: string;
  };
  readonly ballot: {
    readonly title: string;
    readonly how: string;
    readonly changed: string;
    readonly empty: string;
    /** `1st place: No. 7` */
    readonly rank: (rank: 1 | 2 | 3, number: string | null) => string;
    readonly menu: (rank: 1 | 2 | 3) => string;
    readonly nothing: string;
    readonly own: string;
    readonly page: (page: number, pages: number) => string;
    /** Where the menus have no room for all. */
    readonly menusNear: string;
    readonly caption: (
      number: string,
      facts: { readonly isOwn: boolean; readonly rank: 1 | 2 | 3 | null },
    ) => string;
    readonly noFilms: string;
  };
  readonly show: { readonly alt: (number: string) => string; readonly gone: string; readonly own: string };
  readonly reported: { readonly title: string; readonly thanks: (number: string) => string };
  readonly review: {
    readonly title: string;
    readonly none: string;
    readonly position: (facts: Pick<ReviewView, 'position' | 'total' | 'waiting'>) => string;
    readonly by: (number: string, name: string) => string;
    readonly reports: string;
    readonly doubts: string;
    readonly doubt: Readonly<Record<VoteDoubt, string>>;
    readonly done: Readonly<Record<NonNullable<ReviewView['done']>['what'], (number: string) => string>>;
    readonly more: (count: number) => string;
  };
  /** What is asked for before a step is taken. */
  readonly asks: Readonly<Record<'report' | 'reject' | 'disqualify' | 'ban', Asked>>;
  readonly hall: {
    readonly title: string;
    readonly none: string;
    readonly contest: (theme: string, date: string) => string;
    readonly winner: (place: number, who: string, points: number) => string;
    readonly noWinner: string;
  };
  readonly export: { readonly title: string; readonly how: string };
};

export type ContestPhrases = SharedContestPhrases & {
  readonly posts: PostPhrases;
  readonly panels: PanelPhrases;
};
