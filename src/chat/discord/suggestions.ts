import type { CommandField } from '../../../commands/command.ts';
import { commands } from '../../../commands/index.ts';
import { commandNamed, fieldNamed, typedIn } from './command-definitions.ts';
import type { TypingEvent } from './events.ts';
import { zoneChoices } from './zone-choices.ts';

/** What somebody may mean by what they have typed into an option so far. @param now milliseconds since 1970 */
export const suggestions = ({ data, locale }: TypingEvent, now: number) => {
  const { name, options } = typedIn(data);
  const command = commandNamed(name);
  const focused = options.find((option) => option.focused);
  if (!command || !focused) return [];
  const fields: readonly CommandField[] = commands[command].fields;
  const field = fields.find((each) => each.name === fieldNamed(command, focused.name));
  return field?.takes === 'zone' ? zoneChoices(String(focused.value ?? ''), { locale, now }) : [];
};
