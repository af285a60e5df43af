import type { CommandField, CommandHelp } from '../../../commands/command.ts';
import { en } from '../../messages/en.ts';
import { type OptionOwner, optionOwner, optionWords } from '../../messages/names.ts';

/** What can be completed while someone types, for the page's script. */
export type Completion = readonly {
  readonly name: string;
  readonly summary: string;
  readonly fields: readonly {
    readonly name: string;
    readonly help: string;
    readonly choices: readonly string[];
  }[];
}[];

const range = ({ min, max }: CommandField): string =>
  min === undefined || max === undefined ? '' : `${min} to ${max}`;

const helpOf = (rule: CommandField, owner: OptionOwner | undefined): string => {
  const without = en.otherwise(rule);
  const fallback =
    rule.default === undefined ? (without ? `default ${without}` : '') : `default ${rule.default}`;
  const details = [range(rule), fallback].filter(Boolean);
  const description = optionWords(en, rule.name, owner)?.description ?? '';
  return details.length > 0 ? `${description} (${details.join(', ')})` : description;
};

/** Commands and their options with help, from the commands' own definitions. */
export const completionOf = (commands: readonly CommandHelp[]): Completion =>
  commands.map(({ name, fields, renderKind }) => ({
    name,
    summary: en.commands[name].description,
    fields: fields.map((rule) => ({
      name: rule.name,
      help: helpOf(rule, optionOwner({ name, renderKind })),
      choices: rule.choices ?? [],
    })),
  }));
