import { defaultKind } from '../../domain/kinds.ts';
import { wordsFor } from '../../messages/languages.ts';
import type { MessageShortcutRequest } from './events.ts';
import type { Handler } from './handler.ts';
import type { HandlerDeps } from './handler-deps.ts';
import { createOrderForm, localeWithinMs, openView } from './open-form.ts';
import { notice } from './order-form.ts';
import { photosToKeep, toldAt } from './order-metadata.ts';
import { photosIn } from './photos.ts';
import { placeIn } from './place.ts';
import { slackWords } from './words.ts';

/** The entry in the menu of a message: a form for a render of the photo in it, which is answered in its thread. */
export const createShortcut = (deps: HandlerDeps): Handler<MessageShortcutRequest> => {
  const { people } = deps;
  const form = createOrderForm(deps);

  return async ({ body, installation: { tenant }, team, delivery }) => {
    const { message, channel, trigger_id: triggerId, response_url: responseUrl } = body;
    const user = body.user.id;
    const { locale } = await people.of({ tenant, team, user }, { withinMs: localeWithinMs });
    const words = wordsFor(locale);
    const thread = message.thread_ts ?? message.ts;
    const place = placeIn({ tenant, team, user, locale }, { channel: channel.id, thread });
    const photos = photosToKeep(photosIn(message.files));
    const isOthers = message.bot_id === undefined && message.user !== undefined && message.user !== user;
    const author = isOthers ? (message.user ?? null) : null;
    const about = { author, photos, hasThread: message.thread_ts !== undefined };
    const view =
      photos.length === 0
        ? notice(slackWords(words).noPhotoThere, words)
        : await form(
            {
              ...{ place, kind: defaultKind, isWhole: false, message: about },
              ...(responseUrl !== undefined && { responseUrl }),
            },
            { values: {} },
          );
    await openView(deps, view, {
      place: toldAt({ place, message: about }),
      triggerId,
      responseUrl,
      delivery,
    });
  };
};
