import QuickLRU from 'quick-lru';
import { parseSubject } from '../../domain/subject.ts';
import type { MessageRef } from '../../ports/chat.ts';
import type { FindMessage } from './find-message.ts';
import type { ShownPicture } from './message-draft.ts';
import { decodeCredentials } from './place.ts';
import type { Uploads } from './uploads.ts';

const mostMessages = 2_000;

/** Messages that show pictures which change: which ones now, and so which files go. */
export const createShownPictures = ({
  uploads,
  find,
}: {
  readonly uploads: Pick<Uploads, 'remove' | 'removeLater'>;
  readonly find: Pick<FindMessage, 'ownFiles'>;
}) => {
  const known = new QuickLRU<string, readonly ShownPicture[]>({ maxSize: mostMessages });

  /** Also those of a process that is gone. */
  const filesOf = async (message: MessageRef): Promise<readonly string[]> => {
    const before = known.get(message.ref);
    if (before !== undefined) return before.map(({ file }) => file);
    const { place, role, subject } = decodeCredentials(message);
    return subject === undefined ? [] : await find.ownFiles(place, { subject: parseSubject(subject), role });
  };

  return {
    /** None where it is not known. */
    shown: (message: MessageRef): readonly ShownPicture[] => known.get(message.ref) ?? [],
    /**
     * A message shows these pictures now: others that it has shown go. Throws nothing.
     * @param options.isNew it shows its first ones
     */
    show: async (
      message: MessageRef,
      pictures: readonly ShownPicture[],
      { isNew = false }: { readonly isNew?: boolean } = {},
    ): Promise<void> => {
      const before = isNew ? [] : await filesOf(message).catch(() => []);
      known.set(message.ref, pictures);
      const { place } = decodeCredentials(message);
      const stale = before.filter((file) => !pictures.some((shown) => shown.file === file));
      uploads.removeLater(place, stale);
    },
    /** The message is gone: so go its pictures. @throws GramzoomError */
    remove: async (message: MessageRef): Promise<void> => {
      const files = await filesOf(message);
      known.delete(message.ref);
      await uploads.remove(decodeCredentials(message).place, files);
    },
  };
};

export type ShownPictures = ReturnType<typeof createShownPictures>;
