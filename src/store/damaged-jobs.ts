import { sql } from 'kysely';
import type { GramzoomError } from '../domain/errors.ts';
import type { Job, JobId } from '../domain/job.ts';
import { nextSequence } from './counters.ts';
import { finishColumns } from './job-moves.ts';
import { readJob } from './job-record.ts';
import { mendJob } from './mend-job.ts';
import type { StoreContext } from './quarantine.ts';
import { isDamaged, readRows } from './records.ts';
import { forgetSubjects } from './subject-rows.ts';
import type { Database, JobsTable } from './tables.ts';

/** Rows of renders that cannot be read. */
export type DamagedJobs = {
  /**
   * Reads a row. One that is damaged is set aside and given as it stands then; undefined where nobody knows any more
   * whose it was.
   */
  read(transaction: Database, row: JobsTable): Promise<Job | undefined>;
  /** The same for many, each by itself; where one cannot be set aside, it is left out. */
  readEach(rows: readonly JobsTable[]): Promise<readonly Job[]>;
};

const where = ({ sequence }: JobsTable) => sql<boolean>`sequence = ${sequence}`;

/** Whatever becomes of the row, it is done in one transaction with keeping what was found. */
export const createDamagedJobs = (
  db: Database,
  { clock, folderClock, quarantine }: StoreContext,
): DamagedJobs => {
  const read: DamagedJobs['read'] = async (transaction, row) => {
    try {
      return readJob(row);
    } catch (error) {
      if (!isDamaged(error)) throw error;
      const sequence = await nextSequence(transaction, 'job');
      const finished = await finishColumns(transaction, { clock, folderClock });
      const mended = mendJob(row, { error, sequence, finished });
      const found = { kind: 'job', id: String(row.id), error } as const;
      if (mended) {
        await quarantine.keep(transaction, { ...found, record: row, isOwed: mended.hasFailed });
        await transaction.updateTable('jobs').set(mended.row).where(where(row)).execute();
        return readJob(mended.row);
      }
      const posts = await transaction
        .selectFrom('outbox')
        .selectAll()
        .where('subject_kind', '=', 'render')
        .where('subject_id', '=', row.id)
        .execute();
      await quarantine.keep(transaction, { ...found, record: { ...row, posts } });
      await forgetSubjects(transaction, { kind: 'render', ids: [row.id] });
      await transaction.deleteFrom('jobs').where(where(row)).execute();
      return undefined;
    }
  };

  const setAside = async (
    row: JobsTable,
    damage: GramzoomError<'record-damaged'>,
  ): Promise<Job | undefined> => {
    try {
      return await db.transaction().execute(async (transaction) => {
        const now = await transaction.selectFrom('jobs').selectAll().where(where(row)).executeTakeFirst();
        return now && (await read(transaction, now));
      });
    } catch {
      // No disk space for it, for example: that is tried again when it is read again.
      quarantine.tell(damage);
      return undefined;
    }
  };

  return {
    read,
    readEach: (rows) =>
      readRows(rows, async (row) => {
        try {
          return readJob(row);
        } catch (error) {
          if (!isDamaged(error)) throw error;
          return await setAside(row, error);
        }
      }),
  };
};

/** Renders that have failed because their rows were damaged, and whose people have not been told. */
export const createOwedWords = (db: Database, { read }: Pick<DamagedJobs, 'read'>) => ({
  failedUntold: () =>
    db.transaction().execute(async (transaction) => {
      const rows = await transaction
        .selectFrom('jobs')
        .innerJoin('damaged_records as damaged', 'damaged.id', 'jobs.id')
        .selectAll('jobs')
        .where('damaged.kind', '=', 'job')
        .where('damaged.owed', '=', 1)
        .where('jobs.erasing', '=', 0)
        .orderBy('jobs.sequence')
        .execute();
      return await readRows(rows, (row) => read(transaction, row));
    }),
  noteTold: async (id: JobId): Promise<boolean> => {
    const { numUpdatedRows } = await db
      .updateTable('damaged_records')
      .set({ owed: 0 })
      .where('kind', '=', 'job')
      .where('id', '=', id)
      .where('owed', '=', 1)
      .executeTakeFirst();
    return numUpdatedRows > 0n;
  },
});
