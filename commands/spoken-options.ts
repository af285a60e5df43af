import { defaultKind, type KindName, kinds } from '../src/domain/kinds.ts';
import { parseCommandLine } from './command-line.ts';
import { commands } from './index.ts';

/** What people may call the fields of a kind of render: each name in small letters, and its field. */
export type FieldNames = ReadonlyMap<string, string>;

/** What people may call the kinds, each name in small letters, and the fields of each. */
export type SpokenNames = {
  readonly kinds: ReadonlyMap<string, KindName>;
  readonly fields: (kind: KindName) => FieldNames;
  /** The choice of a field that is called so; undefined where none is. */
  readonly choice?: (field: string, called: string) => string | undefined;
};

/** The options among somebody's words. */
export type SpokenOptions = {
  /** The one that the words begin with, else the usual one. */
  readonly kind: KindName;
  /** Raw values by field; what is no option is there by its name, for the request schema to refuse. */
  readonly options: Readonly<Record<string, string | number>>;
  /** Whether an option that there is was named: otherwise it may all be talk. */
  readonly isOrder: boolean;
};

type Spoken = { readonly name: string; readonly value: string; readonly isKnown: boolean };

const plain = (name: string): string => name.replaceAll(/[-_]/g, '').toLowerCase();

const name = String.raw`(\p{L}[\p{L}\p{N}_-]*)`;
const separator = '[:=：]';
/** A text in quotes, a size with its unit, or a word without what ends a sentence. */
const value = String.raw`("[^"]*"|\d[\d.]*\s[kKMG]i?[Bb]\b|[^\s,;!?()]*[^\s,;!?().])`;

/** `size:128`; an address such as `https://...` is none. */
const glued = new RegExp(`${name}${separator}(?!//)${value}`, 'uy');
/** `size: 128`, `size = 128`, of options that there are. */
const spaced = new RegExp(`${name}\\s*${separator}\\s*${value}`, 'uy');
/** `size:` with nothing after it. */
const empty = new RegExp(`${name}\\s*${separator}(?=\\s|$)`, 'uy');
/** `size 128`. */
const pair = new RegExp(`${name}\\s+${value}`, 'uy');
/** A word that is no option, up to where the next one may begin. */
const talk = /[^\s,;(]+[\s,;(]*/uy;

/** Whether the word after an option's name is meant for it: in `a zoom 10 seconds long` it is not. */
const fits = (kind: KindName, field: string, text: string): boolean => {
  const rule = commands[kinds[kind].command].fields.find((candidate) => candidate.name === field);
  if (rule?.choices) return rule.choices.includes(text.toLowerCase());
  const number = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (rule?.kind === 'integer') return !Number.isNaN(number);
  return rule?.kind === 'number' && number >= (rule.min ?? 0) && number <= (rule.max ?? 0);
};

const spokenIn = (text: string, kind: KindName, names: SpokenNames): readonly Spoken[] => {
  const fields = new Map([...names.fields(kind)].map(([called, field]) => [plain(called), field]));
  const found: Spoken[] = [];
  let at = 0;

  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(text);
  };
  const take = (pattern: RegExp, isMeant: (field: string | undefined, value: string) => boolean): boolean => {
    const words = match(pattern);
    if (!words) return false;
    const [all, called = '', given = ''] = words;
    const field = fields.get(plain(called));
    const value = (field !== undefined && names.choice?.(field, given)) || given;
    if (!isMeant(field, value)) return false;
    found.push({ name: field ?? called, value, isKnown: field !== undefined });
    at += all.length;
    return true;
  };

  while (at < text.length) {
    const isOption =
      take(glued, () => true) ||
      take(spaced, (field) => field !== undefined) ||
      take(empty, (field) => field !== undefined) ||
      take(pair, (field, given) => field !== undefined && fits(kind, field, given));
    if (!isOption) at += match(talk)?.[0].length ?? 1;
  }
  return found;
};

const firstWord = /^\s*(\p{L}+)(?![\p{L}\p{N}:=：_-])/u;

/** In chats `size:128` is written as code. */
const codeMarks = /`/g;

/** The kind that somebody's words begin with the name of, if they do, and the words without it. */
const spokenKindIn = (
  words: string,
  names: SpokenNames,
): { readonly kind?: KindName; readonly rest: string } => {
  const text = words.replaceAll(codeMarks, ' ');
  const [begin = '', word = ''] = firstWord.exec(text) ?? [];
  const kind = names.kinds.get(word.toLowerCase());
  return kind ? { kind, rest: text.slice(begin.length) } : { rest: text };
};

/** The kind of render that somebody's words ask for. */
export const spokenKind = (text: string, names: SpokenNames): KindName =>
  spokenKindIn(text, names).kind ?? defaultKind;

/**
 * The kind and the options among somebody's words, by any of the names that these have; whatever else they say is
 * talk. All chats read them alike.
 * @param options.usual the kind where the words do not begin with the name of one
 * @throws GramzoomError `option-twice`, `option-malformed`
 */
export const spokenOptions = (
  text: string,
  names: SpokenNames,
  { usual = defaultKind }: { readonly usual?: KindName } = {},
): SpokenOptions => {
  const { kind = usual, rest } = spokenKindIn(text, names);
  const spoken = spokenIn(rest, kind, names);
  const typed = spoken.map(({ name: option, value: given }) =>
    given.startsWith('"') ? `${option}:${given}` : `${option}:"${given.replaceAll('"', '')}"`,
  );
  return {
    kind,
    options: parseCommandLine([`/${kinds[kind].command}`, ...typed].join(' '))?.options ?? {},
    isOrder: spoken.some(({ isKnown }) => isKnown),
  };
};
