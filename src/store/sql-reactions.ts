import type { ExpressionBuilder } from 'kysely';
import { z } from 'zod';
import { reactionKinds } from '../domain/message.ts';
import { parseSubject, subjectText } from '../domain/subject.ts';
import type { Reaction, Reactions } from '../ports/reactions.ts';
import { nextSequence } from './counters.ts';
import { forgottenUser, isForgottenUser } from './forgotten-user.ts';
import { fromPlace, placeOf } from './place.ts';
import type { Quarantine } from './quarantine.ts';
import { isDamaged, readRecord } from './records.ts';
import type { Database, ReactionsTable, Tables } from './tables.ts';

const reactionRow = z.object({
  kind: z.enum(reactionKinds),
  user_id: z.string(),
  sequence: z.int(),
  settled: z.int(),
  is_normal: z.literal([0, 1]),
  is_super: z.literal([0, 1]),
});

const readReaction = (row: ReactionsTable) => {
  const record = `reaction ${row.place} ${row.kind} ${row.user_id}`;
  const { kind, user_id, sequence, settled, is_normal, is_super } = readRecord(row, {
    record,
    schema: reactionRow,
  });
  const isSettled = settled === 1;
  return { kind, user: user_id, sequence, isSettled, isNormal: is_normal === 1, isSuper: is_super === 1 };
};

/** Of somebody who was forgotten, the mark that is left. */
const forgottenKeyOf = (reaction: Reaction) => {
  const { user_id, ...key } = keyOf(reaction);
  return { ...key, user_id: forgottenUser(key.place, user_id) };
};

const formOf = ({ isSuper = false }: Reaction): 'is_super' | 'is_normal' =>
  isSuper ? 'is_super' : 'is_normal';

const keyOf = ({ message, kind, user }: Reaction) => ({ place: placeOf(message) ?? '', kind, user_id: user });

const isRow =
  ({ place, kind, user_id }: Pick<ReactionsTable, 'place' | 'kind' | 'user_id'>) =>
  ({ and }: ExpressionBuilder<Tables, 'reactions'>) =>
    and({ place, kind, user_id });

const isIt =
  (reaction: Reaction) =>
  ({ and, or }: ExpressionBuilder<Tables, 'reactions'>) =>
    or([and(keyOf(reaction)), and(forgottenKeyOf(reaction))]);

const reactionsIn = (db: Database) => db.selectFrom('reactions').selectAll().orderBy('sequence');

/** Reactions in SQL that any dialect takes. See the port for what each method promises. */
export const createSqlReactions = (db: Database, options: { readonly quarantine: Quarantine }): Reactions => {
  /**
   * Reads a reaction. One that is damaged is set aside; it counts as dealt with, since nothing may be done twice, or
   * is gone where nobody knows whose or what it was.
   */
  const read = async (transaction: Database, row: ReactionsTable) => {
    try {
      return readReaction(row);
    } catch (error) {
      if (!isDamaged(error)) throw error;
      const id = JSON.stringify([row.place, row.kind, row.user_id]);
      await options.quarantine.keep(transaction, { kind: 'reaction', id, record: row, error });
      const sequence = await nextSequence(transaction, 'reaction');
      const isForm = (value: unknown): boolean => value === 0 || value === 1;
      const areForms = isForm(row.is_normal) && isForm(row.is_super);
      const forms = areForms ? {} : { is_normal: 1, is_super: 0 };
      const mended = { ...forms, settled: 1, sequence };
      try {
        const reaction = readReaction({ ...row, ...mended });
        await transaction.updateTable('reactions').set(mended).where(isRow(row)).execute();
        return reaction;
      } catch (thrown) {
        if (!isDamaged(thrown)) throw thrown;
        await transaction.deleteFrom('reactions').where(isRow(row)).execute();
        return undefined;
      }
    }
  };

  return {
    add: (reaction) =>
      db.transaction().execute(async (transaction) => {
        const sequence = await nextSequence(transaction, 'reaction');
        const before = await reactionsIn(transaction).where(isIt(reaction)).executeTakeFirst();
        const known = before && (await read(transaction, before));
        if (known) {
          await transaction.updateTable('reactions').set(formOf(reaction), 1).where(isIt(reaction)).execute();
          return { sequence: known.sequence, isSettled: known.isSettled };
        }
        const forms = { is_normal: 0, is_super: 0, [formOf(reaction)]: 1 };
        const row = { ...keyOf(reaction), sequence, settled: 0, led_to: null, ...forms };
        await transaction.insertInto('reactions').values(row).execute();
        return { sequence, isSettled: false };
      }),

    settle: async (reaction, ledTo) => {
      const columns = { settled: 1, led_to: ledTo && subjectText(ledTo) };
      await db
        .updateTable('reactions')
        .set(columns)
        .where(isRow(keyOf(reaction)))
        .execute();
    },

    take: (reaction) =>
      db.transaction().execute(async (transaction) => {
        await transaction.updateTable('reactions').set(formOf(reaction), 0).where(isIt(reaction)).execute();
        const row = await transaction
          .deleteFrom('reactions')
          .where(isIt(reaction))
          .where(({ and }) => and({ is_normal: 0, is_super: 0 }))
          .returning('led_to')
          .executeTakeFirst();
        return row && { ledTo: row.led_to === null ? null : parseSubject(row.led_to) };
      }),

    clear: async (message, kind) => {
      const rows = await db
        .deleteFrom('reactions')
        .where('place', '=', placeOf(message) ?? '')
        .where(({ and }) => and(kind === null ? {} : { kind }))
        .returning('led_to')
        .execute();
      return rows.flatMap(({ led_to }) => (led_to === null ? [] : [parseSubject(led_to)]));
    },

    haveLedTo: async (subject) => {
      const row = await reactionsIn(db).where('led_to', '=', subjectText(subject)).executeTakeFirst();
      return row !== undefined;
    },

    unsettled: (kind) =>
      db.transaction().execute(async (transaction) => {
        const unsettled = reactionsIn(transaction).where('kind', '=', kind).where('settled', '=', 0);
        const reactions: Reaction[] = [];
        for (const row of await unsettled.execute()) {
          const message = fromPlace(row.place);
          const reaction = message && (await read(transaction, row));
          if (!reaction || reaction.isSettled || isForgottenUser(reaction.user)) continue;
          const { user, isNormal, isSuper } = reaction;
          reactions.push({ message, kind, user, ...(isSuper && !isNormal && { isSuper }) });
        }
        return reactions;
      }),

    on: (message) =>
      db.transaction().execute(async (transaction) => {
        const there = reactionsIn(transaction).where('place', '=', placeOf(message) ?? '');
        const reactions = [];
        for (const row of await there.execute()) {
          const reaction = await read(transaction, row);
          if (!reaction || isForgottenUser(reaction.user)) continue;
          const { isNormal, isSuper, ...noted } = reaction;
          if (isNormal) reactions.push(noted);
          if (isSuper) reactions.push({ ...noted, isSuper });
        }
        return reactions;
      }),
  };
};
