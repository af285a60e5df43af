import {
  type APIApplicationCommand,
  type APIApplicationCommandOption,
  ApplicationCommandType,
  ApplicationIntegrationType,
  type InteractionContextType,
  RESTJSONErrorCodes,
  type RESTPostAPIApplicationCommandsJSONBody,
} from 'discord-api-types/v10';
import type { Core } from './core.ts';
import { DiscordError, discordError, invalidForm } from './discord-error.ts';

const mostCreatesPerDay = 200;
const tooManyCreates = 30_034;
const entryPointMissing = 50_240;

export type CommandBody = RESTPostAPIApplicationCommandsJSONBody;

const bookOf = (core: Core, guildId: string | null): Map<string, APIApplicationCommand> => {
  if (guildId === null) return core.commands.global;
  const book = core.commands.guilds.get(guildId) ?? new Map<string, APIApplicationCommand>();
  core.commands.guilds.set(guildId, book);
  return book;
};

export const listCommands = (core: Core, guildId: string | null): readonly APIApplicationCommand[] => [
  ...bookOf(core, guildId).values(),
];

export const getCommand = (core: Core, guildId: string | null, id: string): APIApplicationCommand => {
  const command = bookOf(core, guildId).get(id);
  if (!command) throw discordError(RESTJSONErrorCodes.UnknownApplicationCommand);
  return command;
};

/** Options come back with what Discord fills in: `required` only where true. */
const storedOptions = (options: readonly APIApplicationCommandOption[] | undefined) =>
  options?.map((option) => {
    const { required, ...rest } = option as APIApplicationCommandOption & { required?: boolean };
    return { ...rest, ...(required && { required }) } as APIApplicationCommandOption;
  });

const checkName = (body: CommandBody): void => {
  const isChat = (body.type ?? ApplicationCommandType.ChatInput) === ApplicationCommandType.ChatInput;
  const isFine = isChat
    ? /^[-_'\p{L}\p{N}]{1,32}$/u.test(body.name) && body.name === body.name.toLowerCase()
    : body.name.length > 0 && body.name.length <= 32;
  if (!isFine) throw invalidForm('name', 'APPLICATION_COMMAND_INVALID_NAME', 'Command name is invalid');
};

const stored = (core: Core, body: CommandBody, { id, guildId }: { id: string; guildId: string | null }) => {
  checkName(body);
  const command = {
    name_localizations: null,
    description_localizations: null,
    default_member_permissions: null,
    nsfw: false,
    ...body,
    type: body.type ?? ApplicationCommandType.ChatInput,
    description: 'description' in body ? body.description : '',
    id,
    application_id: core.application.id,
    version: core.ids.next(),
    ...(guildId === null
      ? {
          integration_types: body.integration_types ?? [ApplicationIntegrationType.GuildInstall],
          contexts: body.contexts ?? null,
        }
      : { guild_id: guildId }),
  } as APIApplicationCommand;
  const options = storedOptions(command.options);
  return options ? { ...command, options } : command;
};

const sameCommand = (a: APIApplicationCommand, b: CommandBody): boolean =>
  a.name === b.name && a.type === (b.type ?? ApplicationCommandType.ChatInput);

const countCreate = (core: Core): void => {
  core.commands.creates += 1;
  if (core.commands.creates > mostCreatesPerDay) {
    throw new DiscordError(
      429,
      tooManyCreates,
      'Max number of daily application command creates has been reached (200)',
    );
  }
};

/** Creates a command; one of that name is replaced. */
export const upsertCommand = (core: Core, guildId: string | null, body: CommandBody) => {
  const book = bookOf(core, guildId);
  const old = [...book.values()].find((command) => sameCommand(command, body));
  if (!old) countCreate(core);
  core.commands.writes += 1;
  const command = stored(core, body, { id: old?.id ?? core.ids.next(), guildId });
  book.set(command.id, command);
  core.changed();
  return { command, isNew: !old };
};

export const patchCommand = (
  core: Core,
  guildId: string | null,
  { id, body }: { id: string; body: Partial<CommandBody> },
): APIApplicationCommand => {
  const old = getCommand(core, guildId, id);
  core.commands.writes += 1;
  const command = stored(core, { ...(old as unknown as CommandBody), ...body } as CommandBody, {
    id,
    guildId,
  });
  bookOf(core, guildId).set(id, command);
  core.changed();
  return command;
};

/** Replaces all commands of a place at once; those of the same name keep their id. */
export const overwriteCommands = (core: Core, guildId: string | null, bodies: readonly CommandBody[]) => {
  const book = bookOf(core, guildId);
  const old = [...book.values()];
  const names = bodies.map(({ name, type }) => `${type ?? ApplicationCommandType.ChatInput}:${name}`);
  const twice = names.findIndex((name, index) => names.indexOf(name) !== index);
  if (twice >= 0) {
    throw invalidForm(
      `${twice}.name`,
      'APPLICATION_COMMANDS_DUPLICATE_NAME',
      'Application command names must be unique',
    );
  }
  const entryPoint = old.find(({ type }) => type === ApplicationCommandType.PrimaryEntryPoint);
  if (entryPoint && !bodies.some((body) => sameCommand(entryPoint, body))) {
    throw new DiscordError(
      400,
      entryPointMissing,
      "You cannot remove this app's Entry Point command in a bulk update operation",
    );
  }
  const commands = bodies.map((body) => {
    const same = old.find((command) => sameCommand(command, body));
    if (!same) countCreate(core);
    return stored(core, body, { id: same?.id ?? core.ids.next(), guildId });
  });
  core.commands.writes += 1;
  book.clear();
  for (const command of commands) book.set(command.id, command);
  core.changed();
  return commands;
};

export const deleteCommand = (core: Core, guildId: string | null, id: string): void => {
  getCommand(core, guildId, id);
  bookOf(core, guildId).delete(id);
  core.changed();
};

/** Where a command is asked for. */
export type CommandPlace = {
  readonly guildId: string | null;
  readonly context: InteractionContextType;
  readonly installs: readonly ApplicationIntegrationType[];
};

/** The command that a user's client offers under this name there; a guild's own goes before the global one. */
export const offeredCommand = (
  core: Core,
  { name, type }: { readonly name: string; readonly type: ApplicationCommandType },
  { guildId, context, installs }: CommandPlace,
): APIApplicationCommand | undefined => {
  const isIt = (command: APIApplicationCommand): boolean => command.name === name && command.type === type;
  const inGuild = installs.includes(ApplicationIntegrationType.GuildInstall) && guildId !== null;
  const own = inGuild ? listCommands(core, guildId).find(isIt) : undefined;
  if (own) return own;
  return listCommands(core, null).find(
    (command) =>
      isIt(command) &&
      (command.contexts?.includes(context) ?? true) &&
      installs.some((install) => command.integration_types?.includes(install)),
  );
};
