import {
  type APIActionRowComponent,
  type APIButtonComponent,
  type APIStringSelectComponent,
  ComponentType,
  MessageFlags,
} from 'discord.js';
import type { Panel, PanelControl } from '../../messages/panel.ts';
import { cutTo } from '../shared/cut-text.ts';
import { buttonStyles } from './button-styles.ts';
import { encodeChoice, encodePanelId } from './panel-id.ts';
import { asText } from './plain-text.ts';

const mostLetters = 2000;
const mostRows = 5;
const mostButtons = 5;
const mostOptions = 25;
const mostLabelLetters = 80;
const mostOptionLetters = 100;

type Button = Exclude<PanelControl, { kind: 'menu' }>;
type Menu = Extract<PanelControl, { kind: 'menu' }>;
type Row = APIActionRowComponent<APIButtonComponent | APIStringSelectComponent>;

const buttonOf = (control: Button, position: number): APIButtonComponent => {
  const emoji = control.kind === 'button' ? control.emoji : '📷';
  return {
    type: ComponentType.Button,
    style: buttonStyles[control.kind === 'button' ? control.look : 'secondary'],
    label: cutTo(control.label, mostLabelLetters),
    ...(emoji !== null && { emoji: { name: emoji } }),
    custom_id: encodePanelId(control, position),
  };
};

const menuOf = (control: Menu, position: number): APIStringSelectComponent => ({
  type: ComponentType.StringSelect,
  custom_id: encodePanelId(control, position),
  placeholder: cutTo(control.label, mostOptionLetters),
  options: control.options.slice(0, mostOptions).map(({ label, step, isChosen }, at) => ({
    label: cutTo(label, mostOptionLetters),
    value: encodeChoice(step, at),
    ...(isChosen && { default: true }),
  })),
});

const isShown = (control: PanelControl): boolean => control.kind !== 'menu' || control.options.length > 0;

const rowsOf = (controls: Panel['controls']): readonly Row[] => {
  let position = 0;
  return controls
    .map((row) => row.filter(isShown).slice(0, mostButtons))
    .filter((row) => row.length > 0)
    .slice(0, mostRows)
    .map((row) => ({
      type: ComponentType.ActionRow,
      components: row.map((control) => {
        position += 1;
        return control.kind === 'menu' ? menuOf(control, position) : buttonOf(control, position);
      }),
    }));
};

/** What a panel says: its captions stand in the order of its pictures. */
const wordsOf = ({ title, lines, pictures }: Panel): string => {
  const captions = pictures.map(({ caption }) => caption).filter((caption) => caption !== '');
  const small = captions.length > 0 ? `\n-# ${captions.map(asText).join(' · ')}` : '';
  const head = [`**${asText(title)}**`, ...lines.map(asText)].join('\n');
  return small.length > mostLetters / 2
    ? cutTo(head + small, mostLetters)
    : cutTo(head, mostLetters - small.length) + small;
};

/** A panel as a message that one person sees, without its files. */
export const panelBody = (panel: Panel) => ({
  content: wordsOf(panel),
  components: rowsOf(panel.controls),
  flags: MessageFlags.Ephemeral | MessageFlags.SuppressEmbeds,
  allowed_mentions: { parse: [] },
});
export type PanelBody = ReturnType<typeof panelBody>;
