import { randomBytes } from 'node:crypto';
import { GramzoomError } from '../domain/errors.ts';
import { subjectText } from '../domain/subject.ts';
import type { RoomLog, RoomMessage } from '../ports/room-log.ts';
import { nextSequence } from './counters.ts';
import type { StoreContext } from './quarantine.ts';
import { isDamaged, readRows } from './records.ts';
import { noteBlobs, showPhotoInRooms } from './room-blobs.ts';
import { mendRoomMessage, readRoomMessage } from './room-record.ts';
import type { Database, RoomMessagesTable } from './tables.ts';

const renderOf = (said: RoomMessage['said']): string | null =>
  said.kind === 'render' ? subjectText(said.content.subject) : null;

const personOf = (said: RoomMessage['said']): string | null => (said.kind === 'person' ? said.name : null);

const onceOf = (room: string, thread: string | null, key: string): string =>
  JSON.stringify([room, thread, key]);

/** The rooms' history in SQL that any dialect takes. See the port for what each method promises. */
export const createSqlRoomLog = (db: Database, options: StoreContext): RoomLog => {
  const inTransaction = <T>(work: (transaction: Database) => Promise<T>): Promise<T> =>
    db.transaction().execute(work);
  const select = (transaction: Database = db) => transaction.selectFrom('room_messages').selectAll();

  /**
   * Reads a message. Of one that is damaged its place is kept, since others may stand under it; it is gone where that
   * is not known.
   */
  const read = async (transaction: Database, row: RoomMessagesTable): Promise<RoomMessage | undefined> => {
    try {
      return readRoomMessage(row);
    } catch (error) {
      if (!isDamaged(error)) throw error;
      const id = String(row.id);
      await options.quarantine.keep(transaction, { kind: 'message', id, record: row, error });
      const version = await nextSequence(transaction, 'room');
      const mended = mendRoomMessage(row, { version, now: options.clock.wallTime() });
      if (!mended) {
        await transaction.deleteFrom('room_messages').where('version', '=', row.version).execute();
        return undefined;
      }
      await transaction.updateTable('room_messages').set(mended).where('id', '=', row.id).execute();
      const message = readRoomMessage(mended);
      await noteBlobs(transaction, id, message.said);
      return message;
    }
  };
  const readAll = (transaction: Database, rows: readonly RoomMessagesTable[]) =>
    readRows(rows, (row) => read(transaction, row));
  const readOne = (
    find: (transaction: Database) => Promise<RoomMessagesTable | undefined>,
  ): Promise<RoomMessage | undefined> =>
    inTransaction(async (transaction) => {
      const row = await find(transaction);
      return row && (await read(transaction, row));
    });

  return {
    append: ({ room, thread, said, key }) =>
      inTransaction(async (transaction) => {
        const version = await nextSequence(transaction, 'room');
        const once = key === null ? null : onceOf(room, thread, key);
        const before = await select(transaction).where('once', '=', once).executeTakeFirst();
        const known = before && (await read(transaction, before));
        if (known) return known;
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
          person: personOf(said),
          created_at: options.clock.wallTime(),
          seen: options.folderClock.now(),
        };
        await transaction.insertInto('room_messages').values(row).execute();
        await noteBlobs(transaction, row.id, said);
        return readRoomMessage(row);
      }),

    edit: (id, said) =>
      inTransaction(async (transaction) => {
        const version = await nextSequence(transaction, 'room');
        const row = await transaction
          .updateTable('room_messages')
          .set({ said: JSON.stringify(said), render: renderOf(said), person: personOf(said), version })
          .where('id', '=', id)
          .returningAll()
          .executeTakeFirst();
        if (!row) return undefined;
        await noteBlobs(transaction, id, said);
        return readRoomMessage(row);
      }),

    showPhoto: (photo, preview) =>
      inTransaction(async (transaction) =>
        readAll(transaction, await showPhotoInRooms(transaction, photo, preview)),
      ),

    remove: (id) =>
      inTransaction(async (transaction) => {
        const rows = await select(transaction)
          .where((where) => where.or([where('id', '=', id), where('thread', '=', id)]))
          .orderBy('sequence')
          .execute();
        const messages = await readAll(transaction, rows);
        await transaction.deleteFrom('room_messages').where('id', '=', id).execute();
        return messages;
      }),

    get: (id) => readOne((transaction) => select(transaction).where('id', '=', id).executeTakeFirst()),

    find: ({ room, thread }, key) =>
      readOne((transaction) =>
        select(transaction)
          .where('once', '=', onceOf(room, thread, key))
          .executeTakeFirst(),
      ),

    latest: (room, { limit }) =>
      inTransaction(async (transaction) => {
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
        const rows = newest.toReversed().flatMap((row) => [row, ...(threads.get(row.id) ?? [])]);
        return await readAll(transaction, rows);
      }),

    ofPerson: (name) =>
      inTransaction(async (transaction) =>
        readAll(
          transaction,
          await select(transaction).where('person', '=', name).orderBy('sequence').execute(),
        ),
      ),

    withPhoto: (photo) =>
      inTransaction(async (transaction) =>
        readAll(
          transaction,
          await select(transaction)
            .where('person', 'is not', null)
            .where(
              'id',
              'in',
              transaction.selectFrom('room_blobs').select('message').where('blob', '=', photo),
            )
            .orderBy('sequence')
            .execute(),
        ),
      ),
  };
};
