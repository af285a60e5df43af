import {
  type APIApplicationCommand,
  type APIApplicationCommandOption,
  ApplicationCommandType,
  ApplicationIntegrationType,
  type InteractionContextType,
  type RESTPostAPIApplicationCommandsJSONBody,
} from 'discord-api-types/v10';
import type { Core } from './core.ts';
import { DiscordError, invalidForm } from './discord-error.ts';

const entryPointMissing = 50_240;

export type CommandBody = RESTPostAPIApplicationCommandsJSONBody;

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

const stored = (core: Core, body: CommandBody, id: string) => {
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
    integration_types: body.integration_types ?? [ApplicationIntegrationType.GuildInstall],
    contexts: body.contexts ?? null,
  } as APIApplicationCommand;
  const options = storedOptions(command.options);
  return options ? { ...command, options } : command;
};

const sameCommand = (a: APIApplicationCommand, b: CommandBody): boolean =>
  a.name === b.name && a.type === (b.type ?? ApplicationCommandType.ChatInput);

/** Replaces all commands at once; those of the same name keep their id. */
export const overwriteCommands = (core: Core, bodies: readonly CommandBody[]) => {
  const book = core.commands.global;
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
    return stored(core, body, same?.id ?? core.ids.next());
  });
  core.commands.writes += 1;
  book.clear();
  for (const command of commands) book.set(command.id, command);
  core.changed();
  return commands;
};

/** Where a command is asked for. */
export type CommandPlace = {
  readonly context: InteractionContextType;
  readonly installs: readonly ApplicationIntegrationType[];
};

/** The command that a user's client offers under this name there. */
export const offeredCommand = (
  core: Core,
  { name, type }: { readonly name: string; readonly type: ApplicationCommandType },
  { context, installs }: CommandPlace,
): APIApplicationCommand | undefined => {
  return [...core.commands.global.values()].find(
    (command) =>
      command.name === name &&
      command.type === type &&
      (command.contexts?.includes(context) ?? true) &&
      installs.some((install) => command.integration_types?.includes(install)),
  );
};
