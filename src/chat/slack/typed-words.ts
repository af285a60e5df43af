import { parseCommandLine } from '../../../commands/command-line.ts';
import { commands } from '../../../commands/index.ts';
import { spokenOptions } from '../../../commands/spoken-options.ts';
import { type CommandName, type KindCommand, kindCommands } from '../../domain/command-name.ts';
import { GramzoomError } from '../../domain/errors.ts';
import { defaultKind, type KindName } from '../../domain/kinds.ts';
import type { ChatWords } from '../../messages/chat-words.ts';
import { languages } from '../../messages/languages.ts';
import { optionOwner } from '../../messages/names.ts';
import { fieldWords, spokenCommand, spokenNames } from '../shared/spoken-names.ts';
import { isContestWord, readTypedContest } from './typed-contest.ts';

/** A command that takes no photo. */
export type WordCommand = Exclude<CommandName, KindCommand>;

/** What somebody typed after a command, after the bot's name or to it alone. */
export type TypedWords =
  | { readonly is: 'command'; readonly name: WordCommand; readonly options: RawOptions }
  /** Options of a render, or nothing at all. */
  | { readonly is: 'order'; readonly kind: KindName; readonly options: RawOptions }
  | { readonly is: 'talk' };

type RawOptions = Readonly<Record<string, string | number>>;

/** The language of whoever types is not known yet, and has not to be: no two call different things the same. */
const all = Object.values(languages);
const names = spokenNames(all);

const isWordCommand = (name: CommandName): name is WordCommand =>
  !(kindCommands as readonly CommandName[]).includes(name);

const isSame = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** `thema:Optionen` and `Optionen` are `topic:options`; undefined for what is no option of the command. */
const optionIn = (command: WordCommand, word: string): string | undefined => {
  const [, called, value = word] = /^([\p{L}\p{N}_-]+)[:=](.+)$/su.exec(word) ?? [];
  const field = commands[command].fields.find(
    ({ name }) =>
      called === undefined ||
      all.some((words) => isSame(fieldWords(words, name, optionOwner({ name: command })).name, called)),
  );
  if (!field) return undefined;
  const choice = field.choices?.find((one) =>
    all.some((words) => isSame(words.choices[field.name]?.[one] ?? one, value)),
  );
  // Ids of renders have digits, as words have not.
  const isMeant = choice !== undefined || called !== undefined || (!field.choices && /\d/.test(value));
  return isMeant ? `${field.name}:${choice ?? value}` : undefined;
};

const firstWord = /^\s*\/?(\p{L}+)(?:\s+(.*))?$/su;

/** The command that a text begins with, and the words after it. */
const commandIn = (
  text: string,
): { readonly name: CommandName; readonly rest: readonly string[] } | undefined => {
  const [, first = '', rest = ''] = firstWord.exec(text) ?? [];
  const name = spokenCommand(first, all);
  return name && { name, rest: rest.split(/\s+/).filter((word) => word !== '') };
};

/** What a text says about contests; undefined where it does not begin with that word. */
const contestIn = (text: string, { isTalk }: { readonly isTalk: boolean }): TypedWords | undefined => {
  const [, first = '', rest = ''] = firstWord.exec(text) ?? [];
  if (!isContestWord(first)) return undefined;
  if (commandIn(rest)?.name === 'help') return { is: 'command', name: 'help', options: { topic: 'contest' } };
  try {
    const { name, options } = readTypedContest(rest);
    return { is: 'command', name, options };
  } catch (error) {
    if (isTalk && error instanceof GramzoomError && error.code === 'command-unknown') return { is: 'talk' };
    throw error;
  }
};

/**
 * Reads what somebody typed, in any of the languages.
 * @param options.usual the kind of render where no other is named
 * @param options.isTalk they may be talking: a command is meant only where all of it is one
 * @throws GramzoomError `option-malformed`, `option-twice`, `command-unknown`
 */
export const readTypedWords = (
  text: string,
  { usual = defaultKind, isTalk = false }: { readonly usual?: KindName; readonly isTalk?: boolean } = {},
): TypedWords => {
  const contest = contestIn(text, { isTalk });
  if (contest) return contest;
  const command = commandIn(text);
  if (command && isWordCommand(command.name)) {
    const { name, rest } = command;
    const options = rest.map((word) => optionIn(name, word) ?? (isTalk ? undefined : word));
    if (options.includes(undefined)) return { is: 'talk' };
    return {
      is: 'command',
      name,
      options: parseCommandLine([`/${name}`, ...options].join(' '))?.options ?? {},
    };
  }
  const { kind, options } = spokenOptions(text, names, { usual });
  const isOrder = command !== undefined || text.trim() === '' || Object.keys(options).length > 0;
  return isOrder ? { is: 'order', kind, options } : { is: 'talk' };
};

/** Everything that can be typed in a language, but for options. */
export const knownWords = ({ commands: named }: Pick<ChatWords, 'commands'>): readonly string[] =>
  Object.values(named).map(({ name }) => name);
