import { sql } from 'kysely';
import type { RemovedRows } from '../ports/store.ts';
import { forgetSubjects } from './subject-rows.ts';
import type { Database } from './tables.ts';

type Old = { readonly before: number; readonly limit: number };

/** Finished renders without files, the reactions to them, and what rooms say about them. */
const removeJobs = async (transaction: Database, { before, limit }: Old): Promise<number> => {
  const rows = await transaction
    .selectFrom('jobs')
    .select('id')
    .where('finish', 'is not', null)
    .where('finished_seen', '<', before)
    .where('photo', 'is', null)
    .where('result', 'is', null)
    .where('poster', 'is', null)
    .orderBy('finish')
    .limit(limit)
    .execute();
  if (rows.length === 0) return 0;
  const ids = rows.map(({ id }) => id);
  await forgetSubjects(transaction, { kind: 'render', ids });
  await transaction.deleteFrom('room_messages').where('render', 'in', ids).execute();
  await transaction.deleteFrom('jobs').where('id', 'in', ids).execute();
  return ids.length;
};

/**
 * What people and bot said in rooms, but about a render that is there, above a thread, or with a file that a
 * render has.
 */
const removeRoomMessages = async (transaction: Database, { before, limit }: Old): Promise<number> => {
  const rows = await transaction
    .selectFrom('room_messages as message')
    .select('message.id')
    .where('message.seen', '<', before)
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('jobs').select('jobs.id').whereRef('jobs.id', '=', 'message.render'))),
    )
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('room_messages as reply').select('reply.id').whereRef('reply.thread', '=', 'message.id'),
        ),
      ),
    )
    .where(({ not, exists, selectFrom }) =>
      not(
        exists(
          selectFrom('room_blobs')
            .innerJoin('jobs', (join) =>
              join.on(({ or, eb }) =>
                or([
                  eb('jobs.photo', '=', eb.ref('room_blobs.blob')),
                  eb('jobs.result', '=', eb.ref('room_blobs.blob')),
                  eb('jobs.poster', '=', eb.ref('room_blobs.blob')),
                ]),
              ),
            )
            .select('room_blobs.blob')
            .whereRef('room_blobs.message', '=', 'message.id'),
        ),
      ),
    )
    .orderBy('message.seen')
    .limit(limit)
    .execute();
  if (rows.length === 0) return 0;
  const ids = rows.map(({ id }) => id);
  await transaction.deleteFrom('room_messages').where('id', 'in', ids).execute();
  return ids.length;
};

type Aged = 'served_servers' | 'served_users' | 'damaged_records';

/** Rows by their age, those that were seen longest ago first. @param key the columns of the table's key */
const removeOldest = async (
  transaction: Database,
  { table, key, before, limit }: Old & { readonly table: Aged; readonly key: readonly string[] },
): Promise<number> => {
  const columns = sql.join(key.map((name) => sql.ref(name)));
  const { numAffectedRows = 0n } = await sql`delete from ${sql.table(table)} where (${columns}) in
    (select ${columns} from ${sql.table(table)} where seen < ${before} order by seen limit ${limit})`.execute(
    transaction,
  );
  return Number(numAffectedRows);
};

/** Of messages that no row knows any more: nothing comes of them, and nothing else would remove them. */
const removeLostReactions = async (transaction: Database): Promise<void> => {
  await transaction
    .deleteFrom('reactions')
    .where(({ not, exists, selectFrom }) =>
      not(exists(selectFrom('outbox').select('outbox.key').whereRef('outbox.place', '=', 'reactions.place'))),
    )
    .execute();
};

/** Removes up to so many rows of each kind for their age. See `Retention.removeRows`. */
export const removeOldRows = async (transaction: Database, options: Old): Promise<RemovedRows> => {
  const removed = {
    renders: await removeJobs(transaction, options),
    messages: await removeRoomMessages(transaction, options),
    // Whoever was served that long ago counts as never served.
    served:
      (await removeOldest(transaction, {
        ...options,
        table: 'served_servers',
        key: ['platform', 'server'],
      })) +
      (await removeOldest(transaction, {
        ...options,
        table: 'served_users',
        key: ['platform', 'server', 'user_id'],
      })),
    damaged: await removeOldest(transaction, { ...options, table: 'damaged_records', key: ['kind', 'id'] }),
  };
  await removeLostReactions(transaction);
  return removed;
};
