/** What the bot says about a contest to everybody there, and to one entrant alone, as values. */
import type { ContestMoment, ContestOutcome, ContestScore, EntryState } from './contest.ts';
import type { ContestPhase } from './phase.ts';
import type { ContestRules } from './rules.ts';

/** What people are told of a contest wherever it is shown. */
export type ContestFacts = {
  readonly rules: ContestRules;
  readonly phase: ContestPhase;
  readonly hostName: string;
  readonly zone: string;
  readonly enterFrom: ContestMoment;
  readonly enterUntil: ContestMoment;
  readonly voteUntil: ContestMoment;
  /** Entries that can be voted for, and how many people have voted: no more is told before the end. */
  readonly entries: number;
  readonly voters: number;
};

/** Somebody as they are named: by the platform where it can, else by the name that they had. */
export type NamedPerson = { readonly user: string; readonly name: string };

/** A line of the table; `by` is null for an entry that was deleted since. */
export type NamedScore = ContestScore & { readonly by: NamedPerson | null };

/** When people are told of a phase: once it has begun, half-way, a day and an hour before its end. */
export const reminderMoments = ['begins', 'half', 'day', 'hour'] as const;
export type ReminderMoment = (typeof reminderMoments)[number];

export const contestPostKinds = [
  'announcement',
  'reminder',
  'gallery',
  'results',
  'winner',
  'entry',
  'host-note',
] as const satisfies readonly ContestPost['kind'][];

export type ContestPost =
  /** The announcement, which is kept up to date. */
  | { readonly kind: 'announcement'; readonly contest: ContestFacts }
  /** In the contest's thread. `followers` are named so that they are notified. */
  | {
      readonly kind: 'reminder';
      readonly contest: ContestFacts;
      readonly ends: 'entering' | 'voting';
      readonly left: ReminderMoment;
      readonly followers: readonly NamedPerson[];
    }
  /** Stills of entries by number, in the contest's thread, once voting has begun. */
  | {
      readonly kind: 'gallery';
      readonly contest: ContestFacts;
      readonly numbers: readonly number[];
      readonly page: number;
      readonly pages: number;
    }
  | {
      readonly kind: 'results';
      readonly contest: ContestFacts;
      readonly outcome: ContestOutcome['kind'];
      readonly voters: number;
      readonly table: readonly NamedScore[];
      /** What became of the prize role. */
      readonly prize: 'given' | 'not-allowed' | 'gone' | 'none';
    }
  /** A winner's film, under the results. */
  | { readonly kind: 'winner'; readonly contest: ContestFacts; readonly score: NamedScore }
  /** To one entrant alone. */
  | {
      readonly kind: 'entry';
      readonly contest: ContestFacts;
      readonly number: number;
      readonly state: EntryState;
      readonly reason: string | null;
    }
  /** To the host alone: entries wait, something was reported, or votes are doubtful. */
  | {
      readonly kind: 'host-note';
      readonly contest: ContestFacts;
      readonly waiting: number;
      readonly reports: number;
      readonly doubtful: number;
    };
