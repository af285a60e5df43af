import { type CommandName, contestCommand, contestWord, firstWords } from '../src/domain/command-name.ts';
import { GramzoomError } from '../src/domain/errors.ts';
import { rawValue } from '../src/domain/request.ts';
import type { CommandField } from './command.ts';
import { commands } from './index.ts';

/** What somebody typed: a command and its raw options by field. */
export type TypedCommand = {
  readonly command: CommandName;
  readonly options: Readonly<Record<string, string | number>>;
};

const isCommandName = (name: string): name is CommandName => Object.hasOwn(commands, name);

/** `max_bytes`, `max-bytes` and `MAXBYTES` all mean `maxBytes`. */
const plain = (name: string): string => name.replaceAll(/[-_]/g, '').toLowerCase();

/** A word, or what stands between quotes; either may begin with `option:`. */
const words = /(?:[^\s"]|"[^"]*"?)+/g;
const option = /^([\w-]+)[:=](.*)$/s;

const unquoted = (text: string): string => text.replaceAll('"', '');

const exampleOf = (field: CommandField | undefined): string =>
  field ? `${field.name}:${field.default ?? field.choices?.[0] ?? field.min ?? '...'}` : '/help';

/** Where a command has only one option, its name may be left out. */
const onlyOption = ([field, ...others]: readonly CommandField[], word: string): readonly string[] =>
  field && others.length === 0 ? [word, field.name, word] : [];

/** A word that only continues the text before it: `2026-10-31 18:00` needs no quotation marks. */
const isContinuation = (word: string): boolean => !/^[\p{L}_][\p{L}\p{N}_-]*[:=]/u.test(word);

/** A text of people's own words; ids, sizes and names are none. */
const isFreeText = (field: CommandField | undefined): boolean =>
  field?.kind === 'text' && field.maxLetters !== undefined && !field.choices;

/**
 * The command that a line begins with, and how many words that takes: what is about contests has two, and without the
 * second it asks how the contest stands.
 * @throws GramzoomError `command-unknown`
 */
const commandIn = (
  first: string,
  second: string | undefined,
): { readonly command: CommandName; readonly length: 1 | 2 } => {
  const name = first.slice(1).toLowerCase();
  if (name === contestWord) {
    if (second === undefined) return { command: contestCommand('status'), length: 1 };
    const both = `${name} ${second.toLowerCase()}`;
    if (isCommandName(both)) return { command: both, length: 2 };
    const known = Object.keys(commands).filter((each) => each.startsWith(`${contestWord} `));
    throw new GramzoomError('command-unknown', { name: `${first} ${second}`, known });
  }
  if (isCommandName(name)) return { command: name, length: 1 };
  throw new GramzoomError('command-unknown', { name: first, known: firstWords });
};

/**
 * Reads a line such as `/gramzoom size:256 direction:out`. Whether the options are ones of the command, and
 * right, is for the command to say.
 * @returns undefined for a line that is no command: it does not begin with a slash
 * @throws GramzoomError `command-unknown`, `option-malformed`, `option-twice`
 */
export const parseCommandLine = (text: string): TypedCommand | undefined => {
  const [first = '', ...rest] = text.trim().match(words) ?? [];
  if (!first.startsWith('/')) return undefined;
  const { command, length } = commandIn(first, rest[0]);
  const fields: readonly CommandField[] = commands[command].fields;
  const options = new Map<string, string | number>();
  let last: CommandField | undefined;
  for (const word of rest.slice(length - 1)) {
    if (last && isFreeText(last) && isContinuation(word)) {
      options.set(last.name, `${options.get(last.name)} ${unquoted(word)}`);
      continue;
    }
    const isBare = fields.length === 1 && isFreeText(fields[0]) && isContinuation(word);
    const [, typed, value] = (isBare ? null : option.exec(word)) ?? onlyOption(fields, word);
    if (typed === undefined || value === undefined) {
      throw new GramzoomError('option-malformed', { text: word, example: exampleOf(fields[0]) });
    }
    const field = fields.find((candidate) => plain(candidate.name) === plain(typed));
    const key = field?.name ?? typed;
    if (options.has(key)) throw new GramzoomError('option-twice', { option: key });
    options.set(key, rawValue(field, unquoted(value)));
    last = field;
  }
  return { command, options: Object.fromEntries(options) };
};
