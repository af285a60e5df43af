import type { Expression, ExpressionBuilder, SqlBool } from 'kysely';
import { isSamePerson, type JobId, type JobState, type Origin } from '../domain/job.ts';
import type { Erasure, Erasures } from '../ports/store.ts';
import { nextSequence } from './counters.ts';
import type { DamagedJobs } from './damaged-jobs.ts';
import { forgetPerson } from './forget-person.ts';
import { finishColumns, type RowClocks } from './job-moves.ts';
import { readJob } from './job-record.ts';
import type { Database, JobsTable, Tables } from './tables.ts';

type Jobs = ExpressionBuilder<Tables, 'jobs'>;

const isOwnedBy = (where: Jobs, person: Origin) =>
  where.and([where('owner_platform', '=', person.platform), where('owner_user', '=', person.user)]);

const isAskedBy = (where: Jobs, person: Origin) =>
  where.and([where('platform', '=', person.platform), where('user_id', '=', person.user)]);

/** Deleting for good, in SQL that any dialect takes. See the port for what each method promises. */
export const createSqlErasures = (
  db: Database,
  options: RowClocks & {
    readonly damaged: DamagedJobs;
    /** Writes over what was deleted. */
    readonly settle: () => Promise<void>;
  },
): Erasures => {
  const { damaged, settle } = options;

  const rowsOf = (transaction: Database, erasure: Erasure): Promise<JobsTable[]> =>
    transaction
      .selectFrom('jobs')
      .selectAll()
      .where('erasing', '=', 0)
      .where((where) =>
        erasure.kind === 'photo'
          ? where('root', '=', erasure.root)
          : where.or([isOwnedBy(where, erasure.person), isAskedBy(where, erasure.person)]),
      )
      .orderBy('sequence')
      .execute();

  const mark = async (transaction: Database, { id, finish }: JobsTable): Promise<void> => {
    const ended = finish === null && {
      state: 'cancelled' satisfies JobState,
      ...(await finishColumns(transaction, options)),
    };
    await transaction
      .updateTable('jobs')
      // The same event may come again; it does not lead to this one any more.
      .set({ erasing: 1, event: null, ...ended })
      .where('id', '=', id)
      .execute();
  };

  const ownerOf = (row: Pick<JobsTable, 'owner_platform' | 'owner_server' | 'owner_user'>): Origin => ({
    platform: row.owner_platform,
    server: row.owner_server,
    user: row.owner_user,
  });

  return {
    count: async (erasure) => {
      const rows = await rowsOf(db, erasure);
      const asker = ({ platform, server, user_id: user }: JobsTable): Origin => ({ platform, server, user });
      const isTheirs = (row: JobsTable): boolean =>
        erasure.kind === 'photo' || isSamePerson(ownerOf(row), erasure.person);
      const photos = new Set(rows.filter(isTheirs).map(({ root }) => root));
      const others = rows.filter(
        (row) => !isSamePerson(asker(row), erasure.kind === 'photo' ? ownerOf(row) : erasure.person),
      );
      return { photos: photos.size, renders: rows.length, ofOthers: others.length };
    },

    begin: (erasure) =>
      db.transaction().execute(async (transaction) => {
        // The number first: it makes those who write take turns.
        await nextSequence(transaction, 'check');
        const rows = await rowsOf(transaction, erasure);
        for (const row of rows) await mark(transaction, row);
        if (erasure.kind === 'person') {
          const { platform, server, user: user_id } = erasure.person;
          await forgetPerson(transaction, erasure.person);
          await transaction
            .insertInto('erased_people')
            .values({ platform, server, user_id })
            .onConflict((conflict) => conflict.doNothing())
            .execute();
        }
        return rows.flatMap((row) => {
          try {
            return [readJob(row)];
          } catch {
            // It is marked all the same.
            return [];
          }
        });
      }),

    pending: async () =>
      damaged.readEach(
        await db.selectFrom('jobs').selectAll().where('erasing', '=', 1).orderBy('sequence').execute(),
      ),

    dropFiles: async (id) => {
      await db
        .updateTable('jobs')
        .set({ photo: null, result: null, poster: null })
        .where('id', '=', id)
        .where('erasing', '=', 1)
        .execute();
    },

    people: async () => {
      const rows = await db.selectFrom('erased_people').selectAll().execute();
      return rows.map(({ platform, server, user_id: user }) => ({ platform, server, user }));
    },

    forgotten: (person) =>
      db.transaction().execute(async (transaction) => {
        // A render that ran may have been served, or found damaged, meanwhile.
        await forgetPerson(transaction, person);
        const { platform, server, user: user_id } = person;
        const erased = transaction.deleteFrom('erased_people');
        await erased.where(({ and }) => and({ platform, server, user_id })).execute();
      }),

    sourceOf: async (blob, sender) => {
      const found = (pick: (where: Jobs) => Expression<SqlBool>) =>
        db
          .selectFrom('jobs')
          .select(['root', 'owner_platform', 'owner_server', 'owner_user'])
          .where('erasing', '=', 0)
          .where(pick)
          .orderBy('sequence')
          .limit(1)
          .executeTakeFirst();
      const row =
        (await found((where) => where.or([where('result', '=', blob), where('poster', '=', blob)]))) ??
        (await found((where) => where.and([where('photo', '=', blob), isOwnedBy(where, sender)])));
      return row && { root: row.root as JobId, owner: ownerOf(row) };
    },

    settle,
  };
};
