import { PermissionFlagsBits as Bit, OverwriteType, RESTJSONErrorCodes } from 'discord-api-types/v10';
import type { Core } from './core.ts';
import { discordError } from './discord-error.ts';
import type { Channel, Guild } from './model.ts';

export const everything: bigint = Object.values(Bit).reduce((all, bit) => all | bit, 0n);

/** What a direct message allows; it cannot be changed. */
const inDirectMessages =
  Bit.ViewChannel |
  Bit.SendMessages |
  Bit.EmbedLinks |
  Bit.AttachFiles |
  Bit.ReadMessageHistory |
  Bit.AddReactions |
  Bit.UseExternalEmojis |
  Bit.PinMessages |
  Bit.UseApplicationCommands;

export const guildPermissions = (guild: Guild, userId: string): bigint => {
  const member = guild.members.get(userId);
  if (!member) return 0n;
  if (guild.ownerId === userId) return everything;
  const bits = [guild.id, ...member.roles].reduce(
    (sum, role) => sum | BigInt(guild.roles.get(role)?.permissions ?? 0),
    0n,
  );
  return (bits & Bit.Administrator) !== 0n ? everything : bits;
};

/** The channel whose overwrites count: a thread has those of its parent. */
const ruling = (core: Core, channel: Channel): Channel =>
  (channel.thread && channel.parentId && core.channels.get(channel.parentId)) || channel;

/** What somebody may do in a channel, from roles and overwrites in Discord's order. */
export const permissionsIn = (core: Core, channel: Channel, userId: string): bigint => {
  if (channel.guildId === null) {
    const takesPart = channel.recipients.includes(userId) || userId === core.application.id;
    return takesPart ? inDirectMessages : 0n;
  }
  const guild = core.guilds.get(channel.guildId);
  const member = guild?.members.get(userId);
  if (!guild || !member) return 0n;
  let bits = guildPermissions(guild, userId);
  if (bits === everything) return bits;
  const { overwrites } = ruling(core, channel);
  const apply = (chosen: typeof overwrites): void => {
    const deny = chosen.reduce((sum, overwrite) => sum | BigInt(overwrite.deny), 0n);
    const allow = chosen.reduce((sum, overwrite) => sum | BigInt(overwrite.allow), 0n);
    bits = (bits & ~deny) | allow;
  };
  const roles = overwrites.filter(({ type }) => type === OverwriteType.Role);
  apply(roles.filter(({ id }) => id === guild.id));
  apply(roles.filter(({ id }) => id !== guild.id && member.roles.includes(id)));
  apply(overwrites.filter(({ id, type }) => type === OverwriteType.Member && id === userId));
  // Who does not see a channel can do nothing there.
  return (bits & Bit.ViewChannel) === 0n ? 0n : bits;
};

export const may = (core: Core, channel: Channel, userId: string, bit: bigint): boolean =>
  (permissionsIn(core, channel, userId) & bit) === bit;

/**
 * Refuses what somebody may not do.
 * @throws DiscordError 50001 where they do not see the channel, 50013 where a permission is missing
 */
export const requirePermission = (
  core: Core,
  channel: Channel,
  userId: string,
  ...bits: readonly bigint[]
): void => {
  if (!may(core, channel, userId, Bit.ViewChannel)) throw discordError(RESTJSONErrorCodes.MissingAccess);
  if (!bits.every((bit) => may(core, channel, userId, bit))) {
    throw discordError(RESTJSONErrorCodes.MissingPermissions);
  }
};

/** Sending has another permission in threads. */
export const sendBit = (channel: Channel): bigint =>
  channel.thread ? Bit.SendMessagesInThreads : Bit.SendMessages;

/** `app_permissions` of an interaction; in direct messages Discord names only what can differ there. */
export const appPermissions = (core: Core, channel: Channel): bigint => {
  const guild = channel.guildId === null ? undefined : core.guilds.get(channel.guildId);
  if (guild?.members.has(core.application.id)) return permissionsIn(core, channel, core.application.id);
  const outside = Bit.AttachFiles | Bit.EmbedLinks | Bit.MentionEveryone;
  return channel.guildId === null ? outside | Bit.UseExternalEmojis : outside;
};
