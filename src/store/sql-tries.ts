import type { Tries } from '../ports/store.ts';
import type { Database } from './tables.ts';

/** How often something was tried, in SQL that any dialect takes. See the port for what each method promises. */
export const createSqlTries = (db: Database): Tries => ({
  count: async (job, what) => {
    const row = await db
      .selectFrom('tries')
      .select('count')
      .where('job', '=', job)
      .where('what', '=', what)
      .executeTakeFirst();
    return Number(row?.count) || 0;
  },

  add: (job, what, by = 1) =>
    db.transaction().execute(async (transaction) => {
      const known = await transaction
        .selectFrom('jobs')
        .select('id')
        .where('id', '=', job)
        .executeTakeFirst();
      if (!known) return 0;
      const before = await transaction
        .selectFrom('tries')
        .select('count')
        .where('job', '=', job)
        .where('what', '=', what)
        .executeTakeFirst();
      const count = Math.max(0, (Number(before?.count) || 0) + by);
      await transaction
        .insertInto('tries')
        .values({ job, what, count })
        .onConflict((conflict) => conflict.columns(['job', 'what']).doUpdateSet({ count }))
        .execute();
      return count;
    }),

  clear: async (job, what) => {
    await db.deleteFrom('tries').where('job', '=', job).where('what', '=', what).execute();
  },
});
