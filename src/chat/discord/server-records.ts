import { OverwriteType } from 'discord.js';
import { z } from 'zod';
import { listOf, optional, withoutNulls } from '../shared/lenient.ts';
import { snowflake } from './snowflake.ts';

const bits = z.string().regex(/^\d+$/).transform(BigInt);
export const role = z.object({
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

export const channel = z
  .object({
    id: snowflake,
    guild_id: snowflake,
    type: z.number(),
    parent_id: optional(snowflake),
    permission_overwrites: listOf(overwrite),
    thread_metadata: optional(z.object({ archived: optional(z.boolean()) })),
  })
  .transform(({ id, type, ...read }) => ({
    id,
    guild: read.guild_id,
    type,
    /** Of a thread the channel that it is in; of a channel its category. */
    parent: read.parent_id ?? null,
    overwrites: read.permission_overwrites,
    isArchived: read.thread_metadata?.archived ?? false,
  }));
export type KnownChannel = Readonly<z.output<typeof channel>>;

export const member = z.object({ user: z.object({ id: snowflake }), roles: z.array(snowflake) });

export const settings = z.object({
  owner_id: optional(snowflake),
  premium_tier: optional(z.number()),
  preferred_locale: optional(z.string()),
  roles: optional(z.array(z.unknown()).pipe(listOf(role))),
});

export const server = settings.extend({
  id: snowflake,
  roles: z.array(z.unknown()).pipe(listOf(role)),
  channels: listOf(z.record(z.string(), z.unknown())),
  threads: listOf(z.record(z.string(), z.unknown())),
  members: listOf(member),
});

export const inServer = z.object({ guild_id: snowflake });
export const named = z.object({ id: snowflake });

const sessionBegins = z.object({
  guilds: z.array(named),
  /** Which shard it is, and of how many. */
  shard: z.tuple([z.number().int().nonnegative(), z.number().int().positive()]).catch([0, 1]),
});

/**
 * The servers that a session begins with, and whether one that is not among them would belong to its shard.
 * Undefined where the list cannot be read as a whole: nothing follows from it then.
 */
export const readSessionServers = (ready: unknown) => {
  const read = sessionBegins.safeParse(withoutNulls(ready)).data;
  if (!read) return undefined;
  const [id, shards] = read.shard;
  return {
    servers: new Set(read.guilds.map((guild) => guild.id)),
    isOfShard: (server: string) => (BigInt(server) >> 22n) % BigInt(shards) === BigInt(id),
  };
};

/** The server that the bot is in no more; null in an outage, after which it is back with all that is in it. */
export const readLeftServer = (deleted: unknown): string | null => {
  const { id, unavailable } = named.extend({ unavailable: z.unknown().optional() }).parse(deleted);
  return unavailable === true ? null : id;
};

export const rolesOf = (roles: readonly z.output<typeof role>[]): ReadonlyMap<string, bigint> =>
  new Map(roles.map(({ id, permissions }) => [id, permissions] as const));

export const botRoleIn = (roles: readonly z.output<typeof role>[], bot: string | null): string | null =>
  roles.find(({ tags }) => bot !== null && tags?.bot_id === bot)?.id ?? null;

/** A server as a request gives it, as far as permissions, sizes and language follow from it. @throws ZodError */
export const readServer = (
  answer: unknown,
  own: { readonly self: string; readonly roles: readonly string[] },
) => {
  const read = server.parse(withoutNulls(answer));
  return {
    id: read.id,
    owner: read.owner_id ?? '',
    tier: read.premium_tier ?? 0,
    locale: read.preferred_locale ?? null,
    /** What each role allows; the server's own id is everybody's role. */
    roles: rolesOf(read.roles),
    /** The roles of the bot. */
    ownRoles: own.roles,
    /** The one that Discord made for the bot; null if there is none. */
    botRole: botRoleIn(read.roles, own.self),
  };
};
export type KnownServer = Readonly<ReturnType<typeof readServer>>;

/** @throws ZodError */
export const readMemberRoles = (answer: unknown): readonly string[] =>
  z.object({ roles: z.array(snowflake) }).parse(answer).roles;

/** A channel of a server as a request gives it; undefined for direct messages. */
export const readChannel = (answer: unknown): KnownChannel | undefined =>
  channel.safeParse(withoutNulls(answer)).data;
