/**
 * What somebody does in a contest, one button at a time. A step is in the button as text, so that it works for ever;
 * whether it is still allowed is asked when it is taken.
 */
import type { JobId } from '../job.ts';
import type { ContestId, EntryId } from './contest.ts';

export type ContestStep =
  /** How it stands, and what of it is one's own. */
  | { readonly kind: 'status'; readonly contest: ContestId }
  /** Shows one's latest films to choose one from. */
  | { readonly kind: 'choose'; readonly contest: ContestId }
  /** Enters a film; `replaces`: in the place of another entry of one's own. */
  | { readonly kind: 'enter'; readonly contest: ContestId; readonly render: JobId }
  | { readonly kind: 'withdraw'; readonly contest: ContestId; readonly entry: EntryId }
  /** A page of the entries in one's own order, with one's ballot. Pages begin at 0. */
  | { readonly kind: 'ballot'; readonly contest: ContestId; readonly page: number }
  /** Puts an entry on a rank of one's ballot (1 to 3), or takes it off (0). */
  | {
      readonly kind: 'rank';
      readonly contest: ContestId;
      readonly entry: EntryId;
      readonly rank: 0 | 1 | 2 | 3;
      readonly page: number;
    }
  /** The film of an entry. */
  | { readonly kind: 'show'; readonly contest: ContestId; readonly entry: EntryId }
  /** Tells the moderators that something is wrong with an entry; takes a text. */
  | { readonly kind: 'report'; readonly contest: ContestId; readonly entry: EntryId }
  /** Reminders on or off. */
  | { readonly kind: 'follow'; readonly contest: ContestId; readonly on: boolean }
  /** For moderators: one entry after another, those that wait first; `position` begins at 0. */
  | { readonly kind: 'review'; readonly contest: ContestId; readonly position: number }
  | { readonly kind: 'approve'; readonly contest: ContestId; readonly entry: EntryId }
  /** These three take a text: the reason. */
  | { readonly kind: 'reject'; readonly contest: ContestId; readonly entry: EntryId }
  | { readonly kind: 'disqualify'; readonly contest: ContestId; readonly entry: EntryId }
  | { readonly kind: 'ban'; readonly contest: ContestId; readonly entry: EntryId }
  /** Lifts the ban of whoever entered it. Their entries stay out until they are approved. */
  | { readonly kind: 'unban'; readonly contest: ContestId; readonly entry: EntryId };

export type ContestStepKind = ContestStep['kind'];

/** Steps that a text goes with, and whether it can be left out. */
export const stepTexts = {
  report: { isRequired: true },
  reject: { isRequired: true },
  disqualify: { isRequired: true },
  ban: { isRequired: true },
} as const satisfies Partial<Record<ContestStepKind, { readonly isRequired: boolean }>>;

/** What a step says besides its kind and its contest. */
const detailsOf = (step: ContestStep): readonly (string | number)[] => {
  switch (step.kind) {
    case 'status':
    case 'choose':
      return [];
    case 'enter':
      return [step.render];
    case 'ballot':
      return [step.page];
    case 'rank':
      return [step.entry, step.rank, step.page];
    case 'follow':
      return [step.on ? 1 : 0];
    case 'review':
      return [step.position];
    case 'withdraw':
    case 'show':
    case 'report':
    case 'approve':
    case 'reject':
    case 'disqualify':
    case 'ban':
    case 'unban':
      return [step.entry];
    default:
      return step satisfies never;
  }
};

/** A step as a text of at most 80 letters, digits, `_`, `-` and `.`: ids are base64url, without a dot. */
export const encodeStep = (step: ContestStep): string =>
  [step.kind, step.contest, ...detailsOf(step)].join('.');

const idPattern = /^[\w-]{4,40}$/;
const countPattern = /^\d{1,4}$/;

const readStep = (text: string): ContestStep | undefined => {
  const [kind = '', contest = '', third = '', fourth = '', fifth = ''] = text.split('.');
  if (!idPattern.test(contest)) return undefined;
  const of = { contest: contest as ContestId };
  const entry = { ...of, entry: third as EntryId };
  const isEntry = idPattern.test(third);
  const isCount = countPattern.test(third);
  switch (kind as ContestStepKind) {
    case 'status':
    case 'choose':
      return { kind: kind as 'status', ...of };
    case 'enter':
      return isEntry ? { kind: 'enter', ...of, render: third as JobId } : undefined;
    case 'ballot':
      return isCount ? { kind: 'ballot', ...of, page: Number(third) } : undefined;
    case 'follow':
      return { kind: 'follow', ...of, on: third === '1' };
    case 'review':
      return isCount ? { kind: 'review', ...of, position: Number(third) } : undefined;
    case 'rank': {
      const isWhole = isEntry && /^[0-3]$/.test(fourth) && countPattern.test(fifth);
      return isWhole
        ? { kind: 'rank', ...entry, rank: Number(fourth) as 0 | 1 | 2 | 3, page: Number(fifth) }
        : undefined;
    }
    case 'withdraw':
    case 'show':
    case 'report':
    case 'approve':
    case 'reject':
    case 'disqualify':
    case 'ban':
    case 'unban':
      return isEntry ? { kind: kind as 'show', ...entry } : undefined;
    default:
      return undefined;
  }
};

/** Reads what `encodeStep` wrote; undefined for anything else, to the letter. */
export const decodeStep = (text: string): ContestStep | undefined => {
  const step = readStep(text);
  return step && encodeStep(step) === text ? step : undefined;
};
