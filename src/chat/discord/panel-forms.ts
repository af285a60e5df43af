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

type Asking = Extract<PanelPress, { kind: 'text' | 'photo' }>;

/** The form that asks for what goes with a button; it says itself what it is for, so that it works for ever. */
export const panelForm = (
  event: ButtonEvent,
  { press, words }: { readonly press: Asking; readonly words: ChatWords },
): APIModalInteractionResponseCallbackData => {
  const label = (text: string) => ({
    type: ComponentType.Label as const,
    label: oneLine(text, mostTitleLetters),
  });
  const { custom_id } = event.data;
  if (press.kind === 'photo') {
    const component = {
      ...{ type: ComponentType.FileUpload as const, custom_id: fieldId },
      ...{ min_values: 1, max_values: 1, required: true, file_types: ['image' as const] },
    };
    const title = oneLine(words.contest.panels.buttons.photo, mostTitleLetters);
    return { custom_id, title, components: [{ ...label(words.photoOption.description), component }] };
  }
  const { isRequired } = stepTexts[press.step.kind];
  const asks = words.contest.panels.asks[press.step.kind];
  const component = {
    ...{ type: ComponentType.TextInput as const, custom_id: fieldId, style: TextInputStyle.Paragraph },
    ...{ max_length: mostReasonLetters, required: isRequired },
  };
  const title = oneLine(asks.title, mostTitleLetters);
  return { custom_id, title, components: [{ ...label(asks.label), component }] };
};

/** What was put into a form: a text, or ids of files. */
export const formAnswer = ({ data }: FormEvent) => {
  const field = data.components
    .flatMap(({ component, components }) => [...(component ? [component] : []), ...components])
    .find(({ custom_id }) => custom_id === fieldId);
  return { text: field?.value ?? '', files: field?.values ?? [] };
};
