import { mostReasonLetters } from '../domain/contest/rules.ts';
import { type ContestStep, encodeStep, stepTexts } from '../domain/contest/step.ts';
import type { EntryView } from '../domain/contest/view.ts';
import type { ContestVoice } from './contest-facts.ts';
import type { Panel, PanelControl, PanelPicture } from './panel.ts';

/** What every platform can show. */
export const mostRows = 5;
export const mostButtons = 5;
export const mostOptions = 25;
export const mostLabelLetters = 80;

/** Text that fits, cut between whole characters. */
export const fitted = (text: string, most: number): string => {
  if (text.length <= most) return text;
  let cut = '';
  for (const character of text) {
    if (cut.length + character.length > most - 1) break;
    cut += character;
  }
  return `${cut.trimEnd()}…`;
};

const fittedLabel = (text: string): string => fitted(text, mostLabelLetters);

export const button = (
  label: string,
  step: ContestStep,
  {
    emoji = null,
    look = 'secondary',
  }: Partial<Pick<Extract<PanelControl, { kind: 'button' }>, 'emoji' | 'look'>>,
): PanelControl => ({ kind: 'button', label: fittedLabel(label), emoji, look, step: encodeStep(step) });

/** A button that asks why before its step is taken. */
export const asking = (
  label: string,
  step: Extract<ContestStep, { readonly kind: keyof typeof stepTexts }>,
  { voice, look = 'danger' }: { readonly voice: ContestVoice; readonly look?: 'secondary' | 'danger' },
): PanelControl => ({
  ...{ kind: 'button', label: fittedLabel(label), emoji: null, look, step: encodeStep(step) },
  text: {
    ...voice.phrases.panels.asks[step.kind],
    mostLetters: mostReasonLetters,
    isRequired: stepTexts[step.kind].isRequired,
  },
});

export type MenuOption = { readonly label: string; readonly step: ContestStep; readonly isChosen: boolean };

export const menu = (label: string, options: readonly MenuOption[]): PanelControl => ({
  kind: 'menu',
  label: fittedLabel(label),
  options: options
    .slice(0, mostOptions)
    .map((option) => ({ ...option, label: fittedLabel(option.label), step: encodeStep(option.step) })),
});

/** A menu in a row of its own; none where there is nothing to choose. */
export const rowsOf = (label: string, options: readonly MenuOption[]): Panel['controls'] =>
  options.length > 0 ? [[menu(label, options)]] : [];

/** An entry's film, where it is there. */
export const entryPicture = (
  { picture, number }: Pick<EntryView, 'picture' | 'number'>,
  { caption, voice }: { readonly caption: string; readonly voice: ContestVoice },
): readonly PanelPicture[] => {
  const { panels, numbered } = voice.phrases;
  return picture ? [{ attachment: picture, alt: panels.show.alt(numbered(number)), caption }] : [];
};

/** A panel with rows of at most five controls each; empty ones are left out. */
export const panelOf = (
  title: string,
  lines: readonly string[],
  { pictures = [], controls = [] }: Partial<Pick<Panel, 'pictures' | 'controls'>>,
): Panel => ({
  title,
  lines,
  pictures,
  controls: controls
    .flatMap((row) =>
      Array.from({ length: Math.ceil(row.length / mostButtons) }, (_, index) =>
        row.slice(index * mostButtons, (index + 1) * mostButtons),
      ),
    )
    .slice(0, mostRows),
});
