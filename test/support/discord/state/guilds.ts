import {
  type APIRole,
  PermissionFlagsBits as Bit,
  GuildDefaultMessageNotifications,
  GuildExplicitContentFilter,
  GuildMFALevel,
  GuildNSFWLevel,
  GuildVerificationLevel,
  type LocaleString,
  RESTJSONErrorCodes,
  type RoleFlags,
} from 'discord-api-types/v10';
import { channelPayload } from './channels.ts';
import { type Core, isoTime } from './core.ts';
import { discordError } from './discord-error.ts';
import type { Guild, Member } from './model.ts';
import { guildPermissions } from './permissions.ts';
import { memberPayload } from './users.ts';

/** What everybody may do in a new guild. */
export const everybodysPermissions: bigint =
  Bit.ViewChannel |
  Bit.SendMessages |
  Bit.SendMessagesInThreads |
  Bit.CreatePublicThreads |
  Bit.EmbedLinks |
  Bit.AttachFiles |
  Bit.AddReactions |
  Bit.ReadMessageHistory |
  Bit.UseExternalEmojis |
  Bit.UseApplicationCommands |
  Bit.UseExternalApps;

const rolePayload = (id: string, name: string, permissions: bigint, position: number): APIRole => ({
  id,
  name,
  permissions: String(permissions),
  position,
  color: 0,
  colors: { primary_color: 0, secondary_color: null, tertiary_color: null },
  hoist: false,
  managed: false,
  mentionable: false,
  icon: null,
  unicode_emoji: null,
  flags: 0 as RoleFlags,
});

export const getGuild = (core: Core, id: string): Guild => {
  const guild = core.guilds.get(id);
  if (!guild) throw discordError(RESTJSONErrorCodes.UnknownGuild);
  return guild;
};

/** Makes a role, and tells the bot. */
export const addRole = (
  core: Core,
  guild: Guild,
  name: string,
  { permissions, bot }: { readonly permissions: bigint; readonly bot?: string },
): string => {
  const id = core.ids.next();
  const own = bot === undefined ? {} : { managed: true, tags: { bot_id: bot } };
  // New ones stand lowest, but above that of everybody.
  for (const other of guild.roles.values()) if (other.id !== guild.id) other.position += 1;
  const role = { ...rolePayload(id, name, permissions, 1), ...own };
  guild.roles.set(id, role);
  core.publish({
    t: 'GUILD_ROLE_CREATE',
    guildId: guild.id,
    channelId: null,
    d: () => ({ guild_id: guild.id, role }),
  });
  return id;
};

export const addMember = (
  core: Core,
  guild: Guild,
  userId: string,
  roles: readonly string[] = [],
): Member => {
  const joinedAt = isoTime(core.clock.wallTime());
  const member: Member = { userId, joinedAt, roles: [...roles], nick: null };
  guild.members.set(userId, member);
  return member;
};

export const removeMember = (core: Core, guild: Guild, userId: string): void => {
  guild.members.delete(userId);
  core.changed();
};

/** Puts a role above all others. */
export const raiseRole = (guild: Guild, roleId: string): void => {
  const role = guild.roles.get(roleId);
  if (role) role.position = Math.max(...[...guild.roles.values()].map(({ position }) => position)) + 1;
};

const highestOf = (guild: Guild, userId: string): number =>
  Math.max(0, ...(guild.members.get(userId)?.roles ?? []).map((id) => guild.roles.get(id)?.position ?? 0));

/**
 * Gives a role in somebody's name.
 * @throws DiscordError 10007, 10011, 50028 for one that is nobody's to give, 50013 also for one that is not below theirs
 */
export const giveRole = (
  core: Core,
  guild: Guild,
  { by, userId, roleId }: { readonly by: string; readonly userId: string; readonly roleId: string },
): void => {
  const role = guild.roles.get(roleId);
  const member = guild.members.get(userId);
  if (!role) throw discordError(RESTJSONErrorCodes.UnknownRole);
  if (!member) throw discordError(RESTJSONErrorCodes.UnknownMember);
  if (role.managed || role.id === guild.id) throw discordError(RESTJSONErrorCodes.InvalidRole);
  const mayGive = (guildPermissions(guild, by) & Bit.ManageRoles) !== 0n;
  if (!mayGive || role.position >= highestOf(guild, by)) {
    throw discordError(RESTJSONErrorCodes.MissingPermissions);
  }
  if (!member.roles.includes(roleId)) member.roles.push(roleId);
  core.changed();
};

/** Changes what a role allows, and tells the bot. */
export const setRolePermissions = (core: Core, guild: Guild, roleId: string, permissions: bigint): void => {
  const role = guild.roles.get(roleId);
  if (!role) throw new Error(`no role ${roleId}`);
  role.permissions = String(permissions);
  core.publish({
    t: 'GUILD_ROLE_UPDATE',
    guildId: guild.id,
    channelId: null,
    d: () => ({ guild_id: guild.id, role: { ...role } }),
  });
};

export type NewGuild = {
  readonly name: string;
  readonly ownerId: string;
  readonly locale: LocaleString;
  readonly tier: 0 | 1 | 2 | 3;
  readonly everyone: bigint;
};

/** A guild without channels. Nobody is told before the bot joins. */
export const createGuild = (core: Core, { name, ownerId, locale, tier, everyone }: NewGuild): Guild => {
  const id = core.ids.nextGuild();
  const roles = new Map([[id, rolePayload(id, '@everyone', everyone, 0)]]);
  const guild: Guild = {
    ...{ id, name, ownerId, locale, tier, roles, members: new Map() },
    ...{ mostThreads: 1000, hasCommands: false, commandRules: new Map() },
  };
  core.guilds.set(id, guild);
  addMember(core, guild, ownerId);
  return guild;
};

/** `GET /guilds/:id`. */
export const guildPayload = (core: Core, guild: Guild) => ({
  id: guild.id,
  name: guild.name,
  icon: null,
  description: null,
  home_header: null,
  splash: null,
  discovery_splash: null,
  features: [],
  banner: null,
  owner_id: guild.ownerId,
  application_id: null,
  region: 'deprecated',
  afk_channel_id: null,
  afk_timeout: 300,
  system_channel_id: null,
  system_channel_flags: 0,
  widget_enabled: false,
  widget_channel_id: null,
  verification_level: GuildVerificationLevel.None,
  roles: [...guild.roles.values()].map((role) => ({ ...role })),
  default_message_notifications: GuildDefaultMessageNotifications.OnlyMentions,
  mfa_level: GuildMFALevel.None,
  explicit_content_filter: GuildExplicitContentFilter.Disabled,
  max_presences: null,
  max_members: 500_000,
  max_stage_video_channel_users: 50,
  max_video_channel_users: 25,
  vanity_url_code: null,
  premium_tier: guild.tier,
  premium_subscription_count: 0,
  preferred_locale: guild.locale,
  rules_channel_id: null,
  safety_alerts_channel_id: null,
  public_updates_channel_id: null,
  premium_progress_bar_enabled: false,
  nsfw: false,
  nsfw_level: GuildNSFWLevel.Default,
  emojis: [],
  stickers: [],
  incidents_data: null,
  approximate_member_count: guild.members.size,
  approximate_presence_count: core.guilds.size,
});

/** GUILD_CREATE: the guild with what a bot caches. Only its own member, as for a bot without that intent. */
export const guildCreatePayload = (core: Core, guild: Guild) => {
  const inGuild = [...core.channels.values()].filter(({ guildId }) => guildId === guild.id);
  const own = guild.members.get(core.application.id);
  return {
    ...guildPayload(core, guild),
    joined_at: own?.joinedAt ?? isoTime(core.clock.wallTime()),
    large: false,
    member_count: guild.members.size,
    voice_states: [],
    members: own ? [memberPayload(core, own)] : [],
    channels: inGuild.filter(({ thread }) => !thread).map((channel) => channelPayload(core, channel)),
    threads: inGuild
      .filter(({ thread }) => thread && !thread.archived)
      .map((channel) => channelPayload(core, channel)),
    presences: [],
    stage_instances: [],
    guild_scheduled_events: [],
    soundboard_sounds: [],
  };
};

/** The bot enters a guild, with these permissions in a role of its own. */
export const botJoins = (core: Core, guild: Guild, permissions: bigint): string => {
  const role = addRole(core, guild, core.application.name, { permissions, bot: core.application.id });
  addMember(core, guild, core.application.id, [role]);
  core.publish({
    t: 'GUILD_CREATE',
    guildId: guild.id,
    channelId: null,
    d: () => guildCreatePayload(core, guild),
  });
  return role;
};

/** The bot is thrown out. */
export const botLeaves = (core: Core, guild: Guild): void => {
  core.publish({ t: 'GUILD_DELETE', guildId: guild.id, channelId: null, d: () => ({ id: guild.id }) });
  guild.members.delete(core.application.id);
  core.changed();
};
