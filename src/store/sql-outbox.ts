import { z } from 'zod';
import { GramzoomError } from '../domain/errors.ts';
import { parseMessageKey } from '../domain/subject.ts';
import type { MessageRef } from '../ports/chat.ts';
import type { Outbox, Post } from '../ports/outbox.ts';
import { nextSequence } from './counters.ts';
import { messageRefColumn } from './job-record.ts';
import { fromPlace, placeOf } from './place.ts';
import type { Quarantine } from './quarantine.ts';
import { isDamaged, readRecord } from './records.ts';
import { isKnown } from './subject-rows.ts';
import type { Database, OutboxTable } from './tables.ts';

const messageColumn = z.object({ message: messageRefColumn.nullable() });

const postsIn = (db: Database) => db.selectFrom('outbox').selectAll();

/** The outbox in SQL that any dialect takes. See the port for what each method promises. */
export const createSqlOutbox = (db: Database, options: { readonly quarantine: Quarantine }): Outbox => {
  const find = (transaction: Database, key: string) =>
    postsIn(transaction).where('key', '=', key).executeTakeFirst();

  /** Reads a message; one that is damaged is set aside, and given as far as it is known. */
  const readMessage = async (transaction: Database, row: OutboxTable): Promise<MessageRef | null> => {
    try {
      return readRecord(row, { record: `post ${row.key}`, schema: messageColumn }).message;
    } catch (error) {
      if (!isDamaged(error)) throw error;
      await options.quarantine.keep(transaction, { kind: 'post', id: row.key, record: row, error });
      // Where it stands is written twice; where neither can be read it is looked for in the chat.
      const message = fromPlace(row.place);
      await transaction
        .updateTable('outbox')
        .set({ message: message && JSON.stringify(message), place: message && placeOf(message) })
        .where('key', '=', row.key)
        .execute();
      return message;
    }
  };

  const read = async (transaction: Database, row: OutboxTable): Promise<Post> => ({
    key: row.key,
    subject: { kind: row.subject_kind, id: row.subject_id },
    role: row.role,
    message: await readMessage(transaction, row),
  });

  const readAll = async (transaction: Database, rows: readonly OutboxTable[]): Promise<readonly Post[]> => {
    const posts: Post[] = [];
    for (const row of rows) posts.push(await read(transaction, row));
    return posts;
  };

  return {
    begin: (key) =>
      db.transaction().execute(async (transaction) => {
        const sequence = await nextSequence(transaction, 'post');
        const before = await find(transaction, key);
        if (before) return { message: await readMessage(transaction, before), begunBefore: true };
        const { subject, role } = parseMessageKey(key);
        if (!subject || !(await isKnown(transaction, subject))) throw new GramzoomError('not-found', {});
        const columns = { subject_kind: subject.kind, subject_id: subject.id, role };
        await transaction
          .insertInto('outbox')
          .values({ key, sequence, ...columns, message: null, place: null })
          .execute();
        return { message: null, begunBefore: false };
      }),

    finish: async (key, message) => {
      const { numUpdatedRows } = await db
        .updateTable('outbox')
        .set({ message: JSON.stringify(message), place: placeOf(message) })
        .where('key', '=', key)
        .executeTakeFirst();
      if (numUpdatedRows === 0n) throw new GramzoomError('not-found', {});
    },

    get: (key) =>
      db.transaction().execute(async (transaction) => {
        const row = await find(transaction, key);
        return (row && (await readMessage(transaction, row))) ?? undefined;
      }),

    of: (message) =>
      db.transaction().execute(async (transaction) => {
        const posts = postsIn(transaction).where('place', '=', placeOf(message));
        const row = await posts.orderBy('sequence', 'desc').limit(1).executeTakeFirst();
        return row && (await read(transaction, row));
      }),

    latest: (platform, { kind, role, limit }) =>
      db.transaction().execute(async (transaction) => {
        const rows = await postsIn(transaction)
          .where('subject_kind', '=', kind)
          .where('role', '=', role)
          // A name of a platform has no letter that stands for others.
          .where('place', 'like', `${platform} %`)
          .orderBy('sequence', 'desc')
          .limit(limit)
          .execute();
        return (await readAll(transaction, rows)).flatMap(({ message }) => message ?? []);
      }),

    ofSubject: ({ kind, id }) =>
      db.transaction().execute(async (transaction) => {
        const posts = postsIn(transaction).where('subject_kind', '=', kind).where('subject_id', '=', id);
        return await readAll(transaction, await posts.orderBy('sequence').execute());
      }),

    unfinished: async () => {
      const posts = postsIn(db).where('message', 'is', null);
      return await readAll(db, await posts.orderBy('sequence').execute());
    },

    remove: async (key) => {
      await db.deleteFrom('outbox').where('key', '=', key).execute();
    },
  };
};
