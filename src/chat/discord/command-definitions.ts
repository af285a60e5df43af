import {
  ApplicationCommandType as CommandType,
  InteractionContextType as Context,
  type RESTPostAPIApplicationCommandsJSONBody as Definition,
  ApplicationIntegrationType as Installed,
  type APIApplicationCommandBasicOption as Option,
  ApplicationCommandOptionType as OptionType,
} from 'discord.js';
import { type CommandField, type CommandHelp, withNetworks } from '../../../commands/command.ts';
import { commands } from '../../../commands/index.ts';
import type { NetworkOffer } from '../../app/renders.ts';
import { type CommandName, commandNames } from '../../domain/command-name.ts';
import type { KindName } from '../../domain/kinds.ts';
import type { ChatWords } from '../../messages/chat-words.ts';
import { en } from '../../messages/en.ts';
import { languages } from '../../messages/languages.ts';
import type { Named } from '../../messages/names.ts';
import { fieldWords } from '../shared/spoken-names.ts';

/** The entry in the Apps menu of a message. */
export const menuEntry = 'Gramzoom';

/** The longest text that a person can mean by an option. */
const longestText = 64;
/** Discord's most choices of an option. */
const mostChoices = 25;

const others = Object.entries(languages).filter(([, words]) => words !== en);

/** A text in every language but English. */
const inOthers = (read: (words: ChatWords) => string): Record<string, string> =>
  Object.fromEntries(others.map(([locale, words]) => [locale, read(words)]));

const named = (read: (words: ChatWords) => Named) => ({
  name: read(en).name,
  name_localizations: inOthers((words) => read(words).name),
  description: read(en).description,
  description_localizations: inOthers((words) => read(words).description),
});

const choiceName = (words: ChatWords, field: string, choice: string): string => {
  return words.choices[field]?.[choice] ?? choice;
};

const optionOf = (
  { name: field, kind, min, max, choices }: CommandField,
  renderKind: KindName | undefined,
): Option => {
  const words = named((language) => fieldWords(language, field, renderKind));
  const limits = {
    ...(min !== undefined && { min_value: min }),
    ...(max !== undefined && { max_value: max }),
  };
  if (kind === 'integer') return { ...words, ...limits, type: OptionType.Integer };
  if (kind === 'number') return { ...words, ...limits, type: OptionType.Number };
  const offered = choices?.slice(0, mostChoices).map((choice) => ({
    name: choiceName(en, field, choice),
    name_localizations: inOthers((language) => choiceName(language, field, choice)),
    value: choice,
  }));
  return {
    ...words,
    type: OptionType.String,
    ...(offered ? { choices: offered } : { max_length: longestText }),
  };
};

/** In servers, in direct messages with the bot, and wherever somebody brings it along. */
const everywhere = {
  contexts: [Context.Guild, Context.BotDM, Context.PrivateChannel],
  integration_types: [Installed.GuildInstall, Installed.UserInstall],
};

const photo: Option = {
  ...named((words) => words.photoOption),
  type: OptionType.Attachment,
  required: true,
  file_types: ['image'],
};

const slashCommand = (name: CommandName, offer: NetworkOffer): Definition => {
  const { renderKind, fields }: CommandHelp = commands[name];
  const options = withNetworks(fields, offer).map((field) => optionOf(field, renderKind));
  return {
    ...everywhere,
    type: CommandType.ChatInput,
    ...named((words) => words.commands[name]),
    options: renderKind ? [photo, ...options] : options,
  };
};

/** All that Discord offers people, derived from the commands and the request schema. */
export const commandDefinitions = (offer: NetworkOffer): readonly Definition[] => [
  ...commandNames.map((name) => slashCommand(name, offer)),
  { ...everywhere, type: CommandType.Message, name: menuEntry },
];

/** The command that Discord calls so. */
export const commandNamed = (name: string): CommandName | undefined =>
  commandNames.find((candidate) => en.commands[candidate].name === name);

/** The option of a command that Discord calls so; others keep their name, for the command to refuse. */
export const fieldNamed = (command: CommandName, name: string): string => {
  const fields: readonly CommandField[] = commands[command].fields;
  return fields.find((field) => fieldWords(en, field.name).name === name)?.name ?? name;
};
