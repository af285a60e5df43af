import type { SpokenNames } from '../../../commands/spoken-options.ts';
import { type CommandName, commandNames } from '../../domain/command-name.ts';
import { type KindName, kindNames, kinds } from '../../domain/kinds.ts';
import type { ChatWords } from '../../messages/chat-words.ts';
import { en } from '../../messages/en.ts';
import { type Named, optionWords } from '../../messages/names.ts';

/** Words about an option; what has none is a mistake in this project. */
export const fieldWords = (words: ChatWords, field: string, kind?: KindName): Named =>
  optionWords(words, field, kind) ?? { name: field, description: field };

/** What people of a language may call the kinds of renders and their fields, and what English calls them. */
export const spokenNames = (words: ChatWords): SpokenNames => ({
  kinds: new Map(
    [en, words].flatMap((language) =>
      kindNames.map((kind) => [language.kinds[kind].command.name.toLowerCase(), kind] as const),
    ),
  ),
  fields: (kind) =>
    new Map(
      [en, words].flatMap((language) =>
        kinds[kind].fields.map(
          ({ name }) => [fieldWords(language, name, kind).name.toLowerCase(), name] as const,
        ),
      ),
    ),
});

/** The command that people of a language call so, or that English calls so. */
export const spokenCommand = (word: string, words: ChatWords): CommandName | undefined =>
  commandNames.find((name) =>
    [en, words].some((language) => language.commands[name].name === word.toLowerCase()),
  );
