import { Routes } from 'discord.js';
import { defaultKind } from '../../domain/kinds.ts';
import type { ReactionKind } from '../../domain/message.ts';
import type { Reaction } from '../../ports/reactions.ts';
import { createReactionTurns, type ReactedBy } from '../shared/reaction-turns.ts';
import type { ClearedReactions, ReactionEvent } from './events.ts';
import type { HandlerDeps } from './handler-deps.ts';
import { abilities, originOf } from './interaction-context.ts';
import { isModerator, missingPermissions } from './permissions.ts';
import { reactionKind } from './reaction-emoji.ts';
import { encodeReplyContext, messageAt } from './reply-context.ts';
import { directMessage } from './servers.ts';

/** One person's emoji under a message of the bot. */
export type Reacting = {
  readonly channel: string;
  readonly message: string;
  readonly guild: string | null;
  readonly user: string;
  readonly kind: ReactionKind;
  readonly isSuper: boolean;
  /** Their roles, where Discord told them. */
  readonly roles: readonly string[] | null;
};

type Unreacting = Omit<Reacting, 'guild' | 'roles'>;

const reactionOf = ({ channel, message, kind, user, isSuper }: Unreacting): Reaction => ({
  ...{ message: messageAt(channel, message), kind, user },
  ...(isSuper && { isSuper }),
});

type Member = { readonly roles: readonly string[] };

/** Reactions to messages of the bot, however old: which render is meant, the store knows. */
export const createReactions = (deps: HandlerDeps) => {
  const { renders, rest, servers, restrictions, locales, self, log } = deps;
  const turns = createReactionTurns({ renders, log });

  const rolesOf = async (guild: string, user: string): Promise<readonly string[]> => {
    const member = (await rest.get(Routes.guildMember(guild, user)).catch(() => null)) as Member | null;
    return member?.roles ?? [];
  };

  /** Null where it leads to nothing there. */
  const reactedBy = async (reacting: Reacting): Promise<ReactedBy | null> => {
    const { channel, message, guild, user, kind } = reacting;
    const found = guild === null ? directMessage : await servers.channel(channel);
    // A channel that the bot does not see: there is nobody to tell.
    if (!found) return null;
    const { granted, type } = found;
    // A film that could not be shown is not begun, and it could not be said either.
    if (kind === 'reroll' && granted !== null && missingPermissions(granted, type).length > 0) return null;
    // The server does not let them do it by the command either.
    if (kind !== 'end' && guild !== null && 'grantedTo' in found) {
      const roles = reacting.roles ?? (await rolesOf(guild, user));
      const granted = found.grantedTo({ user, roles });
      const render = await renders().renderAt(reactionOf(reacting).message);
      if (
        !(await restrictions.allow({
          kind: render?.kind ?? defaultKind,
          guild,
          channel: found.ruledBy,
          user,
          roles,
          granted,
        }))
      )
        return null;
    }
    const locale = locales.of({ server: guild, user });
    const moderates = async (): Promise<boolean> => {
      if (kind !== 'end' || guild === null || !('grantedTo' in found)) return false;
      const roles = reacting.roles ?? (await rolesOf(guild, user));
      return isModerator(found.grantedTo({ user, roles }));
    };
    const place = {
      ...{ channel, guild, user, locale, replyTo: message, interaction: null, isGuest: false },
      ...abilities(found),
      isSpoiler: false,
      maxFileBytes: servers.fileBytes(guild),
    };
    return {
      actor: originOf(place),
      isModerator: await moderates(),
      replyTarget: encodeReplyContext(place),
    };
  };

  const react = async (reacting: Reacting): Promise<void> =>
    void (await turns.react(reactionOf(reacting), { by: () => reactedBy(reacting) }));
  const unreact = (reacting: Unreacting): Promise<void> => turns.unreact(reactionOf(reacting));

  const read = (event: ReactionEvent): Reacting | undefined => {
    const kind = reactionKind(event.emoji);
    if (!kind || event.user_id === self() || event.member?.user?.bot) return undefined;
    return {
      channel: event.channel_id,
      message: event.message_id,
      guild: event.guild_id ?? null,
      user: event.user_id,
      kind,
      isSuper: event.burst,
      roles: event.member?.roles ?? null,
    };
  };

  return {
    /** Those that were seen by asking, after a time in which nothing was heard. */
    react,
    unreact,
    added: async (event: ReactionEvent): Promise<void> => {
      const isOurs = event.message_author_id === undefined || event.message_author_id === self();
      const reacting = isOurs ? read(event) : undefined;
      if (reacting) await react(reacting);
    },
    removed: async (event: ReactionEvent): Promise<void> => {
      const reacting = read(event);
      if (reacting) await unreact(reacting);
    },
    /** Somebody who keeps order took them away, all of them or one emoji. */
    cleared: async ({ channel_id: channel, message_id: message, emoji }: ClearedReactions): Promise<void> => {
      const kind = emoji ? reactionKind(emoji) : null;
      if (kind === undefined) return;
      await turns.clear(messageAt(channel, message), kind);
    },
  };
};

export type Reactions = ReturnType<typeof createReactions>;
