import type { KnownBlock, ModalView, PlainTextOption } from '@slack/types';
import { withNetworks } from '../../../commands/command.ts';
import type { NetworkOffer } from '../../app/renders.ts';
import { entryFields } from '../../domain/contest/rules.ts';
import { type KindName, kinds } from '../../domain/kinds.ts';
import type { FieldRule } from '../../domain/request.ts';
import type { ChatWords } from '../../messages/chat-words.ts';
import { type FormValues, optionBlock, plain } from './form-fields.ts';
import { moreOptionsId, orderFormId } from './names.ts';
import { encodeMetadata, type OrderMetadata } from './order-metadata.ts';
import { slackWords } from './words.ts';

/** What most people want to choose; the rest is behind a button. */
const commonFields: ReadonlySet<string> = new Set(['size', 'frames', 'quality', 'direction']);

/** Slack's limits. */
const [longestTitle, longestChoice] = [24, 75];

/** The block and the action of the photo, and of a menu of several. */
export const photoField = 'photo';
/** The fields of a kind, and whether it is for the contest. */
export const fieldsOfOrder = (kind: KindName): readonly FieldRule[] => [
  ...kinds[kind].fields,
  ...entryFields,
];

/** The fields of a kind that a form shows. */
export const fieldsShown = ({
  kind,
  isWhole,
}: Pick<OrderMetadata, 'kind' | 'isWhole'>): readonly FieldRule[] =>
  fieldsOfOrder(kind).filter(({ name }) => isWhole || commonFields.has(name));

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
      ...fields.map((field) =>
        optionBlock(field, { words, owner: kind, networks, value: values[field.name] }),
      ),
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
