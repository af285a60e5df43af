import { sql } from 'kysely';
import type { RemovedRows } from '../ports/store.ts';
import { isKept } from './kept-renders.ts';
import { removeOldContests } from './remove-contests.ts';
import { forgetSubjects } from './subject-rows.ts';
import type { Database } from './tables.ts';

type Old = { readonly before: number; readonly limit: number };
type OldNow = Old & { readonly now: number };

/** Finished renders without files, the reactions to them, and what rooms say about them. */
const removeJobs = async (transaction: Database, { before, limit, now }: OldNow): Promise<number> => {
  const rows = await transaction
    .selectFrom('jobs')
    .select('id')
    .where('finish', 'is not', null)
    .where('finished_seen', '<', before)
    .where('photo', 'is', null)
    .where('result', 'is', null)
    .where('poster', 'is', null)
    .where((where) => where.not(isKept(where, now)))
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
 * What people and bot said in rooms, but about a render or a contest that is there, above a thread, or with a file that a
 * render has.
 */
const removeRoomMessages = async (transaction: Database, { before, limit }: Old): Promise<number> => {
  const { numAffectedRows = 0n } = await sql`delete from room_messages where id in (
    select id from room_messages as message where seen < ${before}
      and not exists (select 1 from jobs where jobs.id = message.render)
      and not exists (
        select 1 from contests where 'contest.' || contests.id = message.render and contests.hall_only = 0)
      and not exists (select 1 from room_messages as reply where reply.thread = message.id)
      and not exists (
        select 1 from room_blobs as shown
        join jobs on jobs.photo = shown.blob or jobs.result = shown.blob or jobs.poster = shown.blob
        where shown.message = message.id)
    order by seen limit ${limit})`.execute(transaction);
  return Number(numAffectedRows);
};

/** The columns of each table's key. */
const keys = {
  served_servers: ['platform', 'server'],
  served_users: ['platform', 'server', 'user_id'],
  damaged_records: ['kind', 'id'],
  received_events: ['platform', 'id'],
} as const;

/** Rows by their age, those that were seen longest ago first. */
const removeOldest = async (
  transaction: Database,
  table: keyof typeof keys,
  { before, limit }: Old,
): Promise<number> => {
  const columns = sql.join(keys[table].map((name) => sql.ref(name)));
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

/** Removes up to so many events for their age. See `Retention.removeEvents`. */
export const removeOldEvents = (transaction: Database, options: Old): Promise<number> =>
  removeOldest(transaction, 'received_events', options);

/** Removes up to so many rows of each kind for their age. See `Retention.removeRows`. */
export const removeOldRows = async (transaction: Database, options: OldNow): Promise<RemovedRows> => {
  const removed = {
    renders: await removeJobs(transaction, options),
    messages: await removeRoomMessages(transaction, options),
    // Whoever was served that long ago counts as never served.
    served:
      (await removeOldest(transaction, 'served_servers', options)) +
      (await removeOldest(transaction, 'served_users', options)),
    damaged: await removeOldest(transaction, 'damaged_records', options),
    contests: await removeOldContests(transaction, options),
  };
  await removeLostReactions(transaction);
  return removed;
};
