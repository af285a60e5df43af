import { GatewayDispatchEvents as Event, OverwriteType } from 'discord.js';
import { z } from 'zod';
import { listOf, optional, withoutNulls } from '../shared/lenient.ts';
import { snowflake } from './snowflake.ts';

const bits = z.string().regex(/^\d+$/).transform(BigInt);
const role = z.object({
  id: snowflake,
  permissions: bits,
  tags: optional(z.object({ bot_id: optional(snowflake) })),
});

const overwrite = z.object({
  id: snowflake,
  type: z.enum(OverwriteType),
  allow: bits.default(0n),
  deny: bits.default(0n),
});

const channel = z.object({
  id: snowflake,
  guild_id: snowflake,
  type: z.number(),
  parent_id: optional(snowflake),
  permission_overwrites: listOf(overwrite),
  thread_metadata: optional(z.object({ archived: optional(z.boolean()) })),
});

const member = z.object({ user: z.object({ id: snowflake }), roles: z.array(snowflake) });

const settings = z.object({
  owner_id: optional(snowflake),
  premium_tier: optional(z.number()),
  preferred_locale: optional(z.string()),
  roles: optional(z.array(z.unknown()).pipe(listOf(role))),
});

const server = settings.extend({
  id: snowflake,
  roles: z.array(z.unknown()).pipe(listOf(role)),
  channels: listOf(z.record(z.string(), z.unknown())),
  threads: listOf(z.record(z.string(), z.unknown())),
  members: listOf(member),
});

const inServer = z.object({ guild_id: snowflake });
const named = z.object({ id: snowflake });

const sessionBegins = z.object({
  guilds: z.array(named),
  /** Which shard it is, and of how many. */
  shard: z.tuple([z.number().int().nonnegative(), z.number().int().positive()]).catch([0, 1]),
});

/** The servers that a session begins with, and whether one that is not among them would belong to its shard. */
export type SessionServers = {
  readonly servers: ReadonlySet<string>;
  readonly isOfShard: (server: string) => boolean;
};

/** Undefined where the list cannot be read as a whole: nothing follows from it then. */
export const readSessionServers = (ready: unknown): SessionServers | undefined => {
  const read = sessionBegins.safeParse(withoutNulls(ready)).data;
  if (!read) return undefined;
  const [id, shards] = read.shard;
  return {
    servers: new Set(read.guilds.map((guild) => guild.id)),
    isOfShard: (server) => (BigInt(server) >> 22n) % BigInt(shards) === BigInt(id),
  };
};

/** The server that the bot is in no more; null in an outage, after which it is back with all that is in it. */
export const readLeftServer = (deleted: unknown): string | null => {
  const { id, unavailable } = named.extend({ unavailable: z.unknown().optional() }).parse(deleted);
  return unavailable === true ? null : id;
};

/** A server as far as permissions, sizes and language follow from it. */
export type KnownServer = {
  readonly id: string;
  readonly owner: string;
  readonly tier: number;
  readonly locale: string | null;
  /** What each role allows; the server's own id is everybody's role. */
  readonly roles: ReadonlyMap<string, bigint>;
  /** The roles of the bot. */
  readonly ownRoles: readonly string[];
  /** The one that Discord made for the bot; null if there is none. */
  readonly botRole: string | null;
};

export type KnownChannel = {
  readonly id: string;
  readonly guild: string;
  readonly type: number;
  /** Of a thread the channel that it is in; of a channel its category. */
  readonly parent: string | null;
  readonly overwrites: readonly {
    readonly id: string;
    readonly type: OverwriteType;
    readonly allow: bigint;
    readonly deny: bigint;
  }[];
};

export type KnownServers = {
  /** Takes an event in; those that are about something else change nothing. @throws ZodError */
  hear(type: string, event: unknown): void;
  /** Whether the bot is a member; true where nobody has told. */
  isIn(id: string): boolean;
  server(id: string): KnownServer | undefined;
  channel(id: string): KnownChannel | undefined;
  /** Take in what was asked for by request. */
  keepServer(server: KnownServer): void;
  keepChannel(channel: KnownChannel): void;
};

const rolesOf = (roles: readonly z.output<typeof role>[]): ReadonlyMap<string, bigint> =>
  new Map(roles.map(({ id, permissions }) => [id, permissions] as const));

const botRoleIn = (roles: readonly z.output<typeof role>[], bot: string | null): string | null =>
  roles.find(({ tags }) => bot !== null && tags?.bot_id === bot)?.id ?? null;

/** A server as a request gives it. @throws ZodError */
export const readServer = (
  answer: unknown,
  own: { readonly self: string; readonly roles: readonly string[] },
): KnownServer => {
  const read = server.parse(withoutNulls(answer));
  return {
    id: read.id,
    owner: read.owner_id ?? '',
    tier: read.premium_tier ?? 0,
    locale: read.preferred_locale ?? null,
    roles: rolesOf(read.roles),
    ownRoles: own.roles,
    botRole: botRoleIn(read.roles, own.self),
  };
};

/** @throws ZodError */
export const readMemberRoles = (answer: unknown): readonly string[] =>
  z.object({ roles: z.array(snowflake) }).parse(answer).roles;

const asChannel = (read: z.output<typeof channel>): KnownChannel => ({
  id: read.id,
  guild: read.guild_id,
  type: read.type,
  parent: read.parent_id ?? null,
  overwrites: read.permission_overwrites,
});

/** A channel of a server as a request gives it; undefined for direct messages. */
export const readChannel = (
  answer: unknown,
): { readonly channel: KnownChannel; readonly isArchived: boolean } | undefined => {
  const read = channel.safeParse(withoutNulls(answer));
  if (!read.success) return undefined;
  return { channel: asChannel(read.data), isArchived: read.data.thread_metadata?.archived ?? false };
};

/**
 * What Discord has told of the servers that the bot is in: roles, channels and threads, kept up to date. Of what
 * cannot be read only that is left out; a server without readable roles is not known.
 * @param self the bot's own id; null before it is in
 */
export const createKnownServers = (self: () => string | null): KnownServers => {
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

  const takeChannel = (event: unknown): void => {
    // Direct messages, or nothing that could be kept.
    if (!z.object({ guild_id: z.unknown().refine((id) => id !== undefined) }).safeParse(event).success)
      return;
    const read = channel.parse(event);
    // There may be any number of these, and they are told of when somebody writes in them.
    if (read.thread_metadata?.archived) channels.delete(read.id);
    else channels.set(read.id, asChannel(read));
  };

  const takeChannels = (guild: string, found: readonly object[]): void => {
    for (const each of found) {
      const read = channel.safeParse({ ...each, guild_id: guild });
      if (read.success) takeChannel(read.data);
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
    const { id } = z.object({ id: snowflake }).parse(event);
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
        const { id } = z.object({ id: snowflake }).parse(event);
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
    hear: (type, event) => hear(type, withoutNulls(event)),
    isIn: (id) => !isListKnown || memberOf.has(id),
    server: (id) => servers.get(id),
    channel: (id) => channels.get(id),
    keepServer: (known) => void servers.set(known.id, known),
    keepChannel: (known) => void channels.set(known.id, known),
  };
};
