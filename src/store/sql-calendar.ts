import type { ExpressionBuilder } from 'kysely';
import { GramzoomError } from '../domain/errors.ts';
import type { Calendar, CalendarEntry, DueEntry } from '../ports/calendar.ts';
import type { Clock } from '../ports/clock.ts';
import { isKnown } from './subject-rows.ts';
import type { Database, Tables } from './tables.ts';

const columnsOf = ({ subject, what }: CalendarEntry) => ({
  subject_kind: subject.kind,
  subject_id: subject.id,
  what,
});

const isIt =
  (entry: CalendarEntry) =>
  ({ and }: ExpressionBuilder<Tables, 'calendar'>) =>
    and(columnsOf(entry));

/** The calendar in SQL that any dialect takes. See the port for what each method promises. */
export const createSqlCalendar = (db: Database, { clock }: { readonly clock: Clock }): Calendar => ({
  schedule: (entry, { dueAt }) =>
    db.transaction().execute(async (transaction) => {
      if (!(await isKnown(transaction, entry.subject))) throw new GramzoomError('not-found', {});
      const time = { due_at: dueAt, tries: 0 };
      await transaction
        .insertInto('calendar')
        .values({ ...columnsOf(entry), ...time })
        .onConflict((conflict) => conflict.columns(['subject_kind', 'subject_id', 'what']).doUpdateSet(time))
        .execute();
    }),

  cancel: async (entry) => {
    await db.deleteFrom('calendar').where(isIt(entry)).execute();
  },

  has: async (entry) => {
    const row = await db.selectFrom('calendar').select('what').where(isIt(entry)).executeTakeFirst();
    return row !== undefined;
  },

  takeDue: async ({ limit, retryMs }) => {
    const now = clock.wallTime();
    const entries = db.selectFrom('calendar').selectAll().orderBy('due_at').limit(limit);
    const taken: DueEntry[] = [];
    for (const { subject_kind, subject_id, what, due_at, tries } of await entries
      .where('due_at', '<=', now)
      .execute()) {
      const { numUpdatedRows } = await db
        .updateTable('calendar')
        .set({ due_at: now + Math.round(retryMs(tries + 1)), tries: tries + 1 })
        .where(({ and }) => and({ subject_kind, subject_id, what, due_at, tries }))
        .executeTakeFirst();
      if (numUpdatedRows === 0n) continue;
      taken.push({ subject: { kind: subject_kind, id: subject_id }, what, tries: tries + 1 });
    }
    return taken;
  },

  done: async (entry) => {
    await db.deleteFrom('calendar').where(isIt(entry)).where('tries', '=', entry.tries).execute();
  },

  nextDueAt: async () => {
    const entries = db.selectFrom('calendar').select('due_at');
    const row = await entries.orderBy('due_at').limit(1).executeTakeFirst();
    return row?.due_at ?? null;
  },
});
