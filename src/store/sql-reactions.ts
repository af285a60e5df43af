import { z } from 'zod';
import type { JobId } from '../domain/job.ts';
import { reactionKinds } from '../domain/message.ts';
import type { Reaction, Reactions } from '../ports/store.ts';
import { nextOf } from './counters.ts';
import { forgottenUser, isForgottenUser } from './forget-person.ts';
import { placeOf } from './place.ts';
import type { Quarantine } from './quarantine.ts';
import { isDamaged, readRecord } from './records.ts';
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

/** Of somebody who was forgotten, the mark that is left. */
const forgottenKeyOf = (reaction: Reaction) => {
  const { user_id, ...key } = keyOf(reaction);
  return { ...key, user_id: forgottenUser(key.place, user_id) };
};

const keyOf = ({ message, kind, user }: Reaction) => ({ place: placeOf(message) ?? '', kind, user_id: user });

/** Reactions in SQL that any dialect takes. See the port for what each method promises. */
export const createSqlReactions = (db: Database, options: { readonly quarantine: Quarantine }): Reactions => {
  const rowOf = ({ place, kind, user_id }: Pick<ReactionsTable, 'place' | 'kind' | 'user_id'>) => ({
    place,
    kind,
    user_id,
  });

  /**
   * Reads a reaction. One that is damaged is set aside; it counts as dealt with, since nothing may be done twice, or
   * is gone where nobody knows whose or what it was.
   */
  const read = async (transaction: Database, row: ReactionsTable) => {
    try {
      return readReaction(row);
    } catch (error) {
      if (!isDamaged(error)) throw error;
      const key = rowOf(row);
      await options.quarantine.keep(transaction, {
        kind: 'reaction',
        id: JSON.stringify(Object.values(key)),
        record: row,
        error,
      });
      const mended = { ...row, settled: 1, sequence: await nextOf(transaction, 'reaction') };
      try {
        const reaction = readReaction(mended);
        const { settled, sequence } = mended;
        await transaction
          .updateTable('reactions')
          .set({ settled, sequence })
          .where(({ and }) => and(key))
          .execute();
        return reaction;
      } catch (thrown) {
        if (!isDamaged(thrown)) throw thrown;
        await transaction
          .deleteFrom('reactions')
          .where(({ and }) => and(key))
          .execute();
        return undefined;
      }
    }
  };

  return {
    add: (reaction) =>
      db.transaction().execute(async (transaction) => {
        const sequence = await nextOf(transaction, 'reaction');
        const before = await transaction
          .selectFrom('reactions')
          .selectAll()
          .where(({ and, or }) => or([and(keyOf(reaction)), and(forgottenKeyOf(reaction))]))
          .executeTakeFirst();
        const known = before && (await read(transaction, before));
        if (known) return { sequence: known.sequence, isSettled: known.isSettled };
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
        .where(({ and, or }) => or([and(keyOf(reaction)), and(forgottenKeyOf(reaction))]))
        .returning('job')
        .executeTakeFirst();
      return row && { job: row.job as JobId | null };
    },

    on: (message) =>
      db.transaction().execute(async (transaction) => {
        const rows = await transaction
          .selectFrom('reactions')
          .selectAll()
          .where('place', '=', placeOf(message) ?? '')
          .orderBy('sequence')
          .execute();
        const reactions = [];
        for (const row of rows) {
          const reaction = await read(transaction, row);
          if (reaction && !isForgottenUser(reaction.user)) reactions.push(reaction);
        }
        return reactions;
      }),
  };
};
