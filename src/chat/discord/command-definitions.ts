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
import {
  type CommandName,
  commandNames,
  contestCommands,
  isContestCommand,
} from '../../domain/command-name.ts';
import type { ChatWords } from '../../messages/chat-words.ts';
import { en } from '../../messages/en.ts';
import { languages } from '../../messages/languages.ts';
import { type Named, type OptionOwner, optionOwner } from '../../messages/names.ts';
import { fieldWords } from '../shared/spoken-names.ts';
import type { CommandEvent } from './events.ts';

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
  { name: field, kind, min, max, choices, maxLetters = longestText, isRequired, takes }: CommandField,
  owner: OptionOwner | undefined,
): Option => {
  const words = {
    ...named((language) => fieldWords(language, field, owner)),
    ...(isRequired && { required: true }),
  };
  const limits = {
    ...(min !== undefined && { min_value: min }),
    ...(max !== undefined && { max_value: max }),
  };
  if (kind === 'integer') return { ...words, ...limits, type: OptionType.Integer };
  if (kind === 'number') return { ...words, ...limits, type: OptionType.Number };
  if (takes === 'role') return { ...words, type: OptionType.Role };
  const offered = choices?.slice(0, mostChoices).map((choice) => ({
    name: choiceName(en, field, choice),
    name_localizations: inOthers((language) => choiceName(language, field, choice)),
    value: choice,
  }));
  return {
    ...words,
    type: OptionType.String,
    ...(offered ? { choices: offered } : { max_length: maxLetters, autocomplete: takes === 'zone' }),
  };
};

/** In servers, in direct messages with the bot, and wherever somebody brings it along. */
const everywhere = {
  contexts: [Context.Guild, Context.BotDM, Context.PrivateChannel],
  integration_types: [Installed.GuildInstall, Installed.UserInstall],
};

/** Contests are those of a server that the bot is in. */
const inServers = {
  contexts: [Context.Guild],
  integration_types: [Installed.GuildInstall],
};

const photo: Option = {
  ...named((words) => words.photoOption),
  type: OptionType.Attachment,
  required: true,
  file_types: ['image'],
};

const optionsOf = (name: CommandName, offer: NetworkOffer): Option[] => {
  const command: CommandHelp = commands[name];
  return withNetworks(command.fields, offer).map((field) => optionOf(field, optionOwner(command)));
};

const slashCommand = (name: CommandName, offer: NetworkOffer): Definition => {
  const options = optionsOf(name, offer);
  return {
    ...everywhere,
    type: CommandType.ChatInput,
    ...named((words) => words.commands[name]),
    options: commands[name].renderKind ? [photo, ...options] : options,
  };
};

/** Of a name of two words the second, which is that of a subcommand. */
const lastWord = ({ name, description }: Named): Named => ({
  name: name.split(' ').at(-1) ?? name,
  description,
});

/** All that is about contests is one command of Discord's, with subcommands. */
const contestDefinition = (offer: NetworkOffer): Definition => ({
  ...inServers,
  type: CommandType.ChatInput,
  ...named((words) => words.contestCommand),
  options: contestCommands.map((name) => ({
    type: OptionType.Subcommand,
    ...named((words) => lastWord(words.commands[name])),
    options: optionsOf(name, offer),
  })),
});

/** All that Discord offers people, derived from the commands and the request schema. */
export const commandDefinitions = (offer: NetworkOffer): readonly Definition[] => [
  ...commandNames.filter((name) => !isContestCommand(name)).map((name) => slashCommand(name, offer)),
  contestDefinition(offer),
  { ...everywhere, type: CommandType.Message, name: menuEntry },
];

/** The command that Discord calls so: its name, and behind it that of its subcommand. */
export const commandNamed = (name: string): CommandName | undefined =>
  commandNames.find((candidate) => en.commands[candidate].name === name);

/** Discord's name of a command, with that of its subcommand behind it, and what was given with it. */
export const typedIn = ({ name, options }: CommandEvent['data']) => {
  const [sub] = options;
  return sub?.type === OptionType.Subcommand
    ? { name: `${name} ${sub.name}`, options: sub.options }
    : { name, options };
};

/** The option of a command that Discord calls so; others keep their name, for the command to refuse. */
export const fieldNamed = (command: CommandName, name: string): string => {
  const { fields, ...help }: CommandHelp = commands[command];
  const owner = optionOwner(help);
  return fields.find((field) => fieldWords(en, field.name, owner).name === name)?.name ?? name;
};
