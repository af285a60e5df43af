import { parseCommandLine } from '../../../commands/command-line.ts';
import { commands } from '../../../commands/index.ts';
import {
  type ContestCommand,
  contestCommand,
  contestCommands,
  contestWord,
} from '../../domain/command-name.ts';
import { GramzoomError } from '../../domain/errors.ts';
import { languages } from '../../messages/languages.ts';
import { fieldWords } from '../shared/spoken-names.ts';

/** What somebody typed about contests. */
export type TypedContest = {
  readonly name: ContestCommand;
  readonly options: Readonly<Record<string, string | number>>;
  /** Whether they named a command at all; without one it is how the contest stands. */
  readonly isNamed: boolean;
};

const all = Object.values(languages);

const isSame = (a: string, b: string): boolean =>
  a.normalize('NFC').toLowerCase() === b.normalize('NFC').toLowerCase();
/** `enter-until` and `enterUntil` mean `enter_until`. */
const bare = (name: string): string => name.replaceAll(/[-_]/g, '');

/** Whether a word is what all commands about contests begin with, in one of the languages. */
export const isContestWord = (word: string): boolean =>
  isSame(word, contestWord) || all.some(({ contestCommand: { name } }) => isSame(name, word));

const commandCalled = (word: string): ContestCommand | undefined =>
  contestCommands.find((name) =>
    [name, ...all.map(({ commands: named }) => named[name].name)].some((called) =>
      isSame(called.split(' ').at(-1) ?? '', word),
    ),
  );

/** Keyboards put other marks around what is quoted. */
const quotes = /[“”„«»]/g;
/** A word, or what stands between quotes; either may begin with `option:`. */
const tokens = /(?:[^\s"]|"[^"]*"?)+/g;

/** `einreichen_bis:"31.10. 18 Uhr"` as `enterUntil:"31.10. 18 Uhr"`, and choices as the schema calls them. */
const inSchemaWords = (command: ContestCommand, token: string): string => {
  const [, called, value = ''] = /^([\p{L}\p{N}_-]+)[:=](.*)$/su.exec(token) ?? [];
  if (called === undefined) return token;
  const field = commands[command].fields.find(({ name }) =>
    [name, ...all.map((words) => fieldWords(words, name, 'contest').name)].some((one) =>
      isSame(bare(one), bare(called)),
    ),
  );
  if (!field) return token;
  const choice = field.choices?.find((one) =>
    all.some((words) => isSame(words.choices[field.name]?.[one] ?? one, value.replaceAll('"', ''))),
  );
  return `${field.name}:${choice ?? value}`;
};

/**
 * Reads what stands after `contest`, in any of the languages.
 * @throws GramzoomError `command-unknown`, `option-malformed`, `option-twice`
 */
export const readTypedContest = (text: string): TypedContest => {
  const [first, ...others] = text.replaceAll(quotes, '"').match(tokens) ?? [];
  if (first === undefined) return { name: contestCommand('status'), options: {}, isNamed: false };
  const name = commandCalled(first);
  if (!name) throw new GramzoomError('command-unknown', { name: first, known: contestCommands });
  const line = [`/${name}`, ...others.map((token) => inSchemaWords(name, token))].join(' ');
  return { name, options: parseCommandLine(line)?.options ?? {}, isNamed: true };
};
