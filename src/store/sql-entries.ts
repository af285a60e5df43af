import {
  type ContestId,
  type Entry,
  type EntryId,
  type EntryState,
  isCounted,
  isLegalEntryMove,
} from '../domain/contest/contest.ts';
import type { ContestPhase } from '../domain/contest/phase.ts';
import { GramzoomError } from '../domain/errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { Contests, NewEntry } from '../ports/contests.ts';
import { readEntry } from './contest-record.ts';
import type { ContestEntriesTable } from './contest-tables.ts';
import type { DamagedContests } from './damaged-contests.ts';
import { forgottenUser } from './forgotten-user.ts';
import { readRows } from './records.ts';
import type { Database } from './tables.ts';

type InTurn = <T>(work: (transaction: Database) => Promise<T>) => Promise<T>;

const select = (transaction: Database) => transaction.selectFrom('contest_entries').selectAll();

/** By number. */
export const readEntries = async (
  transaction: Database,
  damaged: DamagedContests,
  contest: ContestId,
): Promise<readonly Entry[]> => {
  const rows = await select(transaction).where('contest', '=', contest).orderBy('number').execute();
  return await readRows(rows, (row) => damaged.entry(transaction, row));
};

/** The phase of a contest; undefined where there is none. */
export const phaseOf = async (transaction: Database, contest: ContestId): Promise<string | undefined> => {
  const contests = transaction.selectFrom('contests').select('phase');
  return (await contests.where('id', '=', contest).executeTakeFirst())?.phase;
};

export const isBanned = async (transaction: Database, contest: ContestId, user: string): Promise<boolean> => {
  const names = [user, forgottenUser(contest, user)];
  const bans = transaction.selectFrom('contest_bans').select('user_id').where('contest', '=', contest);
  const row = await bans.where('user_id', 'in', names).executeTakeFirst();
  return row !== undefined;
};

const isThere = async (transaction: Database, { render }: NewEntry): Promise<boolean> => {
  const jobs = transaction.selectFrom('jobs').select('id').where('id', '=', render);
  return (await jobs.where('erasing', '=', 0).executeTakeFirst()) !== undefined;
};

const newRow = (entry: NewEntry, number: number, now: number): ContestEntriesTable => ({
  id: entry.id,
  contest: entry.contest,
  number,
  user_id: entry.user,
  user_name: entry.userName,
  photo_owner: entry.photoOwner,
  render: entry.render,
  held_render: entry.render,
  state: entry.state,
  reason: null,
  created_at: now,
  erasing: 0,
});

/** Entries of contests in SQL that any dialect takes. See the port for what each method promises. */
export const createSqlEntries = (
  db: Database,
  {
    clock,
    damaged,
    inTurn,
  }: { readonly clock: Clock; readonly damaged: DamagedContests; readonly inTurn: InTurn },
): Pick<Contests, 'enter' | 'entry' | 'entries' | 'entriesOfRender' | 'moveEntry'> => {
  const holderOf = (transaction: Database, contest: string, render: string) =>
    select(transaction).where('contest', '=', contest).where('held_render', '=', render).executeTakeFirst();

  return {
    enter: (entry) =>
      inTurn(async (transaction) => {
        const { contest, user } = entry;
        const known = await holderOf(transaction, contest, entry.render);
        const before = known && (await damaged.entry(transaction, known));
        if (before) return { kind: 'known', entry: before } as const;
        const phase: ContestPhase = 'entering';
        if ((await phaseOf(transaction, contest)) !== phase) return { kind: 'not-entering' } as const;
        if (await isBanned(transaction, contest, user)) return { kind: 'banned' } as const;
        if (!(await isThere(transaction, entry))) throw new GramzoomError('not-found', {});
        const entries = await readEntries(transaction, damaged, contest);
        const theirs = entries.filter((each) => each.user === user);
        const replaced = theirs.find(
          ({ id, state }) => id === entry.replaces && isLegalEntryMove(state, 'withdrawn'),
        );
        const counted = theirs.filter((each) => each !== replaced && isCounted(each));
        if (counted.length >= entry.mostPerPerson) return { kind: 'too-many' } as const;
        if (replaced) {
          const withdrawn = { state: 'withdrawn' satisfies EntryState, held_render: null };
          const rows = transaction.updateTable('contest_entries').set(withdrawn);
          await rows.where('id', '=', replaced.id).execute();
        }
        const row = newRow(entry, (entries.at(-1)?.number ?? 0) + 1, clock.wallTime());
        await transaction.insertInto('contest_entries').values(row).execute();
        return { kind: 'entered', entry: readEntry(row) } as const;
      }),

    entry: async (id) => {
      const row = await select(db).where('id', '=', id).executeTakeFirst();
      return row && (await damaged.entry(db, row));
    },

    entries: (contest) => readEntries(db, damaged, contest),

    entriesOfRender: async (render) => {
      const cancelled: ContestPhase = 'cancelled';
      const rows = await select(db)
        .where('held_render', '=', render)
        .where((where) =>
          where(
            'contest',
            'in',
            where.selectFrom('contests').select('contests.id').where('phase', '!=', cancelled),
          ),
        )
        .orderBy('created_at')
        .execute();
      return await readRows(rows, (row) => damaged.entry(db, row));
    },

    moveEntry: (id: EntryId, from, to, { reason, render, during } = {}) =>
      inTurn(async (transaction) => {
        if (!isLegalEntryMove(from, to)) {
          throw new GramzoomError('internal', { reason: `no move ${from} -> ${to} of an entry` });
        }
        const row = await select(transaction).where('id', '=', id).executeTakeFirst();
        const entry = row && (await damaged.entry(transaction, row));
        if (!row || entry?.state !== from) return false;
        const phase = during && (await phaseOf(transaction, entry.contest));
        if (during && !during.some((each) => each === phase)) return false;
        const held = render === undefined ? undefined : await holderOf(transaction, entry.contest, render);
        if (held && held.id !== id) return false;
        const { numUpdatedRows } = await transaction
          .updateTable('contest_entries')
          .set({
            state: to,
            held_render: to === 'withdrawn' ? null : (render ?? row.held_render),
            ...(reason !== undefined && { reason }),
            ...(render !== undefined && { render }),
          })
          .where('id', '=', id)
          .executeTakeFirst();
        return numUpdatedRows > 0n;
      }),
  };
};
