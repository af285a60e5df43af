import { type APIDMChannel, type APIMessage, RESTJSONErrorCodes as Code, Routes } from 'discord.js';
import type { JobView } from '../../app/renders.ts';
import { GramzoomError } from '../../domain/errors.ts';
import { wordsFor } from '../../messages/languages.ts';
import { asText } from './answers.ts';
import { isRefusal, translateError } from './discord-errors.ts';
import type { Incoming } from './incoming.ts';
import { nonceOf } from './message-draft.ts';
import { isSpoiler } from './pictures.ts';

/**
 * Sends a film as a direct message, once for each key.
 * @throws GramzoomError `messages-closed`, `result-expired`, those of `translateError`
 */
export type FilmSender = (order: {
  readonly user: string;
  readonly render: JobView;
  /** The message that shows the film. */
  readonly shown: { readonly channel: string; readonly message: string };
  readonly key: string;
}) => Promise<void>;

export const createFilmSender = ({ renders, rest, locales }: Incoming): FilmSender => {
  /** Where that cannot be seen, one click more does no harm. */
  const isHidden = async ({ channel, message }: Parameters<FilmSender>[0]['shown']): Promise<boolean> => {
    const shown = await rest.get(Routes.channelMessage(channel, message)).catch(() => null);
    return shown === null || (shown as APIMessage).attachments.some(isSpoiler);
  };

  return async ({ user, render, shown, key }) => {
    const { bytes, format } = await renders().result(render.id);
    const words = wordsFor(locales.of({ guild: null, user }));
    const name = `${(await isHidden(shown)) ? 'SPOILER_' : ''}gramzoom-${render.id.slice(0, 8)}.${format}`;
    const body = {
      content: asText(words.yourFilm),
      attachments: [{ id: '0', description: words.filmAlt(words.seed(render.seed)) }],
      allowed_mentions: { parse: [] },
      nonce: nonceOf(key),
      enforce_nonce: true,
    };
    try {
      const { id } = (await rest.post(Routes.userChannels(), {
        body: { recipient_id: user },
      })) as APIDMChannel;
      await rest.post(Routes.channelMessages(id), { body, files: [{ name, data: Buffer.from(bytes) }] });
    } catch (error) {
      throw isRefusal(error, Code.CannotSendMessagesToThisUser)
        ? new GramzoomError('messages-closed', {}, { cause: error })
        : translateError(error);
    }
  };
};
