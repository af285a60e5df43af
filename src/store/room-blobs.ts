import type { BlobId } from '../domain/job.ts';
import type { RoomMessage, StoredPreview } from '../ports/room-log.ts';
import { nextSequence } from './counters.ts';
import { isDamaged } from './records.ts';
import { readRoomMessage } from './room-record.ts';
import type { Database, RoomMessagesTable } from './tables.ts';

type Said = RoomMessage['said'];

const blobsIn = (said: Said): readonly BlobId[] => {
  switch (said.kind) {
    case 'person':
      return [said.photo, said.preview?.blob ?? null].filter((blob) => blob !== null);
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
      // A preview is a photo to whoever sees it: it goes with it.
      if (said.photo === gone) return { ...said, photo: null, preview: null };
      return said.preview?.blob === gone ? { ...said, preview: null } : said;
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

/** Changes every message that shows a blob; each counts as edited. Gives what has changed. */
const editShowing = async (
  transaction: Database,
  blob: BlobId,
  change: (said: Said) => Said,
): Promise<readonly { readonly before: Said; readonly row: RoomMessagesTable }[]> => {
  const rows = await transaction
    .selectFrom('room_messages')
    .innerJoin('room_blobs', 'room_blobs.message', 'room_messages.id')
    .selectAll('room_messages')
    .where('room_blobs.blob', '=', blob)
    .execute();
  const edited = [];
  for (const row of rows) {
    try {
      const before = readRoomMessage(row).said;
      const said = change(before);
      if (said === before) continue;
      const version = await nextSequence(transaction, 'room');
      const text = JSON.stringify(said);
      await transaction
        .updateTable('room_messages')
        .set({ said: text, version })
        .where('id', '=', row.id)
        .execute();
      await noteBlobs(transaction, row.id, said);
      edited.push({ before, row: { ...row, said: text, version } });
    } catch (thrown) {
      // What cannot be read is not shown either.
      if (!isDamaged(thrown)) throw thrown;
    }
  }
  return edited;
};

/**
 * Takes a blob out of every message that shows it, a photo with its previews.
 * @returns the previews that went
 */
export const forgetInRooms = async (transaction: Database, blob: BlobId): Promise<readonly BlobId[]> => {
  const edited = await editShowing(transaction, blob, (said) => without(said, blob));
  await transaction.deleteFrom('room_blobs').where('blob', '=', blob).execute();
  const previews = edited.flatMap(({ before }) =>
    before.kind === 'person' && before.preview && before.photo === blob ? [before.preview.blob] : [],
  );
  return [...new Set(previews)];
};

/** See `RoomLog.showPhoto`. */
export const showPhotoInRooms = async (
  transaction: Database,
  photo: BlobId,
  preview: StoredPreview | null,
): Promise<readonly RoomMessagesTable[]> => {
  const edited = await editShowing(transaction, photo, (said) =>
    said.kind === 'person' && said.photo === photo && said.preview === null
      ? { ...said, preview, photo: preview && photo }
      : said,
  );
  return edited.map(({ row }) => row);
};
