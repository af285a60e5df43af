/** A contest of renders: its phases, its rules and its row. */
import type { BlobId, JobId, Origin, ReplyTarget } from '../job.ts';
import type { Subject } from '../subject.ts';
import { type ContestPhase, isOpen } from './phase.ts';
import type { ContestRules } from './rules.ts';

/** 128 random bits, base64url: 22 letters, so that it stands in a button's id beside that of an entry. */
export type ContestId = string & { readonly kind: 'ContestId' };

/** A moment as somebody named it: milliseconds since 1970, and the wall time in the contest's zone that it came from. */
export type ContestMoment = {
  readonly at: number;
  /** `2026-10-31T18:00` */
  readonly wall: string;
};

/** What came of a contest, written once at its end: later deletions do not change it. */
export type ContestOutcome = {
  readonly kind: 'winners' | 'no-entries' | 'too-few-voters';
  readonly voters: number;
  /** Every entry that could be voted for, best first. Ties share a place, and the next place is left out. */
  readonly table: readonly ContestScore[];
};

export type ContestScore = {
  readonly entry: EntryId;
  /** See `Entry.number`. */
  readonly number: number;
  /** 0 where there is no winner: then nothing is told of points and ranks either. */
  readonly place: number;
  /** 3, 2 and 1 for a first, second and third rank. */
  readonly points: number;
  /** How many ranked it first, second, third. */
  readonly ranks: readonly [number, number, number];
};

/** One contest, as its row says. */
export type Contest = {
  readonly id: ContestId;
  /** Rises with every contest: which is the newer one, whatever the clock says. */
  readonly sequence: number;
  /** Where it is, and who started it: its host. */
  readonly origin: Origin;
  /** The host's name as people see it there. */
  readonly hostName: string;
  /** Where it is announced. */
  readonly home: ReplyTarget;
  readonly rules: ContestRules;
  /** IANA name of the zone that its times were given in. */
  readonly zone: string;
  readonly enterFrom: ContestMoment;
  readonly enterUntil: ContestMoment;
  readonly voteUntil: ContestMoment;
  readonly phase: ContestPhase;
  /** When the phase began; voters must have joined before voting opened. */
  readonly phaseSince: number;
  /** Rises with every change of the row: a change names the version that it was made from. */
  readonly version: number;
  /** 1, and one more each time that voting is opened again. */
  readonly round: number;
  readonly outcome: ContestOutcome | null;
  /** The render of the winners' reel. */
  readonly reel: JobId | null;
  /** A picture of the result. */
  readonly poster: BlobId | null;
  /** When its files were taken away by a host, or null: until then they are kept. */
  readonly exportedAt: number | null;
  readonly createdAt: number;
  readonly finishedAt: number | null;
};

/** Whether it can be given more time: it is open, or ended without a winner, so that people can vote again. */
export const isExtensible = ({ phase, outcome }: Pick<Contest, 'phase' | 'outcome'>): boolean =>
  isOpen(phase) || (phase === 'closed' && outcome?.kind === 'too-few-voters');

export type EntryId = string & { readonly kind: 'EntryId' };

/**
 * `rendering`: its film is not finished. `waiting`: for a moderator. Only what is `in` can be voted for. A person's
 * entry that is `withdrawn`, `rejected` or `disqualified` does not count against what they may enter, but for
 * `disqualified`.
 */
export const entryStates = ['rendering', 'waiting', 'in', 'withdrawn', 'rejected', 'disqualified'] as const;
export type EntryState = (typeof entryStates)[number];

export const legalEntryMoves = {
  rendering: ['waiting', 'in', 'withdrawn'],
  waiting: ['in', 'rejected', 'withdrawn', 'disqualified'],
  in: ['withdrawn', 'disqualified'],
  withdrawn: [],
  rejected: ['in'],
  disqualified: ['in'],
} as const satisfies Record<EntryState, readonly EntryState[]>;

export const isLegalEntryMove = (from: EntryState, to: EntryState): boolean =>
  (legalEntryMoves[from] as readonly EntryState[]).includes(to);

/** States that count against how much a person may enter. */
export const countedEntryStates = [
  'rendering',
  'waiting',
  'in',
  'disqualified',
] as const satisfies readonly EntryState[];

/** Whether it counts against how much its maker may enter. */
export const isCounted = ({ state }: { readonly state: EntryState }): boolean =>
  (countedEntryStates as readonly EntryState[]).includes(state);

/** Whether it is in the contest, or will be if all goes well; its maker can withdraw it for as long. */
export const isLive = ({ state }: { readonly state: EntryState }): boolean =>
  state === 'rendering' || state === 'waiting' || state === 'in';

/** One entry, as its row says. The files are those of its render, which are kept for as long as the contest needs them. */
export type Entry = {
  readonly id: EntryId;
  readonly contest: ContestId;
  /** 1 and up, in the order of entering: what it is called for as long as nobody may know whose it is. */
  readonly number: number;
  /** Who entered it. */
  readonly user: string;
  /** Their name there, at that time. */
  readonly userName: string;
  /** Whoever the photo is from: they may not vote for it either. */
  readonly photoOwner: string;
  readonly render: JobId;
  readonly state: EntryState;
  /** Why it was rejected or disqualified, in a moderator's words. */
  readonly reason: string | null;
  readonly createdAt: number;
};

/** What somebody ranks: first, second, third; one to three different entries. */
export type Ballot = readonly EntryId[];

/** Why a vote may not be honest. It counts; the host is shown it. */
export const voteDoubts = ['young-account', 'joined-late', 'many-changes'] as const;
export type VoteDoubt = (typeof voteDoubts)[number];

export type CastBallot = {
  readonly voter: string;
  readonly voterName: string;
  readonly ranks: Ballot;
  readonly doubts: readonly VoteDoubt[];
};

/** What a platform knows of a person, for rules about who may take part; null where it does not tell. */
export type PersonFacts = {
  readonly name: string;
  readonly accountSince: number | null;
  readonly memberSince: number | null;
  /** Ids of their roles. */
  readonly roles: readonly string[];
  /** A guest, or somebody from elsewhere. */
  readonly isOutsider: boolean;
};

/** Somebody of whom a platform tells nothing: no rule is asked of them. */
export const personUnknown = (user: string): PersonFacts => ({
  ...{ name: user, accountSince: null, memberSince: null, roles: [], isOutsider: false },
});

/** What people have to do with a contest, the least first. Each may also do what `everyone` may. */
export const contestRoles = ['everyone', 'entrant', 'host', 'moderator', 'operator'] as const;
export type ContestRole = (typeof contestRoles)[number];

/** In the calendar of a contest: its row has changed, and what follows from that has to be done. */
export const contestFollowUp = 'follow-up';

/** In the calendar of a contest: somebody whom its reminders may name was forgotten. */
export const contestUnnaming = 'unname';

/** Files of a contest that is over are kept for so many days, unless its host has taken them away before. */
export const contestDays = 365;

export const contestSubject = (id: ContestId): Subject => ({ kind: 'contest', id });
export const entrySubject = (id: EntryId): Subject => ({ kind: 'entry', id });

/** The fewest voters for there to be a winner. */
export const fewestVoters = 3;
/** How many entries a ballot ranks at most. */
export const mostRanks = 3;
