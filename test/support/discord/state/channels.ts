import { type APIOverwrite, ChannelType, RESTJSONErrorCodes } from 'discord-api-types/v10';
import type { Core } from './core.ts';
import { discordError } from './discord-error.ts';
import type { Channel, Guild } from './model.ts';
import { threadFields } from './thread-payload.ts';
import { getUser, userPayload } from './users.ts';

export const getChannel = (core: Core, id: string): Channel => {
  const channel = core.channels.get(id);
  if (!channel) throw discordError(RESTJSONErrorCodes.UnknownChannel);
  return channel;
};

/** A channel as the API shows it. */
export const channelPayload = (core: Core, channel: Channel) => {
  const { id, type, guildId, parentId, name } = channel;
  const base = { id, type, flags: 0, last_message_id: channel.lastMessageId };
  if (channel.thread) {
    return { ...base, guild_id: guildId, parent_id: parentId, name, ...threadFields(core, channel) };
  }
  if (guildId === null) {
    const recipients = channel.recipients.map((user) => userPayload(getUser(core, user)));
    return { ...base, recipients };
  }
  return {
    ...base,
    guild_id: guildId,
    parent_id: parentId,
    name,
    position: channel.position,
    permission_overwrites: channel.overwrites.map((overwrite) => ({ ...overwrite })),
    topic: null,
    nsfw: false,
    rate_limit_per_user: 0,
  };
};

export type NewChannel = {
  readonly name: string;
  readonly type?: ChannelType;
  readonly overwrites?: readonly APIOverwrite[];
};

/** A channel of a guild. */
export const createChannel = (
  core: Core,
  guild: Guild,
  { name, type = ChannelType.GuildText, overwrites = [] }: NewChannel,
): Channel => {
  const position = [...core.channels.values()].filter(({ guildId }) => guildId === guild.id).length;
  const channel: Channel = {
    id: core.ids.next(),
    type,
    guildId: guild.id,
    parentId: null,
    name,
    position,
    overwrites: [...overwrites],
    recipients: [],
    thread: null,
    messages: new Map(),
    lastMessageId: null,
  };
  core.channels.set(channel.id, channel);
  core.publish({
    t: 'CHANNEL_CREATE',
    guildId: guild.id,
    channelId: channel.id,
    d: () => channelPayload(core, channel),
  });
  return channel;
};

/** Replaces a channel's overwrites, and tells the bot. */
export const setOverwrites = (core: Core, channel: Channel, overwrites: readonly APIOverwrite[]): void => {
  channel.overwrites = [...overwrites];
  core.publish({
    t: 'CHANNEL_UPDATE',
    guildId: channel.guildId,
    channelId: null,
    d: () => channelPayload(core, channel),
  });
};

/** Takes a channel or thread away, with all that was said in it. */
export const deleteChannel = (core: Core, channel: Channel): void => {
  core.publish({
    t: channel.thread ? 'THREAD_DELETE' : 'CHANNEL_DELETE',
    guildId: channel.guildId,
    channelId: channel.id,
    d: () => channelPayload(core, channel),
  });
  core.channels.delete(channel.id);
  for (const each of core.channels.values()) {
    if (each.thread && each.parentId === channel.id) core.channels.delete(each.id);
  }
  core.changed();
};

/** The direct messages between the bot and somebody, opened at the first call. */
export const directMessages = (core: Core, userId: string): Channel => {
  const user = getUser(core, userId);
  const open = [...core.channels.values()].find(
    ({ type, recipients }) => type === ChannelType.DM && recipients.includes(user.id),
  );
  if (open) return open;
  const channel: Channel = {
    id: core.ids.next(),
    type: ChannelType.DM,
    guildId: null,
    parentId: null,
    name: '',
    position: 0,
    overwrites: [],
    recipients: [user.id],
    thread: null,
    messages: new Map(),
    lastMessageId: null,
  };
  core.channels.set(channel.id, channel);
  core.changed();
  return channel;
};
