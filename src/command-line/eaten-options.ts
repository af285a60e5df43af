import { existsSync } from 'node:fs';
import type { Command, Option } from 'commander';
import { kindNames, kindOf } from '../domain/kinds.ts';
import { rawValue } from '../domain/request.ts';
import { formatOf } from './output-file.ts';

/** Options that npm has as well: these alone do not tell whether they were meant for this program. */
const npmHasToo = new Set(['--json', '--depth']);

type Environment = Readonly<Record<string, string | undefined>> & { readonly npm_config_loglevel?: string };

/** What npm has made of `--max-bytes 10MB` or `--max-bytes=10MB`: `true`, or the value; undefined: nothing. */
const takenByNpm = (environment: Environment, flag: string): string | undefined => {
  if (flag === '--verbose') return environment.npm_config_loglevel === 'verbose' ? 'true' : undefined;
  const value = environment[`npm_config_${flag.slice(2).replaceAll('-', '_')}`];
  return value === '' || value === 'false' ? undefined : value;
};

const isFlag = (word = ''): boolean => word.startsWith('-') && word !== '-';

const takesValue = (option: Option): boolean => option.required || option.optional;

const succeeds = (work: () => unknown): boolean => {
  try {
    work();
    return true;
  } catch {
    return false;
  }
};

type Fits = (option: Option, word: string) => boolean;

/** Whether a word that stands where npm left it may be an option's value. */
const fitsOf = (command: Command): Fits => {
  const kind = kindNames
    .map((name) => kindOf({ kind: name }))
    .find((each) => each.shellCommand === command.name());
  return (option, word) => {
    const name = option.attributeName();
    if (name === 'out') return succeeds(() => formatOf(word, kind?.formats));
    if (name === 'poster') return succeeds(() => formatOf(word, ['png']));
    const field = kind?.fields.find((each) => each.name === name);
    return !kind || !field || succeeds(() => kind.parse({ [name]: rawValue(field, word) }));
  };
};

type Assignment = ReadonlyMap<Option, string>;

/** Every way to give each option one of the words, with the words that are left, in their order. */
const assignments = (
  options: readonly Option[],
  words: readonly string[],
  fits: Fits,
): readonly { readonly values: Assignment; readonly left: readonly string[] }[] => {
  const [option, ...others] = options;
  if (!option) return [{ values: new Map(), left: words }];
  return words.flatMap((word, at) =>
    fits(option, word)
      ? assignments(others, words.toSpliced(at, 1), fits).map(({ values, left }) => ({
          values: new Map([[option, word], ...values]),
          left,
        }))
      : [],
  );
};

/** More than these at once are left open: the ways to pair them off grow fast. */
const mostPaired = 5;

/** The words that belong to the command itself, and each option's value where it is certain. */
const pairOff = (
  options: readonly Option[],
  words: readonly string[],
  { expected, fits }: { readonly expected: number; readonly fits: Fits },
): { readonly own: readonly string[]; readonly values: Assignment } => {
  const unknown = { own: words.slice(0, expected), values: new Map<Option, string>() };
  if (options.length > mostPaired || words.length !== options.length + expected) return unknown;
  const ways = assignments(options, words, fits);
  const first = ways[0] && (ways.find(({ left }) => left.every((word) => existsSync(word))) ?? ways.at(-1));
  if (!first) return unknown;
  const alike = ways.filter(({ left }) => left.join('\0') === first.left.join('\0'));
  const isCertain = ([option, value]: readonly [Option, string]): boolean =>
    alike.every(({ values }) => values.get(option) === value);
  return { own: first.left, values: new Map([...first.values].filter(isCertain)) };
};

const quoted = (word: string): string => (/^[\w./\\:@%+=,-]+$/.test(word) ? word : `'${word}'`);

/** The command that somebody means, and what it is called, word by word. */
const commandOf = (program: Command, words: readonly string[]): Command => {
  const next = program.commands.find((command) => words.includes(command.name()));
  return next ? commandOf(next, words) : program;
};

const pathOf = (command: Command): readonly string[] =>
  command.parent ? [...pathOf(command.parent), command.name()] : [];

/**
 * npm keeps options for itself unless `--` stands in front of them.
 * @param args what npm has handed on
 * @returns the options that it has kept, and what should have been typed behind the program's name; a value that
 * cannot be told stands as `<file>`; undefined where nothing was kept
 */
export const eatenOptions = (
  program: Command,
  args: readonly string[],
  environment: Environment,
): { readonly flags: readonly string[]; readonly typed: string } | undefined => {
  const hasDashes = args.some((word) => isFlag(word));
  const command = commandOf(program, args);
  const kept = command.options.flatMap((option) => {
    const flag = option.long ?? '';
    const value = takenByNpm(environment, flag);
    return value === undefined || (hasDashes && npmHasToo.has(flag)) ? [] : [{ option, flag, value }];
  });
  // npm talks more with it, too, which is no harm.
  if (kept.every(({ flag }) => flag === '--verbose')) return undefined;
  const path = pathOf(command);
  const isPassed = (at: number): boolean => isFlag(args[at]) || isFlag(args[at - 1]);
  const passed = args.filter((_, at) => isPassed(at));
  const words = args.filter((word, at) => !path.includes(word) && !isPassed(at));
  const open = kept.filter(({ option, value }) => takesValue(option) && value === 'true');
  const { own, values } = pairOff(
    open.map(({ option }) => option),
    words,
    {
      expected: command.registeredArguments.filter(({ required }) => required).length,
      fits: fitsOf(command),
    },
  );
  const written = kept.map(({ option, flag, value }) => {
    if (!takesValue(option)) return flag;
    const known = value === 'true' ? values.get(option) : value;
    return known === undefined ? option.flags : `${flag} ${quoted(known)}`;
  });
  const typed = [...path, ...own.map(quoted), ...passed.map(quoted), ...written].join(' ');
  return { flags: kept.map(({ flag }) => flag), typed };
};
