import {
  type APIApplicationCommand,
  PermissionFlagsBits as Bit,
  ChannelType,
  ApplicationCommandType as Command,
  ApplicationCommandOptionType as Option,
} from 'discord-api-types/v10';
import { type MessageView, viewMessage } from '../../discord/driver/message-view.ts';
import type { FakeDiscord } from '../../discord/fake-discord.ts';
import type { Channel, Message } from '../../discord/state/model.ts';
import { may } from '../../discord/state/permissions.ts';
import { snowflakeTime } from '../../discord/state/snowflakes.ts';

/** What the page shows; the script beside this file draws it. */
export type PageState = ReturnType<typeof pageState>;

const placeName = (channel: Channel): string => {
  if (channel.type === ChannelType.DM) return 'direct messages with the bot';
  return channel.thread
    ? `${channel.name}${channel.thread.archived ? ' (archived)' : ''}`
    : `# ${channel.name}`;
};

const shownMessage = (fake: FakeDiscord, message: Message) => {
  const { history, files, payload, ...view }: MessageView = viewMessage(fake.core, message);
  return {
    ...view,
    time: new Date(snowflakeTime(message.id)).toISOString().slice(11, 19),
    edits: history.length,
    mentions: Object.fromEntries(payload.mentions.map(({ id, username }) => [id, username])),
    files: files.map(({ bytes, ...file }) => ({ ...file, size: bytes.byteLength })),
  };
};

type Role = { readonly id: string; readonly name: string };

/** A command as the page offers it; one with subcommands is as many. */
const commandsOf = (
  {
    name,
    type,
    description,
    options = [],
  }: Pick<APIApplicationCommand, 'name' | 'type' | 'description' | 'options'>,
  roles: readonly Role[],
): readonly object[] => {
  const verbs = options.filter((option) => option.type === Option.Subcommand);
  if (verbs.length > 0) {
    return verbs.flatMap((verb) => commandsOf({ ...verb, type, name: `${name} ${verb.name}` }, roles));
  }
  const isMessageCommand = type === Command.Message;
  const shown = options.map((option) => ({
    ...option,
    isFile: option.type === Option.Attachment,
    isNumber: option.type === Option.Integer || option.type === Option.Number,
    ...(option.type === Option.Role && {
      choices: roles.map((role) => ({
        name: role.name.startsWith('@') ? role.name : `@${role.name}`,
        value: role.id,
      })),
    }),
  }));
  return [{ name, description, isMessageCommand, options: shown }];
};

/** The world as one person sees it, with one channel open. */
export const pageState = (fake: FakeDiscord, { userId, placeId }: { userId: string; placeId: string }) => {
  const { core } = fake;
  const visible = [...core.channels.values()].filter((channel) =>
    may(core, channel, userId, Bit.ViewChannel),
  );
  const open = visible.find(({ id }) => id === placeId) ?? visible[0];
  const messages = [...(open?.messages.values() ?? [])].filter(
    ({ ephemeralTo }) => ephemeralTo === null || ephemeralTo === userId,
  );
  const roles = [...(core.guilds.get(open?.guildId ?? '')?.roles.values() ?? [])];
  const last = [...core.interactions.values()].filter((interaction) => interaction.userId === userId).at(-1);
  return {
    users: [...core.users.values()]
      .filter(({ bot, id }) => !bot && id !== core.application.ownerId)
      .map(({ id, name, locale }) => ({ id, name, locale })),
    places: visible.map((channel) => ({
      id: channel.id,
      name: placeName(channel),
      isThread: channel.thread !== null,
      guild: core.guilds.get(channel.guildId ?? '')?.name ?? null,
    })),
    place: open?.id ?? null,
    messages: messages.map((message) => shownMessage(fake, message)),
    commands: [...core.commands.global.values()].flatMap((command) => commandsOf(command, roles)),
    last: last && {
      didNotRespond: last.failed,
      acknowledgedAfterMs:
        last.acknowledgedAt === null ? null : Math.round(last.acknowledgedAt - last.createdAt),
      ...{ token: last.token, form: last.form, choices: last.choices },
    },
    connected: fake.gateway.connected,
    violations: fake.violations,
    clock: new Date(fake.clock.wallTime()).toISOString(),
  };
};
