import { GramzoomError } from '../../domain/errors.ts';
import { wordsFor } from '../../messages/languages.ts';
import type { Reply } from './answers.ts';
import { encodeAttachment } from './attachment-ref.ts';
import { type ButtonId, confirmingId, decodeButtonId, isConfirming } from './button-id.ts';
import type { ButtonEvent } from './events.ts';
import type { HandlerDeps } from './handler-deps.ts';
import {
  type InteractionContext,
  readInteractionContext,
  requirePermissions,
} from './interaction-context.ts';
import { isThread } from './permissions.ts';
import { photosAt, photosOf } from './photo-choice.ts';
import { encodeReplyContext } from './reply-context.ts';

/** A button that leads to a film is held to what the server has set for the command. */
const requireAllowed = async (
  { restrictions, servers }: HandlerDeps,
  { channel, member }: ButtonEvent,
  { place, where }: InteractionContext,
): Promise<void> => {
  if (place.guild === null || place.isGuest) return;
  const above = isThread(where.type) ? (channel?.parent_id ?? servers.known(place.channel)?.ruledBy) : null;
  await restrictions.requireUse({
    ...{ guild: place.guild, channel: above ?? place.channel, user: place.user },
    roles: member?.roles ?? [],
    // Nobody who may do nothing at all sees a button.
    granted: member?.permissions || null,
  });
};

/** What a button answers to whoever pressed it; null where a render answers. */
const press = async (
  deps: HandlerDeps,
  event: ButtonEvent,
  button: ButtonId,
): Promise<string | Reply | null> => {
  const { action, render } = button;
  const { renders, servers } = deps;
  const words = wordsFor(event.locale);
  const asked = readInteractionContext(event, servers);
  const { place, where, actor } = asked;
  switch (action) {
    case 'reroll':
    case 'larger': {
      requirePermissions(where);
      await requireAllowed(deps, event, asked);
      const again = {
        actor: actor.actor,
        replyTarget: encodeReplyContext(place),
        event: `interaction:${event.id}`,
      };
      await (action === 'reroll' ? renders().reroll(render, again) : renders().enlarge(render, again));
      return null;
    }
    case 'other-photo': {
      requirePermissions(where);
      await requireAllowed(deps, event, asked);
      const number = Number(event.data.values[0]);
      const { options, replyTarget, photoOwner } = await renders().asked(render);
      const all = photosOf(replyTarget);
      const photo = all[number - 1];
      if (!photo) throw new GramzoomError('not-found', {});
      await renders().submit({
        origin: actor.actor,
        options,
        attachment: encodeAttachment(photo),
        replyTarget: encodeReplyContext({ ...place, isSpoiler: photo.isSpoiler, ...photosAt(all, number) }),
        photoOwner,
        event: `interaction:${event.id}`,
        answersFirst: true,
      });
      return null;
    }
    case 'cancel':
      return words.commandWords.cancelled(await renders().cancel(render, actor));
    case 'delete':
      await renders().remove(render, actor);
      return words.deleted;
    case 'delete-photo': {
      const { erasure } = words;
      const order = { photoOf: render };
      if (isConfirming(button)) return erasure.photoDone(await renders().erase(order, actor.actor));
      return {
        text: erasure.photoQuestion(await renders().erasable(order, actor.actor)),
        button: { label: erasure.confirm, id: confirmingId(order) },
      };
    }
    case 'forget':
      return words.erasure.everythingDone(await renders().erase('everything', actor.actor));
    case 'download':
      throw new GramzoomError('not-found', {});
    default:
      return action satisfies never;
  }
};

const lateActions: ReadonlySet<ButtonId['action']> = new Set(['cancel', 'delete-photo', 'forget']);

/** When a button's answer is put off. */
const deferral = (button: ButtonId | undefined): 'at-once' | 'late' | 'never' => {
  // Messages are removed one after the other, with pauses.
  if (button?.action === 'delete') return 'at-once';
  return button && lateActions.has(button.action) ? 'late' : 'never';
};

/** Buttons under messages of the bot, however old. */
export const createButtons =
  (deps: HandlerDeps) =>
  async (event: ButtonEvent): Promise<void> => {
    const button = decodeButtonId(event.data.custom_id);
    await deps.answers.replyEphemeral(event, {
      words: wordsFor(event.locale),
      defers: deferral(button),
      work: async () => {
        if (!button) throw new GramzoomError('not-found', {});
        return await press(deps, event, button);
      },
    });
  };
