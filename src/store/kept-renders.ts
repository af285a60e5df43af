import type { Expression, ExpressionBuilder, SqlBool } from 'kysely';
import { contestDays, type EntryState } from '../domain/contest/contest.ts';
import type { ContestPhase } from '../domain/contest/phase.ts';
import type { Tables } from './tables.ts';

const dayMs = 24 * 60 * 60 * 1000;
export const contestMs = contestDays * dayMs;

/** Entries whose films a contest needs. */
const keptStates = ['rendering', 'waiting', 'in', 'disqualified'] as const satisfies readonly EntryState[];

type Keeping = { readonly phase: ContestPhase; readonly now: number };

const keeps = (where: ExpressionBuilder<Tables, 'contests'>, { phase, now }: Keeping): Expression<SqlBool> =>
  where.and([
    where('contests.phase', '!=', phase),
    where.or([
      where('contests.finished_seen', 'is', null),
      where.and([
        where('contests.exported_at', 'is', null),
        where('contests.finished_seen', '>', now - contestMs),
      ]),
    ]),
  ]);

/**
 * Whether a contest that is not cancelled needs a render: as an entry or as its reel, until its files were exported, or
 * a year after its end.
 * @param now milliseconds in the folder's own time
 */
export const isKept = (where: ExpressionBuilder<Tables, 'jobs'>, now: number): Expression<SqlBool> => {
  const keeping: Keeping = { phase: 'cancelled', now };
  const entered = where
    .selectFrom('contest_entries')
    .select('contest_entries.render')
    .where('contest_entries.state', 'in', keptStates)
    .where('contest_entries.contest', 'in', (inner) =>
      inner
        .selectFrom('contests')
        .select('contests.id')
        .where((contest) => keeps(contest, keeping)),
    );
  const reels = where
    .selectFrom('contests')
    .select('contests.reel')
    .where('contests.reel', 'is not', null)
    .where((contest) => keeps(contest, keeping))
    .$narrowType<{ reel: string }>();
  return where.or([where('jobs.id', 'in', entered), where('jobs.id', 'in', reels)]);
};
