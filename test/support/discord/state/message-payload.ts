import {
  type APIMessage,
  ApplicationIntegrationType,
  GatewayIntentBits,
  MessageReferenceType,
  MessageType,
} from 'discord-api-types/v10';
import { channelPayload } from './channels.ts';
import type { Core, View } from './core.ts';
import type { Channel, Interaction, Message, Reaction } from './model.ts';
import { attachmentPayload } from './stored-files.ts';
import { getUser, memberPayload, userPayload } from './users.ts';

/** REST sees what the application may see at all. */
export const restView: View = { intents: GatewayIntentBits.MessageContent };

/**
 * Whether the bot may read a message: without the privileged intent only its own, direct messages, and those
 * that mention it.
 */
const isReadable = (core: Core, message: Message, view: View): boolean => {
  const bot = core.application.id;
  const channel = core.channels.get(message.channelId);
  if (message.authorId === bot || message.mentions.includes(bot) || channel?.guildId === null) return true;
  return (core.application.privilegedIntents & view.intents & GatewayIntentBits.MessageContent) !== 0;
};

const reactionPayload = (core: Core, { emoji, users, bursts }: Reaction) => ({
  emoji: { ...emoji },
  count: users.size + bursts.size,
  count_details: { burst: bursts.size, normal: users.size },
  burst_colors: bursts.size > 0 ? ['#f1c40f'] : [],
  me: users.has(core.application.id),
  me_burst: false,
  burst_me: false,
  burst_count: bursts.size,
});

const interactionMetadata = (core: Core, interaction: Interaction): object => ({
  id: interaction.id,
  type: interaction.type,
  user: userPayload(getUser(core, interaction.userId)),
  authorizing_integration_owners: { ...interaction.owners },
  ...(interaction.commandName !== null && { name: interaction.commandName }),
  ...(interaction.opener && {
    triggering_interaction_metadata: interactionMetadata(core, interaction.opener),
  }),
  ...(interaction.sourceMessageId !== null &&
    !interaction.opener && { interacted_message_id: interaction.sourceMessageId }),
  ...(interaction.targetMessageId !== null && { target_message_id: interaction.targetMessageId }),
});

const legacyInteraction = (core: Core, { id, type, commandName, userId }: Interaction) => ({
  interaction: { id, type, name: commandName ?? '', user: userPayload(getUser(core, userId)) },
});

const referenceFields = (core: Core, message: Message, { view, nested }: { view: View; nested: boolean }) => {
  if (message.replyTo === null) return {};
  const channel = core.channels.get(message.channelId);
  // The starter of a thread refers to its parent channel.
  const place = message.type === MessageType.ThreadStarterMessage ? channel?.parentId : message.channelId;
  const original = core.channels.get(place ?? '')?.messages.get(message.replyTo);
  return {
    message_reference: {
      type: MessageReferenceType.Default,
      channel_id: place ?? message.channelId,
      message_id: message.replyTo,
      ...(channel?.guildId && { guild_id: channel.guildId }),
    },
    ...(!nested && {
      referenced_message: original ? messagePayload(core, original, { view, nested: true }) : null,
    }),
  };
};

/** A message as the API shows it to the bot. */
export const messagePayload = (
  core: Core,
  message: Message,
  { view = restView, nested = false, toPerson = false } = {},
): APIMessage => {
  const readable = toPerson || isReadable(core, message, view);
  const thread = message.threadId === null ? undefined : core.channels.get(message.threadId);
  const { interaction } = message;
  return {
    id: message.id,
    channel_id: message.channelId,
    type: message.type,
    content: readable ? message.content : '',
    embeds: [],
    components: readable ? message.components : [],
    attachments: readable ? message.files.map((file) => attachmentPayload(core, file)) : [],
    author: userPayload(getUser(core, message.authorId)),
    mentions: message.mentions.map((id) => userPayload(getUser(core, id))),
    mention_roles: [...message.mentionRoles],
    mention_everyone: message.mentionEveryone,
    timestamp: message.timestamp,
    edited_timestamp: message.editedTimestamp,
    flags: message.flags,
    pinned: message.pinned,
    tts: false,
    ...(message.nonce !== null && { nonce: message.nonce }),
    ...(message.reactions.size > 0 && {
      reactions: [...message.reactions.values()].map((reaction) => reactionPayload(core, reaction)),
    }),
    ...(thread && { thread: channelPayload(core, thread) as unknown as NonNullable<APIMessage['thread']> }),
    ...(interaction && {
      application_id: core.application.id,
      webhook_id: core.application.id,
      interaction_metadata: interactionMetadata(core, interaction) as NonNullable<
        APIMessage['interaction_metadata']
      >,
      ...(interaction.commandName !== null && legacyInteraction(core, interaction)),
    }),
    ...(readable && message.shows),
    ...referenceFields(core, message, { view, nested }),
  };
};

/** MESSAGE_CREATE and MESSAGE_UPDATE: with the guild and the author's membership. */
export const messageEvent = (
  core: Core,
  channel: Channel,
  { message, view }: { message: Message; view: View },
) => {
  const member = core.guilds.get(channel.guildId ?? '')?.members.get(message.authorId);
  const { user: _, ...partial } = member ? memberPayload(core, member) : { user: null };
  return {
    ...messagePayload(core, message, { view }),
    channel_type: channel.type,
    ...(channel.guildId !== null && { guild_id: channel.guildId }),
    ...(member && { member: partial }),
  };
};

export const ownersOf = (guildId: string | null, userId: string | null) => ({
  ...(guildId !== null && { [ApplicationIntegrationType.GuildInstall]: guildId }),
  ...(userId !== null && { [ApplicationIntegrationType.UserInstall]: userId }),
});
