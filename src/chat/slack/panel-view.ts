import type { KnownBlock, ModalView, PlainTextElement } from '@slack/types';
import { z } from 'zod';
import type { ChatWords } from '../../messages/chat-words.ts';
import type { Panel } from '../../messages/panel.ts';
import { cutTo } from '../shared/cut-text.ts';
import { appName } from './names.ts';
import { type PicturesThere, panelBlocks } from './panel-blocks.ts';
import type { PanelValue } from './panel-value.ts';
import { placeSchema } from './place.ts';
import { slackWords } from './words.ts';

/** The callback ids of the forms that ask for what a control of a panel needs. */
export const panelTextId = 'gramzoom_panel_text';
export const panelPhotoId = 'gramzoom_panel_photo';
/** The block and the action of their field. */
export const panelField = 'answer';

/** Slack's limits. */
const [longestTitle, longestLabel, longestInput] = [24, 2_000, 3_000];

const shownInSchema = z.union([
  /** A form that is open. */
  z.strictObject({ view: z.string() }),
  /** A message that only one person sees, sent by `responseUrl` while that works; `replaces`: that is one already. */
  z.strictObject({ responseUrl: z.string().optional(), replaces: z.boolean() }),
]);
/** Where a panel is shown. */
export type ShownIn = Readonly<z.output<typeof shownInSchema>>;

const metadataSchema = z.strictObject({
  place: placeSchema,
  /** Of a form that asks for something: where the panel is, and what is done with the answer. */
  asks: z
    .strictObject({
      shownIn: shownInSchema,
      step: z.string().optional(),
      options: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
    })
    .optional(),
});
/** What a panel keeps from the moment it was opened. */
export type PanelMetadata = Readonly<z.output<typeof metadataSchema>>;

/** At most 3000 letters, as Slack takes them. */
export const encodePanelMetadata = (metadata: PanelMetadata): string => JSON.stringify(metadata);

/** @throws ZodError for a text that this adapter did not write */
export const decodePanelMetadata = (text: string): PanelMetadata => metadataSchema.parse(JSON.parse(text));

const plain = (text: string, most: number): PlainTextElement => ({
  type: 'plain_text',
  text: cutTo(text, most),
});

type ViewOptions = { readonly words: ChatWords; readonly metadata: PanelMetadata };

const closing = (words: ChatWords, metadata: PanelMetadata) => ({
  type: 'modal' as const,
  close: plain(slackWords(words).form.closeNotice, longestTitle),
  private_metadata: encodePanelMetadata(metadata),
});

/** What is shown until it is known what there is to show. */
export const waitingView = ({ words, metadata }: ViewOptions): ModalView => ({
  ...closing(words, metadata),
  title: plain(appName, longestTitle),
  blocks: [{ type: 'section', text: plain(slackWords(words).form.waiting, longestLabel) }],
});

/** @param options.pictures those that can be shown by now @param options.nonce new each time */
export const panelView = (
  panel: Panel,
  { words, metadata, ...shown }: ViewOptions & { readonly pictures: PicturesThere; readonly nonce: string },
): ModalView => ({
  ...closing(words, metadata),
  title: plain(appName, longestTitle),
  blocks: panelBlocks(panel, shown),
});

const asking = (
  { words, metadata }: ViewOptions,
  form: Pick<ModalView, 'callback_id' | 'title' | 'submit'> & { readonly field: KnownBlock },
): ModalView => {
  const { field, ...rest } = form;
  return {
    ...closing(words, metadata),
    close: plain(slackWords(words).form.close, longestTitle),
    ...rest,
    blocks: [field],
  };
};

/** Asks for the text that goes with a step. */
export const textView = (
  { title, label, mostLetters, isRequired }: NonNullable<Extract<PanelValue, { step: string }>['text']>,
  options: ViewOptions,
): ModalView =>
  asking(options, {
    callback_id: panelTextId,
    title: plain(title, longestTitle),
    submit: plain(slackWords(options.words).form.send, longestTitle),
    field: {
      ...{ type: 'input', block_id: panelField, optional: !isRequired, label: plain(label, longestLabel) },
      element: {
        ...{ type: 'plain_text_input', action_id: panelField, multiline: true },
        max_length: Math.min(mostLetters, longestInput),
      },
    },
  });

/** Asks for a photo. @param options.maxFileBytes the largest */
export const photoView = (
  { label }: Extract<PanelValue, { photo: unknown }>['photo'],
  { maxFileBytes, ...options }: ViewOptions & { readonly maxFileBytes: number },
): ModalView => {
  const { form } = slackWords(options.words);
  return asking(options, {
    callback_id: panelPhotoId,
    title: plain(label, longestTitle),
    submit: plain(form.submit, longestTitle),
    field: {
      ...{ type: 'input', block_id: panelField, label: plain(form.photo, longestLabel) },
      hint: plain(form.photoLimit(options.words.bytes(maxFileBytes)), longestLabel),
      element: { type: 'file_input', action_id: panelField, max_files: 1 },
    },
  });
};
