import { randomBytes } from 'node:crypto';
import { GramzoomError } from '../domain/errors.ts';
import type { Clock } from '../ports/clock.ts';
import type { RoomLog, RoomMessage } from '../ports/room-log.ts';
import { nextOf } from './counters.ts';
import type { FolderClock } from './folder-clock.ts';
import { type OnDamaged, readEach } from './records.ts';
import { noteBlobs } from './room-blobs.ts';
import { readRoomMessage } from './room-record.ts';
import type { Database, RoomMessagesTable } from './tables.ts';

const renderOf = (said: RoomMessage['said']): string | null =>
  said.kind === 'render' ? said.content.render : null;

const onceOf = (room: string, thread: string | null, key: string): string =>
  JSON.stringify([room, thread, key]);

/** The rooms' history in SQL that any dialect takes. See the port for what each method promises. */
export const createSqlRoomLog = (
  db: Database,
  options: { readonly clock: Clock; readonly folderClock: FolderClock; readonly onDamaged: OnDamaged },
): RoomLog => {
  const select = (transaction: Database = db) => transaction.selectFrom('room_messages').selectAll();
  const readAll = (rows: readonly RoomMessagesTable[]): readonly RoomMessage[] =>
    readEach(rows, readRoomMessage, options.onDamaged);

  return {
    append: ({ room, thread, said, key }) =>
      db.transaction().execute(async (transaction) => {
        const version = await nextOf(transaction, 'room');
        const once = key === null ? null : onceOf(room, thread, key);
        const before = await select(transaction).where('once', '=', once).executeTakeFirst();
        if (before) return readRoomMessage(before);
        if (thread !== null && !(await select(transaction).where('id', '=', thread).executeTakeFirst())) {
          throw new GramzoomError('not-found', {});
        }
        const row: RoomMessagesTable = {
          id: randomBytes(16).toString('base64url'),
          sequence: version,
          version,
          room,
          thread,
          said: JSON.stringify(said),
          once,
          render: renderOf(said),
          created_at: options.clock.wallTime(),
          seen: options.folderClock.now(),
        };
        await transaction.insertInto('room_messages').values(row).execute();
        await noteBlobs(transaction, row.id, said);
        return readRoomMessage(row);
      }),

    edit: (id, said) =>
      db.transaction().execute(async (transaction) => {
        const version = await nextOf(transaction, 'room');
        const row = await transaction
          .updateTable('room_messages')
          .set({ said: JSON.stringify(said), render: renderOf(said), version })
          .where('id', '=', id)
          .returningAll()
          .executeTakeFirst();
        if (!row) return undefined;
        await noteBlobs(transaction, id, said);
        return readRoomMessage(row);
      }),

    remove: (id) =>
      db.transaction().execute(async (transaction) => {
        const rows = await select(transaction)
          .where((where) => where.or([where('id', '=', id), where('thread', '=', id)]))
          .orderBy('sequence')
          .execute();
        await transaction.deleteFrom('room_messages').where('id', '=', id).execute();
        return readAll(rows);
      }),

    get: async (id) => {
      const row = await select().where('id', '=', id).executeTakeFirst();
      return row && readRoomMessage(row);
    },

    find: async ({ room, thread }, key) => {
      const row = await select()
        .where('once', '=', onceOf(room, thread, key))
        .executeTakeFirst();
      return row && readRoomMessage(row);
    },

    latest: (room, { limit }) =>
      db.transaction().execute(async (transaction) => {
        const newest = await select(transaction)
          .where('room', '=', room)
          .where('thread', 'is', null)
          .orderBy('sequence', 'desc')
          .limit(limit)
          .execute();
        if (newest.length === 0) return [];
        const ids = newest.map(({ id }) => id);
        const below = await select(transaction).where('thread', 'in', ids).orderBy('sequence').execute();
        const threads = Map.groupBy(below, ({ thread }) => thread);
        return readAll(newest.toReversed().flatMap((row) => [row, ...(threads.get(row.id) ?? [])]));
      }),

    ofRender: async (render) =>
      readAll(await select().where('render', '=', render).orderBy('sequence').execute()),
  };
};
