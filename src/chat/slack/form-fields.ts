import type { InputBlock, PlainTextElement, PlainTextOption } from '@slack/types';
import type { NetworkOffer } from '../../app/renders.ts';
import type { FieldRule } from '../../domain/request.ts';
import type { ChatWords } from '../../messages/chat-words.ts';
import type { OptionOwner } from '../../messages/names.ts';
import { cutTo } from '../shared/cut-text.ts';
import { fieldWords } from '../shared/spoken-names.ts';

/** Slack's limits. */
const [longestChoice, longestHint, mostChoices] = [75, 2000, 100];
/** The longest text that a person can mean by an option, where the schema does not say. */
const longestText = 64;

/** The block of an option; its action is the option's name. */
export const optionBlockId = (field: string): string => `option:${field}`;

/** Raw values by field. */
export type FormValues = Readonly<Record<string, string | number>>;

export const plain = (text: string, most = longestHint): PlainTextElement => ({
  type: 'plain_text',
  text: cutTo(text, most),
});

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

type Shown = {
  readonly words: ChatWords;
  readonly owner: OptionOwner;
  readonly value: string | number | undefined;
};

const choicesOf = ({ name, choices = [] }: FieldRule, words: ChatWords): PlainTextOption[] =>
  choices.slice(0, mostChoices).map((value) => ({
    text: plain(words.choices[name]?.[value] ?? value, longestChoice),
    value,
  }));

const elementOf = (field: FieldRule, { words, value }: Shown): InputBlock['element'] => {
  const { name, kind, min, max } = field;
  const usual = field.default ?? words.otherwise(field);
  const placeholder = usual === undefined ? {} : { placeholder: plain(String(usual), longestText) };
  // Slack refuses a form with a number that it would not take.
  const isTaken = typeof value !== 'number' || (value >= (min ?? value) && value <= (max ?? value));
  const max_length = field.maxLetters ?? longestText;
  const initial = value === undefined || !isTaken ? {} : { initial_value: cutTo(String(value), max_length) };
  if (field.choices) {
    const options = choicesOf(field, words);
    const chosen = options.find((option) => option.value === (value ?? field.default));
    return {
      ...{ type: 'static_select', action_id: name, options },
      ...(chosen && { initial_option: chosen }),
    };
  }
  if (field.takes === 'moment') {
    const seconds = Number(value);
    const isKnown = Number.isInteger(seconds) && seconds > 0;
    return { type: 'datetimepicker', action_id: name, ...(isKnown && { initial_date_time: seconds }) };
  }
  if (kind === 'integer' || kind === 'number') {
    return {
      ...{ type: 'number_input', action_id: name, is_decimal_allowed: kind === 'number' },
      ...(min !== undefined && { min_value: String(min) }),
      ...(max !== undefined && { max_value: String(max) }),
      ...initial,
      ...placeholder,
    };
  }
  return { type: 'plain_text_input', action_id: name, max_length, ...initial, ...placeholder };
};

/** An option as a field of a form, with what it takes below it. */
export const optionBlock = (
  field: FieldRule,
  { networks, ...shown }: Shown & { readonly networks: NetworkOffer },
): InputBlock => {
  const { words, owner } = shown;
  const { name, description } = fieldWords(words, field.name, owner);
  const range = words.rangeOf(field);
  const inBrackets = range === undefined ? '' : ` (${range})`;
  const choices = words.choiceLines(field.name, networks.all);
  const lines = [`${capitalised(description)}${inBrackets}`, ...choices];
  // Not every client of Slack breaks the lines of a hint.
  const hint = choices.length === 0 ? lines.join('') : lines.map((line) => `${line}.`).join('\n');
  return {
    type: 'input',
    block_id: optionBlockId(field.name),
    optional: field.isRequired !== true,
    label: plain(capitalised(name.replaceAll('_', ' '))),
    hint: plain(hint),
    element: elementOf(field, shown),
  };
};
