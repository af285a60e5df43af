import type {
  Ballot,
  CastBallot,
  Contest,
  ContestId,
  ContestOutcome,
  Entry,
  EntryId,
  EntryState,
} from '../domain/contest/contest.ts';
import type { ContestPhase } from '../domain/contest/phase.ts';
import type { JobId, Origin, Platform } from '../domain/job.ts';

export type NewContest = Omit<
  Contest,
  | 'sequence'
  | 'phase'
  | 'phaseSince'
  | 'version'
  | 'round'
  | 'outcome'
  | 'reel'
  | 'poster'
  | 'exportedAt'
  | 'createdAt'
  | 'finishedAt'
> & {
  /** The event that asked for it: the same one again is the same contest. Null where nothing repeats events. */
  readonly event: string | null;
};

export type ContestChanges = Partial<
  Pick<
    Contest,
    | 'phase'
    | 'enterFrom'
    | 'enterUntil'
    | 'voteUntil'
    | 'round'
    | 'outcome'
    | 'reel'
    | 'poster'
    | 'exportedAt'
    | 'home'
  >
>;

export type NewEntry = Pick<Entry, 'id' | 'contest' | 'user' | 'userName' | 'photoOwner' | 'render'> & {
  readonly state: Extract<EntryState, 'rendering' | 'waiting' | 'in'>;
  /** Entries of the same person in states that count are at most so many. */
  readonly mostPerPerson: number;
  /** An entry of theirs that is withdrawn in the same transaction. */
  readonly replaces: EntryId | null;
};

export type Report = {
  readonly entry: EntryId;
  readonly reporter: string;
  readonly reason: string;
  readonly createdAt: number;
};

export type Ban = { readonly user: string; readonly reason: string };

/** A ballot as it is stored. */
export type StoredBallot = CastBallot & {
  /** How often it was changed or taken back: 0 for one that was cast once. */
  readonly changes: number;
};

/** The rows of contests. Each method is one transaction, durable once it returns. */
export interface Contests {
  /** Writes a contest in phase `draft`, unless the server has one in an open phase. */
  insert(contest: NewContest): Promise<
    | { readonly kind: 'inserted'; readonly contest: Contest }
    /** The same platform's event has led to this one before. */
    | { readonly kind: 'known'; readonly contest: Contest }
    /** This one is still open there. */
    | { readonly kind: 'another'; readonly contest: Contest }
  >;
  get(id: ContestId): Promise<Contest | undefined>;
  /** The one that an event has led to. */
  ofEvent(platform: Platform, event: string): Promise<Contest | undefined>;
  /** The one in an open phase. */
  openIn(platform: Platform, server: string): Promise<Contest | undefined>;
  /** Newest first. */
  ofServer(
    platform: Platform,
    server: string,
    options: { readonly limit: number },
  ): Promise<readonly Contest[]>;
  /** All that are in an open phase, oldest first: a start looks after them. */
  open(): Promise<readonly Contest[]>;
  /**
   * Writes, if the row still has that version; the new row, or undefined where it has not. A new phase sets
   * `phaseSince`, and `finishedAt` where it is an end.
   * @throws GramzoomError `contest-running` where the server has another open one by now
   */
  update(id: ContestId, version: number, changes: ContestChanges): Promise<Contest | undefined>;

  /**
   * Ends voting, if the row still has that version. What is counted is read in the same transaction: no vote that was
   * taken before is left out, and none is taken after it.
   * @param count the outcome from all entries, ballots and bans; a pure function
   */
  closeVoting(
    id: ContestId,
    version: number,
    count: (cast: {
      readonly entries: readonly Entry[];
      readonly ballots: readonly StoredBallot[];
      readonly bans: readonly Ban[];
    }) => ContestOutcome,
  ): Promise<Contest | undefined>;

  /**
   * Enters, while the contest is in phase `entering`; all is checked and written in one transaction. A film that was
   * withdrawn can be entered again, as an entry with a number of its own.
   * @throws GramzoomError `not-found` where the render is gone
   */
  enter(entry: NewEntry): Promise<
    | { readonly kind: 'entered'; readonly entry: Entry }
    /** That render is in it already, and not withdrawn. */
    | { readonly kind: 'known'; readonly entry: Entry }
    | { readonly kind: 'too-many' | 'banned' | 'not-entering' }
  >;
  entry(id: EntryId): Promise<Entry | undefined>;
  /** By number. */
  entries(contest: ContestId): Promise<readonly Entry[]>;
  /** Entries in contests that are not cancelled, but for withdrawn ones, that a render is in. */
  entriesOfRender(render: JobId): Promise<readonly Entry[]>;
  /**
   * Moves an entry, if it is (still) in state `from`. False where it is not, where the contest is in none of the phases
   * `during`, and where the new render has an entry already.
   */
  moveEntry(
    id: EntryId,
    from: EntryState,
    to: EntryState,
    changes?: {
      readonly reason?: string | null;
      readonly render?: JobId;
      readonly during?: readonly ContestPhase[];
    },
  ): Promise<boolean>;

  /**
   * Replaces a voter's ballot, in phase `voting`; an empty one takes it back. The database refuses a second entry on a
   * rank and a second rank of an entry.
   */
  vote(
    contest: ContestId,
    ballot: CastBallot,
  ): Promise<
    /** `changes` as in `StoredBallot`. The same ballot again is no change. */
    | { readonly kind: 'cast'; readonly changes: number }
    /** `own`: of their entry or photo. `not-in`: no entry, or none that can be voted for. */
    | { readonly kind: 'not-voting' | 'banned' | 'own' | 'not-in' }
  >;
  ballotOf(contest: ContestId, voter: string): Promise<Ballot>;
  /** Those that rank something, by voter. */
  ballots(contest: ContestId): Promise<readonly StoredBallot[]>;
  /** How many rank something. */
  voters(contest: ContestId): Promise<number>;

  ban(contest: ContestId, ban: Ban): Promise<void>;
  /** Somebody who was forgotten while they were banned stays so. */
  unban(contest: ContestId, user: string): Promise<void>;
  /** Of somebody who was forgotten since, a mark is left in the place of their id. */
  bans(contest: ContestId): Promise<readonly Ban[]>;
  /** False where that person has reported that entry before. */
  report(contest: ContestId, report: Omit<Report, 'createdAt'>): Promise<boolean>;
  reports(contest: ContestId): Promise<readonly Report[]>;
  follow(
    contest: ContestId,
    person: { readonly user: string; readonly name: string },
    on: boolean,
  ): Promise<void>;
  followers(contest: ContestId): Promise<readonly { readonly user: string; readonly name: string }[]>;
  isFollowing(contest: ContestId, user: string): Promise<boolean>;

  /** Contests of servers that a person takes part in, for erasure. */
  ofPerson(person: Origin): Promise<readonly ContestId[]>;
}
