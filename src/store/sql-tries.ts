import { parseSubject } from '../domain/subject.ts';
import type { Tried, Tries } from '../ports/store.ts';
import { isKnown } from './subject-rows.ts';
import type { Database } from './tables.ts';

const countOf = async (db: Database, subject: string, what: Tried): Promise<number> => {
  const tries = db.selectFrom('tries').select('count');
  const row = await tries.where('subject', '=', subject).where('what', '=', what).executeTakeFirst();
  return Number(row?.count) || 0;
};

/** How often something was tried, in SQL that any dialect takes. See the port for what each method promises. */
export const createSqlTries = (db: Database): Tries => ({
  count: (subject, what) => countOf(db, subject, what),

  add: (subject, what, by = 1) =>
    db.transaction().execute(async (transaction) => {
      if (!(await isKnown(transaction, parseSubject(subject)))) return 0;
      const count = Math.max(0, (await countOf(transaction, subject, what)) + by);
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
