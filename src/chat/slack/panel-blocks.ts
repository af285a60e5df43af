import type {
  ActionsBlock,
  Button,
  HeaderBlock,
  ImageBlock,
  KnownBlock,
  PlainTextElement,
  SectionBlock,
  StaticSelect,
} from '@slack/types';
import type { BlobId } from '../../domain/job.ts';
import type { Panel, PanelControl, PanelPicture } from '../../messages/panel.ts';
import { cutTo, inPieces, oneLine } from '../shared/cut-text.ts';
import { buttonValue, choiceValue, panelActionId } from './panel-value.ts';
import { asPlainText, asText } from './plain-text.ts';
import { shownBlob } from './shown-blob.ts';

/** Slack's limits. */
const [longestSection, longestHeader, longestLabel, longestAlt, mostChoices] = [3_000, 150, 75, 2_000, 100];
/** Of a view there may be a hundred, of a message fifty; some are pictures and controls. */
const mostParagraphs = 24;

/** Files of the bot's that show pictures of a panel, as far as they are there. */
export type PicturesThere = ReadonlyMap<BlobId, string>;

/** Among several nothing moves: Slack loads them all. */
export const areMoving = ({ pictures }: Pick<Panel, 'pictures'>): boolean => pictures.length === 1;

/** Whether all its pictures are there that can be. */
export const isWhole = (panel: Pick<Panel, 'pictures'>, there: PicturesThere): boolean =>
  panel.pictures.every((picture) => {
    const blob = shownBlob(picture.attachment, { moves: areMoving(panel) });
    return blob === null || there.has(blob);
  });

const plain = (text: string, most: number): PlainTextElement => ({
  type: 'plain_text',
  text: cutTo(asPlainText(text), most) || '–',
  emoji: true,
});

const section = (text: string): SectionBlock => ({
  type: 'section',
  text: { type: 'mrkdwn', text, verbatim: true },
});

/** One block for each paragraph; of very many, several in one. */
const paragraphs = (lines: readonly string[]): readonly SectionBlock[] => {
  const said = lines.filter((line) => line.trim() !== '').map((line) => asText(line));
  const texts = said.length > mostParagraphs ? [said.join('\n')] : said;
  return texts
    .flatMap((text) => inPieces(text, longestSection))
    .slice(0, mostParagraphs)
    .map(section);
};

/** A picture with its caption; only that where the picture cannot be shown (yet). */
const picture = (
  shown: PanelPicture,
  { file, position }: { readonly file: string | undefined; readonly position: number },
): ImageBlock | SectionBlock => {
  const { alt, caption } = shown;
  if (file === undefined) return section(cutTo(asText(caption || alt || '–'), longestSection));
  return {
    // Clients keep what they have shown under an id.
    ...{ type: 'image', block_id: `picture-${position}-${file}`, slack_file: { id: file } },
    alt_text: oneLine(asPlainText(alt), longestAlt) || file,
    ...(caption !== '' && { title: plain(caption, longestAlt) }),
  };
};

const styles = { primary: 'primary', secondary: undefined, danger: 'danger' } as const;

const button = (control: Exclude<PanelControl, { kind: 'menu' }>, position: number): Button => {
  const {
    label,
    emoji = null,
    look,
  } = control.kind === 'button' ? control : { ...control, emoji: '🖼️', look: 'primary' as const };
  const style = styles[look];
  return {
    type: 'button',
    text: plain(emoji === null ? label : `${emoji} ${label}`, longestLabel),
    ...(style && { style }),
    ...{ action_id: panelActionId(position), value: buttonValue(control) },
  };
};

const menu = (
  { label, options }: Extract<PanelControl, { kind: 'menu' }>,
  position: number,
): StaticSelect | null => {
  const entries = options.slice(0, mostChoices).map((option, index) => ({
    text: plain(option.label, longestLabel),
    value: choiceValue(option.step, index),
  }));
  const chosen = entries[options.findIndex(({ isChosen }) => isChosen)];
  if (entries.length === 0) return null;
  return {
    ...{ type: 'static_select', action_id: panelActionId(position), options: entries },
    placeholder: plain(label, longestLabel),
    ...(chosen && { initial_option: chosen }),
  };
};

/** @param options.id differs each time: what somebody has chosen in a menu stays under the same */
const row = (
  controls: readonly PanelControl[],
  { from, id }: { readonly from: number; readonly id: string },
): readonly ActionsBlock[] => {
  const elements = controls.flatMap((control, index) => {
    const element = control.kind === 'menu' ? menu(control, from + index) : button(control, from + index);
    return element ? [element] : [];
  });
  return elements.length > 0 ? [{ type: 'actions', block_id: id, elements }] : [];
};

/**
 * A panel as blocks, for a form or a message.
 * @param options.pictures what can be shown; of the others there are words
 * @param options.nonce new each time that it is shown
 */
export const panelBlocks = (
  panel: Panel,
  { pictures, nonce }: { readonly pictures: PicturesThere; readonly nonce: string },
): KnownBlock[] => {
  const { title, lines, controls } = panel;
  const header: HeaderBlock = { type: 'header', text: plain(title, longestHeader) };
  const moves = areMoving(panel);
  const fileOf = (shown: PanelPicture): string | undefined => {
    const [film, still] = [
      shownBlob(shown.attachment, { moves }),
      shownBlob(shown.attachment, { moves: false }),
    ];
    return (
      (film === null ? undefined : pictures.get(film)) ?? (still === null ? undefined : pictures.get(still))
    );
  };
  const counts = controls.map(({ length }) => length);
  return [
    header,
    ...paragraphs(lines),
    ...panel.pictures.map((shown, position) => picture(shown, { file: fileOf(shown), position })),
    ...controls.flatMap((each, index) =>
      row(each, {
        from: counts.slice(0, index).reduce((sum, count) => sum + count, 0),
        id: `controls-${nonce}-${index}`,
      }),
    ),
  ];
};
