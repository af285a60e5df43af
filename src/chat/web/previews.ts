import { Mutex } from '../../concurrency/keyed-mutex.ts';
import { GramzoomError, toGramzoomError } from '../../domain/errors.ts';
import type { BlobId } from '../../domain/job.ts';
import type { Size } from '../../domain/picture.ts';
import type { Blobs } from '../../ports/blobs.ts';
import type { PreviewPhoto } from '../../ports/photo-preview.ts';
import type { RoomLog, StoredPreview } from '../../ports/room-log.ts';
import { photoBox } from './shown-sides.ts';

/** For screens that have two pixels where others have one. */
const finest = 2;

const within: Size = { width: finest * photoBox.width, height: finest * photoBox.height };

/** Pictures of photos, which the page shows in place of what people sent. */
export type Previews = {
  /** Makes one of a photo and stores it. @throws GramzoomError see `PreviewPhoto`; `disk-full` */
  store(photo: Uint8Array): Promise<StoredPreview>;
  /**
   * Makes one of a photo that is stored, for every message that shows it and has none. Undefined where there is no
   * such photo (any more) or it cannot be opened: then it is taken out of the messages.
   * @throws GramzoomError where it may work another time
   */
  makeUp(photo: BlobId): Promise<BlobId | undefined>;
  close(): void;
};

/** Messages of older versions have none until somebody sees them. */
export const createPreviews = ({
  rooms,
  blobs,
  previewPhoto,
}: {
  readonly rooms: Pick<RoomLog, 'showPhoto'>;
  readonly blobs: Pick<Blobs, 'get' | 'put'>;
  readonly previewPhoto: PreviewPhoto;
}): Previews => {
  const closing = new AbortController();
  const turns = new Mutex();
  const making = new Map<BlobId, Promise<BlobId | undefined>>();

  const store: Previews['store'] = async (photo) => {
    const { file, width, height } = await previewPhoto(photo, { within, signal: closing.signal });
    return { blob: await blobs.put(file), width, height };
  };

  const tryToStore = async (photo: Uint8Array): Promise<StoredPreview | null> => {
    try {
      return await store(photo);
    } catch (thrown) {
      const error = toGramzoomError(thrown);
      if (error.code.startsWith('photo-')) return null;
      throw error;
    }
  };

  // One at a time: each photo is in memory as a whole meanwhile.
  const make = (photo: BlobId): Promise<BlobId | undefined> =>
    turns.run(async () => {
      if (closing.signal.aborted) throw new GramzoomError('stopping', {});
      const bytes = await blobs.get(photo);
      if (!bytes) return undefined;
      const preview = await tryToStore(bytes);
      await rooms.showPhoto(photo, preview);
      return preview?.blob;
    });

  return {
    store,
    makeUp: (photo) => {
      const made = making.get(photo) ?? make(photo).finally(() => making.delete(photo));
      making.set(photo, made);
      return made;
    },
    close: () => closing.abort(),
  };
};
