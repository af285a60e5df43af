import type { MessageRef } from '../../ports/chat.ts';
import type { Draft, ShownPicture } from './message-draft.ts';
import type { MessageRequests, Saying } from './message-requests.ts';
import type { ShownPictures } from './shown-pictures.ts';
import { isError } from './slack-errors.ts';
import { leftOut } from './until-left.ts';
import type { Uploads } from './uploads.ts';

/** Messages that show one picture after the other. */
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
  const { draft, post, update, fileOf, refTo } = requests;

  const nextPicture = async (saying: Saying, left: AbortSignal): Promise<ShownPicture | null> => {
    const file = await fileOf(saying);
    const sent = file && (await uploads.picture(saying.place, file, left));
    return sent ? { file: sent, alt: file.alt ?? file.title } : null;
  };

  /** Says it with the picture; without, where Slack does not show that. */
  const showing = async <T>(
    saying: Saying,
    picture: ShownPicture | null,
    say: (drafted: Draft) => Promise<T>,
  ): Promise<{ readonly said: T; readonly picture: ShownPicture | null }> => {
    try {
      return { said: await say(draft(saying, picture)), picture };
    } catch (error) {
      if (!picture || !isError(error, 'invalid_blocks', 'invalid_blocks_format')) throw error;
      return { said: await say(draft(saying)), picture: null };
    }
  };

  const send = async (saying: Saying, left: AbortSignal): Promise<MessageRef> => {
    const next = await nextPicture(saying, left);
    const drop = (): void => {
      if (next) uploads.removeLater(saying.place, [next.file]);
    };
    try {
      if (left.aborted) throw leftOut();
      const { said: ts, picture } = await showing(saying, next, (drafted) => post(saying, drafted));
      if (!picture) drop();
      const message = refTo(ts, saying);
      await pictures.show(message, picture, { isNew: true });
      // By now there may be no place for it any more.
      if (left.aborted) await remove(message);
      return message;
    } catch (error) {
      drop();
      throw error;
    }
  };

  const edit = async (message: MessageRef, saying: Saying, left: AbortSignal): Promise<void> => {
    const next = await nextPicture(saying, left);
    const before = pictures.shown(message);
    try {
      if (left.aborted) throw leftOut();
      const say = (drafted: Draft) => update(message, saying, drafted);
      const { picture } = await showing(saying, next ?? before, say);
      await pictures.show(message, picture);
      if (next && !picture) uploads.removeLater(saying.place, [next.file]);
    } catch (error) {
      if (next) uploads.removeLater(saying.place, [next.file]);
      throw error;
    }
  };

  return {
    /** @param left nobody waits for it any more: once it is there it goes again */
    send,
    edit,
  };
};
