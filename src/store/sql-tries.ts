import { parseSubject } from '../domain/subject.ts';
import type { Tries } from '../ports/store.ts';
import { isKnown } from './subject-rows.ts';
import type { Database } from './tables.ts';

/** How often something was tried, in SQL that any dialect takes. See the port for what each method promises. */
export const createSqlTries = (db: Database): Tries => ({
  count: async (subject, what) => {
    const row = await db
      .selectFrom('tries')
      .select('count')
      .where('subject', '=', subject)
      .where('what', '=', what)
      .executeTakeFirst();
    return Number(row?.count) || 0;
  },

  add: (subject, what, by = 1) =>
    db.transaction().execute(async (transaction) => {
      if (!(await isKnown(transaction, parseSubject(subject)))) return 0;
      const before = await transaction
        .selectFrom('tries')
        .select('count')
        .where('subject', '=', subject)
        .where('what', '=', what)
        .executeTakeFirst();
      const count = Math.max(0, (Number(before?.count) || 0) + by);
      await transaction
        .insertInto('tries')
        .values({ subject, what, count })
        .onConflict((conflict) => conflict.columns(['subject', 'what']).doUpdateSet({ count }))
        .execute();
      return count;
    }),

  clear: async (subject, what) => {
    await db.deleteFrom('tries').where('subject', '=', subject).where('what', '=', what).execute();
  },
});
