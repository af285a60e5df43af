import type { CommandName } from '../src/domain/command-name.ts';
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

/**
 * Reads a line such as `/gramzoom size:256 direction:out`. Whether the options are ones of the command, and
 * right, is for the command to say.
 * @returns undefined for a line that is no command: it does not begin with a slash
 * @throws GramzoomError `command-unknown`, `option-malformed`, `option-twice`
 */
export const parseCommandLine = (text: string): TypedCommand | undefined => {
  const [first = '', ...rest] = text.trim().match(words) ?? [];
  if (!first.startsWith('/')) return undefined;
  const name = first.slice(1).toLowerCase();
  if (!isCommandName(name)) {
    throw new GramzoomError('command-unknown', { name: first, known: Object.keys(commands) });
  }
  const fields: readonly CommandField[] = commands[name].fields;
  const options = new Map<string, string | number>();
  for (const word of rest) {
    const [, typed, value] = option.exec(word) ?? onlyOption(fields, word);
    if (typed === undefined || value === undefined) {
      throw new GramzoomError('option-malformed', { text: word, example: exampleOf(fields[0]) });
    }
    const field = fields.find((candidate) => plain(candidate.name) === plain(typed));
    const key = field?.name ?? typed;
    if (options.has(key)) throw new GramzoomError('option-twice', { option: key });
    options.set(key, rawValue(field, unquoted(value)));
  }
  return { command: name, options: Object.fromEntries(options) };
};
