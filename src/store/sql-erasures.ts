import type { Expression, ExpressionBuilder, SqlBool } from 'kysely';
import type { EntryId } from '../domain/contest/contest.ts';
import { type BlobId, isSamePerson, type JobId, type JobState, type Origin } from '../domain/job.ts';
import type { Erasure, Erasures } from '../ports/store.ts';
import { nextSequence } from './counters.ts';
import type { DamagedJobs } from './damaged-jobs.ts';
import { eraseInContests, reelsShowing } from './erase-contests.ts';
import { forgetPerson } from './forget-person.ts';
import { finishColumns, type RowClocks } from './job-moves.ts';
import { readJob } from './job-record.ts';
import { forgetSubjects } from './subject-rows.ts';
import type { Database, JobsTable, Tables } from './tables.ts';

type Jobs = ExpressionBuilder<Tables, 'jobs'>;

const isOwnedBy = (where: Jobs, person: Origin) =>
  where.and([where('owner_platform', '=', person.platform), where('owner_user', '=', person.user)]);

const isAskedBy = (where: Jobs, person: Origin) =>
  where.and([where('platform', '=', person.platform), where('user_id', '=', person.user)]);

/** Those that a person asked for, or that are made of their photos. The reel of a contest is not its host's. */
const concerns = (where: Jobs, erasure: Erasure): Expression<SqlBool> => {
  if (erasure.kind === 'photo') return where('root', '=', erasure.root);
  const { person } = erasure;
  const reels = where.selectFrom('contests').select('contests.reel').where('contests.reel', 'is not', null);
  const isReel = where('jobs.id', 'in', reels.$narrowType<{ reel: string }>());
  return where.or([isOwnedBy(where, person), where.and([isAskedBy(where, person), where.not(isReel)])]);
};

const ownerOf = (row: Pick<JobsTable, 'owner_platform' | 'owner_server' | 'owner_user'>): Origin => ({
  platform: row.owner_platform,
  server: row.owner_server,
  user: row.owner_user,
});

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

  /** Films that go through one of these photos, and reels that show what goes: of whoever they are. */
  const furtherRows = async (
    transaction: Database,
    erasure: Erasure,
    roots: ReadonlySet<string>,
  ): Promise<readonly JobsTable[]> => {
    const jobs = transaction.selectFrom('jobs').selectAll().where('erasing', '=', 0);
    const through = await jobs.where('request', 'like', '%"through":%').execute();
    // As text, so that it goes also where it cannot be read: nothing else is like the id of a render.
    const made = through.filter(({ request }) => [...roots].some((root) => request.includes(`"${root}"`)));
    const reels = await reelsShowing(transaction, {
      renders: (where) => where.and([where('erasing', '=', 0), concerns(where, erasure)]),
      person: erasure.kind === 'person' ? erasure.person : null,
    });
    return [...made, ...(reels.length > 0 ? await jobs.where('id', 'in', reels).execute() : [])];
  };

  const rowsOf = async (transaction: Database, erasure: Erasure): Promise<readonly JobsTable[]> => {
    const rows = await transaction
      .selectFrom('jobs')
      .selectAll()
      .where('erasing', '=', 0)
      .where((where) => concerns(where, erasure))
      .execute();
    const isTheirs = (row: JobsTable) =>
      erasure.kind === 'photo' || isSamePerson(ownerOf(row), erasure.person);
    const roots = new Set(rows.filter(isTheirs).map(({ root }) => root));
    const all = [...rows, ...(await furtherRows(transaction, erasure, roots))];
    return [...new Map(all.map((row) => [row.id, row])).values()].sort((a, b) => a.sequence - b.sequence);
  };

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

  return {
    count: async (erasure) => {
      const rows = await rowsOf(db, erasure);
      const asker = ({ platform, server, user_id: user }: JobsTable): Origin => ({ platform, server, user });
      const isTheirs = (row: JobsTable): boolean =>
        erasure.kind === 'photo' ? row.root === erasure.root : isSamePerson(ownerOf(row), erasure.person);
      const photos = new Set(rows.filter(isTheirs).map(({ root }) => root));
      const [first] = rows.filter(isTheirs);
      const person = erasure.kind === 'person' ? erasure.person : first && ownerOf(first);
      const others = rows.filter((row) => !person || !isSamePerson(asker(row), person));
      return { photos: photos.size, renders: rows.length, ofOthers: others.length };
    },

    begin: (erasure) =>
      db.transaction().execute(async (transaction) => {
        // The number first: it makes those who write take turns.
        await nextSequence(transaction, 'check');
        const rows = await rowsOf(transaction, erasure);
        for (const row of rows) await mark(transaction, row);
        const person = erasure.kind === 'person' ? erasure.person : null;
        await eraseInContests(transaction, { person, clock: options.clock });
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

    files: async () => {
      const rows = await db.selectFrom('erased_files').selectAll().orderBy('blob').execute();
      return rows.map(({ blob }) => blob as BlobId);
    },

    fileGone: async (blob) => {
      await db.deleteFrom('erased_files').where('blob', '=', blob).execute();
    },

    entries: async () => {
      const entries = db.selectFrom('contest_entries').select('id').where('erasing', '=', 1);
      return (await entries.orderBy('id').execute()).map(({ id }) => id as EntryId);
    },

    entryGone: (id) =>
      db.transaction().execute(async (transaction) => {
        await forgetSubjects(transaction, { kind: 'entry', ids: [id] });
        await transaction.updateTable('contest_entries').set({ erasing: 0 }).where('id', '=', id).execute();
      }),

    settle,
  };
};
