import { sql } from 'kysely';
import { z } from 'zod';
import { GramzoomError } from '../domain/errors.ts';
import type { JobId } from '../domain/job.ts';
import type { MessageRef } from '../ports/chat.ts';
import type { Posts } from '../ports/store.ts';
import { nextOf } from './counters.ts';
import { messageRefColumn } from './job-record.ts';
import { placeOf } from './place.ts';
import { type OnDamaged, readEach, readRecord } from './records.ts';
import type { Database } from './tables.ts';

const postRow = z.object({ message: messageRefColumn.nullable() });

const readMessage = (row: { readonly key: string; readonly message: string | null }): MessageRef | null =>
  readRecord(row, { record: `post ${row.key}`, schema: postRow }).message;

/** Every letter of a text stands for itself in a pattern. */
const escaped = (text: string): string => text.replaceAll(/[\\%_]/g, '\\$&');
const like = (column: 'key' | 'place', pattern: string) =>
  sql<boolean>`${sql.ref(column)} like ${pattern} escape '\\'`;

/** The outbox in SQL that any dialect takes. See the port for what each method promises. */
export const createSqlPosts = (db: Database, options: { readonly onDamaged: OnDamaged }): Posts => {
  const find = (transaction: Database, key: string) =>
    transaction.selectFrom('posts').select(['key', 'message']).where('key', '=', key).executeTakeFirst();

  return {
    begin: (key, job) =>
      db.transaction().execute(async (transaction) => {
        const sequence = await nextOf(transaction, 'post');
        const before = await find(transaction, key);
        if (before) return { message: readMessage(before), begunBefore: true };
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

    get: async (key) => {
      const row = await find(db, key);
      return (row && readMessage(row)) ?? undefined;
    },

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

    latest: async (platform, { keyEnding, limit }) => {
      const rows = await db
        .selectFrom('posts')
        .select(['key', 'message'])
        .where(like('place', `${escaped(`${platform} `)}%`))
        .where(like('key', `%${escaped(keyEnding)}`))
        .orderBy('sequence', 'desc')
        .limit(limit)
        .execute();
      return readEach(rows, readMessage, options.onDamaged).filter((message) => message !== null);
    },

    ofJob: async (job) => {
      const rows = await db
        .selectFrom('posts')
        .select(['key', 'message'])
        .where('job', '=', job)
        .orderBy('sequence')
        .execute();
      return readEach(rows, (row) => ({ key: row.key, message: readMessage(row) }), options.onDamaged);
    },

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
