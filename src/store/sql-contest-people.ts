import type { ContestId, EntryId } from '../domain/contest/contest.ts';
import type { Clock } from '../ports/clock.ts';
import type { Ban, Contests } from '../ports/contests.ts';
import type { Database } from './tables.ts';

/** By user. */
export const readBans = (transaction: Database, contest: ContestId): Promise<readonly Ban[]> => {
  const bans = transaction.selectFrom('contest_bans').select(['user_id as user', 'reason']);
  return bans.where('contest', '=', contest).orderBy('user_id').execute();
};

/** Who is banned, reports and follows, in SQL that any dialect takes. See the port for what each method promises. */
export const createSqlContestPeople = (
  db: Database,
  { clock }: { readonly clock: Clock },
): Pick<
  Contests,
  'ban' | 'unban' | 'bans' | 'report' | 'reports' | 'follow' | 'followers' | 'isFollowing' | 'ofPerson'
> => {
  const followersOf = (contest: ContestId) =>
    db.selectFrom('contest_followers').select(['user_id', 'name']).where('contest', '=', contest);

  return {
    ban: async (contest, { user: user_id, reason }) => {
      await db
        .insertInto('contest_bans')
        .values({ contest, user_id, reason })
        .onConflict((conflict) => conflict.columns(['contest', 'user_id']).doUpdateSet({ reason }))
        .execute();
    },

    unban: async (contest, user_id) => {
      await db
        .deleteFrom('contest_bans')
        .where(({ and }) => and({ contest, user_id }))
        .execute();
    },

    bans: (contest) => readBans(db, contest),

    report: async (contest, { entry, reporter, reason }) => {
      const created_at = clock.wallTime();
      const { numInsertedOrUpdatedRows = 0n } = await db
        .insertInto('contest_reports')
        .columns(['entry', 'reporter', 'reason', 'created_at'])
        // Nothing where the entry is in another contest.
        .expression(({ selectFrom, val }) =>
          selectFrom('contest_entries')
            .select(['id as entry', val(reporter).as('reporter'), val(reason).as('reason')])
            .select(val(created_at).as('created_at'))
            .where('id', '=', entry)
            .where('contest', '=', contest),
        )
        .onConflict((conflict) => conflict.columns(['entry', 'reporter']).doNothing())
        .executeTakeFirst();
      return numInsertedOrUpdatedRows > 0n;
    },

    reports: async (contest) => {
      const rows = await db
        .selectFrom('contest_reports as report')
        .innerJoin('contest_entries as entry', 'entry.id', 'report.entry')
        .select(['report.entry', 'report.reporter', 'report.reason', 'report.created_at as createdAt'])
        .where('entry.contest', '=', contest)
        .orderBy('report.created_at')
        .orderBy('report.reporter')
        .execute();
      return rows.map((row) => ({ ...row, entry: row.entry as EntryId }));
    },

    follow: async (contest, { user: user_id, name }, on) => {
      if (on) {
        await db
          .insertInto('contest_followers')
          .values({ contest, user_id, name })
          .onConflict((conflict) => conflict.columns(['contest', 'user_id']).doUpdateSet({ name }))
          .execute();
        return;
      }
      await db
        .deleteFrom('contest_followers')
        .where(({ and }) => and({ contest, user_id }))
        .execute();
    },

    followers: async (contest) => {
      const rows = await followersOf(contest).orderBy('user_id').execute();
      return rows.map(({ user_id: user, name }) => ({ user, name }));
    },

    isFollowing: async (contest, user) =>
      (await followersOf(contest).where('user_id', '=', user).executeTakeFirst()) !== undefined,

    ofPerson: async ({ platform, user }) => {
      const rows = await db
        .selectFrom('contests')
        .select('id')
        .where('platform', '=', platform)
        .where(({ or, eb, exists, selectFrom }) => {
          const hasRow = (
            table: 'contest_ballots' | 'contest_bans' | 'contest_followers',
            column: 'voter' | 'user_id',
          ) =>
            exists(
              selectFrom(table)
                .select(`${table}.contest`)
                .whereRef(`${table}.contest`, '=', 'contests.id')
                .where(column, '=', user),
            );
          return or([
            eb('user_id', '=', user),
            hasRow('contest_ballots', 'voter'),
            hasRow('contest_bans', 'user_id'),
            hasRow('contest_followers', 'user_id'),
            exists(
              selectFrom('contest_entries')
                .select('contest_entries.id')
                .whereRef('contest_entries.contest', '=', 'contests.id')
                .where((entry) => entry.or([entry('user_id', '=', user), entry('photo_owner', '=', user)])),
            ),
            exists(
              selectFrom('contest_reports')
                .innerJoin('contest_entries', 'contest_entries.id', 'contest_reports.entry')
                .select('contest_reports.entry')
                .whereRef('contest_entries.contest', '=', 'contests.id')
                .where('contest_reports.reporter', '=', user),
            ),
          ]);
        })
        .orderBy('sequence')
        .execute();
      return rows.map(({ id }) => id as ContestId);
    },
  };
};
