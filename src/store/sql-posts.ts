import { sql } from 'kysely';
import { z } from 'zod';
import { GramzoomError } from '../domain/errors.ts';
import type { JobId } from '../domain/job.ts';
import type { MessageRef } from '../ports/chat.ts';
import type { Posts } from '../ports/store.ts';
import { nextOf } from './counters.ts';
import { messageRefColumn } from './job-record.ts';
import { fromPlace, placeOf } from './place.ts';
import type { Quarantine } from './quarantine.ts';
import { isDamaged, readRecord } from './records.ts';
import type { Database } from './tables.ts';

const postRow = z.object({ message: messageRefColumn.nullable() });

type PostRow = { readonly key: string; readonly message: string | null };

const readMessage = (row: PostRow): MessageRef | null =>
  readRecord(row, { record: `post ${row.key}`, schema: postRow }).message;

/** Every letter of a text stands for itself in a pattern. */
const escaped = (text: string): string => text.replaceAll(/[\\%_]/g, '\\$&');
const like = (column: 'key' | 'place', pattern: string) =>
  sql<boolean>`${sql.ref(column)} like ${pattern} escape '\\'`;

/** The outbox in SQL that any dialect takes. See the port for what each method promises. */
export const createSqlPosts = (db: Database, options: { readonly quarantine: Quarantine }): Posts => {
  const find = (transaction: Database, key: string) =>
    transaction.selectFrom('posts').select(['key', 'message']).where('key', '=', key).executeTakeFirst();

  /** Reads a message; one that is damaged is set aside, and given as far as it is known. */
  const read = async (transaction: Database, row: PostRow): Promise<MessageRef | null> => {
    try {
      return readMessage(row);
    } catch (error) {
      if (!isDamaged(error)) throw error;
      const whole = await transaction
        .selectFrom('posts')
        .selectAll()
        .where('key', '=', row.key)
        .executeTakeFirst();
      if (!whole) return null;
      await options.quarantine.keep(transaction, { kind: 'post', id: row.key, record: whole, error });
      // Where it stands is written twice; where neither can be read it is looked for in the chat.
      const message = fromPlace(whole.place);
      await transaction
        .updateTable('posts')
        .set({ message: message && JSON.stringify(message), place: message && placeOf(message) })
        .where('key', '=', row.key)
        .execute();
      return message;
    }
  };

  return {
    begin: (key, job) =>
      db.transaction().execute(async (transaction) => {
        const sequence = await nextOf(transaction, 'post');
        const before = await find(transaction, key);
        if (before) return { message: await read(transaction, before), begunBefore: true };
        const known = await transaction
          .selectFrom('jobs')
          .select('id')
          .where('id', '=', job)
          .executeTakeFirst();
        if (!known) throw new GramzoomError('not-found', {});
        await transaction
          .insertInto('posts')
          .values({ key, sequence, job, message: null, place: null })
          .execute();
        return { message: null, begunBefore: false };
      }),

    finish: async (key, message) => {
      const { numUpdatedRows } = await db
        .updateTable('posts')
        .set({ message: JSON.stringify(message), place: placeOf(message) })
        .where('key', '=', key)
        .executeTakeFirst();
      if (numUpdatedRows === 0n) throw new GramzoomError('not-found', {});
    },

    get: (key) =>
      db.transaction().execute(async (transaction) => {
        const row = await find(transaction, key);
        return (row && (await read(transaction, row))) ?? undefined;
      }),

    of: async (message) => {
      const row = await db
        .selectFrom('posts')
        .select(['key', 'job'])
        .where('place', '=', placeOf(message))
        .orderBy('sequence', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row && { key: row.key, job: row.job as JobId };
    },

    latest: (platform, { keyEnding, limit }) =>
      db.transaction().execute(async (transaction) => {
        const rows = await transaction
          .selectFrom('posts')
          .select(['key', 'message'])
          .where(like('place', `${escaped(`${platform} `)}%`))
          .where(like('key', `%${escaped(keyEnding)}`))
          .orderBy('sequence', 'desc')
          .limit(limit)
          .execute();
        const messages: MessageRef[] = [];
        for (const row of rows) {
          const message = await read(transaction, row);
          if (message) messages.push(message);
        }
        return messages;
      }),

    ending: (keyEnding) =>
      db.transaction().execute(async (transaction) => {
        const rows = await transaction
          .selectFrom('posts')
          .select(['key', 'message'])
          .where(like('key', `%${escaped(keyEnding)}`))
          .orderBy('sequence')
          .execute();
        const posts: { key: string; message: MessageRef | null }[] = [];
        for (const row of rows) posts.push({ key: row.key, message: await read(transaction, row) });
        return posts;
      }),

    remove: async (key) => {
      await db.deleteFrom('posts').where('key', '=', key).execute();
    },

    ofJob: (job) =>
      db.transaction().execute(async (transaction) => {
        const rows = await transaction
          .selectFrom('posts')
          .select(['key', 'message'])
          .where('job', '=', job)
          .orderBy('sequence')
          .execute();
        const posts: { key: string; message: MessageRef | null }[] = [];
        for (const row of rows) posts.push({ key: row.key, message: await read(transaction, row) });
        return posts;
      }),

    unfinished: async () => {
      const rows = await db
        .selectFrom('posts')
        .select(['key', 'job'])
        .where('message', 'is', null)
        .orderBy('sequence')
        .execute();
      return rows.map(({ key, job }) => ({ key, job: job as JobId }));
    },
  };
};
