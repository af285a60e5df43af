import { type Channel, ChannelType, type Client, type Guild } from 'discord.js';
import { type ChannelRules, fileBytesOfTier, permissionsOf, usualFileBytes } from './permissions.ts';

/** A channel of a server, and what people may do in it. */
export type ServerChannel = {
  readonly guild: string;
  readonly type: ChannelType;
  /** What the bot may do there. */
  readonly granted: bigint;
  readonly grantedTo: (member: { readonly user: string; readonly roles: readonly string[] }) => bigint;
};

/** What is known of the servers that the bot is in: as its client was told, and kept up to date. */
export type Servers = {
  /** Undefined for direct messages, and for what is not there or not for the bot to see. */
  channel(id: string): Promise<ServerChannel | undefined>;
  /** The largest file that the bot may send there. */
  fileBytes(guild: string | null): number;
  /** Discord's name of the language of a server; null where it is not known. */
  locale(guild: string): string | null;
};

const rulesOf = (guild: Guild, channel: Channel): ChannelRules | undefined => {
  // A thread has no rules of its own.
  const ruling = channel.isThread() ? channel.parent : channel;
  if (!ruling || !('permissionOverwrites' in ruling)) return undefined;
  return {
    guild: guild.id,
    owner: guild.ownerId,
    roles: new Map(guild.roles.cache.map(({ id, permissions }) => [id, permissions.bitfield] as const)),
    overwrites: ruling.permissionOverwrites.cache.map(({ id, type, allow, deny }) => ({
      id,
      type,
      allow: allow.bitfield,
      deny: deny.bitfield,
    })),
  };
};

export const createServers = (client: () => Client<true> | null): Servers => {
  const find = async (id: string): Promise<Channel | undefined> => {
    const known = client()?.channels.cache.get(id);
    if (known) return known;
    // Threads that were archived before this process began are told of by nobody.
    return (await client()?.channels.fetch(id)) ?? undefined;
  };

  return {
    channel: async (id) => {
      const channel = await find(id).catch(() => undefined);
      if (!channel || channel.isDMBased()) return undefined;
      const { guild, type } = channel;
      const rules = rulesOf(guild, channel);
      if (!rules) return undefined;
      const own = guild.members.me;
      const bot = { user: client()?.user.id ?? '', roles: [...(own?.roles.cache.keys() ?? [])] };
      return {
        guild: guild.id,
        type,
        granted: permissionsOf(rules, bot),
        grantedTo: (member) => permissionsOf(rules, member),
      };
    },
    fileBytes: (guild) =>
      guild === null ? usualFileBytes : fileBytesOfTier(client()?.guilds.cache.get(guild)?.premiumTier ?? 0),
    locale: (guild) => client()?.guilds.cache.get(guild)?.preferredLocale ?? null,
  };
};

/** Of a place whose channel is not known: a direct message. */
export const directMessage = { type: ChannelType.DM, granted: null } as const;
