import { existsSync, lstatSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { isKnownSetting, settingMeant, setWhereAbsent } from '../config.ts';
import { errnoOf, reasonOf } from '../domain/errno.ts';
import { type EnvironmentFileProblem, GramzoomError } from '../domain/errors.ts';
import type { SettingDoubts } from '../messages/command-line-words.ts';

/** Settings are a few lines. */
const mostBytes = 2 ** 20;
const nameRule = /^[A-Za-z_][A-Za-z0-9_.-]{0,63}$/;

export type EnvironmentFile = {
  readonly values: Readonly<Record<string, string>>;
  /** Keys that stand in it more than once: the last one counts. */
  readonly repeated: readonly string[];
};

const refused = (path: string, problem: EnvironmentFileProblem, cause?: unknown): GramzoomError =>
  new GramzoomError('environment-file', { path, problem }, { cause });

const readBytes = (path: string): Uint8Array | undefined => {
  try {
    // A link that leads nowhere is no missing file.
    if (!lstatSync(path, { throwIfNoEntry: false })) return undefined;
    const stats = statSync(path);
    // Some people's Python lives in a folder of that name.
    if (existsSync(join(path, 'pyvenv.cfg'))) return undefined;
    // Docker makes an empty one where the file that it should hand in is missing.
    if (stats.isDirectory()) throw refused(path, { kind: 'folder' });
    // A pipe that nobody writes to would be waited for.
    if (!stats.isFile()) throw refused(path, { kind: 'no-file' });
    if (stats.size > mostBytes) throw refused(path, { kind: 'too-large', maxBytes: mostBytes });
    return readFileSync(path);
  } catch (thrown) {
    if (thrown instanceof GramzoomError) throw thrown;
    throw refused(path, { kind: 'unreadable', reason: reasonOf(thrown) || (errnoOf(thrown) ?? '') }, thrown);
  }
};

/** UTF-8, or UTF-16 as Windows writes it, which a mark at its begin tells; without that mark. */
const decode = (path: string, bytes: Uint8Array): string => {
  const [first, second] = bytes;
  const encoding =
    first === 0xff && second === 0xfe ? 'utf-16le' : first === 0xfe && second === 0xff ? 'utf-16be' : 'utf-8';
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    if (!text.includes('\0')) return text;
  } catch (thrown) {
    throw refused(path, { kind: 'no-text' }, thrown);
  }
  throw refused(path, { kind: 'no-text' });
};

/** The quote that a value begins with and does not end with. */
const openQuote = (assignment: string): string | undefined => {
  const value = assignment.slice(assignment.indexOf('=') + 1).trimStart();
  const quote = /^["'`]/.exec(value)?.[0];
  return quote !== undefined && !value.includes(quote, 1) ? quote : undefined;
};

/** Line by line, so that each that is no setting can be named; never with what stands in it. */
const parse = (path: string, text: string): EnvironmentFile => {
  const values: Record<string, string> = {};
  const repeated = new Set<string>();
  const lines = text.split(/\r\n|\r|\n/);
  for (let at = 0; at < lines.length; at++) {
    const line = at + 1;
    let assignment = lines[at]!.trim();
    if (assignment === '' || assignment.startsWith('#')) continue;
    const quote = openQuote(assignment);
    if (quote !== undefined) {
      const last = lines.findIndex((each, index) => index > at && each.includes(quote));
      if (last < 0) throw refused(path, { kind: 'open-quote', line });
      assignment = [assignment, ...lines.slice(at + 1, last + 1)].join('\n');
      at = last;
    }
    const [entry] = Object.entries(parseEnv(assignment));
    const [key, value] = entry ?? [];
    if (key === undefined || value === undefined || !nameRule.test(key)) {
      throw refused(path, { kind: 'no-setting', line });
    }
    if (Object.hasOwn(values, key)) repeated.add(key);
    values[key] = value;
  }
  return { values, repeated: [...repeated] };
};

/**
 * Reads a `.env` file: UTF-8 or UTF-16, any ends of lines, `export` or not, quotes or not. Undefined where there is
 * none.
 * @throws GramzoomError `environment-file` where it is there and cannot be taken as it is: nothing in it is left out
 * in silence
 */
export const readEnvironmentFile = (path = '.env'): EnvironmentFile | undefined => {
  const bytes = readBytes(path);
  return bytes && parse(path, decode(path, bytes));
};

/**
 * Adds what a `.env` file in the current folder says to the environment, which wins. No file, no matter. Gives what
 * stands there and probably does not do what was meant; undefined where there is no such thing.
 * @throws GramzoomError `environment-file` where there is one that cannot be taken as it is
 */
export const loadSettingsFile = (): SettingDoubts | undefined => {
  const { values = {}, repeated = [] } = readEnvironmentFile() ?? {};
  setWhereAbsent(values);
  const unknown = Object.keys(values).filter((key) => !isKnownSetting(key));
  if (unknown.length + repeated.length === 0) return undefined;
  return { unknown: unknown.map((key) => ({ key, meant: settingMeant(key) })), repeated };
};
