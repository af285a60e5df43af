import { z } from 'zod';
import type { JobId } from '../domain/job.ts';
import { reactionKinds } from '../domain/message.ts';
import type { Reaction, Reactions } from '../ports/store.ts';
import { nextOf } from './counters.ts';
import { placeOf } from './place.ts';
import { type OnDamaged, readEach, readRecord } from './records.ts';
import type { Database, ReactionsTable } from './tables.ts';

const reactionRow = z.object({
  kind: z.enum(reactionKinds),
  user_id: z.string(),
  sequence: z.int(),
  settled: z.int(),
});

const readReaction = (row: ReactionsTable) => {
  const record = `reaction ${row.place} ${row.kind} ${row.user_id}`;
  const { kind, user_id, sequence, settled } = readRecord(row, { record, schema: reactionRow });
  return { kind, user: user_id, sequence, isSettled: settled === 1 };
};

const keyOf = ({ message, kind, user }: Reaction) => ({ place: placeOf(message) ?? '', kind, user_id: user });

/** Reactions in SQL that any dialect takes. See the port for what each method promises. */
export const createSqlReactions = (db: Database, options: { readonly onDamaged: OnDamaged }): Reactions => ({
  add: (reaction) =>
    db.transaction().execute(async (transaction) => {
      const sequence = await nextOf(transaction, 'reaction');
      const before = await transaction
        .selectFrom('reactions')
        .selectAll()
        .where(({ and }) => and(keyOf(reaction)))
        .executeTakeFirst();
      if (before) {
        const { isSettled, sequence: known } = readReaction(before);
        return { sequence: known, isSettled };
      }
      const row = { ...keyOf(reaction), sequence, settled: 0, job: null };
      await transaction.insertInto('reactions').values(row).execute();
      return { sequence, isSettled: false };
    }),

  settle: async (reaction, job) => {
    await db
      .updateTable('reactions')
      .set({ settled: 1, job })
      .where(({ and }) => and(keyOf(reaction)))
      .execute();
  },

  take: async (reaction) => {
    const row = await db
      .deleteFrom('reactions')
      .where(({ and }) => and(keyOf(reaction)))
      .returning('job')
      .executeTakeFirst();
    return row && { job: row.job as JobId | null };
  },

  on: async (message) => {
    const rows = await db
      .selectFrom('reactions')
      .selectAll()
      .where('place', '=', placeOf(message) ?? '')
      .orderBy('sequence')
      .execute();
    return readEach(rows, readReaction, options.onDamaged);
  },
});
