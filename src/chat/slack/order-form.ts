import type { InputBlock, KnownBlock, ModalView, PlainTextElement, PlainTextOption } from '@slack/types';
import { withNetworks } from '../../../commands/command.ts';
import type { NetworkOffer } from '../../app/renders.ts';
import { type KindName, kinds } from '../../domain/kinds.ts';
import type { FieldRule } from '../../domain/request.ts';
import type { ChatWords } from '../../messages/chat-words.ts';
import { cutTo } from '../shared/cut-text.ts';
import { fieldWords } from '../shared/spoken-names.ts';
import { moreOptionsId, orderFormId } from './names.ts';
import { encodeMetadata, type OrderMetadata } from './order-metadata.ts';
import { slackWords } from './words.ts';

/** What most people want to choose; the rest is behind a button. */
const commonFields: ReadonlySet<string> = new Set(['size', 'frames', 'quality', 'direction']);

/** Slack's limits. */
const [longestTitle, longestChoice, longestHint, mostChoices] = [24, 75, 2000, 100];
/** The longest text that a person can mean by an option. */
const longestText = 64;

/** The block and the action of the photo, and of a menu of several. */
export const photoField = 'photo';
/** The block of an option; its action is the option's name. */
export const optionBlockId = (field: string): string => `option:${field}`;

/** Raw values by field. */
export type FormValues = Readonly<Record<string, string | number>>;

const plain = (text: string, most = longestHint): PlainTextElement => ({
  type: 'plain_text',
  text: cutTo(text, most),
});

const capitalised = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

/** The fields of a kind that a form shows. */
export const fieldsShown = ({
  kind,
  isWhole,
}: Pick<OrderMetadata, 'kind' | 'isWhole'>): readonly FieldRule[] =>
  kinds[kind].fields.filter(({ name }) => isWhole || commonFields.has(name));

type Shown = {
  readonly words: ChatWords;
  readonly kind: KindName;
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
  const initial = value === undefined || !isTaken ? {} : { initial_value: String(value) };
  if (field.choices) {
    const options = choicesOf(field, words);
    const chosen = options.find((option) => option.value === (value ?? field.default));
    return {
      ...{ type: 'static_select', action_id: name, options },
      ...(chosen && { initial_option: chosen }),
    };
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
  return { type: 'plain_text_input', action_id: name, max_length: longestText, ...initial, ...placeholder };
};

const optionBlock = (
  field: FieldRule,
  { networks, ...shown }: Shown & { readonly networks: NetworkOffer },
): InputBlock => {
  const { words, kind } = shown;
  const { name, description } = fieldWords(words, field.name, kind);
  const range = words.rangeOf(field);
  const inBrackets = range === undefined ? '' : ` (${range})`;
  const choices = words.choiceLines(field.name, networks.all);
  const lines = [`${capitalised(description)}${inBrackets}`, ...choices];
  // Not every client of Slack breaks the lines of a hint.
  const hint = choices.length === 0 ? lines.join('') : lines.map((line) => `${line}.`).join('\n');
  return {
    type: 'input',
    block_id: optionBlockId(field.name),
    optional: true,
    label: plain(capitalised(name.replaceAll('_', ' '))),
    hint: plain(hint),
    element: elementOf(field, shown),
  };
};

const photoBlock = (
  { message }: OrderMetadata,
  { words, maxFileBytes }: { readonly words: ChatWords; readonly maxFileBytes: number },
): KnownBlock => {
  const { form } = slackWords(words);
  if (!message) {
    return {
      type: 'input',
      block_id: photoField,
      label: plain(form.photo),
      hint: plain(form.photoLimit(words.bytes(maxFileBytes))),
      // No `filetypes`: Slack says that it is a convenience only, and the bytes are looked at either way.
      element: { type: 'file_input', action_id: photoField, max_files: 1 },
    };
  }
  const [first, ...others] = message.photos;
  if (others.length === 0) {
    return { type: 'section', block_id: photoField, text: plain(form.photoIs(first?.name ?? '')) };
  }
  const options = message.photos.map(({ id, name }, index): PlainTextOption => {
    const which = words.photoChoice({ number: index + 1, total: message.photos.length });
    return { text: plain(`${which}: ${name}`, longestChoice), value: id };
  });
  return {
    type: 'input',
    block_id: photoField,
    label: plain(form.whichPhoto),
    element: { type: 'static_select', action_id: photoField, options, initial_option: options[0]! },
  };
};

/**
 * The form in which a render is asked for, derived from the schema of its kind. What was filled in stays where it is
 * shown anew, since its blocks and actions are called the same.
 * @param options.maxFileBytes the largest photo
 * @param options.maxWork see `Renders.maxWork`
 * @param options.values what is filled in
 */
export const orderForm = (
  metadata: OrderMetadata,
  {
    words,
    networks,
    maxFileBytes,
    maxWork,
    values,
  }: {
    readonly words: ChatWords;
    readonly networks: NetworkOffer;
    readonly maxFileBytes: number;
    readonly maxWork: number;
    readonly values: FormValues;
  },
): ModalView => {
  const { kind, isWhole } = metadata;
  const { form } = slackWords(words);
  const fields = withNetworks(fieldsShown(metadata), networks);
  const more: KnownBlock = isWhole
    ? { type: 'context', elements: [plain(words.workLimit(maxWork))] }
    : {
        type: 'actions',
        elements: [{ type: 'button', action_id: moreOptionsId, text: plain(form.moreOptions) }],
      };
  return {
    type: 'modal',
    callback_id: orderFormId,
    title: plain(words.kinds[kind].label, longestTitle),
    submit: plain(form.submit, longestTitle),
    close: plain(form.close, longestTitle),
    private_metadata: encodeMetadata(metadata),
    blocks: [
      photoBlock(metadata, { words, maxFileBytes }),
      ...fields.map((field) => optionBlock(field, { words, kind, networks, value: values[field.name] })),
      more,
    ],
  };
};

/** A form that says something and can only be closed. */
export const notice = (text: string, words: ChatWords): ModalView => ({
  type: 'modal',
  title: plain(words.kinds.zoom.label, longestTitle),
  close: plain(slackWords(words).form.closeNotice, longestTitle),
  blocks: [{ type: 'section', text: plain(text) }],
});
