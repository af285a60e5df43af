import { commands } from '../../../commands/index.ts';
import type { SpokenNames } from '../../../commands/spoken-options.ts';
import { type CommandName, commandNames } from '../../domain/command-name.ts';
import { kindNames, kinds } from '../../domain/kinds.ts';
import type { ChatWords } from '../../messages/chat-words.ts';
import { type Named, type OptionOwner, optionWords } from '../../messages/names.ts';

/** Words about an option; what has none is a mistake in this project. */
export const fieldWords = (words: ChatWords, field: string, owner?: OptionOwner): Named =>
  optionWords(words, field, owner) ?? { name: field, description: field };

/** What people of these languages may call the kinds of renders and their fields. */
export const spokenNames = (languages: readonly ChatWords[]): SpokenNames => ({
  kinds: new Map(
    languages.flatMap((language) =>
      kindNames.map((kind) => [language.kinds[kind].command.name.toLowerCase(), kind] as const),
    ),
  ),
  fields: (kind) =>
    new Map(
      languages.flatMap((language) =>
        commands[kinds[kind].command].fields.map(
          ({ name }) => [fieldWords(language, name, kind).name.toLowerCase(), name] as const,
        ),
      ),
    ),
  choice: (field, called) =>
    languages
      .flatMap(({ choices }) => Object.entries(choices[field] ?? {}))
      .find(([, name]) => name.toLowerCase() === called.replaceAll('"', '').toLowerCase())?.[0],
});

/** The command that people of one of these languages call so. */
export const spokenCommand = (word: string, languages: readonly ChatWords[]): CommandName | undefined =>
  commandNames.find((name) =>
    languages.some((language) => language.commands[name].name === word.toLowerCase()),
  );
