import { randomBytes } from 'node:crypto';
import {
  ApplicationIntegrationType,
  PermissionFlagsBits as Bit,
  ChannelType,
  InteractionContextType,
  type InteractionType,
  type LocaleString,
} from 'discord-api-types/v10';
import { channelPayload } from './channels.ts';
import type { Core } from './core.ts';
import { ownersOf } from './message-payload.ts';
import type { Channel, Interaction } from './model.ts';
import { appPermissions, may, permissionsIn } from './permissions.ts';
import { personFileLimit } from './stored-files.ts';
import { getUser, memberPayload, userPayload } from './users.ts';

/** How long an interaction waits for its first answer. */
export const acknowledgeMs = 3000;
/** How long its token opens the webhook. */
export const tokenMs = 15 * 60_000;

/** How the application is there for somebody in a place. */
export const installsFor = (
  core: Core,
  channel: Channel,
  userId: string,
): readonly ApplicationIntegrationType[] => {
  const guild = core.guilds.get(channel.guildId ?? '');
  const inGuild = guild !== undefined && (guild.hasCommands || guild.members.has(core.application.id));
  const user = core.users.get(userId);
  return [
    ...(inGuild || channel.guildId === null ? [ApplicationIntegrationType.GuildInstall] : []),
    ...(user?.installed ? [ApplicationIntegrationType.UserInstall] : []),
  ];
};

export const contextOf = (channel: Channel): InteractionContextType => {
  if (channel.guildId !== null) return InteractionContextType.Guild;
  return channel.type === ChannelType.DM
    ? InteractionContextType.BotDM
    : InteractionContextType.PrivateChannel;
};

export type NewInteraction = {
  readonly type: InteractionType;
  readonly channel: Channel;
  readonly userId: string;
  readonly data: object;
  readonly locale?: LocaleString;
  readonly commandName?: string;
  readonly targetMessageId?: string;
  readonly sourceMessageId?: string;
  readonly opener?: Interaction;
  /** Fields that Discord leaves out, as it may. */
  readonly without?: readonly string[];
  /** The message that goes along with it: of a component. */
  readonly message?: object;
};

const userFields = (core: Core, channel: Channel, userId: string) => {
  const member = core.guilds.get(channel.guildId ?? '')?.members.get(userId);
  if (!member) return { user: userPayload(getUser(core, userId)) };
  const permissions = String(permissionsIn(core, channel, userId));
  return { member: { ...memberPayload(core, member), permissions } };
};

const guildFields = (core: Core, channel: Channel) => {
  const guild = core.guilds.get(channel.guildId ?? '');
  if (!guild) return {};
  const { id, locale } = guild;
  return { guild_id: id, guild_locale: locale, guild: { id, locale, features: [] } };
};

/** After three seconds the user is told that the application did not respond. */
const watch = (core: Core, interaction: Interaction): void => {
  core.clock.after(acknowledgeMs, () => {
    if (interaction.acknowledgedAt !== null) return;
    interaction.failed = true;
    core.changed();
  });
};

/** Somebody uses a command or presses a button: INTERACTION_CREATE to the bot. */
export const createInteraction = (core: Core, request: NewInteraction): Interaction => {
  const { type, channel, userId, without = [] } = request;
  const user = getUser(core, userId);
  const installs = installsFor(core, channel, userId);
  const inGuild = channel.guildId !== null && installs.includes(ApplicationIntegrationType.GuildInstall);
  const isHome = inGuild || channel.guildId === null;
  const interaction: Interaction = {
    id: core.ids.next(),
    token: randomBytes(80).toString('base64url'),
    type,
    userId,
    channelId: channel.id,
    guildId: channel.guildId,
    locale: request.locale ?? user.locale,
    createdAt: core.clock.now(),
    commandName: request.commandName ?? null,
    targetMessageId: request.targetMessageId ?? null,
    sourceMessageId: request.sourceMessageId ?? null,
    opener: request.opener ?? null,
    owners: ownersOf(isHome ? (channel.guildId ?? '0') : null, user.installed ? userId : null),
    context: contextOf(channel),
    userInstalledOnly: !isHome,
    forcedEphemeral: !isHome && !may(core, channel, userId, Bit.UseExternalApps),
    maxFileBytes: personFileLimit(core, channel, userId),
    acknowledgedAt: null,
    answer: null,
    failed: false,
    expired: false,
    originalId: null,
    loading: false,
    followUps: [],
    choices: null,
    form: null,
  };
  core.interactions.set(interaction.token, interaction);
  const payload = {
    id: interaction.id,
    application_id: core.application.id,
    type,
    token: interaction.token,
    version: 1,
    data: request.data,
    channel_id: channel.id,
    channel: {
      ...channelPayload(core, channel),
      permissions: String(permissionsIn(core, channel, userId)),
    },
    ...guildFields(core, channel),
    ...userFields(core, channel, userId),
    locale: interaction.locale,
    app_permissions: String(appPermissions(core, channel)),
    entitlements: [],
    authorizing_integration_owners: { ...interaction.owners },
    context: interaction.context,
    attachment_size_limit: interaction.maxFileBytes,
    ...(request.message && { message: request.message }),
  };
  watch(core, interaction);
  core.publish({
    t: 'INTERACTION_CREATE',
    guildId: channel.guildId,
    // No intent and no permission is needed for these.
    channelId: null,
    d: () => Object.fromEntries(Object.entries(payload).filter(([field]) => !without.includes(field))),
  });
  return interaction;
};
