import { PermissionFlagsBits as Bit, RESTJSONErrorCodes, ReactionType } from 'discord-api-types/v10';
import type { Core } from './core.ts';
import { discordError } from './discord-error.ts';
import type { Channel, Emoji, Message, Reaction } from './model.ts';
import { requirePermission } from './permissions.ts';
import { memberPayload } from './users.ts';

const mostReactions = 20;

/**
 * Reads an emoji as it stands in an address: `🎲`, or `name:id` for a guild's own.
 * @throws DiscordError 10014
 */
export const parseEmoji = (text: string): Emoji => {
  const custom = /^(\w{2,32}):(\d+)$/.exec(text);
  if (custom) return { name: custom[1] as string, id: custom[2] as string };
  if (!/\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20e3/u.test(text)) {
    throw discordError(RESTJSONErrorCodes.UnknownEmoji);
  }
  return { name: text, id: null };
};

/** The variation selector makes no difference: ✉ and ✉️ are one emoji. */
const keyOf = ({ name, id }: Emoji): string => id ?? name.replaceAll('\ufe0f', '');

export const reactionOf = (message: Message, emoji: Emoji): Reaction | undefined =>
  message.reactions.get(keyOf(emoji));

type Touch = {
  readonly message: Message;
  readonly userId: string;
  readonly emoji: Emoji;
  /** A super reaction. */
  readonly burst?: boolean;
};

const tell = (
  core: Core,
  channel: Channel,
  {
    t,
    message,
    userId,
    emoji,
    burst = false,
  }: Touch & { t: 'MESSAGE_REACTION_ADD' | 'MESSAGE_REACTION_REMOVE' },
): void => {
  const member = core.guilds.get(channel.guildId ?? '')?.members.get(userId);
  const isAdd = t === 'MESSAGE_REACTION_ADD';
  core.publish({
    t,
    guildId: channel.guildId,
    channelId: channel.id,
    d: () => ({
      user_id: userId,
      channel_id: channel.id,
      message_id: message.id,
      emoji: { ...emoji },
      burst,
      type: burst ? ReactionType.Burst : ReactionType.Normal,
      ...(channel.guildId !== null && { guild_id: channel.guildId }),
      ...(isAdd && { message_author_id: message.authorId, burst_colors: burst ? ['#f1c40f'] : [] }),
      ...(isAdd && member && { member: memberPayload(core, member) }),
    }),
  });
};

/**
 * Somebody reacts; doing so twice is nothing.
 * @throws DiscordError 50001, 50013, 30010, 50083 in an archived thread
 */
export const addReaction = (
  core: Core,
  channel: Channel,
  { message, userId, emoji, burst = false }: Touch,
): void => {
  const form = burst ? 'bursts' : 'users';
  const reaction = reactionOf(message, emoji);
  requirePermission(core, channel, userId, Bit.ReadMessageHistory, ...(reaction ? [] : [Bit.AddReactions]));
  if (channel.thread?.archived) throw discordError(RESTJSONErrorCodes.InvalidActionOnArchivedThread);
  if (reaction?.[form].has(userId)) return;
  if (!reaction && message.reactions.size >= mostReactions) {
    throw discordError(RESTJSONErrorCodes.MaximumNumberOfReactionsReached);
  }
  const touched = reaction ?? { emoji, users: new Set<string>(), bursts: new Set<string>() };
  touched[form].add(userId);
  message.reactions.set(keyOf(emoji), touched);
  tell(core, channel, { t: 'MESSAGE_REACTION_ADD', message, userId, emoji: touched.emoji, burst });
};

/** Takes a reaction back; harmless where there is none. */
export const removeReaction = (
  core: Core,
  channel: Channel,
  { message, userId, emoji, burst = false }: Touch,
): void => {
  const reaction = reactionOf(message, emoji);
  if (!reaction?.[burst ? 'bursts' : 'users'].delete(userId)) return;
  if (reaction.users.size + reaction.bursts.size === 0) message.reactions.delete(keyOf(emoji));
  tell(core, channel, { t: 'MESSAGE_REACTION_REMOVE', message, userId, emoji: reaction.emoji, burst });
};

/** Takes every reaction away, or all with one emoji. */
export const clearReactions = (
  core: Core,
  channel: Channel,
  { message, emoji }: { message: Message; emoji?: Emoji },
): void => {
  if (emoji) message.reactions.delete(keyOf(emoji));
  else message.reactions.clear();
  core.publish({
    t: emoji ? 'MESSAGE_REACTION_REMOVE_EMOJI' : 'MESSAGE_REACTION_REMOVE_ALL',
    guildId: channel.guildId,
    channelId: channel.id,
    d: () => ({
      channel_id: channel.id,
      message_id: message.id,
      ...(channel.guildId !== null && { guild_id: channel.guildId }),
      ...(emoji && { emoji: { ...emoji } }),
    }),
  });
};
