import type { KindName } from '../../domain/kinds.ts';
import type { ButtonEvent, FormEvent } from './events.ts';
import type { HandlerDeps } from './handler-deps.ts';
import type { InteractionContext } from './interaction-context.ts';
import { isThread } from './permissions.ts';

/**
 * A button that leads to a film is held to what the server has set for the command.
 * @throws GramzoomError `command-denied`
 */
export const requireAllowed = async (
  { restrictions, servers }: Pick<HandlerDeps, 'restrictions' | 'servers'>,
  { channel, member }: ButtonEvent | FormEvent,
  { place, where, kind }: Pick<InteractionContext, 'place' | 'where'> & { readonly kind: KindName },
): Promise<void> => {
  if (place.guild === null || place.isGuest) return;
  const above = isThread(where.type) ? (channel?.parent_id ?? servers.known(place.channel)?.ruledBy) : null;
  await restrictions.requireUse({
    ...{ kind, guild: place.guild, channel: above ?? place.channel, user: place.user },
    roles: member?.roles ?? [],
    // Nobody who may do nothing at all sees a button.
    granted: member?.permissions || null,
  });
};
