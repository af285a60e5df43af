import { ApplicationCommandPermissionType as Kind, PermissionFlagsBits as Permission } from 'discord.js';
import type { KindName } from '../../domain/kinds.ts';

/** One line under Server Settings > Integrations: a role, a person or a channel, and whether it is allowed. */
export type CommandRule = { readonly id: string; readonly type: Kind; readonly permission: boolean };

/** The rules of a server, of the command itself and of all commands of the application. */
export type CommandRules = {
  readonly ofCommand: readonly CommandRule[];
  readonly ofApplication: readonly CommandRule[];
};

/** Somebody who is about to use a command in a server. */
export type Using = {
  /** Whose command it is, or what does the same. */
  readonly kind: KindName;
  readonly guild: string;
  /** Of a thread the channel that it is in. */
  readonly channel: string;
  readonly user: string;
  readonly roles: readonly string[];
  /** What they may do there; null where that is not known. */
  readonly granted: bigint | null;
};

/** Discord's id of "all channels" in rules. */
const allChannels = (guild: string): string => String(BigInt(guild) - 1n);

const ruleFor = (rules: readonly CommandRule[], type: Kind, id: string): boolean | undefined =>
  rules.find((rule) => rule.type === type && rule.id === id)?.permission;

const inChannel = (rules: readonly CommandRule[], { guild, channel }: Using): boolean | undefined =>
  ruleFor(rules, Kind.Channel, channel) ?? ruleFor(rules, Kind.Channel, allChannels(guild));

/** A person goes before their roles, and these before everybody; of several roles one that is allowed is enough. */
const forMember = (rules: readonly CommandRule[], { guild, user, roles }: Using): boolean | undefined => {
  const own = roles.map((role) => ruleFor(rules, Kind.Role, role)).filter((rule) => rule !== undefined);
  const byRole = own.length > 0 ? own.includes(true) : undefined;
  return ruleFor(rules, Kind.User, user) ?? byRole ?? ruleFor(rules, Kind.Role, guild);
};

/**
 * Whether somebody may use a command, as Discord decides it for slash commands: what the command's rules leave open is
 * decided by those of the application; the place and the person both have to be allowed.
 */
export const mayUse = ({ ofCommand, ofApplication }: CommandRules, using: Using): boolean => {
  const { granted } = using;
  if (granted !== null && (granted & Permission.Administrator) !== 0n) return true;
  if (granted !== null && (granted & Permission.UseApplicationCommands) === 0n) return false;
  const isChannelFine = inChannel(ofCommand, using) ?? inChannel(ofApplication, using) ?? true;
  const isMemberFine = forMember(ofCommand, using) ?? forMember(ofApplication, using) ?? true;
  return isChannelFine && isMemberFine;
};
