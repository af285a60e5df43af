import { ChannelType, OverwriteType, PermissionFlagsBits as Permission } from 'discord.js';
import type { KnownChannel } from './server-records.ts';

/** Everything that the bot asks for when it is invited. */
export const invitedPermissions: readonly (keyof typeof Permission)[] = [
  'AddReactions',
  'ViewChannel',
  'SendMessages',
  'AttachFiles',
  'ReadMessageHistory',
  'CreatePublicThreads',
  'SendMessagesInThreads',
  'PinMessages',
];

/** What errors name as missing. */
const bits = {
  'view-channel': Permission.ViewChannel,
  'send-messages': Permission.SendMessages,
  'send-messages-in-threads': Permission.SendMessagesInThreads,
  'attach-files': Permission.AttachFiles,
  'read-message-history': Permission.ReadMessageHistory,
  'pin-messages': Permission.PinMessages,
  'manage-roles': Permission.ManageRoles,
} as const satisfies Readonly<Record<string, bigint>>;
export type DiscordPermission = keyof typeof bits;

const threadTypes: ReadonlySet<ChannelType> = new Set([
  ChannelType.AnnouncementThread,
  ChannelType.PublicThread,
  ChannelType.PrivateThread,
]);
export const isThread = (type: ChannelType): boolean => threadTypes.has(type);

const has = (granted: bigint, wanted: bigint): boolean => (granted & wanted) === wanted;

/** What a render cannot do without in a channel of a server, and is not granted there. */
export const missingPermissions = (granted: bigint, type: ChannelType): readonly DiscordPermission[] => {
  const sending = isThread(type) ? 'send-messages-in-threads' : 'send-messages';
  const needed: readonly DiscordPermission[] = ['view-channel', sending, 'attach-files'];
  return needed.filter((permission) => !has(granted, bits[permission]));
};

/** Threads are opened under messages of such channels only. */
export const canOpenThread = (granted: bigint, type: ChannelType): boolean =>
  (type === ChannelType.GuildText || type === ChannelType.GuildAnnouncement) &&
  has(granted, Permission.CreatePublicThreads | Permission.SendMessagesInThreads);

export const canReact = (granted: bigint): boolean =>
  has(granted, Permission.AddReactions | Permission.ReadMessageHistory);

/** Whether somebody may delete what others wrote. */
export const isModerator = (granted: bigint): boolean => has(granted, Permission.ManageMessages);

/** Roles and overwrites as they stand in a server; a thread has the overwrites of its channel. */
export type ChannelRules = {
  readonly guild: string;
  readonly owner: string;
  /** What each role allows; the server's own id is everybody's role. */
  readonly roles: ReadonlyMap<string, bigint>;
  readonly overwrites: KnownChannel['overwrites'];
};

const everything = Object.values(Permission).reduce((all, bit) => all | bit, 0n);

/** What a member may do in a channel, in the order that Discord's documentation gives. */
export const permissionsOf = (
  { guild, owner, roles, overwrites }: ChannelRules,
  member: { readonly user: string; readonly roles: readonly string[] },
): bigint => {
  if (member.user === owner) return everything;
  const base = [guild, ...member.roles].reduce((all, role) => all | (roles.get(role) ?? 0n), 0n);
  if (has(base, Permission.Administrator)) return everything;
  const apply = (granted: bigint, chosen: typeof overwrites): bigint => {
    const deny = chosen.reduce((all, overwrite) => all | overwrite.deny, 0n);
    return (granted & ~deny) | chosen.reduce((all, overwrite) => all | overwrite.allow, 0n);
  };
  const ofRoles = overwrites.filter(({ type }) => type === OverwriteType.Role);
  const steps = [
    ofRoles.filter(({ id }) => id === guild),
    ofRoles.filter(({ id }) => id !== guild && member.roles.includes(id)),
    overwrites.filter(({ id, type }) => type === OverwriteType.Member && id === member.user),
  ];
  return steps.reduce(apply, base);
};

const mebibyte = 2 ** 20;
/** The largest file by default, as in direct messages. */
export const usualFileBytes = 10 * mebibyte;

/** The largest file in a server, by how far it is boosted. */
export const fileBytesOfTier = (tier: number): number =>
  tier >= 3 ? 100 * mebibyte : tier === 2 ? 50 * mebibyte : usualFileBytes;
