import type {
  APIApplicationCommandPermission,
  APIOverwrite,
  ChannelType,
  LocaleString,
} from 'discord-api-types/v10';
import { createChannel } from '../state/channels.ts';
import { type Core, isoTime } from '../state/core.ts';
import {
  addMember,
  addRole,
  botJoins,
  botLeaves,
  createGuild,
  everybodysPermissions,
  raiseRole,
  removeMember,
  setRolePermissions,
} from '../state/guilds.ts';
import type { Person } from './person.ts';
import { createPlace, type Place } from './place.ts';

/** What the invitation in docs/discord.md asks for: view, send, attach, history, reactions, threads. */
export const invitedPermissions = 2_252_109_051_432_000n;

export type GuildOptions = {
  readonly name?: string;
  readonly locale?: LocaleString;
  readonly tier?: 0 | 1 | 2 | 3;
  /** What the bot's role allows; null where the bot is no member. */
  readonly bot?: bigint | null;
  readonly everyone?: bigint;
  readonly members?: readonly Person[];
};

export type GuildHandle = {
  readonly id: string;
  channel(
    name: string,
    options?: { readonly type?: ChannelType; readonly overwrites?: readonly APIOverwrite[] },
  ): Place;
  /** Lets somebody in, with what a role of their own allows besides: moderators. */
  add(person: Person, permissions?: bigint): void;
  /** Somebody goes, or is thrown out. */
  remove(person: Person): void;
  /** Makes a role, below the bot's; `isHighest` above all. Its id. */
  role(
    name: string,
    options?: { readonly isHighest?: boolean; readonly members?: readonly Person[] },
  ): string;
  /** Ids of the roles that somebody has. */
  rolesOf(person: Person): readonly string[];
  /** When somebody came, in milliseconds since 1970. */
  setJoinedAt(person: Person, at: number): void;
  /** What the bot's own role allows. */
  setBotPermissions(bits: bigint): void;
  /** The id of the bot's own role. */
  botRole(): string;
  /** Most threads that may be active; Discord has 1000. */
  setMostThreads(most: number): void;
  setEveryonePermissions(bits: bigint): void;
  removeBot(): void;
  /** Sets rules under Integrations, for a command or the application. */
  restrict(id: string, permissions: readonly APIApplicationCommandPermission[]): void;
  /** Lets the commands in and nothing else. */
  installCommands(): void;
};

/** A server, and what its owner does. */
export const createGuildHandle = (core: Core, options: GuildOptions = {}): GuildHandle => {
  const { name = 'a server', locale = 'en-US', tier = 0, members = [] } = options;
  const { bot = invitedPermissions, everyone = everybodysPermissions } = options;
  const guild = createGuild(core, { name, ownerId: core.application.ownerId, locale, tier, everyone });
  for (const person of members) addMember(core, guild, person.id);
  const role = bot === null ? '' : botJoins(core, guild, bot);
  return {
    id: guild.id,
    channel: (channelName, given = {}) =>
      createPlace(core, createChannel(core, guild, { name: channelName, ...given }).id),
    add: (person, permissions) => {
      const own = permissions === undefined ? [] : [addRole(core, guild, person.name, { permissions })];
      addMember(core, guild, person.id, own);
    },
    remove: (person) => removeMember(core, guild, person.id),
    role: (roleName, { isHighest = false, members: holders = [] } = {}) => {
      const id = addRole(core, guild, roleName, { permissions: 0n });
      if (isHighest) raiseRole(guild, id);
      for (const person of holders) guild.members.get(person.id)?.roles.push(id);
      return id;
    },
    rolesOf: (person) => [...(guild.members.get(person.id)?.roles ?? [])],
    setJoinedAt: (person, at) => {
      const member = guild.members.get(person.id);
      if (member) guild.members.set(person.id, { ...member, joinedAt: isoTime(at) });
    },
    setBotPermissions: (bits) => setRolePermissions(core, guild, role, bits),
    botRole: () => role,
    setMostThreads: (most) => {
      guild.mostThreads = most;
    },
    setEveryonePermissions: (bits) => setRolePermissions(core, guild, guild.id, bits),
    removeBot: () => botLeaves(core, guild),
    restrict: (id, permissions) => {
      guild.commandRules.set(id, permissions);
      const d = { id, application_id: core.application.id, guild_id: guild.id, permissions };
      core.publish({
        ...{ t: 'APPLICATION_COMMAND_PERMISSIONS_UPDATE', guildId: guild.id, channelId: null, d: () => d },
      });
    },
    installCommands: () => {
      guild.hasCommands = true;
    },
  };
};
