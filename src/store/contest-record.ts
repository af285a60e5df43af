import { z } from 'zod';
import {
  type CastBallot,
  type Contest,
  type ContestId,
  type ContestMoment,
  type ContestOutcome,
  type Entry,
  type EntryId,
  entryStates,
  voteDoubts,
} from '../domain/contest/contest.ts';
import { contestPhases, isOpen } from '../domain/contest/phase.ts';
import { contestRulesSchema } from '../domain/contest/rules.ts';
import type { ContestChanges } from '../ports/contests.ts';
import type { ContestEntriesTable, ContestsTable } from './contest-tables.ts';
import { blobId, jobId } from './job-record.ts';
import { json, readRecord } from './records.ts';

const contestId = z.string().transform((id) => id as ContestId);
const entryId = z.string().transform((id) => id as EntryId);

const moment: z.ZodType<ContestMoment> = z.object({ at: z.number(), wall: z.string() });
const count = z.int().min(0);

const outcome: z.ZodType<ContestOutcome> = z.object({
  kind: z.enum(['winners', 'no-entries', 'too-few-voters']),
  voters: count,
  table: z.array(
    z.object({
      entry: entryId,
      number: count,
      place: count,
      points: count,
      ranks: z.tuple([count, count, count]),
    }),
  ),
});

const outcomeColumn = json(outcome).nullable();

/** What came of a contest; null where it cannot be read. */
export const readOutcome = (text: string | null): ContestOutcome | null => {
  const read = outcomeColumn.safeParse(text);
  return read.success ? read.data : null;
};

/** Every column of a contest that is read. */
export const contestRow = z.object({
  id: contestId,
  sequence: z.int(),
  platform: z.string().min(1),
  server: z.string(),
  user_id: z.string(),
  host_name: z.string(),
  home: json(z.object({ platform: z.string().min(1), ref: z.string() })),
  rules: json(contestRulesSchema),
  zone: z.string(),
  enter_from: json(moment),
  enter_until: json(moment),
  vote_until: json(moment),
  phase: z.enum(contestPhases),
  phase_since: z.number(),
  version: z.int(),
  round: z.int().min(1),
  outcome: outcomeColumn,
  reel: jobId.nullable(),
  poster: blobId.nullable(),
  exported_at: z.number().nullable(),
  created_at: z.number(),
  finished_at: z.number().nullable(),
});

/** @throws GramzoomError `record-damaged` */
export const readContest = (raw: ContestsTable): Contest => {
  const row = readRecord(raw, { record: `contest ${raw.id}`, schema: contestRow });
  return {
    id: row.id,
    sequence: row.sequence,
    origin: { platform: row.platform, server: row.server, user: row.user_id },
    hostName: row.host_name,
    home: row.home,
    rules: row.rules,
    zone: row.zone,
    enterFrom: row.enter_from,
    enterUntil: row.enter_until,
    voteUntil: row.vote_until,
    phase: row.phase,
    phaseSince: row.phase_since,
    version: row.version,
    round: row.round,
    outcome: row.outcome,
    reel: row.reel,
    poster: row.poster,
    exportedAt: row.exported_at,
    createdAt: row.created_at,
    finishedAt: row.finished_at,
  };
};

/** The columns that changes write; what is not mentioned stays. */
export const changedContest = (changes: Omit<ContestChanges, 'phase'>): Partial<ContestsTable> => ({
  ...(changes.enterFrom && { enter_from: JSON.stringify(changes.enterFrom) }),
  ...(changes.enterUntil && { enter_until: JSON.stringify(changes.enterUntil) }),
  ...(changes.voteUntil && { vote_until: JSON.stringify(changes.voteUntil) }),
  ...(changes.round !== undefined && { round: changes.round }),
  ...(changes.outcome !== undefined && { outcome: changes.outcome && JSON.stringify(changes.outcome) }),
  ...(changes.reel !== undefined && { reel: changes.reel }),
  ...(changes.poster !== undefined && { poster: changes.poster }),
  ...(changes.exportedAt !== undefined && { exported_at: changes.exportedAt }),
  ...(changes.home && { home: JSON.stringify(changes.home) }),
});

/** The columns that a new phase writes. */
export const phaseColumns = (
  { phase, server }: { readonly phase: Contest['phase']; readonly server: string },
  now: { readonly wall: number; readonly seen: number },
) => ({
  phase,
  phase_since: now.wall,
  open_server: isOpen(phase) ? server : null,
  finished_at: isOpen(phase) ? null : now.wall,
  finished_seen: isOpen(phase) ? null : now.seen,
});

/** Every column of an entry that is read. */
export const entryRow = z.object({
  id: entryId,
  contest: contestId,
  number: z.int().min(1),
  user_id: z.string(),
  user_name: z.string(),
  photo_owner: z.string(),
  render: jobId,
  state: z.enum(entryStates),
  reason: z.string().nullable(),
  created_at: z.number(),
});

/** @throws GramzoomError `record-damaged` */
export const readEntry = (raw: ContestEntriesTable): Entry => {
  const row = readRecord(raw, { record: `entry ${raw.id}`, schema: entryRow });
  return {
    id: row.id,
    contest: row.contest,
    number: row.number,
    user: row.user_id,
    userName: row.user_name,
    photoOwner: row.photo_owner,
    render: row.render,
    state: row.state,
    reason: row.reason,
    createdAt: row.created_at,
  };
};

const doubtsColumn: z.ZodType<CastBallot['doubts']> = json(z.array(z.enum(voteDoubts)));

/** What is known of a voter; what cannot be read of it counts as nothing. */
export const readDoubts = (text: string): CastBallot['doubts'] => {
  const read = doubtsColumn.safeParse(text);
  return read.success ? read.data : [];
};
