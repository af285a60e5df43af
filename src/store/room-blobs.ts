import type { BlobId } from '../domain/job.ts';
import type { RoomMessage } from '../ports/room-log.ts';
import { nextOf } from './counters.ts';
import { isDamaged } from './records.ts';
import { readRoomMessage } from './room-record.ts';
import type { Database } from './tables.ts';

type Said = RoomMessage['said'];

const blobsIn = (said: Said): readonly BlobId[] => {
  switch (said.kind) {
    case 'person':
      return said.photo === null ? [] : [said.photo];
    case 'render':
      return said.content.attachments.flatMap(({ blob, still }) =>
        still === undefined ? [blob] : [blob, still],
      );
    case 'words':
    case 'damaged':
      return [];
    default:
      return said satisfies never;
  }
};

const without = (said: Said, gone: BlobId): Said => {
  switch (said.kind) {
    case 'person':
      return said.photo === gone ? { ...said, photo: null } : said;
    case 'render': {
      const attachments = said.content.attachments
        .filter(({ blob }) => blob !== gone)
        .map(({ still, ...shown }) => (still === undefined || still === gone ? shown : { ...shown, still }));
      return { ...said, content: { ...said.content, attachments } };
    }
    case 'words':
    case 'damaged':
      return said;
    default:
      return said satisfies never;
  }
};

/** Notes which blobs a message shows, in place of what was noted before. */
export const noteBlobs = async (transaction: Database, message: string, said: Said): Promise<void> => {
  await transaction.deleteFrom('room_blobs').where('message', '=', message).execute();
  const blobs = [...new Set(blobsIn(said))];
  if (blobs.length === 0) return;
  await transaction
    .insertInto('room_blobs')
    .values(blobs.map((blob) => ({ message, blob })))
    .execute();
};

/** Takes a blob out of every message that shows it; each counts as edited. */
export const forgetInRooms = async (transaction: Database, blob: BlobId): Promise<void> => {
  const rows = await transaction
    .selectFrom('room_messages')
    .innerJoin('room_blobs', 'room_blobs.message', 'room_messages.id')
    .selectAll('room_messages')
    .where('room_blobs.blob', '=', blob)
    .execute();
  for (const row of rows) {
    try {
      const said = JSON.stringify(without(readRoomMessage(row).said, blob));
      const version = await nextOf(transaction, 'room');
      await transaction
        .updateTable('room_messages')
        .set({ said, version })
        .where('id', '=', row.id)
        .execute();
    } catch (thrown) {
      // What cannot be read is not shown either.
      if (!isDamaged(thrown)) throw thrown;
    }
  }
  await transaction.deleteFrom('room_blobs').where('blob', '=', blob).execute();
};
