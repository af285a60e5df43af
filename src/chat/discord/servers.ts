import { ChannelType, type REST, Routes } from 'discord.js';
import { createKnownServers } from './known-servers.ts';
import {
  type ChannelRules,
  fileBytesOfTier,
  isThread,
  permissionsOf,
  usualFileBytes,
} from './permissions.ts';
import {
  type KnownChannel,
  type KnownServer,
  readChannel,
  readMemberRoles,
  readServer,
} from './server-records.ts';

/** A channel of a server, and what people may do in it. */
export type ServerChannel = {
  readonly guild: string;
  readonly type: ChannelType;
  /** The channel whose rules hold there: of a thread the one that it is in. */
  readonly ruledBy: string;
  /** What the bot may do there. */
  readonly granted: bigint;
  readonly grantedTo: (member: { readonly user: string; readonly roles: readonly string[] }) => bigint;
};

/**
 * What is known of the servers that the bot is in: as the gateway told it, and kept up to date.
 * @param options.self the bot's own id; null before it is in
 */
export const createServers = ({
  rest,
  self,
}: {
  readonly rest: REST;
  readonly self: () => string | null;
}) => {
  const known = createKnownServers(self);

  // Threads that were archived before this process began are told of by nobody, and are kept by nobody.
  const channelOf = async (id: string): Promise<KnownChannel | undefined> => {
    const before = known.channel(id);
    if (before) return before;
    const read = readChannel(await rest.get(Routes.channel(id)));
    if (read) known.keepChannel(read);
    return read;
  };

  // A server whose event could not be read, or has not come yet.
  const serverOf = async (id: string): Promise<KnownServer | undefined> => {
    const before = known.server(id);
    const bot = self();
    if (before || bot === null) return before;
    const [server, member] = await Promise.all([
      rest.get(Routes.guild(id)),
      rest.get(Routes.guildMember(id, bot)),
    ]);
    const read = readServer(server, { self: bot, roles: readMemberRoles(member) });
    known.keepServer(read);
    return read;
  };

  /** A thread has no rules of its own: those of its channel hold there. */
  const ruled = (
    server: KnownServer,
    { type }: KnownChannel,
    { id: ruledBy, overwrites }: KnownChannel,
  ): ServerChannel => {
    const rules: ChannelRules = { guild: server.id, owner: server.owner, roles: server.roles, overwrites };
    return {
      guild: server.id,
      type,
      ruledBy,
      granted: permissionsOf(rules, { user: self() ?? '', roles: server.ownRoles }),
      grantedTo: (member) => permissionsOf(rules, member),
    };
  };

  const find = async (id: string): Promise<ServerChannel | undefined> => {
    const channel = await channelOf(id);
    const server = channel && (await serverOf(channel.guild));
    if (!channel || !server) return undefined;
    const ruling = isThread(channel.type) ? await channelOf(channel.parent ?? '') : channel;
    return ruling && ruled(server, channel, ruling);
  };

  const knownOf = (id: string): ServerChannel | undefined => {
    const channel = known.channel(id);
    const server = channel && known.server(channel.guild);
    const ruling = channel && isThread(channel.type) ? known.channel(channel.parent ?? '') : channel;
    return channel && server && ruling && ruled(server, channel, ruling);
  };

  return {
    hear: known.hear,
    isIn: known.isIn,
    /** Undefined for direct messages, and for what is not there or not for the bot to see. */
    channel: (id: string) => find(id).catch(() => undefined),
    /** The same without asking Discord: undefined where it was not told. */
    known: knownOf,
    /** The role that came with the bot and is its own: whoever names it means the bot. Null if there is none. */
    ownRole: async (guild: string) => (await serverOf(guild).catch(() => undefined))?.botRole ?? null,
    /** The largest file that the bot may send there. */
    fileBytes: (guild: string | null) =>
      guild === null ? usualFileBytes : fileBytesOfTier(known.server(guild)?.tier ?? 0),
    /** Discord's name of the language of a server; null where it is not known. */
    locale: (guild: string) => known.server(guild)?.locale ?? null,
  };
};
export type Servers = ReturnType<typeof createServers>;

/** Of a place whose channel is not known: a direct message. */
export const directMessage = { type: ChannelType.DM, granted: null } as const;
