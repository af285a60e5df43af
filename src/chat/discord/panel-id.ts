import { type ContestStep, decodeStep, stepTexts } from '../../domain/contest/step.ts';
import type { PanelControl } from '../../messages/panel.ts';

const prefix = 'gzp';

/** What a photo that somebody sends is made into, besides being entered: options by field. */
export type PhotoOptions = Readonly<Record<string, string | number>>;

/** A step that a text goes with. */
export type TextStep = Extract<ContestStep, { readonly kind: keyof typeof stepTexts }>;

/** What a control of a panel does: all of it is in the control, so that it works for ever. */
export type PanelPress =
  | { readonly kind: 'step'; readonly step: ContestStep }
  /** A text is asked for first. */
  | { readonly kind: 'text'; readonly step: TextStep }
  | { readonly kind: 'photo'; readonly options: PhotoOptions };

const encodeOptions = (options: PhotoOptions): string =>
  new URLSearchParams(
    Object.fromEntries(Object.entries(options).map(([field, value]) => [field, String(value)])),
  ).toString();

const decodeOptions = (text: string): PhotoOptions =>
  Object.fromEntries(
    [...new URLSearchParams(text)].map(([field, value]) => [
      field,
      /^\d{1,9}$/.test(value) ? Number(value) : value,
    ]),
  );

/**
 * A control's `custom_id`; Discord takes 100 characters, each only once in a message.
 * @param position which control of the panel it is
 */
export const encodePanelId = (control: PanelControl, position: number): string => {
  const start = `${prefix}:${position}`;
  switch (control.kind) {
    case 'button':
      return `${start}:${control.text ? 'text' : 'step'}:${control.step}`;
    case 'menu':
      return `${start}:menu:`;
    case 'photo':
      return `${start}:photo:${encodeOptions(control.options ?? {})}`;
    default:
      return control satisfies never;
  }
};

/** The value of an entry of a menu, which no other has even where both do the same. */
export const encodeChoice = (step: string, position: number): string => `${position}:${step}`;

const pattern = /^gzp:\d+:(step|text|menu|photo):(.*)$/s;

/** Whether a control is one of a panel's. */
export const isPanelId = (customId: string): boolean => customId.startsWith(`${prefix}:`);

const asStep = (text: string): PanelPress | undefined => {
  const step = decodeStep(text);
  return step && { kind: 'step', step };
};

const takesText = (step: ContestStep): step is TextStep => Object.hasOwn(stepTexts, step.kind);

const asText = (text: string): PanelPress | undefined => {
  const step = decodeStep(text);
  return step && takesText(step) ? { kind: 'text', step } : undefined;
};

/**
 * Reads what `encodePanelId` wrote; undefined for anything else.
 * @param values what was chosen, of a menu
 */
export const decodePanelId = (customId: string, values: readonly string[] = []): PanelPress | undefined => {
  const [, kind, rest = ''] = pattern.exec(customId) ?? [];
  switch (kind) {
    case 'step':
      return asStep(rest);
    case 'text':
      return asText(rest);
    case 'menu':
      return asStep((values[0] ?? '').replace(/^\d+:/, ''));
    case 'photo':
      return { kind, options: decodeOptions(rest) };
    default:
      return undefined;
  }
};
