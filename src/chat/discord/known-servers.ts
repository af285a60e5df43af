import { GatewayDispatchEvents as Event } from 'discord.js';
import { z } from 'zod';
import { listOf, withoutNulls } from '../shared/lenient.ts';
import {
  botRoleIn,
  channel,
  inServer,
  type KnownChannel,
  type KnownServer,
  member,
  named,
  readLeftServer,
  readServer,
  readSessionServers,
  role,
  rolesOf,
  server,
  settings,
} from './server-records.ts';
import { snowflake } from './snowflake.ts';

/**
 * What Discord has told of the servers that the bot is in: roles, channels and threads, kept up to date. Of what
 * cannot be read only that is left out; a server without readable roles is not known.
 * @param self the bot's own id; null before it is in
 */
export const createKnownServers = (self: () => string | null) => {
  const servers = new Map<string, KnownServer>();
  const channels = new Map<string, KnownChannel>();
  const memberOf = new Set<string>();
  let isListKnown = false;

  const takeList = (ready: unknown): void => {
    const list = readSessionServers(ready);
    isListKnown = list !== undefined;
    if (!list) return;
    for (const id of memberOf) if (list.isOfShard(id)) memberOf.delete(id);
    for (const id of list.servers) memberOf.add(id);
  };

  const change = (id: string, with_: (before: KnownServer) => Partial<KnownServer>): void => {
    const before = servers.get(id);
    if (before) servers.set(id, { ...before, ...with_(before) });
  };

  const keepChannel = (known: KnownChannel): void => {
    // There may be any number of archived ones, and they are told of when somebody writes in them.
    if (known.isArchived) channels.delete(known.id);
    else channels.set(known.id, known);
  };

  const takeChannel = (event: unknown): void => {
    // Direct messages, or nothing that could be kept.
    if (!z.object({ guild_id: z.unknown().refine((id) => id !== undefined) }).safeParse(event).success)
      return;
    keepChannel(channel.parse(event));
  };

  const takeChannels = (guild: string, found: readonly object[]): void => {
    for (const each of found) {
      const read = channel.safeParse({ ...each, guild_id: guild });
      if (read.success) keepChannel(read.data);
    }
  };

  const forgetChannels = (isGone: (channel: KnownChannel) => boolean): void => {
    for (const each of channels.values()) if (isGone(each)) channels.delete(each.id);
  };

  const takeServer = (event: unknown): void => {
    const read = server.parse(event);
    takeChannels(read.id, [...read.channels, ...read.threads]);
    const own = read.members.find(({ user }) => user.id === self());
    // Without its own roles nothing could be said: they are asked for then.
    if (own) servers.set(read.id, readServer(event, { self: own.user.id, roles: own.roles }));
    else servers.delete(read.id);
  };

  const updateServer = (event: unknown): void => {
    const { id } = named.parse(event);
    const read = settings.parse(event);
    change(id, () => ({
      ...(read.owner_id !== undefined && { owner: read.owner_id }),
      ...(read.premium_tier !== undefined && { tier: read.premium_tier }),
      ...(read.preferred_locale !== undefined && { locale: read.preferred_locale }),
      ...(read.roles && { roles: rolesOf(read.roles), botRole: botRoleIn(read.roles, self()) }),
    }));
  };

  const hear = (type: string, event: unknown): void => {
    switch (type) {
      case Event.Ready:
        takeList(event);
        break;
      case Event.GuildCreate:
        memberOf.add(named.parse(event).id);
        takeServer(event);
        break;
      case Event.GuildUpdate:
        updateServer(event);
        break;
      case Event.GuildDelete: {
        const gone = readLeftServer(event);
        if (gone === null) break;
        memberOf.delete(gone);
        servers.delete(gone);
        forgetChannels(({ guild }) => guild === gone);
        break;
      }
      case Event.GuildRoleCreate:
      case Event.GuildRoleUpdate: {
        const read = inServer.extend({ role }).parse(event);
        change(read.guild_id, ({ roles }) => ({
          roles: new Map([...roles, [read.role.id, read.role.permissions]]),
          ...(botRoleIn([read.role], self()) && { botRole: read.role.id }),
        }));
        break;
      }
      case Event.GuildRoleDelete: {
        const read = inServer.extend({ role_id: snowflake }).parse(event);
        change(read.guild_id, ({ roles }) => ({
          roles: new Map([...roles].filter(([id]) => id !== read.role_id)),
        }));
        break;
      }
      case Event.GuildMemberUpdate: {
        const read = inServer.extend(member.shape).parse(event);
        if (read.user.id === self()) change(read.guild_id, () => ({ ownRoles: read.roles }));
        break;
      }
      case Event.ChannelCreate:
      case Event.ChannelUpdate:
      case Event.ThreadCreate:
      case Event.ThreadUpdate:
        takeChannel(event);
        break;
      case Event.ChannelDelete:
      case Event.ThreadDelete: {
        const { id } = named.parse(event);
        forgetChannels((each) => each.id === id || each.parent === id);
        break;
      }
      case Event.ThreadListSync: {
        const read = inServer.extend({ threads: listOf(z.record(z.string(), z.unknown())) }).parse(event);
        takeChannels(read.guild_id, read.threads);
        break;
      }
      default:
    }
  };

  return {
    /** Takes an event in; those that are about something else change nothing. @throws ZodError */
    hear: (type: string, event: unknown) => hear(type, withoutNulls(event)),
    /** Whether the bot is a member; true where nobody has told. */
    isIn: (id: string) => !isListKnown || memberOf.has(id),
    server: (id: string) => servers.get(id),
    channel: (id: string) => channels.get(id),
    /** Takes in what was asked for by request. */
    keepServer: (known: KnownServer) => void servers.set(known.id, known),
    keepChannel,
  };
};
