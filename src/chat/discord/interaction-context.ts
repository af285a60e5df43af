import { ChannelType, ApplicationIntegrationType as Installed, InteractionContextType } from 'discord.js';
import type { Actor } from '../../app/renders.ts';
import type { PersonFacts } from '../../domain/contest/contest.ts';
import { GramzoomError } from '../../domain/errors.ts';
import type { Origin } from '../../domain/job.ts';
import type { InteractionEvent } from './events.ts';
import { canOpenThread, canReact, isModerator, missingPermissions, usualFileBytes } from './permissions.ts';
import { personFacts } from './person-facts.ts';
import type { ReplyContext } from './reply-context.ts';
import type { Servers } from './servers.ts';
import { madeAt } from './snowflake.ts';

/**
 * Who asked. Where the bot is no member, and in direct messages, people are a server each: else somebody who brings it
 * along to many servers would have the share of them all.
 */
export const originOf = ({
  guild,
  isGuest,
  user,
}: Pick<ReplyContext, 'guild' | 'isGuest' | 'user'>): Origin => ({
  platform: 'discord',
  server: guild === null || isGuest ? `user:${user}` : guild,
  user,
});

/** The channel that something was asked in. `granted`: what the bot may do there; null where nothing is denied it. */
export type ChannelContext = { readonly type: ChannelType; readonly granted: bigint | null };

/** What the bot may do of its own beside the answer. */
export const abilities = ({
  type,
  granted,
}: ChannelContext): Pick<ReplyContext, 'canOpenThread' | 'canReact'> => ({
  canOpenThread: granted !== null && canOpenThread(granted, type),
  canReact: granted === null || canReact(granted),
});

/** Before anything is queued. @throws GramzoomError `permissions-missing` naming what a render cannot do without */
export const requirePermissions = ({ type, granted }: ChannelContext): void => {
  const permissions = granted === null ? [] : missingPermissions(granted, type);
  if (permissions.length > 0) throw new GramzoomError('permissions-missing', { permissions });
};

/**
 * The bot is no member there: somebody has brought it along, a server has let its commands in alone, or it is a
 * conversation of others.
 */
const isGuestAt = (event: InteractionEvent, servers: Pick<Servers, 'isIn'>): boolean => {
  if (event.context === InteractionContextType.PrivateChannel) return true;
  const { guild_id: guild, authorizing_integration_owners: owners } = event;
  return guild !== undefined && (owners[Installed.GuildInstall] !== guild || !servers.isIn(guild));
};

/** Somebody asks for something by a command or a button. */
export type InteractionContext = {
  readonly place: ReplyContext;
  readonly where: ChannelContext;
  readonly actor: Actor;
  readonly person: PersonFacts;
};

/** Where no channel is named, as happens: only the interaction's token leads back there. */
const nowhere = '0';

/** @throws GramzoomError `body-invalid` for an interaction that nobody made */
export const readInteractionContext = (
  event: InteractionEvent,
  servers: Pick<Servers, 'fileBytes' | 'isIn' | 'known'>,
): InteractionContext => {
  const user = event.member?.user ?? event.user;
  if (!user) throw new GramzoomError('body-invalid', { problem: 'nobody asks' });
  const guild = event.guild_id ?? null;
  const isGuest = isGuestAt(event, servers);
  const isMember = guild !== null && !isGuest;
  const channel = event.channel?.id ?? event.channel_id;
  const hasTokenOnly = isGuest || channel === undefined;
  const known = channel === undefined ? undefined : servers.known(channel);
  const type =
    event.channel?.type ?? known?.type ?? (guild === null ? ChannelType.DM : ChannelType.GuildText);
  const granted = hasTokenOnly || !isMember ? null : (event.app_permissions ?? known?.granted ?? null);
  const where = { type, granted };
  const place: ReplyContext = {
    channel: channel ?? nowhere,
    guild,
    user: user.id,
    locale: event.locale,
    replyTo: null,
    interaction: {
      id: event.id,
      application: event.application_id,
      token: event.token,
      createdAt: madeAt(event.id),
    },
    isGuest: hasTokenOnly,
    ...(hasTokenOnly ? { canOpenThread: false, canReact: false } : abilities(where)),
    isSpoiler: false,
    maxFileBytes: hasTokenOnly ? (event.attachment_size_limit ?? usualFileBytes) : servers.fileBytes(guild),
  };
  const moderates = isMember && isModerator(event.member?.permissions ?? 0n);
  const actor = originOf({ guild, isGuest, user: user.id });
  const person = personFacts(user, { guild, member: event.member });
  return { place, where, actor: { actor, isModerator: moderates }, person };
};
