import { ComponentType, InteractionType } from 'discord-api-types/v10';
import { type DiscordError, invalidForm } from './discord-error.ts';
import type { Interaction } from './model.ts';

type Form = NonNullable<Interaction['form']>;

const longest = (path: string, text: string | undefined, most: number): void => {
  if (text === undefined || text.length === 0 || text.length > most) {
    throw invalidForm(path, 'BASE_TYPE_BAD_LENGTH', `Must be between 1 and ${most} in length.`);
  }
};

/** A kind of answer that this kind of interaction does not take. */
export const wrongAnswer = (): DiscordError =>
  invalidForm(
    'type',
    'INTERACTION_APPLICATION_COMMAND_CALLBACK_INVALID',
    'Invalid interaction callback type',
  );

/** @throws DiscordError 50035 for suggestions that Discord does not show */
export const checkChoices = (choices: NonNullable<Interaction['choices']>): void => {
  if (choices.length > 25)
    throw invalidForm('choices', 'BASE_TYPE_MAX_LENGTH', 'Must be 25 or fewer in length.');
  for (const [index, { name, value }] of choices.entries()) {
    longest(`choices.${index}.name`, name, 100);
    longest(`choices.${index}.value`, String(value), 100);
  }
};

/**
 * A form as people get it.
 * @throws DiscordError 50035 where a limit is passed, and where no form can be opened
 */
export const checkedForm = (interaction: Interaction, data: Partial<Form> | undefined): Form => {
  const isForm = interaction.type === InteractionType.ModalSubmit;
  if (isForm || interaction.type === InteractionType.ApplicationCommandAutocomplete) throw wrongAnswer();
  const { custom_id = '', title = '', components = [] } = data ?? {};
  longest('custom_id', custom_id, 100);
  longest('title', title, 45);
  if (components.length === 0 || components.length > 5) {
    throw invalidForm('components', 'BASE_TYPE_BAD_LENGTH', 'Must be between 1 and 5 in length.');
  }
  for (const [index, each] of components.entries()) {
    if (each.type !== ComponentType.Label) continue;
    longest(`components.${index}.label`, each.label, 45);
    if (each.description !== undefined) longest(`components.${index}.description`, each.description, 100);
    if ('custom_id' in each.component)
      longest(`components.${index}.custom_id`, each.component.custom_id, 100);
  }
  return { custom_id, title, components };
};
