import { type ConfigKey, configKeys } from '../config.ts';
import { GramzoomError } from '../domain/errors.ts';
import { botLines } from '../messages/bot-lines.ts';
import type { Invocation } from './invocation.ts';

/** What nobody may read over somebody's shoulder. */
const secret = /TOKEN|SECRET|KEY|PASSWORD/;

const keyOf = (flag: string): ConfigKey | undefined => {
  const name = flag.replace(/^-+/, '').replaceAll('-', '_').toUpperCase();
  return configKeys.find((key) => key === name);
};

/** `--port 3`, `--port=3`, as settings; a value that is missing or secret is left open. */
const settingsOf = (args: readonly string[]): readonly string[] =>
  args.flatMap((arg, at) => {
    const [flag = '', given] = arg.split(/=(.*)/s);
    const key = arg.startsWith('--') ? keyOf(flag) : undefined;
    if (!key) return [];
    const next = args[at + 1];
    const value = given ?? (next?.startsWith('--') ? undefined : next);
    return [value === undefined || secret.test(key) ? key : `${key}=${value}`];
  });

/** Options that npm has kept, as they were typed: with the words that it left, where there is one for each. */
const typedOptions = (kept: Invocation['kept'], words: readonly string[]): readonly string[] => {
  const found = configKeys.flatMap((key) => {
    const value = kept[`npm_config_${key.toLowerCase()}`];
    return value ? [{ flag: `--${key.toLowerCase().replaceAll('_', '-')}`, value }] : [];
  });
  const open = found.filter(({ value }) => value === 'true');
  // Which word belongs to which of several options, nobody can tell any more.
  const [word] = open.length === 1 && words.length === 1 ? words : [];
  return found.flatMap(({ flag, value }) =>
    value === 'true' ? [flag, ...(word === undefined ? [] : [word])] : [`${flag}=${value}`],
  );
};

/**
 * The bot has settings and no options.
 * @param args what stands behind `bot`
 * @throws GramzoomError `usage` where there is anything, or npm has kept something that is a setting's name
 */
export const refuseBotOptions = (args: readonly string[], { kept, start }: Invocation): void => {
  const typed = typedOptions(kept, args);
  if (args.length === 0 && typed.length === 0) return;
  const problem = botLines.noOptions(settingsOf(typed.length > 0 ? typed : args), start);
  throw new GramzoomError('usage', { problem });
};
