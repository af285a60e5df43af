import { type APIModalInteractionResponseCallbackData, ComponentType, TextInputStyle } from 'discord.js';
import { mostReasonLetters } from '../../domain/contest/rules.ts';
import { stepTexts } from '../../domain/contest/step.ts';
import type { ChatWords } from '../../messages/chat-words.ts';
import { oneLine } from '../shared/cut-text.ts';
import type { ButtonEvent, FormEvent } from './events.ts';
import type { PanelPress } from './panel-id.ts';

const mostTitleLetters = 45;

/** The one field of each form. */
const fieldId = 'answer';

/** The words on the button that was pressed. */
const labelOf = ({ data, message }: ButtonEvent): string | undefined =>
  message?.components
    .flatMap(({ components }) => components)
    .find(({ custom_id }) => custom_id === data.custom_id)?.label;

type Asking = Extract<PanelPress, { kind: 'text' | 'photo' }>;

/** The form that asks for what goes with a button; it says itself what it is for, so that it works for ever. */
export const panelForm = (
  event: ButtonEvent,
  { press, words }: { readonly press: Asking; readonly words: ChatWords },
): APIModalInteractionResponseCallbackData => {
  const title = oneLine(labelOf(event) ?? words.photoOption.name, mostTitleLetters);
  const form = { custom_id: event.data.custom_id, title };
  const label = (text: string) => ({
    type: ComponentType.Label as const,
    label: oneLine(text, mostTitleLetters),
  });
  if (press.kind === 'photo') {
    const component = {
      ...{ type: ComponentType.FileUpload as const, custom_id: fieldId },
      ...{ min_values: 1, max_values: 1, required: true, file_types: ['image' as const] },
    };
    return { ...form, components: [{ ...label(words.photoOption.description), component }] };
  }
  const { isRequired } = stepTexts[press.step.kind as keyof typeof stepTexts];
  const component = {
    ...{ type: ComponentType.TextInput as const, custom_id: fieldId, style: TextInputStyle.Paragraph },
    ...{ max_length: mostReasonLetters, required: isRequired },
  };
  return { ...form, components: [{ ...label(title), component }] };
};

/** What was put into a form: a text, or ids of files. */
export const formAnswer = ({ data }: FormEvent) => {
  const field = data.components
    .flatMap(({ component, components }) => [...(component ? [component] : []), ...components])
    .find(({ custom_id }) => custom_id === fieldId);
  return { text: field?.value ?? '', files: field?.values ?? [] };
};
