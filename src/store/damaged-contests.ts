import { type Contest, contestFollowUp, type Entry, type EntryState } from '../domain/contest/contest.ts';
import { isOpen } from '../domain/contest/phase.ts';
import type { GramzoomError } from '../domain/errors.ts';
import { contestRow, entryRow, phaseColumns, readContest, readEntry } from './contest-record.ts';
import type { ContestEntriesTable, ContestsTable } from './contest-tables.ts';
import type { StoreContext } from './quarantine.ts';
import { isDamaged } from './records.ts';
import { forgetSubjects } from './subject-rows.ts';
import type { Database } from './tables.ts';

/**
 * Rows of contests and entries that cannot be read are set aside and given as they stand then; undefined where nobody
 * knows any more whose they were.
 */
export type DamagedContests = {
  contest(db: Database, row: ContestsTable): Promise<Contest | undefined>;
  entry(db: Database, row: ContestEntriesTable): Promise<Entry | undefined>;
};

type ContestColumn = keyof typeof contestRow.shape;
type EntryColumn = keyof typeof entryRow.shape;

const brokenIn = <Column extends string>(
  shape: Readonly<Record<Column, { safeParse(value: unknown): { readonly success: boolean } }>>,
  row: NoInfer<Readonly<Record<Column, unknown>>>,
): readonly Column[] =>
  (Object.keys(shape) as Column[]).filter((column) => !shape[column].safeParse(row[column]).success);

/** Without these nobody knows whose it is. */
const contestIdentity: readonly ContestColumn[] = ['id', 'platform', 'server'];
const entryIdentity: readonly EntryColumn[] = ['id', 'contest', 'user_id', 'render'];
/** Without these a contest that is open cannot go on as it was announced. */
const announced: readonly ContestColumn[] = [
  'home',
  'rules',
  'zone',
  'enter_from',
  'enter_until',
  'vote_until',
  'phase',
  'phase_since',
  'round',
];

const noMoment = JSON.stringify({ at: 0, wall: '1970-01-01T00:00' });
const noRules = JSON.stringify({
  ...{ theme: '', entriesPerPerson: 1, needsApproval: false, isAnonymous: true, role: null, memberDays: 0 },
  ...{ accountDays: 0, takesGuests: false, prize: null },
  fixed: { size: null, frames: null, network: null },
} satisfies Contest['rules']);

/** What stands in for a column that cannot be read. */
const contestStandIns = ({ platform, version }: ContestsTable, sequence: number, now: number) =>
  ({
    ...{ sequence, user_id: '', host_name: '', home: JSON.stringify({ platform, ref: '' }), rules: noRules },
    ...{ zone: 'UTC', enter_from: noMoment, enter_until: noMoment, vote_until: noMoment },
    ...{ phase: 'cancelled', phase_since: now, version, round: 1, outcome: null, reel: null, poster: null },
    ...{ exported_at: null, created_at: now, finished_at: null },
  }) satisfies Partial<ContestsTable>;

const columnsOf = <Columns extends object>(standIns: Columns, broken: readonly string[]): Partial<Columns> =>
  Object.fromEntries(
    Object.entries(standIns).filter(([column]) => broken.includes(column)),
  ) as Partial<Columns>;

const nextIn = async (
  transaction: Database,
  table: 'contests' | 'contest_entries',
  column: 'sequence' | 'number',
): Promise<number> => {
  const rows = (await transaction.selectFrom(table).selectAll().execute()) as readonly Record<
    string,
    unknown
  >[];
  return 1 + Math.max(0, ...rows.map((row) => Number(row[column]) || 0));
};

/** Whatever becomes of a row, it is done in one transaction with keeping what was found. */
export const createDamagedContests = ({ clock, folderClock, quarantine }: StoreContext): DamagedContests => {
  const now = () => ({ wall: clock.wallTime(), seen: folderClock.now() });

  const mendContest = async (
    transaction: Database,
    row: ContestsTable,
    error: GramzoomError<'record-damaged'>,
  ): Promise<Contest | undefined> => {
    const id = String(row.id);
    await quarantine.keep(transaction, { kind: 'contest', id, record: row, error });
    const broken = brokenIn(contestRow.shape, row);
    if (contestIdentity.some((column) => broken.includes(column))) {
      await forgetSubjects(transaction, { kind: 'contest', ids: [row.id] });
      await transaction.deleteFrom('contests').where('id', '=', row.id).execute();
      return undefined;
    }
    const sequence = await nextIn(transaction, 'contests', 'sequence');
    const standIns = contestStandIns(row, sequence, clock.wallTime());
    const isOver = !broken.includes('phase') && !isOpen(row.phase as Contest['phase']);
    const goesOn = isOver || !announced.some((column) => broken.includes(column));
    const version = Number.isSafeInteger(row.version) ? row.version + 1 : 1;
    const mended: ContestsTable = {
      ...row,
      ...columnsOf(standIns, broken),
      ...(!goesOn && phaseColumns({ phase: 'cancelled', server: row.server }, now())),
      version,
    };
    await transaction.updateTable('contests').set(mended).where('id', '=', row.id).execute();
    const due = { due_at: clock.wallTime(), tries: 0 };
    if (!goesOn) {
      await transaction
        .insertInto('calendar')
        .values({ subject_kind: 'contest', subject_id: row.id, what: contestFollowUp, ...due })
        .onConflict((conflict) => conflict.columns(['subject_kind', 'subject_id', 'what']).doUpdateSet(due))
        .execute();
    }
    return readContest(mended);
  };

  const mendEntry = async (
    transaction: Database,
    row: ContestEntriesTable,
    error: GramzoomError<'record-damaged'>,
  ): Promise<Entry | undefined> => {
    await quarantine.keep(transaction, { kind: 'entry', id: String(row.id), record: row, error });
    const broken = brokenIn(entryRow.shape, row);
    if (entryIdentity.some((column) => broken.includes(column))) {
      await forgetSubjects(transaction, { kind: 'entry', ids: [row.id] });
      await transaction.deleteFrom('contest_entries').where('id', '=', row.id).execute();
      return undefined;
    }
    const standIns = {
      number: await nextIn(transaction, 'contest_entries', 'number'),
      ...{ user_name: '', photo_owner: row.user_id, reason: null, created_at: clock.wallTime() },
      // A moderator looks at it again.
      state: 'waiting' satisfies EntryState,
    };
    const mended: ContestEntriesTable = { ...row, ...columnsOf(standIns, broken) };
    await transaction.updateTable('contest_entries').set(mended).where('id', '=', row.id).execute();
    return readEntry(mended);
  };

  /** Reads a row, and mends one that is damaged: in the transaction that there is, or in one of its own. */
  const reading = <Row, Record>(
    read: (row: Row) => Record,
    mend: (
      transaction: Database,
      row: Row,
      error: GramzoomError<'record-damaged'>,
    ) => Promise<Record | undefined>,
    again: (transaction: Database, row: Row) => Promise<Row | undefined>,
  ) => {
    const readOrMend = async (db: Database, row: Row): Promise<Record | undefined> => {
      try {
        return read(row);
      } catch (error) {
        if (!isDamaged(error)) throw error;
        if (db.isTransaction) return await mend(db, row, error);
        try {
          return await db.transaction().execute(async (transaction) => {
            const now = await again(transaction, row);
            return now && (await readOrMend(transaction, now));
          });
        } catch {
          // No disk space for it, for example: that is tried again when it is read again.
          quarantine.tell(error);
          return undefined;
        }
      }
    };
    return readOrMend;
  };

  return {
    contest: reading(readContest, mendContest, (transaction, { id }) =>
      transaction.selectFrom('contests').selectAll().where('id', '=', id).executeTakeFirst(),
    ),
    entry: reading(readEntry, mendEntry, (transaction, { id }) =>
      transaction.selectFrom('contest_entries').selectAll().where('id', '=', id).executeTakeFirst(),
    ),
  };
};
