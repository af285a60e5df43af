import type { MessageRef } from '../../ports/chat.ts';
import type { Draft, ShownPicture } from './message-draft.ts';
import type { MessageRequests, Saying } from './message-requests.ts';
import type { ShownPictures } from './shown-pictures.ts';
import { isError } from './slack-errors.ts';
import { leftOut } from './until-left.ts';
import type { Uploads } from './uploads.ts';

/** Messages that show pictures which may change. */
export const createPictureMessages = ({
  requests,
  uploads,
  pictures,
  remove,
}: {
  readonly requests: MessageRequests;
  readonly uploads: Pick<Uploads, 'picture' | 'removeLater'>;
  readonly pictures: ShownPictures;
  readonly remove: (message: MessageRef) => Promise<void>;
}) => {
  const { draft, post, update, picturesOf, refTo } = requests;

  /** Those that are to be shown: what is shown already is not sent again. */
  const nextPictures = async (
    saying: Saying,
    { before, left }: { readonly before: readonly ShownPicture[]; readonly left: AbortSignal },
  ): Promise<readonly ShownPicture[]> => {
    const wanted = await picturesOf(saying);
    const shown = await Promise.all(
      wanted.map(async ({ blob, file }) => {
        const same = before.find((picture) => picture.blob === blob);
        if (same) return same;
        const sent = await uploads.picture(saying.place, file, left);
        return sent === null ? null : { file: sent, alt: file.alt ?? file.title, blob };
      }),
    );
    return shown.filter((picture) => picture !== null);
  };

  /** Says it with the pictures; without, where Slack does not show them. */
  const showing = async <T>(
    saying: Saying,
    shown: readonly ShownPicture[],
    say: (drafted: Draft) => Promise<T>,
  ): Promise<{ readonly said: T; readonly shown: readonly ShownPicture[] }> => {
    try {
      return { said: await say(draft(saying, shown)), shown };
    } catch (error) {
      if (shown.length === 0 || !isError(error, 'invalid_blocks', 'invalid_blocks_format')) throw error;
      return { said: await say(draft(saying)), shown: [] };
    }
  };

  const send = async (saying: Saying, left: AbortSignal): Promise<MessageRef> => {
    const next = await nextPictures(saying, { before: [], left });
    const drop = (): void =>
      uploads.removeLater(
        saying.place,
        next.map(({ file }) => file),
      );
    try {
      if (left.aborted) throw leftOut();
      const { said: ts, shown } = await showing(saying, next, (drafted) => post(saying, drafted));
      if (shown.length === 0) drop();
      const message = refTo(ts, saying);
      await pictures.show(message, shown, { isNew: true });
      // By now there may be no place for it any more.
      if (left.aborted) await remove(message);
      return message;
    } catch (error) {
      drop();
      throw error;
    }
  };

  const edit = async (message: MessageRef, saying: Saying, left: AbortSignal): Promise<void> => {
    const before = pictures.shown(message);
    const next = await nextPictures(saying, { before, left });
    const dropNew = (): void =>
      uploads.removeLater(
        saying.place,
        next.flatMap((picture) => (before.includes(picture) ? [] : [picture.file])),
      );
    // How far a render is, is shown by the picture before where the next one cannot be had.
    const isOnTheWay = saying.content.body.kind === 'progress';
    const wanted = isOnTheWay && next.length === 0 ? before : next;
    try {
      if (left.aborted) throw leftOut();
      const say = (drafted: Draft) => update(message, saying, drafted);
      const { shown } = await showing(saying, wanted, say);
      await pictures.show(message, shown);
      if (shown.length === 0) dropNew();
    } catch (error) {
      dropNew();
      throw error;
    }
  };

  return {
    /** @param left nobody waits for it any more: once it is there it goes again */
    send,
    edit,
  };
};
