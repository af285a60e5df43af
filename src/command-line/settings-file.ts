import { isKnownSetting, settingMeant, setWhereAbsent } from '../config.ts';
import type { SettingDoubts } from '../messages/command-line-words.ts';
import { readEnvironmentFile } from './environment-file.ts';

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
